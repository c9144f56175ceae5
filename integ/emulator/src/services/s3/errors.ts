import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';
import { buckets, objectName, objects } from './state';
import type { BucketRecord, ObjectRecord } from './state';

export function bucketNamed(context: Context, name: string): BucketRecord {
  const bucket = buckets(context).get(name);
  if (!bucket) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, fields: { BucketName: name } });
  return bucket;
}

export function objectNamed(context: Context, bucket: string, key: string): ObjectRecord {
  bucketNamed(context, bucket);
  const object = objects(context).get(objectName(bucket, key));
  if (!object || object.deleteMarker) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404, fields: { Key: key } });
  return object;
}
