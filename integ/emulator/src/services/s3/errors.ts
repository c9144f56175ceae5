import { buckets, objectName, objects } from './state';
import type { BucketRecord, ObjectRecord } from './state';
import { versionNamed } from './versions';
import type { Context } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

/** A refusal with the sentence of a row; S3 says more by its statuses than other services do. */
export function refusal(
  context: Context,
  code: string,
  row: string,
  status: number = 400,
  fields: Readonly<Record<string, unknown>> = {},
): ServiceError {
  const sentence = context.row<string>(`s3/${row}`);
  const text = sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in fields ? String(fields[name]) : whole));
  return new ServiceError(code, text, { status, fields });
}

export function bucketNamed(context: Context, name: string): BucketRecord {
  const bucket = buckets(context).get(name);
  if (!bucket) throw refusal(context, 'NoSuchBucket', 'text-no-bucket', 404, { BucketName: name });
  return bucket;
}

/** @throws for a name that is longer than S3 keeps one */
export function checkKey(context: Context, key: string): void {
  const [size, most] = [Buffer.byteLength(key), context.row<number>('s3/longest-key')];
  if (size > most) throw refusal(context, 'KeyTooLongError', 'text-long-key', 400, { Size: String(size), MaxSizeAllowed: String(most) });
}

/** An object, or the version of it that is asked for. */
export function objectNamed(context: Context, bucket: string, key: string, versionId?: string): ObjectRecord {
  bucketNamed(context, bucket);
  if (versionId !== undefined) {
    const version = versionNamed(context, bucket, key, versionId);
    if (!version) throw refusal(context, 'NoSuchVersion', 'text-no-version', 404, { Key: key, VersionId: versionId });
    if (version.deleteMarker) throw refusal(context, 'MethodNotAllowed', 'text-delete-marker', 405, { Method: 'GET', ResourceType: 'DeleteMarker' });
    return version;
  }
  const object = objects(context).get(objectName(bucket, key));
  if (!object || object.deleteMarker) throw refusal(context, 'NoSuchKey', 'text-no-key', 404, { Key: key });
  return object;
}
