import { encryptionMembers } from './encryption';
import type { BucketRecord, Headers, ObjectRecord } from './state';
import { shownVersion } from './versions';
import type { Context, Output } from '../../wire/operation';

export interface HeaderInput {
  readonly ContentType?: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly WebsiteRedirectLocation?: string;
  readonly StorageClass?: string;
  readonly Metadata?: { readonly [name: string]: string };
}

/** Headers that a reader wants to see instead of those that were stored. */
export interface ResponseWish {
  readonly ResponseContentType?: string;
  readonly ResponseCacheControl?: string;
  readonly ResponseContentDisposition?: string;
  readonly ResponseContentEncoding?: string;
  readonly ResponseContentLanguage?: string;
  readonly ChecksumMode?: string;
}

export function headersIn(input: HeaderInput): Headers {
  return {
    contentType: input.ContentType,
    cacheControl: input.CacheControl,
    contentDisposition: input.ContentDisposition,
    // What only concerned the way here is not kept.
    contentEncoding: input.ContentEncoding?.split(',').map((each) => each.trim()).filter((each) => each !== 'aws-chunked' && each !== '').join(',') || undefined,
    contentLanguage: input.ContentLanguage,
    redirect: input.WebsiteRedirectLocation,
    storageClass: input.StorageClass,
    metadata: input.Metadata,
  };
}

/** What GetObject and HeadObject say of an object. */
export function describe(context: Context, bucket: BucketRecord, object: ObjectRecord, wish: ResponseWish): Output {
  const tags = Object.keys(object.tags ?? {}).length;
  return {
    AcceptRanges: 'bytes',
    ContentLength: object.size,
    ContentType: wish.ResponseContentType ?? object.contentType ?? 'binary/octet-stream',
    CacheControl: wish.ResponseCacheControl ?? object.cacheControl,
    ContentDisposition: wish.ResponseContentDisposition ?? object.contentDisposition,
    ContentEncoding: wish.ResponseContentEncoding ?? object.contentEncoding,
    ContentLanguage: wish.ResponseContentLanguage ?? object.contentLanguage,
    WebsiteRedirectLocation: object.redirect,
    // The usual class is not said.
    StorageClass: object.storageClass === 'STANDARD' ? undefined : object.storageClass,
    ETag: object.etag,
    LastModified: new Date(context.kernel.hostTime(object.modifiedAt)),
    Metadata: object.metadata,
    VersionId: shownVersion(bucket, object),
    TagCount: tags > 0 ? tags : undefined,
    ...(wish.ChecksumMode === 'ENABLED' ? object.checksums : {}),
    ...encryptionMembers(object),
  };
}
