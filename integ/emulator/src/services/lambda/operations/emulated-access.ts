import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { parseName } from '../names';
import { qualified, tables } from '../state';

/** No operation of AWS: the policy of a function, or that of the version or alias which the ARN names. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const { name, qualifier = '$LATEST' } = parseName(context, Arn, undefined);
  const statements = tables.policies(context).get(qualified(name, qualifier))?.statements;
  const guard: Guard = {
    policy: statements && JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    tags: tables.functions(context).get(name)?.tags,
  };
  return { ...guard };
}
