import type { Context, Output } from '../../../wire/operation';
import { bucketNamed } from '../errors';
import { formerVersions, objectsOf } from '../state';
import type { ObjectRecord } from '../state';

interface ListInput {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly ContinuationToken?: string;
  readonly StartAfter?: string;
}

const MOST_KEYS = 1_000;

export function listObjectsV2(context: Context, input: ListInput): Output {
  bucketNamed(context, input.Bucket);
  const { Prefix = '', Delimiter } = input;
  const after = input.ContinuationToken ? Buffer.from(input.ContinuationToken, 'base64').toString('utf8') : input.StartAfter ?? '';
  const limit = Math.min(input.MaxKeys ?? MOST_KEYS, MOST_KEYS);
  const contents: ObjectRecord[] = [];
  const prefixes = new Set<string>();
  let last = after;
  let truncated = false;
  for (const object of objectsOf(context, input.Bucket)) {
    if (object.deleteMarker || !object.key.startsWith(Prefix) || object.key <= after) continue;
    const end = Delimiter ? object.key.indexOf(Delimiter, Prefix.length) : -1;
    const common = end < 0 ? undefined : object.key.slice(0, end + Delimiter!.length);
    if (contents.length + prefixes.size >= limit && !(common && prefixes.has(common))) {
      truncated = true;
      break;
    }
    if (common) prefixes.add(common);
    else contents.push(object);
    last = object.key;
  }
  return {
    Name: input.Bucket,
    Prefix,
    Delimiter,
    MaxKeys: limit,
    KeyCount: contents.length + prefixes.size,
    IsTruncated: truncated,
    NextContinuationToken: truncated ? Buffer.from(last).toString('base64') : undefined,
    Contents: contents.map((object) => ({
      Key: object.key, Size: object.size, ETag: object.etag, LastModified: new Date(context.kernel.hostTime(object.modifiedAt)), StorageClass: 'STANDARD',
    })),
    CommonPrefixes: [...prefixes].map((prefix) => ({ Prefix: prefix })),
  };
}

export function listObjectVersions(context: Context, { Bucket, Prefix = '' }: ListInput): Output {
  bucketNamed(context, Bucket);
  const newest = objectsOf(context, Bucket).map((object) => ({ object, isLatest: true }));
  const former = formerVersions(context).values().filter(({ bucket }) => bucket === Bucket).map((object) => ({ object, isLatest: false }));
  const all = [...newest, ...former].filter(({ object }) => object.key.startsWith(Prefix)).map(({ object, isLatest }) => ({
    marker: object.deleteMarker,
    entry: {
      Key: object.key,
      VersionId: object.versionId ?? 'null',
      IsLatest: isLatest,
      LastModified: new Date(context.kernel.hostTime(object.modifiedAt)),
      ...(object.deleteMarker ? {} : { ETag: object.etag, Size: object.size }),
    },
  }));
  return {
    Name: Bucket,
    Prefix,
    IsTruncated: false,
    Versions: all.filter(({ marker }) => !marker).map(({ entry }) => entry),
    DeleteMarkers: all.filter(({ marker }) => marker).map(({ entry }) => entry),
  };
}
