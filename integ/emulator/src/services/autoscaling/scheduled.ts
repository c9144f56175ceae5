import { checkSizes } from './groups';
import { soon } from './members';
import { groups, scheduledActions } from './state';
import type { Group, ScheduledAction } from './state';
import type { Context } from '../../wire/operation';

/** Plans an action for its time. Time does not run because of it: it comes when time passes anyway. */
export function planAction(context: Context, action: ScheduledAction): void {
  if (action.recurrence !== undefined) return;
  const late = context.delay('scheduled-action-lag', action.arn);
  context.after(Math.max(0, action.startAt - context.now) + late, { kind: 'scheduled-action', args: { key: keyOf(action) }, daemon: true, id: eventOf(action) });
}

export function dropAction(context: Context, action: ScheduledAction): void {
  context.cancel(eventOf(action));
  scheduledActions(context).delete(keyOf(action));
}

/** Event: its time has come. What would break the group's bounds is not carried out. It is over then, either way. */
export function carryOut(context: Context, { key }: { key: string }): void {
  const action = scheduledActions(context).get(key);
  const group = action && groups(context).get(action.group);
  if (!group || group.deleting) return;
  scheduledActions(context).delete(key);
  if (group.suspended.includes('ScheduledActions')) return;
  const sized = sizedBy(action, group);
  try {
    checkSizes(context, sized);
  } catch {
    context.emit(`scheduled action ${action.name} does not fit the bounds`, group.name);
    return;
  }
  groups(context).put(group.name, sized);
  context.emit(`scheduled action ${action.name}: desired capacity ${sized.desired}`, group.name);
  soon(context, group.name);
}

function sizedBy(action: ScheduledAction, group: Group): Group {
  const { min = group.min, max = group.max } = action;
  return { ...group, min, max, desired: action.desired ?? Math.min(Math.max(group.desired, min), max) };
}

export function keyOf({ group, name }: Pick<ScheduledAction, 'group' | 'name'>): string {
  return `${group}/${name}`;
}

function eventOf({ arn }: ScheduledAction): string {
  return `autoscaling scheduled action ${arn}`;
}
