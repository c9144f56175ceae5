import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { bucketNamed } from '../errors';
import { buckets, objectsOf } from '../state';

interface BucketInput {
  readonly Bucket: string;
}

export function createBucket(context: Context, input: BucketInput & { CreateBucketConfiguration?: { LocationConstraint?: string } }): Output {
  const taken = buckets(context).get(input.Bucket);
  if (taken) {
    const ours = taken.account === context.account;
    throw ours
      ? new ServiceError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', { status: 409 })
      : new ServiceError('BucketAlreadyExists', 'The requested bucket name is not available. The bucket namespace is shared by all users of the system. '
        + 'Please select a different name and try again.', { status: 409 });
  }
  const region = input.CreateBucketConfiguration?.LocationConstraint ?? context.region;
  buckets(context).put(input.Bucket, { name: input.Bucket, account: context.account, region, createdAt: context.now, configurations: {} });
  return { Location: `/${input.Bucket}` };
}

export function deleteBucket(context: Context, { Bucket }: BucketInput): void {
  bucketNamed(context, Bucket);
  if (objectsOf(context, Bucket).length > 0) {
    throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', { status: 409, fields: { BucketName: Bucket } });
  }
  buckets(context).delete(Bucket);
}

export function headBucket(context: Context, { Bucket }: BucketInput): Output {
  return { BucketRegion: bucketNamed(context, Bucket).region };
}

export function listBuckets(context: Context): Output {
  const own = buckets(context).values().filter(({ account }) => account === context.account);
  return {
    Buckets: own.map(({ name, createdAt, region }) => ({ Name: name, CreationDate: new Date(context.kernel.hostTime(createdAt)), BucketRegion: region })),
    Owner: { ID: context.account },
  };
}

export function getBucketLocation(context: Context, { Bucket }: BucketInput): Output {
  const { region } = bucketNamed(context, Bucket);
  // The first Region is told by saying nothing.
  return region === 'us-east-1' ? {} : { LocationConstraint: region };
}

export function putBucketVersioning(context: Context, input: BucketInput & { VersioningConfiguration: { Status?: string } }): void {
  buckets(context).put(input.Bucket, { ...bucketNamed(context, input.Bucket), versioning: input.VersioningConfiguration.Status });
}

export function getBucketVersioning(context: Context, { Bucket }: BucketInput): Output {
  return { Status: bucketNamed(context, Bucket).versioning };
}
