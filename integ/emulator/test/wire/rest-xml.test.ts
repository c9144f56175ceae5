import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { decoded, exchange } from './http-request';
import { outcome, refusing, useLoopback } from './loopback';

const Bucket = 'my-bucket';

describe('serialization', () => {
  test.each([
    ['GET', '/', '', {}, 'ListBuckets', {}],
    ['GET', '/b', '', {}, 'ListObjects', { Bucket: 'b' }],
    ['GET', '/b/', 'list-type=2&prefix=a%2Fb&max-keys=1', {}, 'ListObjectsV2', { Bucket: 'b', Prefix: 'a/b', MaxKeys: 1 }],
    ['GET', '/b', 'location=', {}, 'GetBucketLocation', { Bucket: 'b' }],
    ['PUT', '/b/a//b%20c+d', '', {}, 'PutObject', { Bucket: 'b', Key: 'a//b c+d', Body: Buffer.alloc(0) }],
    ['GET', '/b/k/', '', {}, 'GetObject', { Bucket: 'b', Key: 'k/' }],
    ['PUT', '/b/k', '', { 'x-amz-copy-source': '/a/k' }, 'CopyObject', { Bucket: 'b', Key: 'k', CopySource: '/a/k' }],
    ['PUT', '/b/k', 'partNumber=2&uploadId=u', {}, 'UploadPart', { Bucket: 'b', Key: 'k', PartNumber: 2, UploadId: 'u', Body: Buffer.alloc(0) }],
    ['GET', '/', 'versioning', { host: 'b.s3.eu-west-1.amazonaws.com' }, 'GetBucketVersioning', { Bucket: 'b' }],
    ['GET', '/k', '', { host: 'dotted.name.s3.amazonaws.com' }, 'GetObject', { Bucket: 'dotted.name', Key: 'k' }],
    ['GET', '/b/k', '', { host: '127.0.0.1:4566' }, 'GetObject', { Bucket: 'b', Key: 'k' }],
    ['GET', '/b/k', '', { host: 's3.eu-west-1.amazonaws.com' }, 'GetObject', { Bucket: 'b', Key: 'k' }],
  ])('decodes %s %s?%s with %o', (method, path, rawQuery, headers, operation, input) => {
    expect(exchange('s3', { method, path, rawQuery, headers }).decode()).toEqual({ operation, input });
  });

  test('never takes a sub-resource it does not know for the object itself', () => {
    expect(() => exchange('s3', { method: 'GET', path: '/b/k', rawQuery: 'torrent' }).decode()).toThrow('[emulator] s3 GetObjectTorrent is not modelled');
    expect(() => exchange('s3', { method: 'PUT', path: '/b', rawQuery: 'website' }).decode()).toThrow('[emulator] s3 PutBucketWebsite is not modelled');
  });

  test('refuses XML that is none', () => {
    const open = exchange('s3', { method: 'POST', path: '/b', rawQuery: 'delete', body: '<Delete><Object>' });
    expect(() => open.decode()).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });

  test('reads XML whatever its layout', () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?>
      <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Quiet>true</Quiet>
        <Object><Key>a &amp; b&#10;c &lt;d&gt;</Key></Object>
        <Object><Key><![CDATA[<e>]]></Key><VersionId>v</VersionId></Object>
      </Delete>`;
    const { input } = exchange('s3', { method: 'POST', path: '/b', rawQuery: 'delete', body }).decode();
    expect(input).toEqual({ Bucket: 'b', Delete: { Quiet: true, Objects: [{ Key: 'a & b\nc <d>' }, { Key: '<e>', VersionId: 'v' }] } });
  });

  test('undoes aws-chunked, with signatures or a trailer', () => {
    const headers = { 'content-encoding': 'gzip,aws-chunked', 'x-amz-decoded-content-length': '5', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
    const put = { method: 'PUT', path: '/b/k', headers };
    const { input } = exchange('s3', { ...put, body: '2;chunk-signature=abc\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n' }).decode();
    expect(input).toMatchObject({ Body: Buffer.from('hello'), ContentEncoding: 'gzip', ContentLength: 5, ChecksumCRC32: 'NhCmhg==' });
    expect(() => exchange('s3', { ...put, body: '5\r\nhel' }).decode()).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
  });

  test('answers with the root elements S3 has', () => {
    const listing = decoded('s3', { method: 'GET', path: '/b', rawQuery: 'list-type=2' }).encode({ Name: 'b', Contents: [{ Key: 'k' }, { Key: 'l' }] }, 'id-1');
    expect(listing.headers).toMatchObject({ 'content-type': 'application/xml', 'x-amz-request-id': 'id-1' });
    expect(listing.body.toString()).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
      + '<Contents><Key>k</Key></Contents><Contents><Key>l</Key></Contents><Name>b</Name></ListBucketResult>');
    const location = decoded('s3', { method: 'GET', path: '/b', rawQuery: 'location' });
    expect(location.encode({ LocationConstraint: 'eu-west-1' }, 'id').body.toString())
      .toContain('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>');
    expect(location.encode({}, 'id').body.toString()).toContain('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>');
  });

  test('refuses in an Error, and without a body where HTTP allows none', () => {
    const error = { code: 'NoSuchKey', message: 'The specified key does not exist.', fields: { Key: 'k' } };
    const answer = decoded('s3', { method: 'GET', path: '/b/k' }).encodeError(error, 'id-1');
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/xml' } });
    expect(answer.body.toString()).toMatch(/<Error><Code>NoSuchKey<\/Code><Message>.*<\/Message><Key>k<\/Key><RequestId>id-1<\/RequestId><HostId>.*<\/HostId><\/Error>$/);
    expect(decoded('s3', { method: 'HEAD', path: '/b/k' }).encodeError(error, 'id-1')).toMatchObject({ status: 404, headers: { 'content-length': '0' } });
  });
});

describe('with the SDK', () => {
  const loopback = useLoopback();
  const client = (): s3.S3Client => new s3.S3Client(loopback.client);

  test('an object goes up with its metadata', async () => {
    loopback.answer = () => ({ ETag: '"e"' });
    const input = { Bucket, Key: 'a/b c+d//ä%.txt', ContentType: 'text/plain' };

    const output = await client().send(new s3.PutObjectCommand({ ...input, Body: 'text ä', Metadata: { Color: 'red' } }));

    expect(output.ETag).toBe('"e"');
    expect(loopback.last).toMatchObject({
      service: 's3', operation: 'PutObject', protocol: 'rest-xml', input: { ...input, Body: Buffer.from('text ä'), Metadata: { color: 'red' } },
    });
    expect(loopback.last.input.ContentEncoding).toBeUndefined();
  });

  test('a streamed object comes in chunks with its checksum behind', async () => {
    const Body = Readable.from([Buffer.alloc(70_000, 'x'), Buffer.from('end')]);

    await client().send(new s3.PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: 70_003 }));

    expect(loopback.last.http.headers['content-encoding']).toContain('aws-chunked');
    expect(loopback.last.input.Body).toEqual(Buffer.concat([Buffer.alloc(70_000, 'x'), Buffer.from('end')]));
    expect(loopback.last.input).toMatchObject({ ChecksumCRC32: expect.any(String) });
    expect(loopback.last.input.ContentEncoding).toBeUndefined();
  });

  test('an object comes down whole', async () => {
    const LastModified = new Date('2026-09-20T10:11:12.000Z');
    loopback.answer = () => ({ Body: Buffer.from('hello'), ContentType: 'text/plain', ETag: '"e"', LastModified, Metadata: { color: 'red' } });
    const output = await client().send(new s3.GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await output.Body?.transformToString()).toBe('hello');
    expect(output).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', ETag: '"e"', LastModified, Metadata: { color: 'red' } });
  });

  test('an object comes down in part', async () => {
    loopback.answer = () => ({ Body: Buffer.from('ell'), ContentRange: 'bytes 1-3/5' });
    const output = await client().send(new s3.GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=1-3' }));
    expect(output).toMatchObject({ ContentLength: 3, ContentRange: 'bytes 1-3/5', $metadata: { httpStatusCode: 206 } });
  });

  test('HEAD tells length and absence without a body', async () => {
    loopback.answer = () => ({ ContentLength: 1234, ETag: '"e"' });
    expect(await client().send(new s3.HeadObjectCommand({ Bucket, Key: 'k' }))).toMatchObject({ ContentLength: 1234, ETag: '"e"' });
    loopback.answer = refusing('NoSuchKey', 'no');
    const refusal = client().send(new s3.HeadObjectCommand({ Bucket, Key: 'k' }));
    await expect(refusal).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
  });

  test('sub-resources go to their own operations', async () => {
    const parts = { Bucket, Key: 'k', UploadId: 'u' };
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: '"e"' }] };
    // The SDK takes an empty body of these for an interrupted answer.
    loopback.answer = ({ operation }) => (operation === 'CopyObject' ? { CopyObjectResult: { ETag: '"e"' } } : {});
    const s3Client = client();
    const sends: [string, () => Promise<unknown>][] = [
      ['CreateBucket', () => s3Client.send(new s3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))],
      ['HeadBucket', () => s3Client.send(new s3.HeadBucketCommand({ Bucket }))],
      ['GetBucketLocation', () => s3Client.send(new s3.GetBucketLocationCommand({ Bucket }))],
      ['GetBucketEncryption', () => s3Client.send(new s3.GetBucketEncryptionCommand({ Bucket }))],
      ['GetBucketVersioning', () => s3Client.send(new s3.GetBucketVersioningCommand({ Bucket }))],
      ['GetPublicAccessBlock', () => s3Client.send(new s3.GetPublicAccessBlockCommand({ Bucket }))],
      ['ListObjectVersions', () => s3Client.send(new s3.ListObjectVersionsCommand({ Bucket }))],
      ['CreateMultipartUpload', () => s3Client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'k' }))],
      ['UploadPart', () => s3Client.send(new s3.UploadPartCommand({ ...parts, PartNumber: 1, Body: 'x' }))],
      ['ListParts', () => s3Client.send(new s3.ListPartsCommand(parts))],
      ['CompleteMultipartUpload', () => s3Client.send(new s3.CompleteMultipartUploadCommand({ ...parts, MultipartUpload }))],
      ['AbortMultipartUpload', () => s3Client.send(new s3.AbortMultipartUploadCommand(parts))],
      ['CopyObject', () => s3Client.send(new s3.CopyObjectCommand({ Bucket, Key: 'k', CopySource: 'b/k' }))],
      ['DeleteObject', () => s3Client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k' }))],
      ['ListBuckets', () => s3Client.send(new s3.ListBucketsCommand({}))],
    ];
    for (const [operation, send] of sends) {
      await send();
      expect(loopback.last.operation).toBe(operation);
    }
  });

  test('a listing', async () => {
    const listing = {
      Name: Bucket,
      Prefix: 'p',
      KeyCount: 2,
      MaxKeys: 1000,
      IsTruncated: false,
      CommonPrefixes: [{ Prefix: 'p/' }],
      Contents: [
        { Key: 'a&b', LastModified: new Date('2026-09-20T10:11:12.345Z'), ETag: '"e"', Size: 5, StorageClass: 'STANDARD' as const },
        { Key: 'c', Size: 0 },
      ],
    };
    loopback.answer = () => listing;
    expect(await outcome(client().send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'p', MaxKeys: 1 })))).toEqual(listing);
  });

  test('DeleteObjects', async () => {
    const Delete = { Objects: [{ Key: 'a & b' }, { Key: ' c', VersionId: 'v' }], Quiet: true };
    const result = { Deleted: [{ Key: 'a & b' }], Errors: [{ Key: ' c', Code: 'AccessDenied', Message: 'no' }] };
    loopback.answer = () => result;
    expect(await outcome(client().send(new s3.DeleteObjectsCommand({ Bucket, Delete })))).toEqual(result);
    expect(loopback.last.input).toMatchObject({ Bucket, Delete });
  });

  test('lifecycle', async () => {
    const Rules = [{ ID: 'x', Status: 'Enabled' as const, Filter: { Prefix: 'p/' }, Expiration: { Days: 3 } }];
    await client().send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect(loopback.last.input).toMatchObject({ LifecycleConfiguration: { Rules } });
    loopback.answer = () => ({ Rules });
    expect(await outcome(client().send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket })))).toEqual({ Rules });
  });

  test('encryption', async () => {
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'k' }, BucketKeyEnabled: true }];
    const encryption = { ServerSideEncryptionConfiguration: { Rules } };
    await client().send(new s3.PutBucketEncryptionCommand({ Bucket, ...encryption }));
    expect(loopback.last.input).toMatchObject(encryption);
    loopback.answer = () => encryption;
    expect(await outcome(client().send(new s3.GetBucketEncryptionCommand({ Bucket })))).toEqual(encryption);
  });

  test('a policy is plain text', async () => {
    const Policy = '{"Version":"2012-10-17"}';
    await client().send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    expect(loopback.last.input).toMatchObject({ Bucket, Policy });
    loopback.answer = () => ({ Policy });
    expect(await outcome(client().send(new s3.GetBucketPolicyCommand({ Bucket })))).toEqual({ Policy });
  });

  test('an access control list has its type in an attribute', async () => {
    const acl = { Owner: { ID: 'id' }, Grants: [{ Grantee: { Type: 'CanonicalUser' as const, ID: 'id' }, Permission: 'FULL_CONTROL' as const }] };
    await client().send(new s3.PutBucketAclCommand({ Bucket, AccessControlPolicy: acl }));
    expect(loopback.last.input).toMatchObject({ AccessControlPolicy: acl });
    loopback.answer = () => acl;
    expect(await outcome(client().send(new s3.GetBucketAclCommand({ Bucket })))).toEqual(acl);
  });

  test('GetBucketLocation', async () => {
    loopback.answer = () => ({ LocationConstraint: 'eu-west-1' });
    expect(await outcome(client().send(new s3.GetBucketLocationCommand({ Bucket })))).toEqual({ LocationConstraint: 'eu-west-1' });
  });

  test('errors, modelled and not', async () => {
    loopback.answer = refusing('NoSuchBucket', 'The specified bucket does not exist', { fields: { BucketName: Bucket } });
    const refusal = client().send(new s3.ListObjectsV2Command({ Bucket }));
    await expect(refusal).rejects.toBeInstanceOf(s3.NoSuchBucket);
    await expect(refusal).rejects.toMatchObject({ message: 'The specified bucket does not exist', $metadata: { httpStatusCode: 404 } });

    loopback.answer = refusing('ServerSideEncryptionConfigurationNotFoundError', 'none');
    await expect(client().send(new s3.GetBucketEncryptionCommand({ Bucket }))).rejects.toMatchObject({
      name: 'ServerSideEncryptionConfigurationNotFoundError', $metadata: { httpStatusCode: 404 },
    });
  });
});
