import type { Context } from '../../../wire/operation';
import { putTags, removeTags, requireTaggable, tagsOf } from '../tags';
import type { Tag } from '../tags';

interface Resource {
  readonly ResourceType: string;
  readonly ResourceId: string;
}

export function addTagsToResource(context: Context, input: Resource & { Tags: readonly Tag[] }): void {
  requireTaggable(context, input.ResourceType, input.ResourceId);
  putTags(context, input.ResourceType, input.ResourceId, input.Tags);
}

export function removeTagsFromResource(context: Context, input: Resource & { TagKeys: readonly string[] }): void {
  requireTaggable(context, input.ResourceType, input.ResourceId);
  removeTags(context, input.ResourceType, input.ResourceId, input.TagKeys);
}

export function listTagsForResource(context: Context, input: Resource): Record<string, unknown> {
  requireTaggable(context, input.ResourceType, input.ResourceId);
  return { TagList: tagsOf(context, input.ResourceType, input.ResourceId) };
}
