import type { Context } from '../../../wire/operation';
import { findLiveSecret } from '../find';
import { secrets } from '../state';
import type { Tag } from '../state';
import { refusal } from '../text';

interface SecretInput {
  readonly SecretId: string;
}

export function tagResource(context: Context, { SecretId, Tags }: SecretInput & { readonly Tags: readonly Tag[] }): void {
  const { secret, context: place } = findLiveSecret(context, SecretId);
  const tags = [...secret.tags.filter(({ Key }) => !Tags.some((added) => added.Key === Key)), ...Tags];
  if (tags.length > 50) throw refusal(context, 'LimitExceededException', 'text-too-many-tags');
  secrets(place).put(secret.name, { ...secret, tags });
}

export function untagResource(context: Context, { SecretId, TagKeys }: SecretInput & { readonly TagKeys: readonly string[] }): void {
  const { secret, context: place } = findLiveSecret(context, SecretId);
  secrets(place).put(secret.name, { ...secret, tags: secret.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
}
