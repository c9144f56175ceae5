import { secrets } from './state';
import type { SecretRecord } from './state';
import { refusal } from './text';
import type { Context } from '../../wire/operation';

/** A secret and the place where its records are: another account's, when an ARN says so. */
export interface Found {
  readonly secret: SecretRecord;
  readonly context: Context;
}

/** The secret behind a name, an ARN, or an ARN without the six characters at its end; also one that waits for its deletion. */
export function lookUp(context: Context, id: string): Found | undefined {
  const [, region, account, rest] = /^arn:[^:]+:secretsmanager:([^:]*):([^:]*):secret:(.+)$/.exec(id) ?? [];
  if (rest === undefined) return wrap(context, secrets(context).get(id));
  if (region !== context.region) return undefined;
  const place = account === context.account ? context : context.at({ account });
  return wrap(place, secrets(place).values().find(({ arn }) => arn === id) ?? secrets(place).get(rest));
}

/** @throws ServiceError when there is none */
export function findSecret(context: Context, id: string): Found {
  const found = lookUp(context, id);
  if (!found) throw refusal(context, 'ResourceNotFoundException', 'text-no-secret');
  return found;
}

/** @throws ServiceError also when it waits for its deletion */
export function findLiveSecret(context: Context, id: string): Found {
  const found = findSecret(context, id);
  if (found.secret.deletion) throw refusal(context, 'InvalidRequestException', 'text-marked-for-deletion');
  return found;
}

/** One that is forced to go cannot be seen any more, though its name is not free yet. */
function wrap(context: Context, secret: SecretRecord | undefined): Found | undefined {
  return secret && !secret.deletion?.forced ? { secret, context } : undefined;
}
