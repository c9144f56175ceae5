import { tellEnd } from './notifications';
import { activities } from './state';
import type { Activity, Group } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

export function startActivity(context: Context, group: Group, description: string, cause: string): Activity {
  const id = idFormat.uuid(context.id('activity', group.name));
  return activities(context).put(id, {
    id, group: group.name, groupArn: group.arn, description, cause, startedAt: context.now, status: 'InProgress', progress: 50,
  });
}

export function endActivity(context: Context, id: string, status: 'Successful' | 'Failed' | 'Cancelled', message?: string): void {
  const activity = activities(context).get(id);
  if (!activity || activity.endedAt !== undefined) return;
  tellEnd(context, activities(context).put(id, { ...activity, status, message, endedAt: context.now, progress: 100 }));
}

export function markActivity(context: Context, id: string, status: string, message?: string): void {
  const activity = activities(context).get(id);
  if (activity) activities(context).put(id, { ...activity, status, message });
}

/** Of a group, the latest first, as the service lists them. */
export function activitiesOf(context: Context, group?: string): Activity[] {
  return activities(context).values().filter((activity) => group === undefined || activity.group === group).reverse();
}
