import type { Context, Output } from '../../../wire/operation';
import { page } from '../paging';
import { notFound } from '../refusals';
import { backups, clusters, update } from '../state';
import type { Tag } from '../state';
import { mergeTags } from '../tags';

interface OfResource {
  readonly ResourceId: string;
}

/** Clusters and backups have tags, HSMs have none. */
export function tagResource(context: Context, { ResourceId, TagList }: OfResource & { TagList: readonly Tag[] }): void {
  setTags(context, ResourceId, mergeTags(context, tagsOf(context, ResourceId), TagList));
}

export function untagResource(context: Context, { ResourceId, TagKeyList }: OfResource & { TagKeyList: readonly string[] }): void {
  setTags(context, ResourceId, tagsOf(context, ResourceId).filter(({ Key }) => !TagKeyList.includes(Key)));
}

export function listTags(context: Context, input: OfResource & { NextToken?: string; MaxResults?: number }): Output {
  const { items, next } = page(context, tagsOf(context, input.ResourceId), ({ Key }) => Key, input, 'page-tags');
  return { TagList: items, ...next };
}

function tagsOf(context: Context, resource: string): readonly Tag[] {
  const found = resource.startsWith('cluster-') ? clusters(context).get(resource) : backups(context).get(resource);
  if (!found || found.state === 'DELETED') throw notFound(context, 'text-resource-not-found', { resource });
  return found.tags;
}

function setTags(context: Context, resource: string, tags: readonly Tag[]): void {
  if (resource.startsWith('cluster-')) update(clusters(context), resource, { tags });
  else update(backups(context), resource, { tags });
}
