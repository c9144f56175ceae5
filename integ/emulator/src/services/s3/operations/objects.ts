import type { Context, Output } from '../../../wire/operation';
import { checked } from '../checksums';
import type { ChecksumInput } from '../checksums';
import { requireReadable, requireWritable } from '../conditions';
import type { ReadConditions, WriteConditions } from '../conditions';
import { encryptionMembers, etagOf, open, seal } from '../encryption';
import type { EncryptionWish } from '../encryption';
import { bucketNamed, checkKey, objectNamed } from '../errors';
import { describe, headersIn } from '../headers';
import type { HeaderInput, ResponseWish } from '../headers';
import { partRange, requestedRange } from '../ranges';
import { tagsIn } from '../tags';
import { shownVersion, store } from '../versions';

export interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

interface PutInput extends ObjectInput, EncryptionWish, HeaderInput, ChecksumInput, WriteConditions {
  readonly Body?: Uint8Array;
  readonly Tagging?: string;
}

interface GetInput extends ObjectInput, ReadConditions, ResponseWish {
  readonly Range?: string;
  readonly PartNumber?: number;
  readonly ChecksumMode?: string;
}

/** What buckets of CloudFormation's own begin with: custom resources answer there, and wait conditions are signalled. */
const RESPONSE_BUCKETS = ['cloudformation-custom-resource-response-', 'cloudformation-waitcondition-'];

export function putObject(context: Context, input: PutInput): Output {
  const content = Buffer.from(input.Body ?? []);
  if (RESPONSE_BUCKETS.some((prefix) => input.Bucket.startsWith(prefix))) {
    context.after(0, { kind: 'cloudformation.response-arrived', args: { key: input.Key, blob: context.kernel.blobs.put(content) } });
    return { ETag: etagOf(content) };
  }
  const bucket = bucketNamed(context, input.Bucket);
  checkKey(context, input.Key);
  const checksums = checked(context, content, input);
  requireWritable(context, input.Bucket, input.Key, input);
  const stored = store(context, bucket, {
    bucket: input.Bucket,
    key: input.Key,
    size: content.length,
    etag: etagOf(content),
    modifiedAt: context.now,
    tags: tagsIn(input.Tagging),
    checksums,
    ...headersIn(input),
    ...seal(context, bucket, input.Key, content, input),
  });
  return { ETag: stored.etag, VersionId: stored.versionId, ...checksums, ...encryptionMembers(stored) };
}

export function getObject(context: Context, input: GetInput): Output {
  const bucket = bucketNamed(context, input.Bucket);
  const object = objectNamed(context, input.Bucket, input.Key, input.VersionId);
  requireReadable(context, object, input);
  const content = open(context, bucket, object);
  const members = describe(context, bucket, object, input);
  const range = input.PartNumber === undefined ? requestedRange(context, input.Range, content.length) : partRange(context, object, input.PartNumber);
  if (!range) return { ...members, Body: content };
  const part = content.subarray(range.first, range.last + 1);
  return { ...members, ...withoutChecksums, Body: part, ContentLength: part.length, ContentRange: `bytes ${range.first}-${range.last}/${content.length}` };
}

export function headObject(context: Context, input: GetInput): Output {
  const bucket = bucketNamed(context, input.Bucket);
  const object = objectNamed(context, input.Bucket, input.Key, input.VersionId);
  requireReadable(context, object, input);
  const members = describe(context, bucket, object, input);
  if (input.PartNumber === undefined) return members;
  const { first, last } = partRange(context, object, input.PartNumber);
  return { ...members, ContentLength: last - first + 1, PartsCount: object.parts?.length };
}

/** What a part does not have: the sums are those of the whole. */
const withoutChecksums = {
  ChecksumCRC32: undefined, ChecksumCRC32C: undefined, ChecksumCRC64NVME: undefined, ChecksumSHA1: undefined, ChecksumSHA256: undefined,
};

interface CopyInput extends PutInput {
  readonly CopySource: string;
  readonly MetadataDirective?: string;
  readonly TaggingDirective?: string;
}

/** Headers and tags come along unless they are to be replaced; the encryption is that of the request and of the target. */
export function copyObject(context: Context, input: CopyInput): Output {
  checkKey(context, input.Key);
  const target = bucketNamed(context, input.Bucket);
  const { object: source, content, versionId } = sourceOf(context, input.CopySource);
  requireWritable(context, input.Bucket, input.Key, input);
  const { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, redirect, metadata } = source;
  const headers = input.MetadataDirective === 'REPLACE' ? headersIn(input)
    : { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, redirect, metadata, storageClass: input.StorageClass };
  const stored = store(context, target, {
    bucket: input.Bucket,
    key: input.Key,
    size: content.length,
    etag: etagOf(content),
    modifiedAt: context.now,
    tags: input.TaggingDirective === 'REPLACE' ? tagsIn(input.Tagging) : source.tags,
    checksums: source.parts ? {} : source.checksums,
    ...headers,
    ...seal(context, target, input.Key, content, input),
  });
  return {
    CopyObjectResult: { ETag: stored.etag, LastModified: new Date(context.kernel.hostTime(context.now)) },
    CopySourceVersionId: versionId,
    VersionId: stored.versionId,
    ...encryptionMembers(stored),
  };
}

/** `<bucket>/<key>?versionId=…`, in the form of a URL. */
export function sourceOf(context: Context, copySource: string): { object: ReturnType<typeof objectNamed>; content: Buffer; versionId?: string } {
  const [path, query = ''] = copySource.split('?');
  const [, name = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? [];
  const bucket = bucketNamed(context, name);
  const object = objectNamed(context, name, key, new URLSearchParams(query).get('versionId') ?? undefined);
  return { object, content: open(context, bucket, object), versionId: shownVersion(bucket, object) };
}
