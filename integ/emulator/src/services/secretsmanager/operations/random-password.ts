import type { Context, Output } from '../../../wire/operation';
import { characterTypes, makePassword } from '../random-password';
import type { PasswordWish } from '../random-password';
import { refusal } from '../text';

/** The next password of this account and Region: the same from run to run. */
export function getRandomPassword(context: Context, input: PasswordWish): Output {
  const length = input.PasswordLength ?? context.row<number>('secretsmanager/password-length');
  const types = characterTypes(input);
  const eachType = input.RequireEachIncludedType ?? true;
  if (types.length === 0) throw refusal(context, 'InvalidParameterException', 'text-no-characters');
  if (eachType && length < types.length) throw refusal(context, 'InvalidParameterException', 'text-password-too-short', { types: types.length });
  return { RandomPassword: makePassword(types, length, eachType, context.id('password')) };
}
