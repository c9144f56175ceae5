import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { requireWritable } from '../conditions';
import { bucketNamed } from '../errors';
import { objectName, objects } from '../state';
import { removeVersion, store } from '../versions';
import type { ObjectInput } from './objects';

/** Removes a version for good, hides an object behind a marker, or removes it, as the bucket keeps versions. Nothing there is no error. */
export function deleteObject(context: Context, input: ObjectInput & { readonly IfMatch?: string }): Output {
  const { Bucket, Key, VersionId } = input;
  const bucket = bucketNamed(context, Bucket);
  if (VersionId !== undefined) {
    const removed = removeVersion(context, Bucket, Key, VersionId);
    return { VersionId, DeleteMarker: removed?.deleteMarker };
  }
  if (input.IfMatch !== undefined) requireWritable(context, Bucket, Key, input);
  if (bucket.versioning === undefined) {
    objects(context).delete(objectName(Bucket, Key));
    return {};
  }
  const marker = store(context, bucket, { bucket: Bucket, key: Key, deleteMarker: true, blob: '', size: 0, etag: '', modifiedAt: context.now });
  return { DeleteMarker: true, VersionId: marker.versionId ?? 'null' };
}

export function deleteObjects(
  context: Context,
  input: {
    readonly Bucket: string;
    readonly Delete: { readonly Objects: ReadonlyArray<{ readonly Key: string; readonly VersionId?: string }>; readonly Quiet?: boolean };
  },
): Output {
  bucketNamed(context, input.Bucket);
  const Deleted: Output[] = [];
  const Errors: Output[] = [];
  for (const { Key, VersionId } of input.Delete.Objects) {
    try {
      const gone = deleteObject(context, { Bucket: input.Bucket, Key, VersionId });
      // A marker that was made is named apart from a version that was removed.
      Deleted.push(VersionId === undefined && gone.DeleteMarker
        ? { Key, DeleteMarker: true, DeleteMarkerVersionId: gone.VersionId }
        : { Key, VersionId, ...(gone.DeleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: VersionId } : {}) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return { ...(input.Delete.Quiet ? {} : { Deleted }), ...(Errors.length > 0 ? { Errors } : {}) };
}
