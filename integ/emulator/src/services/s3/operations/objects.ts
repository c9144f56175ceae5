import { idFormat } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { etagOf, open, seal } from '../encryption';
import type { EncryptionWish } from '../encryption';
import { bucketNamed, objectNamed } from '../errors';
import { formerVersions, objectName, objects } from '../state';
import type { BucketRecord, ObjectRecord } from '../state';

interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

interface PutInput extends ObjectInput, EncryptionWish {
  readonly Body?: Buffer;
  readonly ContentType?: string;
  readonly Metadata?: { readonly [name: string]: string };
  readonly IfNoneMatch?: string;
}

/** Buckets of CloudFormation's own, into which custom resources answer. */
const RESPONSE_BUCKET = 'cloudformation-custom-resource-response-';

export function putObject(context: Context, input: PutInput): Output {
  const content = input.Body ?? Buffer.alloc(0);
  if (input.Bucket.startsWith(RESPONSE_BUCKET)) {
    context.after(0, { kind: 'cloudformation.response-arrived', args: { key: input.Key, blob: context.kernel.blobs.put(content) } });
    return { ETag: etagOf(content) };
  }
  const bucket = bucketNamed(context, input.Bucket);
  const present = objects(context).get(objectName(input.Bucket, input.Key));
  if (input.IfNoneMatch === '*' && present && !present.deleteMarker) {
    throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { status: 412, fields: { Condition: 'If-None-Match' } });
  }
  const stored = store(context, bucket, {
    bucket: input.Bucket,
    key: input.Key,
    size: content.length,
    etag: etagOf(content),
    modifiedAt: context.now,
    contentType: input.ContentType,
    metadata: input.Metadata,
    ...seal(context, bucket, input.Key, content, input),
  });
  return { ETag: stored.etag, VersionId: stored.versionId, ServerSideEncryption: stored.encryption?.algorithm, SSEKMSKeyId: stored.encryption?.keyId };
}

export function getObject(context: Context, input: ObjectInput & { readonly Range?: string }): Output {
  const { object, bucket } = find(context, input);
  const content = open(context, bucket, object);
  const range = /^bytes=(\d+)-(\d*)$/.exec(input.Range ?? '');
  if (!range) return { Body: content, ...head(context, object) };
  const first = Number(range[1]);
  const last = range[2] === '' ? content.length - 1 : Math.min(Number(range[2]), content.length - 1);
  if (first > last) throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  const part = content.subarray(first, last + 1);
  return { ...head(context, object), Body: part, ContentLength: part.length, ContentRange: `bytes ${first}-${last}/${content.length}` };
}

export function headObject(context: Context, input: ObjectInput): Output {
  return head(context, find(context, input).object);
}

export function deleteObject(context: Context, input: ObjectInput): Output {
  const bucket = bucketNamed(context, input.Bucket);
  if (input.VersionId) {
    const newest = objects(context).get(objectName(input.Bucket, input.Key));
    if (newest?.versionId === input.VersionId) objects(context).delete(objectName(input.Bucket, input.Key));
    formerVersions(context).delete(`${objectName(input.Bucket, input.Key)}/${input.VersionId}`);
    return { VersionId: input.VersionId };
  }
  if (bucket.versioning === 'Enabled') {
    const marker = store(context, bucket, {
      bucket: input.Bucket, key: input.Key, deleteMarker: true, blob: '', size: 0, etag: '', modifiedAt: context.now,
    });
    return { DeleteMarker: true, VersionId: marker.versionId };
  }
  objects(context).delete(objectName(input.Bucket, input.Key));
  return {};
}

export function deleteObjects(context: Context, input: { Bucket: string; Delete: { Objects: Array<{ Key: string; VersionId?: string }>; Quiet?: boolean } }): Output {
  bucketNamed(context, input.Bucket);
  const deleted = input.Delete.Objects.map(({ Key, VersionId }) => {
    deleteObject(context, { Bucket: input.Bucket, Key, VersionId });
    return { Key, VersionId };
  });
  return input.Delete.Quiet ? {} : { Deleted: deleted };
}

export function copyObject(context: Context, input: PutInput & { readonly CopySource: string }): Output {
  const [, sourceBucket, sourceKey] = /^\/?([^/]+)\/(.+?)(?:\?versionId=.*)?$/.exec(decodeURIComponent(input.CopySource)) ?? [];
  const source = objectNamed(context, sourceBucket, sourceKey);
  putObject(context, {
    ...input, Body: open(context, bucketNamed(context, sourceBucket), source), ContentType: source.contentType, Metadata: source.metadata,
  });
  return { CopyObjectResult: { ETag: source.etag, LastModified: new Date(context.kernel.hostTime(context.now)) } };
}

function find(context: Context, { Bucket, Key, VersionId }: ObjectInput): { object: ObjectRecord; bucket: BucketRecord } {
  const bucket = bucketNamed(context, Bucket);
  const former = VersionId ? formerVersions(context).get(`${objectName(Bucket, Key)}/${VersionId}`) : undefined;
  return { object: former ?? objectNamed(context, Bucket, Key), bucket };
}

function store(context: Context, bucket: BucketRecord, object: ObjectRecord): ObjectRecord {
  const name = objectName(object.bucket, object.key);
  const before = objects(context).get(name);
  if (before?.versionId) formerVersions(context).put(`${name}/${before.versionId}`, before);
  const versionId = bucket.versioning === 'Enabled' ? idFormat.alphanumeric(context.id('version', name), 32) : undefined;
  return objects(context).put(name, { ...object, versionId });
}

function head(context: Context, object: ObjectRecord): Output {
  return {
    AcceptRanges: 'bytes',
    ContentLength: object.size,
    ContentType: object.contentType ?? 'binary/octet-stream',
    ETag: object.etag,
    LastModified: new Date(context.kernel.hostTime(object.modifiedAt)),
    Metadata: object.metadata,
    VersionId: object.versionId,
    ServerSideEncryption: object.encryption?.algorithm,
    SSEKMSKeyId: object.encryption?.keyId,
  };
}
