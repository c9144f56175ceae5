import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface BucketRecord {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Emulated milliseconds. */
  readonly createdAt: number;
  /** `Enabled` or `Suspended`; absent while it never was enabled. */
  readonly versioning?: string;
  readonly objectLock?: boolean;
  /** Sub-resource configurations by name, as they were put. */
  readonly configurations: { readonly [name: string]: unknown };
}

/** What a caller says about a content beside the content, and gets back with it. */
export interface Headers {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly redirect?: string;
  readonly storageClass?: string;
  readonly metadata?: { readonly [name: string]: string };
}

export interface ObjectRecord extends Headers {
  readonly bucket: string;
  readonly key: string;
  /** Absent for what was put while versions were not kept: the version `null`. */
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
  /** Name of the content in the kernel's blobs. */
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly tags?: { readonly [key: string]: string };
  /** By algorithm, as clients sent them. */
  readonly checksums?: { readonly [algorithm: string]: string };
  /** Sizes of the parts it was put together from. */
  readonly parts?: readonly number[];
  readonly encryption?: Encryption;
}

export interface Encryption {
  readonly algorithm: string;
  readonly keyId?: string;
  readonly bucketKey?: boolean;
  readonly sealedDataKey?: string;
  readonly iv?: string;
  readonly tag?: string;
}

export interface UploadRecord extends Headers {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: number;
  readonly tags?: { readonly [key: string]: string };
  readonly wish: { readonly ServerSideEncryption?: string; readonly SSEKMSKeyId?: string; readonly BucketKeyEnabled?: boolean };
}

export interface PartRecord {
  readonly number: number;
  readonly blob: string;
  readonly encryption?: Encryption;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
}

/** Buckets are known by name alone, whatever their Region and account. */
export function buckets(context: Context): Table<BucketRecord> {
  return context.kernel.store.table('s3/buckets');
}

/** The newest version of every object, by `<bucket>/<key>`; a delete marker counts as one. */
export function objects(context: Context): Table<ObjectRecord> {
  return context.kernel.store.table('s3/objects');
}

/** Former versions, oldest first, by `<bucket>/<key>/<version>`. */
export function formerVersions(context: Context): Table<ObjectRecord> {
  return context.kernel.store.table('s3/former-versions');
}

export function uploads(context: Context): Table<UploadRecord> {
  return context.kernel.store.table('s3/uploads');
}

function parts(context: Context): Table<PartRecord> {
  return context.kernel.store.table('s3/parts');
}

export function partOf(context: Context, upload: UploadRecord, number: number): PartRecord | undefined {
  return parts(context).get(`${upload.id}/${number}`);
}

/** In the order of their numbers. */
export function partsOf(context: Context, { id }: UploadRecord): PartRecord[] {
  return parts(context).entries().filter(([name]) => name.startsWith(`${id}/`)).map(([, part]) => part).sort((a, b) => a.number - b.number);
}

export function putPart(context: Context, { id }: UploadRecord, part: PartRecord): PartRecord {
  return parts(context).put(`${id}/${part.number}`, part);
}

export function dropUpload(context: Context, upload: UploadRecord): void {
  partsOf(context, upload).forEach(({ number }) => parts(context).delete(`${upload.id}/${number}`));
  uploads(context).delete(upload.id);
}

export function objectName(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** Newest versions in the order of their keys' bytes. */
export function objectsOf(context: Context, bucket: string): ObjectRecord[] {
  const prefix = `${bucket}/`;
  return objects(context).entries()
    .filter(([name]) => name.startsWith(prefix))
    .map(([, object]) => object)
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}
