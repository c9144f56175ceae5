import { documents } from './documents/state';
import { parameters } from './parameters/state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags of parameters and documents, under `<type>/<name>`. */
function tagTable(context: Context) {
  return context.table<readonly Tag[]>('ssm/tags');
}

export function tagsOf(context: Context, type: string, name: string): readonly Tag[] {
  return tagTable(context).get(`${type}/${name}`) ?? [];
}

export function putTags(context: Context, type: string, name: string, added: readonly Tag[]): void {
  const kept = tagsOf(context, type, name).filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  const tags = [...kept, ...added];
  if (tags.length > 50) throw new ServiceError('TooManyTagsError', 'The Targets parameter includes too many tags. Remove one or more tags and try the command again.');
  tagTable(context).put(`${type}/${name}`, tags);
}

export function removeTags(context: Context, type: string, name: string, keys: readonly string[]): void {
  tagTable(context).put(`${type}/${name}`, tagsOf(context, type, name).filter(({ Key }) => !keys.includes(Key)));
}

export function dropTags(context: Context, type: string, name: string): void {
  tagTable(context).delete(`${type}/${name}`);
}

/** @throws ServiceError when there is no such resource, or of a kind whose tags are not kept */
export function requireTaggable(context: Context, type: string, name: string): void {
  if (type === 'Parameter' ? parameters(context).has(name) : type === 'Document' && documents(context).has(name)) return;
  if (type !== 'Parameter' && type !== 'Document') {
    throw new ServiceError('InvalidResourceType', `[emulator] tags of ${type} are not built`);
  }
  throw new ServiceError('InvalidResourceId', 'The resource ID isn\'t valid. Verify that you entered the correct ID and try again.');
}
