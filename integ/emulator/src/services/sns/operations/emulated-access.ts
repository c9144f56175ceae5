import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { topics } from '../state';
import { defaultPolicy } from './topics';

/** No operation of AWS. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const topic = topics(context).values().find(({ arn }) => arn === Arn);
  if (!topic) return {};
  const guard: Guard = {
    policy: topic.attributes.Policy ?? defaultPolicy(context, topic),
    tags: Object.fromEntries(topic.tags.map(({ Key, Value }) => [Key, Value])),
  };
  return { ...guard };
}
