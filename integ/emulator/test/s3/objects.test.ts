import { createHash } from 'node:crypto';
import { kms } from '../../src/services/kms/service';
import { s3 } from '../../src/services/s3/service';
import { World } from '../_helpers/world';

let world: World;
const Bucket = 'a-bucket';
beforeEach(() => {
  world = new World({ services: [kms, s3] });
  world.call('s3', 'CreateBucket', { Bucket });
});
afterEach(() => world.stop());

interface Got {
  readonly Body: Buffer;
  readonly ETag: string;
  readonly VersionId?: string;
  readonly ContentRange?: string;
  readonly [member: string]: unknown;
}

const put = (Key: string, text: string, more: object = {}) => world.call<{ ETag: string; VersionId?: string }>('s3', 'PutObject', { Bucket, Key, Body: Buffer.from(text), ...more });
const get = (Key: string, more: object = {}) => world.call<Got>('s3', 'GetObject', { Bucket, Key, ...more });
const text = (Key: string, more: object = {}) => get(Key, more).Body.toString();
const refused = (operation: string, input: object) => world.refusal('s3', operation, { Bucket, ...input });

test('an object comes back with its content, tag and headers', () => {
  put('k', 'hello', { ContentType: 'text/plain', Metadata: { a: '1' }, CacheControl: 'no-store', ContentEncoding: 'aws-chunked' });
  expect(get('k')).toMatchObject({ ETag: `"${createHash('md5').update('hello').digest('hex')}"`, ContentType: 'text/plain', Metadata: { a: '1' }, CacheControl: 'no-store', ContentLength: 5 });
  expect(text('k')).toBe('hello');
  expect(get('k').ContentEncoding).toBeUndefined();
  expect(world.call('s3', 'HeadObject', { Bucket, Key: 'k' })).not.toHaveProperty('Body');
});

test('what is not there is named', () => {
  expect(refused('GetObject', { Key: 'k' })).toMatchObject({ code: 'NoSuchKey', message: 'The specified key does not exist.', options: { status: 404 } });
  expect(world.refusal('s3', 'GetObject', { Bucket: 'other', Key: 'k' })).toMatchObject({ code: 'NoSuchBucket', options: { status: 404 } });
});

test.each([
  ['bytes=1-3', 'ell', 'bytes 1-3/5'],
  ['bytes=3-', 'lo', 'bytes 3-4/5'],
  ['bytes=-2', 'lo', 'bytes 3-4/5'],
  ['bytes=0-99', 'hello', 'bytes 0-4/5'],
])('the range %s is %s', (Range, part, ContentRange) => {
  put('k', 'hello');
  expect([text('k', { Range }), get('k', { Range }).ContentRange]).toEqual([part, ContentRange]);
});

test('a range behind the end is not satisfiable', () => {
  put('k', 'hello');
  expect(refused('GetObject', { Key: 'k', Range: 'bytes=5-' })).toMatchObject({ code: 'InvalidRange', options: { status: 416 } });
});

describe('conditional writes', () => {
  test('If-None-Match * writes once', () => {
    put('lock', 'mine', { IfNoneMatch: '*' });
    expect(refused('PutObject', { Key: 'lock', Body: Buffer.from('yours'), IfNoneMatch: '*' })).toMatchObject({
      code: 'PreconditionFailed', message: 'At least one of the pre-conditions you specified did not hold', options: { status: 412, fields: { Condition: 'If-None-Match' } },
    });
    expect(text('lock')).toBe('mine');
    world.call('s3', 'DeleteObject', { Bucket, Key: 'lock' });
    put('lock', 'next', { IfNoneMatch: '*' });
    expect(text('lock')).toBe('next');
  });

  test('with versions, a delete marker leaves the way free', () => {
    world.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    put('lock', 'mine', { IfNoneMatch: '*' });
    world.call('s3', 'DeleteObject', { Bucket, Key: 'lock' });
    put('lock', 'next', { IfNoneMatch: '*' });
    expect(text('lock')).toBe('next');
  });

  test('any other value than * is not implemented', () => {
    expect(refused('PutObject', { Key: 'k', IfNoneMatch: '"tag"' })).toMatchObject({ code: 'NotImplemented', options: { status: 501 } });
  });

  test('If-Match replaces only what the caller has seen', () => {
    const { ETag } = put('k', 'one');
    put('k', 'two', { IfMatch: ETag });
    expect(refused('PutObject', { Key: 'k', Body: Buffer.from('three'), IfMatch: ETag }).code).toBe('PreconditionFailed');
    expect(refused('PutObject', { Key: 'none', IfMatch: ETag }).code).toBe('NoSuchKey');
    expect(text('k')).toBe('two');
  });

  test('a read can ask for what has changed only', () => {
    const { ETag } = put('k', 'one');
    expect(refused('GetObject', { Key: 'k', IfNoneMatch: ETag })).toMatchObject({ code: 'NotModified', options: { status: 304 } });
    expect(refused('GetObject', { Key: 'k', IfMatch: '"other"' }).code).toBe('PreconditionFailed');
    expect(text('k', { IfNoneMatch: '"other"' })).toBe('one');
  });
});

describe('checksums', () => {
  const SHA = createHash('sha256').update('hello').digest('base64');

  test('they are checked and given back to who asks', () => {
    put('k', 'hello', { ChecksumSHA256: SHA, ChecksumCRC32: 'NhCmhg==' });
    expect(get('k', { ChecksumMode: 'ENABLED' })).toMatchObject({ ChecksumSHA256: SHA, ChecksumCRC32: 'NhCmhg==' });
    expect(get('k').ChecksumSHA256).toBeUndefined();
    expect(get('k', { ChecksumMode: 'ENABLED', Range: 'bytes=0-1' }).ChecksumSHA256).toBeUndefined();
  });

  test.each([['ContentMD5', 'AAAA'], ['ChecksumSHA256', 'AAAA'], ['ChecksumCRC32', 'AAAAAA=='], ['ChecksumCRC32C', 'AAAAAA==']])('a wrong %s stores nothing', (member, value) => {
    expect(refused('PutObject', { Key: 'k', Body: Buffer.from('hello'), [member]: value }).code).toBe('BadDigest');
    expect(refused('GetObject', { Key: 'k' }).code).toBe('NoSuchKey');
  });

  test('the CRC32C of nine digits is the one of the standard', () => {
    put('k', '123456789', { ChecksumCRC32C: Buffer.from('e3069283', 'hex').toString('base64') });
    expect(text('k')).toBe('123456789');
  });
});

describe('encryption under a key of KMS', () => {
  const newKey = () => world.call<{ KeyMetadata: { KeyId: string; Arn: string } }>('kms', 'CreateKey').KeyMetadata;
  const stored = () => world.kernel.store.table<{ blob: string }>('s3/objects').values().map(({ blob }) => world.kernel.blobs.get(blob).toString());

  test('the content is sealed on disk and opens while the key does', () => {
    const { KeyId, Arn } = newKey();
    put('k', 'secret', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId });
    expect(stored()[0]).not.toContain('secret');
    expect(get('k')).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: Arn });
    expect(text('k')).toBe('secret');
    world.call('kms', 'DisableKey', { KeyId });
    expect(refused('GetObject', { Key: 'k' })).toMatchObject({ code: 'KMS.DisabledException', message: `${Arn} is disabled.` });
    expect(world.call('s3', 'HeadObject', { Bucket, Key: 'k' }).ContentLength).toBe(6);
  });

  test('the bucket\'s default applies, and a request overrides it', () => {
    const { Arn } = newKey();
    world.call('s3', 'PutBucketEncryption', {
      Bucket, ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Arn }, BucketKeyEnabled: true }] },
    });
    put('default', 'a');
    put('own', 'b', { ServerSideEncryption: 'AES256' });
    expect(get('default')).toMatchObject({ SSEKMSKeyId: Arn, BucketKeyEnabled: true });
    expect(get('own')).toMatchObject({ ServerSideEncryption: 'AES256' });
    expect([text('default'), text('own')]).toEqual(['a', 'b']);
  });

  test('without a key named it is the service\'s own', () => {
    put('k', 'secret', { ServerSideEncryption: 'aws:kms' });
    const { KeyMetadata } = world.call<{ KeyMetadata: { Arn: string; KeyManager: string } }>('kms', 'DescribeKey', { KeyId: 'alias/aws/s3' });
    expect([get('k').SSEKMSKeyId, KeyMetadata.KeyManager]).toEqual([KeyMetadata.Arn, 'AWS']);
  });

  test('a key that is not there is refused, and nothing is stored', () => {
    expect(refused('PutObject', { Key: 'k', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/none' }).code).toBe('KMS.NotFoundException');
    expect(refused('GetObject', { Key: 'k' }).code).toBe('NoSuchKey');
  });

  test('a copy can change the key', () => {
    const [one, two] = [newKey(), newKey()];
    put('k', 'secret', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: one.KeyId });
    world.call('s3', 'CopyObject', { Bucket, Key: 'copy', CopySource: `${Bucket}/k`, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: two.KeyId });
    world.call('kms', 'DisableKey', { KeyId: one.KeyId });
    expect(text('copy')).toBe('secret');
  });
});

test('a copy takes headers and tags along unless they are replaced', () => {
  put('a/b c', 'hello', { ContentType: 'text/plain', Tagging: 'x=1&y=2%203' });
  const copy = (Key: string, more: object = {}) => world.call('s3', 'CopyObject', { Bucket, Key, CopySource: `/${Bucket}/${encodeURIComponent('a/b c')}`, ...more });
  copy('same');
  copy('other', { MetadataDirective: 'REPLACE', ContentType: 'text/html', TaggingDirective: 'REPLACE', Tagging: 'z=1' });
  const tags = (Key: string) => world.call('s3', 'GetObjectTagging', { Bucket, Key }).TagSet;
  expect([get('same').ContentType, get('other').ContentType]).toEqual(['text/plain', 'text/html']);
  expect(tags('same')).toEqual([{ Key: 'x', Value: '1' }, { Key: 'y', Value: '2 3' }]);
  expect(tags('other')).toEqual([{ Key: 'z', Value: '1' }]);
});

test('tags of an object can be put and taken away', () => {
  put('k', 'x');
  world.call('s3', 'PutObjectTagging', { Bucket, Key: 'k', Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } });
  expect(get('k').TagCount).toBe(1);
  world.call('s3', 'DeleteObjectTagging', { Bucket, Key: 'k' });
  expect(world.call('s3', 'GetObjectTagging', { Bucket, Key: 'k' }).TagSet).toEqual([]);
});

interface Page {
  readonly Versions: Array<{ Key: string; VersionId: string }>;
  readonly DeleteMarkers: Array<{ Key: string; VersionId: string }>;
  readonly IsTruncated: boolean;
  readonly NextKeyMarker: string;
  readonly NextVersionIdMarker: string;
}

describe('versions', () => {
  const versioning = (Status: string) => world.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } });
  const listed = () => {
    const answer = world.call<{ Versions: Array<{ Key: string; VersionId: string; IsLatest: boolean }>; DeleteMarkers: Array<{ Key: string; VersionId: string; IsLatest: boolean }> }>('s3', 'ListObjectVersions', { Bucket });
    return { versions: answer.Versions.map(({ VersionId }) => VersionId), markers: answer.DeleteMarkers.map(({ VersionId }) => VersionId) };
  };

  test('each put is a version, the one from before is null', () => {
    put('k', 'zero');
    versioning('Enabled');
    const one = put('k', 'one').VersionId!;
    const two = put('k', 'two').VersionId!;
    expect([text('k'), text('k', { VersionId: one }), text('k', { VersionId: 'null' })]).toEqual(['two', 'one', 'zero']);
    expect(listed().versions).toEqual([two, one, 'null']);
    expect(refused('GetObject', { Key: 'k', VersionId: 'nonesuch' }).code).toBe('NoSuchVersion');
  });

  test('a delete leaves a marker, and removing the marker brings the object back', () => {
    versioning('Enabled');
    const one = put('k', 'one').VersionId!;
    const marker = world.call<{ VersionId: string; DeleteMarker: boolean }>('s3', 'DeleteObject', { Bucket, Key: 'k' });
    expect(marker.DeleteMarker).toBe(true);
    expect(refused('GetObject', { Key: 'k' }).code).toBe('NoSuchKey');
    expect(refused('GetObject', { Key: 'k', VersionId: marker.VersionId }).code).toBe('MethodNotAllowed');
    expect(listed()).toEqual({ versions: [one], markers: [marker.VersionId] });
    world.call('s3', 'DeleteObject', { Bucket, Key: 'k', VersionId: marker.VersionId });
    expect(text('k')).toBe('one');
  });

  test('removing the newest version brings back the one before it', () => {
    versioning('Enabled');
    put('k', 'one');
    const two = put('k', 'two').VersionId!;
    put('k', 'three');
    world.call('s3', 'DeleteObject', { Bucket, Key: 'k', VersionId: get('k').VersionId });
    expect(text('k')).toBe('two');
    expect(get('k').VersionId).toBe(two);
  });

  test('while suspended there is one version null', () => {
    versioning('Enabled');
    const one = put('k', 'one').VersionId!;
    versioning('Suspended');
    put('k', 'two');
    put('k', 'three');
    expect(listed().versions).toEqual(['null', one]);
    world.call('s3', 'DeleteObject', { Bucket, Key: 'k' });
    expect(listed()).toEqual({ versions: [one], markers: ['null'] });
  });

  test('a bucket is emptied by deleting what its versions list, page by page', () => {
    versioning('Enabled');
    for (const Key of ['a', 'b', 'c']) { put(Key, '1'); put(Key, '2'); }
    world.call('s3', 'DeleteObject', { Bucket, Key: 'a' });
    expect(refused('DeleteBucket', {})).toMatchObject({ code: 'BucketNotEmpty', options: { status: 409 } });
    let pages = 0;
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const answer = world.call<Page>('s3', 'ListObjectVersions', { Bucket, MaxKeys: 3, ...marker });
      pages++;
      marker = { KeyMarker: answer.NextKeyMarker, VersionIdMarker: answer.NextVersionIdMarker };
      const Objects = [...answer.Versions, ...answer.DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length > 0) world.call('s3', 'DeleteObjects', { Bucket, Delete: { Objects } });
      if (!answer.IsTruncated) break;
    }
    expect(pages).toBe(3);
    world.call('s3', 'DeleteBucket', { Bucket });
    expect(world.refusal('s3', 'HeadBucket', { Bucket }).code).toBe('NoSuchBucket');
  });

  test('DeleteObjects says which markers it made', () => {
    versioning('Enabled');
    put('k', 'x');
    expect(world.call('s3', 'DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'k' }] } })).toMatchObject({ Deleted: [{ Key: 'k', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) }] });
    expect(world.call('s3', 'DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'k' }], Quiet: true } })).toEqual({});
  });
});

test('an answer to CloudFormation is handed to it and not kept', async () => {
  const arrived: object[] = [];
  world.kernel.on('cloudformation.response-arrived', (args) => { arrived.push(args); });
  world.call('s3', 'PutObject', { Bucket: 'cloudformation-custom-resource-response-useast1', Key: 'answer', Body: Buffer.from('{}') });
  await world.advance(0);
  expect(arrived).toMatchObject([{ key: 'answer', blob: expect.any(String) }]);
});

test('a key has 1,024 bytes at most', () => {
  const long = `${'ü'.repeat(512)}x`;
  put('k', 'hello');
  put('ü'.repeat(512), 'as long as can be');

  expect(refused('PutObject', { Key: long })).toMatchObject({ code: 'KeyTooLongError', message: 'Your key is too long', options: { status: 400 } });
  expect(refused('CopyObject', { Key: long, CopySource: `${Bucket}/k` }).code).toBe('KeyTooLongError');
  expect(refused('CreateMultipartUpload', { Key: long }).code).toBe('KeyTooLongError');
});

test.each(['ListObjects', 'ListObjectsV2', 'ListObjectVersions'])('%s does not take less than no keys', (operation) => {
  expect(refused(operation, { MaxKeys: -1 })).toMatchObject({ code: 'InvalidArgument', message: 'Argument maxKeys must be an integer between 0 and 2147483647' });
});
