import type { Context, Output } from '../../../wire/operation';
import { findGroup } from '../find';
import type { GroupReference } from '../find';
import { groups } from '../state';
import { refusal } from '../text';

type Tags = Readonly<Record<string, string>>;

export function tagResource(context: Context, input: GroupReference & { readonly tags: Tags }): void {
  const group = findGroup(context, input);
  const tags = { ...group.tags, ...input.tags };
  if (Object.keys(tags).length > 50) throw refusal(context, 'TooManyTagsException', 'text-too-many-tags');
  groups(context).put(group.name, { ...group, tags });
}

export function untagResource(context: Context, input: GroupReference & { readonly tagKeys: readonly string[] }): void {
  remove(context, input, input.tagKeys);
}

/** The older form names its keys `tags`. */
export function untagLogGroup(context: Context, input: GroupReference & { readonly tags: readonly string[] }): void {
  remove(context, input, input.tags);
}

export function listTags(context: Context, input: GroupReference): Output {
  return { tags: findGroup(context, input).tags };
}

function remove(context: Context, input: GroupReference, keys: readonly string[]): void {
  const group = findGroup(context, input);
  groups(context).put(group.name, { ...group, tags: Object.fromEntries(Object.entries(group.tags).filter(([key]) => !keys.includes(key))) });
}
