import type { Context, Output } from '../../../wire/operation';
import { alarms } from '../state';
import type { AlarmRecord, Tag } from '../state';
import { refusal } from '../text';

interface TagsInput {
  readonly ResourceARN: string;
}

export function tagResource(context: Context, { ResourceARN, Tags }: TagsInput & { readonly Tags: readonly Tag[] }): void {
  const alarm = named(context, ResourceARN);
  alarms(context).put(alarm.name, { ...alarm, tags: [...alarm.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags] });
}

export function untagResource(context: Context, { ResourceARN, TagKeys }: TagsInput & { readonly TagKeys: readonly string[] }): void {
  const alarm = named(context, ResourceARN);
  alarms(context).put(alarm.name, { ...alarm, tags: alarm.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
}

export function listTagsForResource(context: Context, { ResourceARN }: TagsInput): Output {
  return { Tags: named(context, ResourceARN).tags };
}

function named(context: Context, arn: string): AlarmRecord {
  const alarm = alarms(context).values().find((each) => each.arn === arn);
  if (!alarm) throw refusal(context, 'ResourceNotFoundException', 'text-no-resource');
  return alarm;
}
