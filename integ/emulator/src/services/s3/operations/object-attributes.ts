import type { Context, Output } from '../../../wire/operation';
import { bucketNamed, objectNamed } from '../errors';
import { shownVersion } from '../versions';
import type { ObjectInput } from './objects';

/** Only what is asked for. */
export function getObjectAttributes(context: Context, input: ObjectInput & { readonly ObjectAttributes: readonly string[] }): Output {
  const object = objectNamed(context, input.Bucket, input.Key, input.VersionId);
  const all: Record<string, unknown> = {
    // Here, and only here, without its quotes.
    ETag: object.etag.replace(/"/g, ''),
    Checksum: Object.keys(object.checksums ?? {}).length > 0 ? object.checksums : undefined,
    ObjectParts: object.parts && { TotalPartsCount: object.parts.length },
    StorageClass: object.storageClass ?? 'STANDARD',
    ObjectSize: object.size,
  };
  return {
    ...Object.fromEntries(Object.entries(all).filter(([name, value]) => input.ObjectAttributes.includes(name) && value !== undefined)),
    LastModified: new Date(context.kernel.hostTime(object.modifiedAt)),
    VersionId: shownVersion(bucketNamed(context, input.Bucket), object),
  };
}
