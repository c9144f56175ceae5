import { victims } from './balance';
import { asService, templateVersion } from './ec2';
import { launchOne, terminateOne } from './members';
import { advanceRefresh } from './refreshes';
import { dropAction } from './scheduled';
import { groups, hooks, hooksOf, isActive, isLeaving, members, membersOf, notifications, scheduledActions } from './state';
import type { Group, Member } from './state';
import type { Context } from '../../wire/operation';

/** Brings a group nearer to what it should be; called whenever something about it has changed. */
export function reconcile(context: Context, name: string): void {
  const group = groups(context).get(name);
  if (!group) return;
  if (group.deleting) {
    empty(context, group);
    return;
  }
  replaceUnhealthy(context, group);
  const active = membersOf(context, name).filter(isActive);
  if (active.length < group.desired && !group.suspended.includes('Launch')) grow(context, group, active.length);
  if (active.length > group.desired && !group.suspended.includes('Terminate')) shrink(context, group, active);
  if (active.length === group.desired) advanceRefresh(context, group);
}

function replaceUnhealthy(context: Context, group: Group): void {
  if (['ReplaceUnhealthy', 'HealthCheck', 'Terminate'].some((process) => group.suspended.includes(process))) return;
  for (const member of membersOf(context, group.name)) {
    if (member.health === 'Unhealthy' && isActive(member)) {
      terminateOne(context, member, `an instance was taken out of service in response to an EC2 health check at ${group.name}.`);
    }
  }
}

function grow(context: Context, group: Group, present: number): void {
  for (let count = present; count < group.desired; count++) {
    const cause = `a difference between desired and actual capacity: increasing the capacity from ${count} to ${group.desired}.`;
    if (launchOne(context, group, cause)) continue;
    // EC2 refused. Nobody owes anything for that: it is tried again when time passes by itself.
    const delay = context.delay('launch-retry', group.name);
    context.after(delay, { kind: 'reconcile', args: { group: group.name }, id: `autoscaling retry ${group.arn}`, daemon: true });
    return;
  }
}

function shrink(context: Context, group: Group, active: readonly Member[]): void {
  const { VersionNumber, LaunchTemplateId } = templateVersion(context, group.template, asService(context, group.serviceLinkedRoleArn));
  const candidates = active.filter(({ state, protectedFromScaleIn }) => state === 'InService' && !protectedFromScaleIn).map((member) => ({
    ...member, outdated: member.template.id !== LaunchTemplateId || member.template.version !== VersionNumber,
  }));
  for (const instanceId of victims(candidates, active.length - group.desired)) {
    const cause = `a difference between desired and actual capacity: decreasing the capacity from ${active.length} to ${group.desired}.`;
    terminateOne(context, members(context).get(instanceId)!, cause);
  }
}

/** A group that is being deleted: its instances go without their hooks, then the group. */
function empty(context: Context, group: Group): void {
  const all = membersOf(context, group.name);
  for (const member of all) {
    if (!isLeaving(member)) terminateOne(context, member, 'the group is being deleted.', false);
  }
  if (all.length > 0) return;
  for (const hook of hooksOf(context, group.name)) hooks(context).delete(`${hook.group}/${hook.name}`);
  for (const [key, wish] of notifications(context).entries()) if (wish.group === group.name) notifications(context).delete(key);
  for (const action of scheduledActions(context).values()) if (action.group === group.name) dropAction(context, action);
  groups(context).delete(group.name);
  context.emit('deleted', group.name);
}
