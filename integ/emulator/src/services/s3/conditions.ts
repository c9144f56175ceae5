import { refusal } from './errors';
import { objectName, objects } from './state';
import type { ObjectRecord } from './state';
import type { Context } from '../../wire/operation';

export interface WriteConditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

export interface ReadConditions extends WriteConditions {
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}

/** A write that is only to make something new, or only to replace what the caller has seen. */
export function requireWritable(context: Context, bucket: string, key: string, { IfMatch, IfNoneMatch }: WriteConditions): void {
  const newest = objects(context).get(objectName(bucket, key));
  const present = newest?.deleteMarker ? undefined : newest;
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw refusal(context, 'NotImplemented', 'text-none-match-value', 501, { Header: 'If-None-Match' });
    if (present) throw refusal(context, 'PreconditionFailed', 'text-precondition', 412, { Condition: 'If-None-Match' });
  }
  if (IfMatch === undefined) return;
  if (!present) throw refusal(context, 'NoSuchKey', 'text-no-key', 404, { Key: key });
  if (!names(IfMatch, present)) throw refusal(context, 'PreconditionFailed', 'text-precondition', 412, { Condition: 'If-Match' });
}

/** A read that is only wanted if the object has changed, or has not. */
export function requireReadable(
  context: Context,
  object: ObjectRecord,
  { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: ReadConditions,
): void {
  const modified = Math.floor(context.kernel.hostTime(object.modifiedAt) / 1_000) * 1_000;
  if (IfMatch !== undefined && !names(IfMatch, object)) throw refusal(context, 'PreconditionFailed', 'text-precondition', 412, { Condition: 'If-Match' });
  if (IfMatch === undefined && IfUnmodifiedSince && modified > IfUnmodifiedSince.getTime()) {
    throw refusal(context, 'PreconditionFailed', 'text-precondition', 412, { Condition: 'If-Unmodified-Since' });
  }
  if (IfNoneMatch !== undefined && names(IfNoneMatch, object)) throw refusal(context, 'NotModified', 'text-not-modified', 304);
  if (IfNoneMatch === undefined && IfModifiedSince && modified <= IfModifiedSince.getTime()) throw refusal(context, 'NotModified', 'text-not-modified', 304);
}

/** Quotes around a tag may be left out. */
function names(list: string, { etag }: ObjectRecord): boolean {
  return list.split(',').map((each) => each.trim()).some((each) => each === '*' || each.replace(/"/g, '') === etag.replace(/"/g, ''));
}
