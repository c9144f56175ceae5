import { refuse } from './refusals';
import { tagged } from './state';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface TagSpecification {
  readonly ResourceType?: string;
  readonly Tags?: ReadonlyArray<{ readonly Key?: string; readonly Value?: string }>;
}

export interface WithTags {
  readonly TagSpecifications?: readonly TagSpecification[];
}

export function tagsOf(context: Context, id: string): Tag[] {
  return Object.entries(tagged(context).get(id)?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** Names that AWS keeps for itself; its own services may use them. */
function checkKey(context: Context, key: string): void {
  const byService = context.caller.principal.kind === 'service' || context.caller.position.kind === 'service';
  if (/^aws:/i.test(key) && !byService) throw refuse(context, 'tag-key-reserved', key);
}

export function putTags(context: Context, id: string, tags: TagSpecification['Tags'] = []): void {
  if (tags.length === 0) return;
  tags.forEach(({ Key = '' }) => checkKey(context, Key));
  const all = { ...tagged(context).get(id)?.tags, ...Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])) };
  const own = Object.keys(all).filter((key) => !key.startsWith('aws:'));
  if (own.length > context.row<number>('tags-per-resource')) throw refuse(context, 'tag-limit');
  tagged(context).put(id, { resourceId: id, tags: all });
}

/** Tags given with the call that makes a thing, for things of `resourceType` only. */
export function tagNew(context: Context, input: WithTags, resourceType: string, id: string): void {
  for (const { ResourceType, Tags } of input.TagSpecifications ?? []) {
    if (ResourceType === resourceType) putTags(context, id, Tags);
  }
}

/** Refuses tags for a thing that the call does not make. */
export function checkTagTypes(context: Context, input: WithTags, ...resourceTypes: string[]): void {
  for (const { ResourceType = '' } of input.TagSpecifications ?? []) {
    if (!resourceTypes.includes(ResourceType)) throw refuse(context, 'tag-resource-type', ResourceType);
  }
}

export function dropTags(context: Context, id: string): void {
  tagged(context).delete(id);
}
