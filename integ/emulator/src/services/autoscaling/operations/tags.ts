import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { liveGroup, withTags } from '../groups';
import type { TagInput } from '../groups';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { groups } from '../state';
import type { Group, GroupTag } from '../state';
import { tagView } from '../views';

export function createOrUpdateTags(context: Context, { Tags }: { Tags: readonly TagInput[] }): Output {
  for (const tag of Tags) {
    const group = liveGroup(context, tag.ResourceId);
    groups(context).put(group.name, { ...group, tags: withTags(group.tags, [tag]) });
  }
  return {};
}

export function deleteTags(context: Context, { Tags }: { Tags: readonly TagInput[] }): Output {
  for (const tag of Tags) {
    const group = liveGroup(context, tag.ResourceId);
    groups(context).put(group.name, { ...group, tags: group.tags.filter(({ key }) => key !== tag.Key) });
  }
  return {};
}

interface DescribeInput extends PageInput {
  readonly Filters?: ReadonlyArray<{ readonly Name?: string; readonly Values?: readonly string[] }>;
}

const READERS: Readonly<Record<string, (group: Group, tag: GroupTag) => string>> = {
  'auto-scaling-group': (group) => group.name,
  'key': (_, tag) => tag.key,
  'value': (_, tag) => tag.value,
  'propagate-at-launch': (_, tag) => String(tag.propagate),
};

export function describeTags(context: Context, input: DescribeInput): Output {
  const unknown = input.Filters?.find(({ Name = '' }) => !Object.hasOwn(READERS, Name));
  if (unknown) throw refuse(context, 'filter', unknown.Name ?? '');
  const all = groups(context).values().flatMap((group) => group.tags.map((tag) => ({ group, tag })));
  const wanted = all.filter(({ group, tag }) =>
    (input.Filters ?? []).every(({ Name = '', Values = [] }) => Values.includes(READERS[Name](group, tag))));
  const { page, NextToken } = paged(context, wanted, ({ group, tag }) => `${group.name} ${tag.key}`, input);
  return { Tags: page.map(({ group, tag }) => tagView(group, tag)), NextToken };
}

/** No operation of AWS: by what tags a group lets somebody in. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const group = groups(context).get(Arn.split('autoScalingGroupName/')[1]);
  const guard: Guard = { tags: Object.fromEntries((group?.tags ?? []).map(({ key, value }) => [key, value])) };
  return { ...guard };
}
