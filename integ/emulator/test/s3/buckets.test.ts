import { s3 } from '../../src/services/s3/service';
import { World } from '../_helpers/world';

let world: World;
const Bucket = 'a-bucket';
beforeEach(() => {
  world = new World({ services: [s3] });
  world.call('s3', 'CreateBucket', { Bucket });
});
afterEach(() => world.stop());

test('a name is one bucket, whoever has it', () => {
  expect(world.refusal('s3', 'CreateBucket', { Bucket })).toMatchObject({ code: 'BucketAlreadyOwnedByYou', options: { status: 409 } });
  expect(() => world.calls.make({ service: 's3', account: '111122223333', region: 'us-east-1' }, 'CreateBucket', { Bucket }, {
    principal: { kind: 'user', account: '111122223333', arn: 'arn:aws:iam::111122223333:user/u' }, position: { kind: 'outside' },
  })).toThrow(expect.objectContaining({ code: 'BucketAlreadyExists' }));
  expect(world.refusal('s3', 'CreateBucket', { Bucket: 'Not_A_Name' }).code).toBe('InvalidBucketName');
});

test('the first Region is told by saying nothing', () => {
  world.call('s3', 'CreateBucket', { Bucket: 'elsewhere', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  expect(world.call('s3', 'GetBucketLocation', { Bucket })).toEqual({});
  expect(world.call('s3', 'GetBucketLocation', { Bucket: 'elsewhere' })).toEqual({ LocationConstraint: 'eu-west-1' });
});

test.each([
  ['GetBucketPolicy', 'NoSuchBucketPolicy'], ['GetBucketTagging', 'NoSuchTagSet'], ['GetBucketCors', 'NoSuchCORSConfiguration'],
  ['GetBucketLifecycleConfiguration', 'NoSuchLifecycleConfiguration'], ['GetBucketReplication', 'ReplicationConfigurationNotFoundError'],
  ['GetBucketWebsite', 'NoSuchWebsiteConfiguration'], ['GetObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'], ['GetBucketPolicyStatus', 'NoSuchBucketPolicy'],
])('%s of a new bucket is %s', (operation, code) => {
  expect(world.refusal('s3', operation, { Bucket })).toMatchObject({ code, options: { status: 404 } });
});

test('a new bucket is closed, encrypted and its owner\'s', () => {
  expect(world.call('s3', 'GetPublicAccessBlock', { Bucket })).toEqual({
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  });
  expect(world.call('s3', 'GetBucketEncryption', { Bucket })).toMatchObject({
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
  });
  expect(world.call('s3', 'GetBucketOwnershipControls', { Bucket })).toMatchObject({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } });
  expect(world.refusal('s3', 'PutBucketAcl', { Bucket, ACL: 'public-read' }).code).toBe('AccessControlListNotSupported');
  expect(world.call('s3', 'GetBucketAcl', { Bucket })).toMatchObject({ Grants: [{ Permission: 'FULL_CONTROL' }] });
});

test('a public policy is refused while public policies are blocked', () => {
  const policy = (Principal: unknown) => ({ Bucket, Policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: '*' }] }) });
  expect(world.refusal('s3', 'PutBucketPolicy', policy('*'))).toMatchObject({ code: 'AccessDenied', options: { status: 403 } });
  world.call('s3', 'PutBucketPolicy', policy({ AWS: 'arn:aws:iam::123456789012:root' }));
  expect(world.call('s3', 'GetBucketPolicyStatus', { Bucket })).toEqual({ PolicyStatus: { IsPublic: false } });
  world.call('s3', 'DeletePublicAccessBlock', { Bucket });
  world.call('s3', 'PutBucketPolicy', policy({ AWS: '*' }));
  expect(world.call('s3', 'GetBucketPolicyStatus', { Bucket })).toEqual({ PolicyStatus: { IsPublic: true } });
});

test('dates in lifecycle rules are dates again when they are read', () => {
  const Rules = [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Date: new Date('2030-01-01T00:00:00Z') } }];
  world.call('s3', 'PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules } });
  expect(world.call('s3', 'GetBucketLifecycleConfiguration', { Bucket })).toEqual({ Rules });
  world.call('s3', 'DeleteBucketLifecycle', { Bucket });
  expect(world.refusal('s3', 'GetBucketLifecycleConfiguration', { Bucket }).code).toBe('NoSuchLifecycleConfiguration');
});

describe('lists', () => {
  beforeEach(() => {
    for (const Key of ['a/1', 'a/2', 'b', 'c/1', 'é', 'Z']) world.call('s3', 'PutObject', { Bucket, Key, Body: Buffer.from('x') });
  });
  interface Listed {
    readonly Contents: Array<{ Key: string }>;
    readonly CommonPrefixes: Array<{ Prefix: string }>;
    readonly NextContinuationToken?: string;
    readonly KeyCount: number;
    readonly NextMarker?: string;
  }
  const list = (more: object = {}) => world.call<Listed>('s3', 'ListObjectsV2', { Bucket, ...more });
  const keys = ({ Contents }: Listed) => Contents.map(({ Key }) => Key);
  const prefixes = ({ CommonPrefixes }: Listed) => CommonPrefixes.map(({ Prefix }) => Prefix);

  test('keys come in the order of their bytes', () => {
    expect(keys(list())).toEqual(['Z', 'a/1', 'a/2', 'b', 'c/1', 'é']);
    expect(keys(list({ Prefix: 'a/' }))).toEqual(['a/1', 'a/2']);
    expect(keys(list({ StartAfter: 'a/2' }))).toEqual(['b', 'c/1', 'é']);
  });

  test('a delimiter sums up', () => {
    const found = list({ Delimiter: '/' });
    expect([keys(found), prefixes(found), found.KeyCount]).toEqual([['Z', 'b', 'é'], ['a/', 'c/'], 5]);
  });

  test.each([1, 2, 3])('pages of %d hold everything once', (MaxKeys) => {
    const seen: string[] = [];
    for (let ContinuationToken: string | undefined; ;) {
      const found = list({ MaxKeys, Delimiter: '/', ...(ContinuationToken ? { ContinuationToken } : {}) });
      seen.push(...keys(found), ...prefixes(found));
      ContinuationToken = found.NextContinuationToken;
      if (!ContinuationToken) break;
    }
    expect(seen.sort()).toEqual(['Z', 'a/', 'b', 'c/', 'é'].sort());
  });

  test('the older form goes on after a marker', () => {
    const first = world.call<Listed>('s3', 'ListObjects', { Bucket, MaxKeys: 2, Delimiter: '/' });
    const second = world.call<Listed>('s3', 'ListObjects', { Bucket, Delimiter: '/', Marker: first.NextMarker });
    expect([keys(first), prefixes(first), keys(second), prefixes(second)]).toEqual([['Z'], ['a/'], ['b', 'é'], ['c/']]);
  });
});
