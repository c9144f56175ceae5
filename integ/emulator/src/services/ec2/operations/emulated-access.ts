import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { tagsOf } from '../tags';

/** No operation of AWS. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const guard: Guard = { tags: Object.fromEntries(tagsOf(context, Arn.split('/').at(-1)!).map(({ Key, Value }) => [Key, Value])) };
  return { ...guard };
}
