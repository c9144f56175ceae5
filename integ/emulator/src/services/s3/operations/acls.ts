import type { Context, Output } from '../../../wire/operation';
import { bucketNamed, objectNamed, refusal } from '../errors';
import { buckets } from '../state';
import type { BucketRecord } from '../state';

interface AclInput {
  readonly Bucket: string;
  readonly ACL?: string;
  readonly AccessControlPolicy?: { readonly Owner?: unknown; readonly Grants?: unknown };
}

interface ObjectAclInput extends AclInput {
  readonly Key: string;
  readonly VersionId?: string;
}

export function getBucketAcl(context: Context, { Bucket }: AclInput): Output {
  const bucket = bucketNamed(context, Bucket);
  return (bucket.configurations.Acl as Output | undefined) ?? ownersOnly(bucket);
}

export function putBucketAcl(context: Context, input: AclInput): void {
  const bucket = bucketNamed(context, input.Bucket);
  requireAcls(context, bucket, input);
  buckets(context).put(bucket.name, { ...bucket, configurations: { ...bucket.configurations, Acl: input.AccessControlPolicy } });
}

/** Objects have no lists of their own here: they are their owner's. */
export function getObjectAcl(context: Context, { Bucket, Key, VersionId }: ObjectAclInput): Output {
  objectNamed(context, Bucket, Key, VersionId);
  return ownersOnly(bucketNamed(context, Bucket));
}

export function putObjectAcl(context: Context, input: ObjectAclInput): void {
  objectNamed(context, input.Bucket, input.Key, input.VersionId);
  requireAcls(context, bucketNamed(context, input.Bucket), input);
}

/** Where the owner owns everything, lists that say anything else are refused. */
function requireAcls(context: Context, { name, configurations }: BucketRecord, { ACL }: AclInput): void {
  const controls = configurations.OwnershipControls as { readonly Rules?: ReadonlyArray<{ readonly ObjectOwnership?: string }> } | undefined;
  const [rule] = controls?.Rules ?? [];
  if (rule?.ObjectOwnership !== 'BucketOwnerEnforced' || ACL === 'private' || ACL === 'bucket-owner-full-control') return;
  throw refusal(context, 'AccessControlListNotSupported', 'text-no-acls', 400, { BucketName: name });
}

function ownersOnly({ account }: BucketRecord): Output {
  return { Owner: { ID: account }, Grants: [{ Grantee: { ID: account, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
}
