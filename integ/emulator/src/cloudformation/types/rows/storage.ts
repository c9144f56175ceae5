import { isObject } from '../../template/template';
import type { ValueMap } from '../../template/template';
import type { Request, Row } from '../row-handler';

// --- S3

/** A property, the operation that sets it and the one that takes it away. */
interface Setting {
  readonly property: string;
  readonly put: string;
  readonly remove?: string;
  readonly input: (request: Request) => { [name: string]: unknown };
}

const SETTINGS: readonly Setting[] = [
  {
    property: 'BucketEncryption',
    put: 'PutBucketEncryption',
    remove: 'DeleteBucketEncryption',
    input: (request) => ({
      ServerSideEncryptionConfiguration: {
        Rules: (request.map('BucketEncryption').ServerSideEncryptionConfiguration as unknown as ValueMap[]).map(({ ServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
          ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
          ...(BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: String(BucketKeyEnabled) === 'true' }),
        })),
      },
    }),
  },
  { property: 'VersioningConfiguration', put: 'PutBucketVersioning', input: (request) => ({ VersioningConfiguration: request.value('VersioningConfiguration') }) },
  {
    property: 'PublicAccessBlockConfiguration',
    put: 'PutPublicAccessBlock',
    remove: 'DeletePublicAccessBlock',
    input: (request) => request.fitted('PutPublicAccessBlock', {}, { PublicAccessBlockConfiguration: request.value('PublicAccessBlockConfiguration') }),
  },
  {
    property: 'OwnershipControls',
    put: 'PutBucketOwnershipControls',
    remove: 'DeleteBucketOwnershipControls',
    input: (request) => ({ OwnershipControls: request.value('OwnershipControls') }),
  },
  {
    property: 'LifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    remove: 'DeleteBucketLifecycle',
    input: (request) => ({ LifecycleConfiguration: { Rules: (request.map('LifecycleConfiguration').Rules as unknown as ValueMap[]).map(lifecycleRule) } }),
  },
  {
    property: 'CorsConfiguration',
    put: 'PutBucketCors',
    remove: 'DeleteBucketCors',
    input: (request) => ({
      CORSConfiguration: {
        CORSRules: (request.map('CorsConfiguration').CorsRules as unknown as ValueMap[]).map(({ Id, MaxAge, ExposedHeaders, ...rest }) => present({
          ...rest, ID: Id, MaxAgeSeconds: MaxAge === undefined ? undefined : Number(MaxAge), ExposeHeaders: ExposedHeaders,
        })),
      },
    }),
  },
  {
    property: 'LoggingConfiguration',
    put: 'PutBucketLogging',
    input: (request) => {
      const { DestinationBucketName, LogFilePrefix } = request.map('LoggingConfiguration');
      return { BucketLoggingStatus: { LoggingEnabled: { TargetBucket: DestinationBucketName, TargetPrefix: LogFilePrefix ?? '' } } };
    },
  },
];

function present(value: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

function days(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function transition({ StorageClass, TransitionInDays, TransitionDate }: ValueMap): { [name: string]: unknown } {
  return present({ StorageClass, Days: days(TransitionInDays), Date: TransitionDate });
}

function lifecycleRule(rule: ValueMap): { [name: string]: unknown } {
  const noncurrent = isObject(rule.NoncurrentVersionExpiration) ? rule.NoncurrentVersionExpiration : undefined;
  const abort = isObject(rule.AbortIncompleteMultipartUpload) ? rule.AbortIncompleteMultipartUpload : undefined;
  const expiration = present({
    Days: days(rule.ExpirationInDays), Date: rule.ExpirationDate,
    ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker === undefined ? undefined : String(rule.ExpiredObjectDeleteMarker) === 'true',
  });
  const noncurrentDays = days(rule.NoncurrentVersionExpirationInDays) ?? days(noncurrent?.NoncurrentDays);
  return present({
    ID: rule.Id,
    Status: rule.Status,
    Filter: { Prefix: rule.Prefix ?? '' },
    Expiration: Object.keys(expiration).length > 0 ? expiration : undefined,
    NoncurrentVersionExpiration: noncurrentDays === undefined ? undefined
      : present({ NoncurrentDays: noncurrentDays, NewerNoncurrentVersions: days(noncurrent?.NewerNoncurrentVersions) }),
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: days(abort.DaysAfterInitiation) },
    Transitions: Array.isArray(rule.Transitions) ? (rule.Transitions as readonly ValueMap[]).map(transition) : undefined,
  });
}

const KNOWN_BUCKET_PROPERTIES = new Set([...SETTINGS.map(({ property }) => property), 'BucketName', 'Tags', 'AccessControl', 'ObjectLockEnabled', 'NotificationConfiguration']);

function settle(request: Request, Bucket: string): void {
  for (const { property, put, remove, input } of SETTINGS) {
    if (!request.changed(property)) continue;
    if (request.value(property) !== undefined) request.call(put, { Bucket, ...input(request) });
    else if (remove && request.before(property) !== undefined) request.call(remove, { Bucket });
  }
  const TagSet = request.tags();
  if (TagSet.length > 0) request.call('PutBucketTagging', { Bucket, Tagging: { TagSet } });
  else if (request.removedTags().length > 0) request.call('DeleteBucketTagging', { Bucket });
  for (const name of Object.keys(request.properties)) if (!KNOWN_BUCKET_PROPERTIES.has(name)) request.notBuilt(`property ${name}`);
}

const bucketRow: Row = {
  service: 's3',
  create: (request) => {
    const Bucket = request.name('BucketName');
    const { region } = request.work.context;
    request.call('CreateBucket', {
      Bucket,
      ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } }),
      ...(request.flag('ObjectLockEnabled') ? { ObjectLockEnabledForBucket: true } : {}),
    });
    settle(request, Bucket);
    return Bucket;
  },
  update: (request) => settle(request, request.id),
  delete: (request) => request.call('DeleteBucket', { Bucket: request.id }),
  attributes: (request) => {
    const { region, partition } = request.work.context;
    const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    return {
      Arn: `arn:${partition}:s3:::${request.id}`,
      DomainName: `${request.id}.s3.${suffix}`,
      RegionalDomainName: `${request.id}.s3.${region}.${suffix}`,
      DualStackDomainName: `${request.id}.s3.dualstack.${region}.${suffix}`,
      WebsiteURL: `http://${request.id}.s3-website-${region}.${suffix}`,
    };
  },
  read: (request) => {
    request.call('HeadBucket', { Bucket: request.id });
    const { Status } = request.call<{ Status?: string }>('GetBucketVersioning', { Bucket: request.id });
    return { BucketName: request.text('BucketName'), ...(request.value('VersioningConfiguration') === undefined ? {} : { VersioningConfiguration: { Status } }) };
  },
};

const bucketPolicyRow: Row = {
  service: 's3',
  create: (request) => {
    request.call('PutBucketPolicy', { Bucket: request.text('Bucket'), Policy: request.text('PolicyDocument') });
    return request.text('Bucket')!;
  },
  update: (request) => request.call('PutBucketPolicy', { Bucket: request.text('Bucket'), Policy: request.text('PolicyDocument') }),
  delete: (request) => request.call('DeleteBucketPolicy', { Bucket: request.text('Bucket') }),
};

// --- ECR

interface Repository { readonly repositoryArn: string; readonly repositoryUri: string }

const repositoryRow: Row = {
  service: 'ecr',
  create: (request) => {
    const repositoryName = request.name('RepositoryName');
    request.send('CreateRepository', { repositoryName, ...(request.tags().length > 0 ? { tags: request.tags() } : {}) });
    policies(request, repositoryName);
    return repositoryName;
  },
  update: (request) => {
    if (request.changed('ImageScanningConfiguration')) request.send('PutImageScanningConfiguration', { repositoryName: request.id });
    if (request.changed('ImageTagMutability')) {
      request.call('PutImageTagMutability', { repositoryName: request.id, imageTagMutability: request.text('ImageTagMutability') ?? 'MUTABLE' });
    }
    policies(request, request.id);
  },
  delete: (request) => request.call('DeleteRepository', { repositoryName: request.id, force: request.flag('EmptyOnDelete') ?? false }),
  attributes: (request) => {
    const { repositories: [found] } = request.call<{ repositories: Repository[] }>('DescribeRepositories', { repositoryNames: [request.id] });
    return { Arn: found.repositoryArn, RepositoryUri: found.repositoryUri };
  },
  read: (request) => {
    const { repositories: [found] } = request.call<{ repositories: Array<{ imageTagMutability?: string }> }>('DescribeRepositories', { repositoryNames: [request.id] });
    return request.text('ImageTagMutability') === undefined ? {} : { ImageTagMutability: found.imageTagMutability };
  },
};

function policies(request: Request, repositoryName: string): void {
  const policyText = request.text('RepositoryPolicyText');
  if (request.changed('RepositoryPolicyText')) {
    if (policyText) request.call('SetRepositoryPolicy', { repositoryName, policyText });
    else if (request.before('RepositoryPolicyText') !== undefined) request.call('DeleteRepositoryPolicy', { repositoryName });
  }
  const lifecyclePolicyText = request.map('LifecyclePolicy').LifecyclePolicyText;
  if (request.changed('LifecyclePolicy')) {
    if (lifecyclePolicyText !== undefined) request.call('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: String(lifecyclePolicyText) });
    else if (request.before('LifecyclePolicy') !== undefined) request.call('DeleteLifecyclePolicy', { repositoryName });
  }
}

export const STORAGE: { readonly [type: string]: Row } = {
  'AWS::S3::Bucket': bucketRow,
  'AWS::S3::BucketPolicy': bucketPolicyRow,
  'AWS::ECR::Repository': repositoryRow,
};
