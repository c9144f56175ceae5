import { formerVersions, objectName, objects } from './state';
import type { BucketRecord, ObjectRecord } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

/** How the version is called that was put while versions were not kept. */
const NULL_VERSION = 'null';

/** The id that callers see; nothing where a bucket never kept versions. */
export function shownVersion(bucket: BucketRecord, object: ObjectRecord): string | undefined {
  return object.versionId ?? (bucket.versioning ? NULL_VERSION : undefined);
}

/** Stores an object as the newest of its key; what was newest is kept if versions are. */
export function store(context: Context, bucket: BucketRecord, object: ObjectRecord): ObjectRecord {
  const name = objectName(object.bucket, object.key);
  const before = objects(context).get(name);
  const versionId = bucket.versioning === 'Enabled' ? idFormat.alphanumeric(context.id('version', name), 32) : undefined;
  // There is at most one version `null`: the next one takes its place, wherever it is.
  if (versionId === undefined) formerVersions(context).delete(`${name}/${NULL_VERSION}`);
  if (before && bucket.versioning && (before.versionId !== undefined || versionId !== undefined)) keep(context, name, before);
  return objects(context).put(name, { ...object, versionId });
}

export function versionNamed(context: Context, bucket: string, key: string, versionId: string): ObjectRecord | undefined {
  const name = objectName(bucket, key);
  const newest = objects(context).get(name);
  return newest && idOf(newest) === versionId ? newest : formerVersions(context).get(`${name}/${versionId}`);
}

/** Removes one version for good; if it was the newest, the one before is newest again. */
export function removeVersion(context: Context, bucket: string, key: string, versionId: string): ObjectRecord | undefined {
  const name = objectName(bucket, key);
  const version = versionNamed(context, bucket, key, versionId);
  const former = formerVersions(context);
  if (former.has(`${name}/${versionId}`)) {
    former.delete(`${name}/${versionId}`);
  } else if (version) {
    objects(context).delete(name);
    const next = formerOf(context, name).at(-1);
    if (next) {
      former.delete(`${name}/${idOf(next)}`);
      objects(context).put(name, next);
    }
  }
  return version;
}

/** All versions of a bucket: by key, and of one key the newest first. */
export function versionsOf(
  context: Context,
  bucket: string,
  newest: readonly ObjectRecord[],
): Array<{ object: ObjectRecord; id: string; isLatest: boolean }> {
  return newest.flatMap((object) => [
    { object, id: idOf(object), isLatest: true },
    ...formerOf(context, objectName(bucket, object.key)).reverse().map((former) => ({ object: former, id: idOf(former), isLatest: false })),
  ]);
}

function keep(context: Context, name: string, object: ObjectRecord): void {
  formerVersions(context).put(`${name}/${idOf(object)}`, object);
}

/** Oldest first. A key may be the beginning of another, so the rest must be an id. */
function formerOf(context: Context, name: string): ObjectRecord[] {
  return formerVersions(context).values().filter((object) => objectName(object.bucket, object.key) === name);
}

function idOf({ versionId }: ObjectRecord): string {
  return versionId ?? NULL_VERSION;
}
