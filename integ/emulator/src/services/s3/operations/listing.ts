import type { Context, Output } from '../../../wire/operation';
import { bucketNamed, refusal } from '../errors';
import { objectsOf } from '../state';
import type { ObjectRecord } from '../state';
import { versionsOf } from '../versions';

interface ListInput {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly EncodingType?: string;
}

const MOST_KEYS = 1_000;

function limitOf(context: Context, { MaxKeys = MOST_KEYS }: ListInput): number {
  if (MaxKeys < 0) throw refusal(context, 'InvalidArgument', 'text-max-keys', 400, { ArgumentName: 'maxKeys', ArgumentValue: String(MaxKeys) });
  return Math.min(MaxKeys, MOST_KEYS);
}

export function listObjectsV2(context: Context, input: ListInput & { readonly ContinuationToken?: string; readonly StartAfter?: string }): Output {
  const after = input.ContinuationToken ? Buffer.from(input.ContinuationToken, 'base64').toString('utf8') : input.StartAfter ?? '';
  const found = list(context, input, after);
  return {
    ...common(context, input, found),
    KeyCount: found.contents.length + found.prefixes.length,
    StartAfter: input.StartAfter,
    ContinuationToken: input.ContinuationToken,
    NextContinuationToken: found.truncated ? Buffer.from(found.last).toString('base64') : undefined,
  };
}

/** The older form: the next page begins after a key. */
export function listObjects(context: Context, input: ListInput & { readonly Marker?: string }): Output {
  const found = list(context, input, input.Marker ?? '');
  return { ...common(context, input, found), Marker: input.Marker ?? '', NextMarker: found.truncated && input.Delimiter !== undefined ? found.last : undefined };
}

export function listObjectVersions(context: Context, input: ListInput & { readonly KeyMarker?: string; readonly VersionIdMarker?: string }): Output {
  bucketNamed(context, input.Bucket);
  const { Prefix = '', KeyMarker = '', VersionIdMarker } = input;
  const limit = limitOf(context, input);
  const all = versionsOf(context, input.Bucket, objectsOf(context, input.Bucket)).filter(({ object }) => object.key.startsWith(Prefix));
  const marked = VersionIdMarker === undefined ? -1 : all.findIndex(({ object, id }) => object.key === KeyMarker && id === VersionIdMarker);
  // A marker that has been deleted since: what is left of its key is listed.
  const left = marked >= 0 ? all.slice(marked + 1)
    : all.filter(({ object }) => isAfter(object.key, KeyMarker) || (VersionIdMarker !== undefined && object.key === KeyMarker));
  const shown = left.slice(0, limit);
  const truncated = shown.length < left.length;
  const entries = shown.map(({ object, id, isLatest }) => ({
    marker: object.deleteMarker,
    entry: {
      Key: object.key,
      VersionId: id,
      IsLatest: isLatest,
      LastModified: new Date(context.kernel.hostTime(object.modifiedAt)),
      ...(object.deleteMarker ? {} : { ETag: object.etag, Size: object.size, StorageClass: object.storageClass ?? 'STANDARD' }),
    },
  }));
  return {
    Name: input.Bucket,
    Prefix,
    KeyMarker,
    VersionIdMarker,
    MaxKeys: limit,
    IsTruncated: truncated,
    NextKeyMarker: truncated ? shown[shown.length - 1].object.key : undefined,
    NextVersionIdMarker: truncated ? shown[shown.length - 1].id : undefined,
    Versions: entries.filter(({ marker }) => !marker).map(({ entry }) => entry),
    DeleteMarkers: entries.filter(({ marker }) => marker).map(({ entry }) => entry),
  };
}

interface Listed {
  readonly contents: readonly ObjectRecord[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** The last key that this page covers, also when it only counts for its prefix. */
  readonly last: string;
  readonly limit: number;
}

/** Keys after a key; what has the delimiter behind the prefix is summed up. */
function list(context: Context, input: ListInput, after: string): Listed {
  bucketNamed(context, input.Bucket);
  const { Prefix = '', Delimiter } = input;
  const limit = limitOf(context, input);
  const contents: ObjectRecord[] = [];
  const prefixes = new Set<string>();
  let last = after;
  let truncated = false;
  for (const object of objectsOf(context, input.Bucket)) {
    if (object.deleteMarker || !object.key.startsWith(Prefix) || !isAfter(object.key, after)) continue;
    const end = Delimiter ? object.key.indexOf(Delimiter, Prefix.length) : -1;
    const group = end < 0 ? undefined : object.key.slice(0, end + Delimiter!.length);
    // A group that the page before ended with is not begun again.
    if (group !== undefined && after.startsWith(group)) continue;
    if (contents.length + prefixes.size >= limit && !(group && prefixes.has(group))) {
      truncated = true;
      break;
    }
    if (group) prefixes.add(group);
    else contents.push(object);
    last = object.key;
  }
  return { contents, prefixes: [...prefixes], truncated, last, limit };
}

function common(context: Context, input: ListInput, { contents, prefixes, truncated, limit }: Listed): Output {
  const shown = (text: string) => (input.EncodingType === 'url' ? encodeURIComponent(text).replace(/%2F/g, '/') : text);
  return {
    Name: input.Bucket,
    Prefix: shown(input.Prefix ?? ''),
    Delimiter: input.Delimiter,
    EncodingType: input.EncodingType,
    MaxKeys: limit,
    IsTruncated: truncated,
    Contents: contents.map((object) => ({
      Key: shown(object.key),
      Size: object.size,
      ETag: object.etag,
      LastModified: new Date(context.kernel.hostTime(object.modifiedAt)),
      StorageClass: object.storageClass ?? 'STANDARD',
    })),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: shown(prefix) })),
  };
}

function isAfter(key: string, marker: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(marker)) > 0;
}
