import type { Context, Output } from '../../../wire/operation';
import { findKeyById } from '../find';
import { page } from '../paging';
import type { PageWish } from '../paging';
import { keys } from '../state';
import type { Tag } from '../state';
import { refusal } from '../text';
import { requireCustomerManaged, requireNotPendingDeletion } from '../usable';

interface KeyInput {
  readonly KeyId: string;
}

export function tagResource(context: Context, { KeyId, Tags }: KeyInput & { readonly Tags: readonly Tag[] }): void {
  change(context, KeyId, 'TagResource', (tags) => [...tags.filter(({ TagKey }) => !Tags.some((added) => added.TagKey === TagKey)), ...Tags]);
}

export function untagResource(context: Context, { KeyId, TagKeys }: KeyInput & { readonly TagKeys: readonly string[] }): void {
  change(context, KeyId, 'UntagResource', (tags) => tags.filter(({ TagKey }) => !TagKeys.includes(TagKey)));
}

export function listResourceTags(context: Context, input: KeyInput & PageWish): Output {
  const { key } = findKeyById(context, input.KeyId);
  const { items, more } = page(context, key.tags, input, 50);
  return { Tags: items, ...more };
}

function change(context: Context, reference: string, operation: string, edit: (tags: readonly Tag[]) => readonly Tag[]): void {
  const { key, context: place } = findKeyById(context, reference);
  requireCustomerManaged(context, key, operation);
  requireNotPendingDeletion(context, key);
  const tags = edit(key.tags);
  if (tags.some(({ TagKey }) => TagKey.startsWith('aws:'))) throw refusal(context, 'TagException', 'text-aws-tag');
  if (tags.length > 50) throw refusal(context, 'LimitExceededException', 'text-too-many-tags');
  keys(place).put(key.id, { ...key, tags });
}
