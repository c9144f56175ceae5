import { findRepository, repositories } from './state';
import type { RepositoryRecord, Tag } from './state';
import type { Context, Output } from '../../wire/operation';

interface TagsInput {
  readonly resourceArn: string;
}

export function tagResource(context: Context, { resourceArn, tags }: TagsInput & { readonly tags: readonly Tag[] }): void {
  const repository = named(context, resourceArn);
  const kept = repository.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
  repositories(context).put(repository.name, { ...repository, tags: [...kept, ...tags] });
}

export function untagResource(context: Context, { resourceArn, tagKeys }: TagsInput & { readonly tagKeys: readonly string[] }): void {
  const repository = named(context, resourceArn);
  repositories(context).put(repository.name, { ...repository, tags: repository.tags.filter(({ Key }) => !tagKeys.includes(Key!)) });
}

export function listTagsForResource(context: Context, { resourceArn }: TagsInput): Output {
  return { tags: named(context, resourceArn).tags };
}

function named(context: Context, arn: string): RepositoryRecord {
  return findRepository(context, arn.replace(/^arn:.*:repository\//, ''));
}
