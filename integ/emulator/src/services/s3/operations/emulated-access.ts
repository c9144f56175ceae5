import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { buckets } from '../state';

interface TagSet {
  readonly TagSet?: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
}

/** No operation of AWS: a bucket's policy counts for what is in it, too. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const bucket = buckets(context).get(Arn.split(':').slice(5).join(':').split('/')[0]);
  if (!bucket) return {};
  const { Policy, Tagging } = bucket.configurations as { readonly Policy?: string; readonly Tagging?: TagSet };
  const guard: Guard = {
    account: bucket.account,
    policy: Policy,
    tags: Object.fromEntries((Tagging?.TagSet ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  return { ...guard };
}
