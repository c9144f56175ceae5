import { terminateOne } from './members';
import { members, membersOf, refreshes } from './state';
import type { Group, Refresh } from './state';
import type { Context } from '../../wire/operation';

/** The refresh of a group that is not over, if there is one. */
export function activeRefresh(context: Context, group: string): Refresh | undefined {
  return refreshes(context).values().find((refresh) => refresh.group === group && (refresh.status === 'Pending' || refresh.status === 'InProgress'));
}

/** When the group is whole, the next instance goes; its successor comes as for any other that is missing. */
export function advanceRefresh(context: Context, group: Group): void {
  const refresh = activeRefresh(context, group.name);
  if (!refresh) return;
  const settled = membersOf(context, group.name).every(({ state }) => state === 'InService' || state === 'Standby');
  if (!settled) return;
  const left = refresh.left.filter((instanceId) => members(context).has(instanceId));
  if (left.length === 0) {
    refreshes(context).put(refresh.id, { ...refresh, left, status: 'Successful', endedAt: context.now });
    context.emit('instance refresh ended', group.name);
    return;
  }
  refreshes(context).put(refresh.id, { ...refresh, left, status: 'InProgress' });
  terminateOne(context, members(context).get(left[0])!, 'an instance was taken out of service in response to an instance refresh.');
}
