import type { Context, Output } from '../../../wire/operation';
import { startActivity, endActivity } from '../activities';
import { liveGroup, memberOf } from '../groups';
import { soon, terminateOne } from '../members';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { groups, isLeaving, members } from '../state';
import type { Activity, Group, Member } from '../state';
import { activityView, memberView } from '../views';

interface OfGroup {
  readonly AutoScalingGroupName: string;
  readonly InstanceIds?: readonly string[];
  readonly ShouldDecrementDesiredCapacity?: boolean;
}

export function describeAutoScalingInstances(context: Context, input: PageInput & { InstanceIds?: string[] }): Output {
  const wanted = members(context).values().filter(({ instanceId }) => !input.InstanceIds?.length || input.InstanceIds.includes(instanceId));
  const { page, NextToken } = paged(context, wanted, ({ instanceId }) => instanceId, input);
  return {
    AutoScalingInstances: page.map((member) => ({
      ...memberView(member), AutoScalingGroupName: member.group, HealthStatus: member.health.toUpperCase(),
    })),
    NextToken,
  };
}

interface TerminateInput {
  readonly InstanceId: string;
  readonly ShouldDecrementDesiredCapacity: boolean;
}

export function terminateInstanceInAutoScalingGroup(context: Context, input: TerminateInput): Output {
  const member = memberOf(context, input.InstanceId);
  const group = liveGroup(context, member.group);
  if (input.ShouldDecrementDesiredCapacity) decrement(context, group, 1);
  const activity = terminateOne(context, member, 'an instance was taken out of service in response to a user request.');
  if (!activity) throw refuse(context, 'member-leaving', member.instanceId);
  soon(context, group.name);
  return { Activity: activityView(context, activity) };
}

function decrement(context: Context, group: Group, by: number): Group {
  const desired = group.desired - by;
  if (desired < group.min) throw refuse(context, 'decrement', desired, group.min);
  return groups(context).put(group.name, { ...group, desired });
}

export function setInstanceProtection(context: Context, input: OfGroup & { ProtectedFromScaleIn: boolean }): Output {
  for (const id of input.InstanceIds ?? []) {
    const member = memberOf(context, id, input.AutoScalingGroupName);
    members(context).put(id, { ...member, protectedFromScaleIn: input.ProtectedFromScaleIn });
  }
  return {};
}

export function setInstanceHealth(context: Context, input: { InstanceId: string; HealthStatus: string }): Output {
  const member = memberOf(context, input.InstanceId);
  if (input.HealthStatus !== 'Healthy' && input.HealthStatus !== 'Unhealthy') throw refuse(context, 'health-status', input.HealthStatus);
  members(context).put(member.instanceId, { ...member, health: input.HealthStatus });
  soon(context, member.group);
  return {};
}

/** The instance lives on outside the group. */
export function detachInstances(context: Context, input: OfGroup): Output {
  const leaving = chosen(context, input, ['InService', 'Standby']);
  return moved(context, input, leaving, 'Detaching EC2 instance', (member) => members(context).delete(member.instanceId));
}

export function enterStandby(context: Context, input: OfGroup): Output {
  const leaving = chosen(context, input, ['InService']);
  return moved(context, input, leaving, 'Moving EC2 instance to Standby', (member) => {
    members(context).put(member.instanceId, { ...member, state: 'Standby' });
  });
}

export function exitStandby(context: Context, input: OfGroup): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  const back = chosen(context, input, ['Standby']);
  groups(context).put(group.name, { ...group, desired: Math.min(group.max, group.desired + back.length) });
  const activities = back.map((member) => {
    members(context).put(member.instanceId, { ...member, state: 'InService', health: 'Healthy' });
    return done(context, group, `Moving EC2 instance out of Standby: ${member.instanceId}`);
  });
  soon(context, group.name);
  return { Activities: activities.map((activity) => activityView(context, activity)) };
}

function chosen(context: Context, input: OfGroup, states: ReadonlyArray<Member['state']>): Member[] {
  return (input.InstanceIds ?? []).map((id) => {
    const member = memberOf(context, id, input.AutoScalingGroupName);
    if (isLeaving(member) || !states.includes(member.state)) throw refuse(context, 'member-state', id, states.join(' or '));
    return member;
  });
}

function moved(context: Context, input: OfGroup, leaving: readonly Member[], what: string, move: (member: Member) => void): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  if (input.ShouldDecrementDesiredCapacity) decrement(context, group, leaving.length);
  const activities = leaving.map((member) => {
    move(member);
    return done(context, group, `${what}: ${member.instanceId}`);
  });
  soon(context, group.name);
  return { Activities: activities.map((activity) => activityView(context, activity)) };
}

function done(context: Context, group: Group, description: string): Activity {
  const activity = startActivity(context, group, description, 'a user request.');
  endActivity(context, activity.id, 'Successful');
  return activity;
}
