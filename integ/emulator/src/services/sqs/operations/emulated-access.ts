import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { queues } from '../state';

/** No operation of AWS. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const queue = queues(context).values().find(({ arn }) => arn === Arn);
  if (!queue) return {};
  const guard: Guard = { policy: queue.attributes.Policy, tags: queue.tags };
  return { ...guard };
}
