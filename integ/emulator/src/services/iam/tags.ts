import { refuse } from './refusals';
import type { Context, Output } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export type Tags = Readonly<Record<string, string>>;

/** Tags with others put over them. */
export function withTags(context: Context, before: Tags, added: readonly Tag[] = []): Tags {
  const keys = added.map(({ Key }) => Key.toLowerCase());
  if (new Set(keys).size !== keys.length) throw refuse(context, 'tag-twice');
  const byService = context.caller.position.kind === 'service';
  const reserved = added.find(({ Key }) => /^aws:/i.test(Key));
  if (reserved && !byService) throw refuse(context, 'tag-reserved');
  const all = { ...before, ...Object.fromEntries(added.map(({ Key, Value }) => [Key, Value])) };
  if (Object.keys(all).length > context.row<number>('iam/tags-per-entity')) throw refuse(context, 'tag-limit');
  return all;
}

export function withoutTags(before: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(before).filter(([key]) => !keys.includes(key)));
}

export function tagViews(tags: Tags): Output[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
