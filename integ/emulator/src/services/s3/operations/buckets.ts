import type { Context, Output } from '../../../wire/operation';
import { bucketNamed, refusal } from '../errors';
import { buckets, dropUpload, objectsOf, uploads } from '../state';

interface BucketInput {
  readonly Bucket: string;
}

interface CreateInput extends BucketInput {
  readonly CreateBucketConfiguration?: { readonly LocationConstraint?: string };
  readonly ObjectLockEnabledForBucket?: boolean;
  readonly ObjectOwnership?: string;
}

/** New buckets are closed to the public, and their objects belong to their owner. */
export function createBucket(context: Context, input: CreateInput): Output {
  const taken = buckets(context).get(input.Bucket);
  if (taken) {
    throw taken.account === context.account
      ? refusal(context, 'BucketAlreadyOwnedByYou', 'text-bucket-yours', 409, { BucketName: input.Bucket })
      : refusal(context, 'BucketAlreadyExists', 'text-bucket-taken', 409, { BucketName: input.Bucket });
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(input.Bucket)) throw refusal(context, 'InvalidBucketName', 'text-bad-bucket-name', 400, { BucketName: input.Bucket });
  const region = input.CreateBucketConfiguration?.LocationConstraint ?? context.region;
  buckets(context).put(input.Bucket, {
    name: input.Bucket,
    account: context.account,
    region,
    createdAt: context.now,
    versioning: input.ObjectLockEnabledForBucket ? 'Enabled' : undefined,
    objectLock: input.ObjectLockEnabledForBucket,
    configurations: {
      OwnershipControls: { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    },
  });
  context.emit('Created', input.Bucket);
  return { Location: `/${input.Bucket}` };
}

export function deleteBucket(context: Context, { Bucket }: BucketInput): void {
  const bucket = bucketNamed(context, Bucket);
  // Former versions have a newest one, if only a delete marker.
  if (objectsOf(context, Bucket).length > 0) {
    throw refusal(context, 'BucketNotEmpty', bucket.versioning ? 'text-not-empty-versions' : 'text-not-empty', 409, { BucketName: Bucket });
  }
  uploads(context).values().filter((upload) => upload.bucket === Bucket).forEach((upload) => dropUpload(context, upload));
  buckets(context).delete(Bucket);
  context.emit('Deleted', Bucket);
}

export function headBucket(context: Context, { Bucket }: BucketInput): Output {
  return { BucketRegion: bucketNamed(context, Bucket).region };
}

export function listBuckets(context: Context, input: { readonly Prefix?: string; readonly BucketRegion?: string }): Output {
  const own = buckets(context).values()
    .filter(({ account, name, region }) => account === context.account && name.startsWith(input.Prefix ?? '') && (input.BucketRegion ?? region) === region)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    Buckets: own.map(({ name, createdAt, region }) => ({
      Name: name, CreationDate: new Date(context.kernel.hostTime(createdAt)), BucketRegion: region,
    })),
    Owner: { ID: context.account },
    Prefix: input.Prefix,
  };
}

export function getBucketLocation(context: Context, { Bucket }: BucketInput): Output {
  const { region } = bucketNamed(context, Bucket);
  // The first Region is told by saying nothing.
  return region === 'us-east-1' ? {} : { LocationConstraint: region };
}

export function putBucketVersioning(context: Context, input: BucketInput & { readonly VersioningConfiguration: { readonly Status?: string } }): void {
  const bucket = bucketNamed(context, input.Bucket);
  if (bucket.objectLock && input.VersioningConfiguration.Status !== 'Enabled') throw refusal(context, 'InvalidBucketState', 'text-object-lock-versioning', 409);
  buckets(context).put(input.Bucket, { ...bucket, versioning: input.VersioningConfiguration.Status });
}

export function getBucketVersioning(context: Context, { Bucket }: BucketInput): Output {
  return { Status: bucketNamed(context, Bucket).versioning };
}

export function getObjectLockConfiguration(context: Context, { Bucket }: BucketInput): Output {
  if (!bucketNamed(context, Bucket).objectLock) throw refusal(context, 'ObjectLockConfigurationNotFoundError', 'text-no-object-lock', 404, { BucketName: Bucket });
  return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } };
}
