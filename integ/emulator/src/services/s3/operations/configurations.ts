import { ServiceError } from '../../../wire/operation';
import type { Context, Operation, Output } from '../../../wire/operation';
import { bucketNamed } from '../errors';
import { buckets } from '../state';

/** A sub-resource of a bucket that is stored as it was put. */
interface Configuration {
  readonly put: string;
  readonly get: string;
  readonly delete?: string;
  /** Member of the Put operation's input and, unless `output` says otherwise, of the Get operation's output. */
  readonly member: string;
  /** The Get operation's output is the configuration itself. */
  readonly spread?: boolean;
  /** The answer when nothing was put. */
  readonly absent?: { readonly code: string; readonly message: string };
  readonly fallback?: Output;
}

const CONFIGURATIONS: readonly Configuration[] = [
  {
    put: 'PutBucketEncryption', get: 'GetBucketEncryption', delete: 'DeleteBucketEncryption', member: 'ServerSideEncryptionConfiguration',
    fallback: { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] } },
  },
  {
    put: 'PutBucketPolicy', get: 'GetBucketPolicy', delete: 'DeleteBucketPolicy', member: 'Policy',
    absent: { code: 'NoSuchBucketPolicy', message: 'The bucket policy does not exist' },
  },
  {
    put: 'PutPublicAccessBlock', get: 'GetPublicAccessBlock', delete: 'DeletePublicAccessBlock', member: 'PublicAccessBlockConfiguration',
    absent: { code: 'NoSuchPublicAccessBlockConfiguration', message: 'The public access block configuration was not found' },
  },
  {
    put: 'PutBucketOwnershipControls', get: 'GetBucketOwnershipControls', delete: 'DeleteBucketOwnershipControls', member: 'OwnershipControls',
    absent: { code: 'OwnershipControlsNotFoundError', message: 'The bucket ownership controls were not found' },
  },
  {
    put: 'PutBucketTagging', get: 'GetBucketTagging', delete: 'DeleteBucketTagging', member: 'Tagging', spread: true,
    absent: { code: 'NoSuchTagSet', message: 'The TagSet does not exist' },
  },
  {
    put: 'PutBucketLifecycleConfiguration', get: 'GetBucketLifecycleConfiguration', delete: 'DeleteBucketLifecycle', member: 'LifecycleConfiguration', spread: true,
    absent: { code: 'NoSuchLifecycleConfiguration', message: 'The lifecycle configuration does not exist' },
  },
  {
    put: 'PutBucketCors', get: 'GetBucketCors', delete: 'DeleteBucketCors', member: 'CORSConfiguration', spread: true,
    absent: { code: 'NoSuchCORSConfiguration', message: 'The CORS configuration does not exist' },
  },
  { put: 'PutBucketNotificationConfiguration', get: 'GetBucketNotificationConfiguration', member: 'NotificationConfiguration', spread: true, fallback: {} },
  { put: 'PutBucketLogging', get: 'GetBucketLogging', member: 'BucketLoggingStatus', spread: true, fallback: {} },
];

interface ConfigurationInput {
  readonly Bucket: string;
  readonly [member: string]: unknown;
}

/** The operations of every configuration in the table. */
export const configurationOperations: Record<string, Operation> = Object.fromEntries(CONFIGURATIONS.flatMap((configuration) => {
  const { put, get, delete: remove, member } = configuration;
  const change = (context: Context, bucket: string, value: unknown) => {
    const record = bucketNamed(context, bucket);
    buckets(context).put(bucket, { ...record, configurations: { ...record.configurations, [member]: value } });
  };
  const operations: Array<[string, Operation]> = [
    [put, (context, input: ConfigurationInput) => change(context, input.Bucket, input[member])],
    [get, (context, input: ConfigurationInput) => read(context, input.Bucket, configuration)],
  ];
  if (remove) operations.push([remove, (context, input: ConfigurationInput) => change(context, input.Bucket, undefined)]);
  return operations;
}));

function read(context: Context, bucket: string, { member, spread, absent, fallback }: Configuration): Output {
  const value = bucketNamed(context, bucket).configurations[member];
  if (value !== undefined) return spread ? value as Output : { [member]: value };
  if (absent) throw new ServiceError(absent.code, absent.message, { status: 404, fields: { BucketName: bucket } });
  return fallback ?? {};
}
