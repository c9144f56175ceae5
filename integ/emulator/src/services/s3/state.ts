import type { Context } from '../../wire/operation';
import type { Table } from '../../kernel';

export interface BucketRecord {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Emulated milliseconds. */
  readonly createdAt: number;
  readonly versioning?: string;
  /** Sub-resource configurations by name, as they were put. */
  readonly configurations: { readonly [name: string]: unknown };
}

export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
  /** Name of the content in the kernel's blobs. */
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly contentType?: string;
  readonly metadata?: { readonly [name: string]: string };
  readonly encryption?: { readonly algorithm: string; readonly keyId?: string; readonly sealedDataKey?: string; readonly iv?: string; readonly tag?: string };
}

/** Buckets are known by name alone, whatever their Region and account. */
export function buckets(context: Context): Table<BucketRecord> {
  return context.kernel.store.table('s3/buckets');
}

/** The newest version of every object, by `<bucket>/<key>`. */
export function objects(context: Context): Table<ObjectRecord> {
  return context.kernel.store.table('s3/objects');
}

/** Former versions, by `<bucket>/<key>/<version>`. */
export function formerVersions(context: Context): Table<ObjectRecord> {
  return context.kernel.store.table('s3/former-versions');
}

export function objectName(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

export function objectsOf(context: Context, bucket: string): ObjectRecord[] {
  const prefix = `${bucket}/`;
  return objects(context).entries()
    .filter(([name]) => name.startsWith(prefix))
    .map(([, object]) => object)
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}
