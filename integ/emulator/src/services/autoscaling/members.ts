import { endActivity, startActivity } from './activities';
import { nextPlace } from './balance';
import { asService, launchInput, placesOf, templateVersion } from './ec2';
import type { Launched } from './ec2';
import { answered, LAUNCHING, stopTimers, TERMINATING, waitForHooks } from './hooks';
import { groups, isActive, isLeaving, members, membersOf } from './state';
import type { Activity, Group, Member } from './state';
import type { Context } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

/**
 * The way of one instance through a group: Pending, perhaps Pending:Wait, InService; Terminating, perhaps
 * Terminating:Wait, gone.
 */
export function soon(context: Context, group: string, milliseconds: number = context.delay('reaction', group)): void {
  context.after(milliseconds, { kind: 'reconcile', args: { group }, id: `autoscaling reconcile ${context.account}/${context.region}/${group}` });
}

/** False when EC2 refuses: the activity says why, and the group tries again later. */
export function launchOne(context: Context, group: Group, cause: string): boolean {
  const activity = startActivity(context, group, 'Launching a new EC2 instance', cause);
  const as = asService(context, group.serviceLinkedRoleArn);
  try {
    const places = placesOf(context, group, as);
    const counts = new Map<string, number>();
    for (const member of membersOf(context, group.name).filter(isActive)) counts.set(member.zone, (counts.get(member.zone) ?? 0) + 1);
    const zone = nextPlace(places.map((place) => place.zone), counts);
    const version = templateVersion(context, group.template, as);
    const place = places.find((candidate) => candidate.zone === zone)!;
    const { Instances: [instance] } = context.call<{ Instances: Launched[] }>('ec2', 'RunInstances', launchInput(group, version, place), as);
    members(context).put(instance.InstanceId, {
      instanceId: instance.InstanceId,
      group: group.name,
      zone: instance.Placement.AvailabilityZone,
      type: instance.InstanceType,
      imageId: instance.ImageId,
      template: { id: version.LaunchTemplateId, name: version.LaunchTemplateName, version: version.VersionNumber },
      state: 'Pending',
      health: 'Healthy',
      protectedFromScaleIn: group.protectNew,
      launchedAt: context.now,
      activityId: activity.id,
      hooks: [],
    });
    rename(context, activity, `Launching a new EC2 instance: ${instance.InstanceId}`);
    context.emit('Pending', instance.InstanceId);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    endActivity(context, activity.id, 'Failed', `${error.message} Launching EC2 instance failed.`);
    context.emit(`launch failed: ${error.code}`, group.name);
    return false;
  }
}

function rename(context: Context, activity: Activity, description: string): void {
  context.table<Activity>('autoscaling/activities').put(activity.id, { ...activity, description });
}

export function inService(context: Context, member: Member): void {
  const { token: _token, ...rest } = member;
  members(context).put(member.instanceId, { ...rest, state: 'InService', hooks: [] });
  endActivity(context, member.activityId, 'Successful');
  context.emit('InService', member.instanceId);
  soon(context, member.group);
}

/** Takes an instance out; its hooks are asked unless they must not be. */
export function terminateOne(context: Context, member: Member, cause: string, withHooks: boolean = true): Activity | undefined {
  if (isLeaving(member)) return undefined;
  const group = groups(context).get(member.group)!;
  stopTimers(context, member);
  endActivity(context, member.activityId, 'Cancelled');
  const activity = startActivity(context, group, `Terminating EC2 instance: ${member.instanceId}`, cause);
  const leaving = members(context).put(member.instanceId, { ...member, state: 'Terminating', hooks: [], activityId: activity.id });
  context.emit('Terminating', member.instanceId);
  const waits = withHooks && waitForHooks(context, leaving, TERMINATING);
  if (!waits) terminateNow(context, leaving);
  return activity;
}

function terminateNow(context: Context, member: Member): void {
  const group = groups(context).get(member.group)!;
  const { token: _token, ...rest } = member;
  members(context).put(member.instanceId, { ...rest, state: 'Terminating', hooks: [] });
  try {
    context.call('ec2', 'TerminateInstances', { InstanceIds: [member.instanceId] }, asService(context, group.serviceLinkedRoleArn));
  } catch (error) {
    if (!(error instanceof ServiceError) || !error.code.startsWith('InvalidInstanceID')) throw error;
    gone(context, member);
  }
}

function gone(context: Context, member: Member): void {
  stopTimers(context, member);
  members(context).delete(member.instanceId);
  endActivity(context, member.activityId, isLeaving(member) ? 'Successful' : 'Cancelled');
  context.emit('Terminated', member.instanceId);
  soon(context, member.group);
}

/** A hook has answered, or its time is up. A launch that one hook abandons is over, whatever the others say. */
export function hookEnded(context: Context, member: Member, hook: string, result: string): void {
  const left = answered(context, member, hook);
  if (member.state === 'Pending:Wait' && result === 'ABANDON') {
    terminateOne(context, left, `the lifecycle hook ${hook} abandoned the launch`, false);
    return;
  }
  const over = left.hooks.length === 0 || result === 'ABANDON';
  if (!over) return;
  if (member.state === 'Pending:Wait') inService(context, left);
  if (member.state === 'Terminating:Wait') {
    stopTimers(context, left);
    terminateNow(context, left);
  }
}

/** What EC2 says of an instance. One that ends or stops by another's hand is replaced. */
export function instanceChanged(context: Context, instanceId: string, state: string): void {
  const member = members(context).get(instanceId);
  if (!member) return;
  if (state === 'running' && member.state === 'Pending') {
    if (!waitForHooks(context, member, LAUNCHING)) inService(context, member);
    return;
  }
  if (state === 'terminated') {
    gone(context, member);
    return;
  }
  const lost = ['shutting-down', 'stopping', 'stopped'].includes(state) && !isLeaving(member) && member.state !== 'Standby';
  if (lost && member.health === 'Healthy') {
    members(context).put(instanceId, { ...member, health: 'Unhealthy' });
    context.emit('Unhealthy', instanceId);
    soon(context, member.group, context.delay('health-check', instanceId));
  }
}
