import { createHash } from 'node:crypto';
import { kms } from '../../src/services/kms/service';
import { s3 } from '../../src/services/s3/service';
import { World } from '../_helpers/world';

let world: World;
let UploadId: string;
const Bucket = 'a-bucket';
const Key = 'large';
const PART = Buffer.alloc(5 * 1024 * 1024, 'x');

beforeEach(() => {
  world = new World({ services: [kms, s3] });
  world.call('s3', 'CreateBucket', { Bucket });
  UploadId = begin();
});
afterEach(() => world.stop());

function begin(more: object = {}): string {
  return world.call<{ UploadId: string }>('s3', 'CreateMultipartUpload', { Bucket, Key, ...more }).UploadId;
}
const part = (PartNumber: number, Body: Buffer) => ({ PartNumber, ETag: world.call<{ ETag: string }>('s3', 'UploadPart', { Bucket, Key, UploadId, PartNumber, Body }).ETag });
const complete = (Parts: object[], more: object = {}) => world.call<{ ETag: string }>('s3', 'CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more });
const refused = (Parts: object[], more: object = {}) => world.refusal('s3', 'CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }).code;
const get = (more: object = {}) => world.call<{ Body: Buffer; ETag: string }>('s3', 'GetObject', { Bucket, Key, ...more });

test('the parts become one object, whose tag says how many there were', () => {
  const two = part(2, Buffer.from('end'));
  const one = part(1, PART);
  const { ETag } = complete([one, two]);
  const md5 = (content: Buffer) => createHash('md5').update(content).digest();
  expect(ETag).toBe(`"${md5(Buffer.concat([md5(PART), md5(Buffer.from('end'))])).toString('hex')}-2"`);
  expect(get().Body.equals(Buffer.concat([PART, Buffer.from('end')]))).toBe(true);
  expect(get({ PartNumber: 2 }).Body.toString()).toBe('end');
  expect(world.call('s3', 'GetObjectAttributes', { Bucket, Key, ObjectAttributes: ['ObjectParts', 'ObjectSize'] })).toMatchObject({ ObjectParts: { TotalPartsCount: 2 }, ObjectSize: PART.length + 3 });
  expect(world.refusal('s3', 'ListParts', { Bucket, Key, UploadId }).code).toBe('NoSuchUpload');
});

test('there is no object before it is complete, nor after it was aborted', () => {
  part(1, PART);
  expect(world.refusal('s3', 'GetObject', { Bucket, Key }).code).toBe('NoSuchKey');
  expect(world.call('s3', 'ListMultipartUploads', { Bucket })).toMatchObject({ Uploads: [{ Key, UploadId }] });
  world.call('s3', 'AbortMultipartUpload', { Bucket, Key, UploadId });
  expect(refused([{ PartNumber: 1 }])).toBe('NoSuchUpload');
  expect(world.call('s3', 'ListMultipartUploads', { Bucket })).toMatchObject({ Uploads: [] });
});

test('a part that is put again replaces itself', () => {
  part(1, Buffer.from('first'));
  complete([part(1, Buffer.from('second'))]);
  expect(get().Body.toString()).toBe('second');
});

test('wrong order, wrong tags and small parts are refused, and the upload goes on', () => {
  const [small, end] = [part(1, Buffer.from('small')), part(2, Buffer.from('end'))];
  expect(refused([end, small])).toBe('InvalidPartOrder');
  expect(refused([{ PartNumber: 1, ETag: '"nonesuch"' }])).toBe('InvalidPart');
  expect(refused([{ PartNumber: 3 }])).toBe('InvalidPart');
  expect(refused([small, end])).toBe('EntityTooSmall');
  expect(refused([])).toBe('MalformedXML');
  complete([small]);
  expect(get().Body.toString()).toBe('small');
});

test('parts are listed in order and page by page', () => {
  [3, 1, 2].forEach((number) => part(number, Buffer.from(String(number))));
  const page = (more: object) => world.call<{ Parts: Array<{ PartNumber: number }>; NextPartNumberMarker?: number }>('s3', 'ListParts', { Bucket, Key, UploadId, MaxParts: 2, ...more });
  const first = page({});
  expect(first.Parts.map(({ PartNumber }) => PartNumber)).toEqual([1, 2]);
  expect(page({ PartNumberMarker: first.NextPartNumberMarker }).Parts.map(({ PartNumber }) => PartNumber)).toEqual([3]);
});

test('a part can be a piece of another object', () => {
  world.call('s3', 'PutObject', { Bucket, Key: 'source', Body: Buffer.from('0123456789') });
  const { CopyPartResult: { ETag } } = world.call<{ CopyPartResult: { ETag: string } }>('s3', 'UploadPartCopy', {
    Bucket, Key, UploadId, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4',
  });
  complete([{ PartNumber: 1, ETag }]);
  expect(get().Body.toString()).toBe('234');
});

test('the condition holds when the upload is completed, not when it begins', () => {
  const one = part(1, Buffer.from('mine'));
  world.call('s3', 'PutObject', { Bucket, Key, Body: Buffer.from('theirs') });
  expect(refused([one], { IfNoneMatch: '*' })).toBe('PreconditionFailed');
  world.call('s3', 'DeleteObject', { Bucket, Key });
  complete([one], { IfNoneMatch: '*' });
  expect(get().Body.toString()).toBe('mine');
});

test('headers and the key that were named at the beginning hold for the object', () => {
  const { KeyMetadata: { Arn } } = world.call<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey');
  UploadId = begin({ ContentType: 'text/plain', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: Arn, Tagging: 'a=1' });
  complete([part(1, Buffer.from('x'))]);
  expect(get()).toMatchObject({ ContentType: 'text/plain', SSEKMSKeyId: Arn, TagCount: 1 });
  expect(get().Body.toString()).toBe('x');
});
