import type { Context, Operation, Output } from '../../../wire/operation';
import { bucketNamed, refusal } from '../errors';
import { isPublic } from '../policy';
import { buckets } from '../state';

/** A sub-resource of a bucket that is stored as it was put. */
interface Configuration {
  readonly put?: string;
  readonly get: string;
  readonly delete?: string;
  /** Member of the Put operation's input and, unless `output` says otherwise, of the Get operation's output. */
  readonly member: string;
  /** The Get operation's output is the configuration itself. */
  readonly spread?: boolean;
  /** Code and row of the answer when nothing was put. */
  readonly absent?: readonly [code: string, row: string];
  readonly fallback?: Output;
  /** Refuses what must not be put. */
  readonly check?: (context: Context, bucket: string, value: unknown) => void;
}

const CONFIGURATIONS: readonly Configuration[] = [
  {
    put: 'PutBucketEncryption', get: 'GetBucketEncryption', delete: 'DeleteBucketEncryption', member: 'ServerSideEncryptionConfiguration',
    fallback: { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] } },
  },
  {
    put: 'PutBucketPolicy', get: 'GetBucketPolicy', delete: 'DeleteBucketPolicy', member: 'Policy', absent: ['NoSuchBucketPolicy', 'text-no-policy'], check: checkPolicy,
  },
  {
    put: 'PutPublicAccessBlock', get: 'GetPublicAccessBlock', delete: 'DeletePublicAccessBlock', member: 'PublicAccessBlockConfiguration',
    absent: ['NoSuchPublicAccessBlockConfiguration', 'text-no-public-access-block'],
  },
  {
    put: 'PutBucketOwnershipControls', get: 'GetBucketOwnershipControls', delete: 'DeleteBucketOwnershipControls', member: 'OwnershipControls',
    absent: ['OwnershipControlsNotFoundError', 'text-no-ownership'],
  },
  { put: 'PutBucketTagging', get: 'GetBucketTagging', delete: 'DeleteBucketTagging', member: 'Tagging', spread: true, absent: ['NoSuchTagSet', 'text-no-tags'] },
  {
    put: 'PutBucketLifecycleConfiguration', get: 'GetBucketLifecycleConfiguration', delete: 'DeleteBucketLifecycle', member: 'LifecycleConfiguration', spread: true,
    absent: ['NoSuchLifecycleConfiguration', 'text-no-lifecycle'],
  },
  {
    put: 'PutBucketCors', get: 'GetBucketCors', delete: 'DeleteBucketCors', member: 'CORSConfiguration', spread: true, absent: ['NoSuchCORSConfiguration', 'text-no-cors'],
  },
  { put: 'PutBucketNotificationConfiguration', get: 'GetBucketNotificationConfiguration', member: 'NotificationConfiguration', spread: true, fallback: {} },
  { put: 'PutBucketLogging', get: 'GetBucketLogging', member: 'BucketLoggingStatus', spread: true, fallback: {} },
  // These cannot be put here, so they are what they are in a new bucket.
  { get: 'GetBucketAccelerateConfiguration', member: 'AccelerateConfiguration', spread: true, fallback: {} },
  { get: 'GetBucketRequestPayment', member: 'RequestPaymentConfiguration', spread: true, fallback: { Payer: 'BucketOwner' } },
  { get: 'GetBucketReplication', member: 'ReplicationConfiguration', absent: ['ReplicationConfigurationNotFoundError', 'text-no-replication'] },
  { get: 'GetBucketWebsite', member: 'WebsiteConfiguration', spread: true, absent: ['NoSuchWebsiteConfiguration', 'text-no-website'] },
];

interface ConfigurationInput {
  readonly Bucket: string;
  readonly [member: string]: unknown;
}

/** The operations of every configuration in the table. */
export const configurationOperations: Record<string, Operation> = Object.fromEntries(CONFIGURATIONS.flatMap((configuration) => {
  const { put, get, delete: remove, member, check } = configuration;
  const change = (context: Context, bucket: string, value: unknown) => {
    const record = bucketNamed(context, bucket);
    buckets(context).put(bucket, { ...record, configurations: { ...record.configurations, [member]: value } });
  };
  const operations: Array<[string, Operation]> = [[get, (context, input: ConfigurationInput) => read(context, input.Bucket, configuration)]];
  if (put) {
    operations.push([put, (context, input: ConfigurationInput) => {
      check?.(context, input.Bucket, input[member]);
      change(context, input.Bucket, input[member]);
    }]);
  }
  if (remove) operations.push([remove, (context, input: ConfigurationInput) => change(context, input.Bucket, undefined)]);
  return operations;
}));

export function getBucketPolicyStatus(context: Context, { Bucket }: ConfigurationInput): Output {
  const { Policy } = bucketNamed(context, Bucket).configurations as { Policy?: string };
  if (Policy === undefined) throw refusal(context, 'NoSuchBucketPolicy', 'text-no-policy', 404, { BucketName: Bucket });
  return { PolicyStatus: { IsPublic: isPublic(Policy) } };
}

function read(context: Context, bucket: string, { member, spread, absent, fallback }: Configuration): Output {
  const value = withDates(bucketNamed(context, bucket).configurations[member]);
  if (value !== undefined) return spread ? value as Output : { [member]: value };
  if (absent) throw refusal(context, absent[0], absent[1], 404, { BucketName: bucket });
  return fallback ?? {};
}

/** Records are plain JSON; the dates of lifecycle rules were dates when they were put. */
function withDates(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value), (name, inner: unknown) => (name === 'Date' && typeof inner === 'string' ? new Date(inner) : inner));
}

function checkPolicy(context: Context, bucket: string, value: unknown): void {
  const block = bucketNamed(context, bucket).configurations.PublicAccessBlockConfiguration as { readonly BlockPublicPolicy?: boolean } | undefined;
  try {
    JSON.parse(String(value));
  } catch {
    throw refusal(context, 'MalformedPolicy', 'text-malformed-policy', 400);
  }
  if (!block?.BlockPublicPolicy || !isPublic(String(value))) return;
  throw refusal(context, 'AccessDenied', 'text-public-policy', 403, {
    principal: context.caller.principal.arn, arn: `arn:${context.partition}:s3:::${bucket}`,
  });
}
