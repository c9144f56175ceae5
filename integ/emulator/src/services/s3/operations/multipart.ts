import { createHash } from 'node:crypto';
import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { checked } from '../checksums';
import type { ChecksumInput } from '../checksums';
import { requireWritable } from '../conditions';
import type { WriteConditions } from '../conditions';
import { encryptionMembers, etagOf, open, plannedEncryption, seal } from '../encryption';
import type { EncryptionWish } from '../encryption';
import { bucketNamed, checkKey, refusal } from '../errors';
import { headersIn } from '../headers';
import type { HeaderInput } from '../headers';
import { requestedRange } from '../ranges';
import { dropUpload, partOf, partsOf, putPart, uploads } from '../state';
import type { PartRecord, UploadRecord } from '../state';
import { tagsIn } from '../tags';
import { store } from '../versions';
import { sourceOf } from './objects';

interface UploadInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

interface CompletedPart {
  readonly PartNumber: number;
  readonly ETag?: string;
}

export function createMultipartUpload(context: Context, input: UploadInput & EncryptionWish & HeaderInput & { readonly Tagging?: string }): Output {
  checkKey(context, input.Key);
  const bucket = bucketNamed(context, input.Bucket);
  const encryption = plannedEncryption(context, bucket, input.Key, input);
  const id = idFormat.alphanumeric(context.id('upload', `${input.Bucket}/${input.Key}`), 64);
  const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = input;
  uploads(context).put(id, {
    id,
    bucket: input.Bucket,
    key: input.Key,
    startedAt: context.now,
    tags: tagsIn(input.Tagging),
    wish: { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled },
    ...headersIn(input),
  });
  return { Bucket: input.Bucket, Key: input.Key, UploadId: id, ...encryptionMembers({ encryption }) };
}

export function uploadPart(
  context: Context,
  input: UploadInput & ChecksumInput & { readonly PartNumber: number; readonly Body?: Uint8Array },
): Output {
  const upload = uploadNamed(context, input);
  const content = Buffer.from(input.Body ?? []);
  const checksums = checked(context, content, input);
  return { ETag: keep(context, upload, input.PartNumber, content).etag, ...checksums };
}

export function uploadPartCopy(
  context: Context,
  input: UploadInput & { readonly PartNumber: number; readonly CopySource: string; readonly CopySourceRange?: string },
): Output {
  const upload = uploadNamed(context, input);
  const { content, versionId } = sourceOf(context, input.CopySource);
  const range = requestedRange(context, input.CopySourceRange, content.length);
  const part = keep(context, upload, input.PartNumber, range ? content.subarray(range.first, range.last + 1) : content);
  return { CopySourceVersionId: versionId, CopyPartResult: { ETag: part.etag, LastModified: new Date(context.kernel.hostTime(part.modifiedAt)) } };
}

/** The parts that are named, in their order, become one object. */
export function completeMultipartUpload(
  context: Context,
  input: UploadInput & WriteConditions & { readonly MultipartUpload?: { readonly Parts?: readonly CompletedPart[] } },
): Output {
  const bucket = bucketNamed(context, input.Bucket);
  const upload = uploadNamed(context, input);
  requireWritable(context, input.Bucket, input.Key, input);
  const parts = chosen(context, upload, input.MultipartUpload?.Parts ?? []);
  const content = Buffer.concat(parts.map((part) => open(context, bucket, { key: input.Key, ...part })));
  const { id: _id, startedAt: _startedAt, wish, ...described } = upload;
  const stored = store(context, bucket, {
    ...described,
    size: content.length,
    etag: etagOfParts(parts),
    modifiedAt: context.now,
    parts: parts.map(({ size }) => size),
    ...seal(context, bucket, input.Key, content, wish),
  });
  dropUpload(context, upload);
  return {
    Location: `https://${input.Bucket}.s3.${bucket.region}.amazonaws.com/${input.Key}`,
    Bucket: input.Bucket,
    Key: input.Key,
    ETag: stored.etag,
    VersionId: stored.versionId,
    ...encryptionMembers(stored),
  };
}

export function abortMultipartUpload(context: Context, input: UploadInput): void {
  dropUpload(context, uploadNamed(context, input));
}

export function listParts(context: Context, input: UploadInput & { readonly MaxParts?: number; readonly PartNumberMarker?: number }): Output {
  const upload = uploadNamed(context, input);
  const all = partsOf(context, upload).filter(({ number }) => number > (input.PartNumberMarker ?? 0));
  const shown = all.slice(0, input.MaxParts ?? 1_000);
  const truncated = shown.length < all.length;
  return {
    Bucket: input.Bucket,
    Key: input.Key,
    UploadId: upload.id,
    MaxParts: input.MaxParts ?? 1_000,
    IsTruncated: truncated,
    NextPartNumberMarker: truncated ? shown[shown.length - 1].number : undefined,
    Parts: shown.map(({ number, etag, size, modifiedAt }) => ({
      PartNumber: number, ETag: etag, Size: size, LastModified: new Date(context.kernel.hostTime(modifiedAt)),
    })),
    StorageClass: upload.storageClass ?? 'STANDARD',
  };
}

export function listMultipartUploads(context: Context, input: { readonly Bucket: string; readonly Prefix?: string }): Output {
  bucketNamed(context, input.Bucket);
  const found = uploads(context).values()
    .filter(({ bucket, key }) => bucket === input.Bucket && key.startsWith(input.Prefix ?? ''))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.startedAt - b.startedAt);
  return {
    Bucket: input.Bucket,
    Prefix: input.Prefix,
    IsTruncated: false,
    Uploads: found.map(({ id, key, startedAt, storageClass }) => ({
      UploadId: id, Key: key, Initiated: new Date(context.kernel.hostTime(startedAt)), StorageClass: storageClass ?? 'STANDARD',
    })),
  };
}

function uploadNamed(context: Context, { Bucket, Key, UploadId }: UploadInput): UploadRecord {
  bucketNamed(context, Bucket);
  const upload = uploads(context).get(UploadId);
  if (upload?.bucket !== Bucket || upload.key !== Key) throw refusal(context, 'NoSuchUpload', 'text-no-upload', 404, { UploadId });
  return upload;
}

function keep(context: Context, upload: UploadRecord, number: number, content: Buffer): PartRecord {
  const [least, most] = context.row<[number, number]>('s3/part-numbers');
  if (number < least || number > most) throw refusal(context, 'InvalidArgument', 'text-bad-part', 400, { ArgumentName: 'partNumber', least, most });
  return putPart(context, upload, {
    number,
    ...seal(context, bucketNamed(context, upload.bucket), upload.key, content, upload.wish),
    size: content.length,
    etag: etagOf(content),
    modifiedAt: context.now,
  });
}

function chosen(context: Context, upload: UploadRecord, named: readonly CompletedPart[]): PartRecord[] {
  if (named.length === 0) throw refusal(context, 'MalformedXML', 'text-no-parts');
  if (named.some(({ PartNumber }, at) => at > 0 && PartNumber <= named[at - 1].PartNumber)) throw refusal(context, 'InvalidPartOrder', 'text-part-order');
  const parts = named.map(({ PartNumber, ETag }) => {
    const part = partOf(context, upload, PartNumber);
    if (!part || (ETag !== undefined && ETag.replace(/"/g, '') !== part.etag.replace(/"/g, ''))) throw refusal(context, 'InvalidPart', 'text-bad-named-part', 400, { UploadId: upload.id, PartNumber, ETag });
    return part;
  });
  const least = context.row<number>('s3/least-part-bytes');
  const small = parts.slice(0, -1).find(({ size }) => size < least);
  if (small) throw refusal(context, 'EntityTooSmall', 'text-small-part', 400, { ProposedSize: small.size, MinSizeAllowed: least, PartNumber: small.number, ETag: small.etag });
  return parts;
}

/** The sum over the sums of the parts, and how many there were. */
function etagOfParts(parts: readonly PartRecord[]): string {
  const sums = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replace(/"/g, ''), 'hex')));
  return `"${createHash('md5').update(sums).digest('hex')}-${parts.length}"`;
}
