import type { Context, Output } from '../../../wire/operation';
import { bucketNamed, objectNamed, refusal } from '../errors';
import { formerVersions, objectName, objects } from '../state';
import type { ObjectRecord } from '../state';
import { shownVersion } from '../versions';
import type { ObjectInput } from './objects';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export function putObjectTagging(context: Context, input: ObjectInput & { readonly Tagging: { readonly TagSet: readonly Tag[] } }): Output {
  const { TagSet } = input.Tagging;
  if (TagSet.length > 10) throw refusal(context, 'BadRequest', 'text-too-many-tags', 400);
  return change(context, input, Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value])));
}

export function getObjectTagging(context: Context, { Bucket, Key, VersionId }: ObjectInput): Output {
  const object = objectNamed(context, Bucket, Key, VersionId);
  return {
    VersionId: shownVersion(bucketNamed(context, Bucket), object),
    TagSet: Object.entries(object.tags ?? {}).map(([name, value]) => ({ Key: name, Value: value })),
  };
}

export function deleteObjectTagging(context: Context, input: ObjectInput): Output {
  return change(context, input, undefined);
}

function change(context: Context, { Bucket, Key, VersionId }: ObjectInput, tags: ObjectRecord['tags']): Output {
  const object = objectNamed(context, Bucket, Key, VersionId);
  const name = objectName(Bucket, Key);
  const isNewest = objects(context).get(name)?.versionId === object.versionId;
  if (isNewest) objects(context).put(name, { ...object, tags });
  else formerVersions(context).put(`${name}/${object.versionId ?? 'null'}`, { ...object, tags });
  return { VersionId: shownVersion(bucketNamed(context, Bucket), object) };
}
