import { refuse } from './refusals';
import { groups, members } from './state';
import type { Group, GroupTag, Member } from './state';
import type { Context } from '../../wire/operation';

export function groupOf(context: Context, name: string | undefined): Group {
  const group = groups(context).get(name ?? '');
  if (!group) throw refuse(context, 'group', name ?? '');
  return group;
}

/** One that may be changed. */
export function liveGroup(context: Context, name: string | undefined): Group {
  const group = groupOf(context, name);
  if (group.deleting) throw refuse(context, 'pending-delete', group.name);
  return group;
}

export function memberOf(context: Context, instanceId: string | undefined, group?: string): Member {
  const member = members(context).get(instanceId ?? '');
  if (!member || (group !== undefined && member.group !== group)) throw refuse(context, 'member', instanceId ?? '');
  return member;
}

export function checkSizes(context: Context, { min, max, desired }: Pick<Group, 'min' | 'max' | 'desired'>): void {
  if (max < min) throw refuse(context, 'bounds', max, min);
  if (desired < min || desired > max) throw refuse(context, 'desired', desired, min, max);
}

export interface TagInput {
  readonly ResourceId?: string;
  readonly Key: string;
  readonly Value?: string;
  readonly PropagateAtLaunch?: boolean;
}

export function withTags(before: readonly GroupTag[], added: readonly TagInput[]): GroupTag[] {
  const keys = new Set(added.map(({ Key }) => Key));
  return [
    ...before.filter(({ key }) => !keys.has(key)),
    ...added.map(({ Key, Value = '', PropagateAtLaunch = false }) => ({ key: Key, value: Value, propagate: PropagateAtLaunch })),
  ];
}
