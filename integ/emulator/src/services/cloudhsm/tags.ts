import { text } from './refusals';
import type { Tag } from './state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** Adds tags, later ones in place of earlier ones with the same key. */
export function mergeTags(context: Context, present: readonly Tag[], added: readonly Tag[] = []): Tag[] {
  const keys = added.map(({ Key }) => Key);
  if (keys.some((key) => key.toLowerCase().startsWith('aws:')) || new Set(keys).size < keys.length) {
    throw new ServiceError('CloudHsmTagException', text(context, 'text-tag-key'));
  }
  const merged = new Map([...present, ...added].map(({ Key, Value }) => [Key, Value]));
  const limit = context.row<number>('cloudhsmv2/tags-per-resource');
  if (merged.size > limit) throw new ServiceError('CloudHsmResourceLimitExceededException', text(context, 'text-tags', { limit }));
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}
