import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { groupOf, liveGroup } from '../groups';
import { soon } from '../members';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { activeRefresh } from '../refreshes';
import { refuse } from '../refusals';
import { isActive, membersOf, refreshes } from '../state';
import type { Refresh } from '../state';

interface OfGroup {
  readonly AutoScalingGroupName: string;
}

/** One instance after the other, whatever the preferences say. */
export function startInstanceRefresh(context: Context, input: OfGroup & { Preferences?: Refresh['preferences'] }): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  if (activeRefresh(context, group.name)) throw refuse(context, 'refresh-in-progress');
  const left = membersOf(context, group.name).filter(isActive).map(({ instanceId }) => instanceId);
  const id = idFormat.uuid(context.id('refresh', group.name));
  refreshes(context).put(id, {
    id, group: group.name, status: 'Pending', startedAt: context.now, total: left.length, left, preferences: input.Preferences,
  });
  context.emit('instance refresh started', group.name);
  soon(context, group.name);
  return { InstanceRefreshId: id };
}

export function cancelInstanceRefresh(context: Context, input: OfGroup): Output {
  const group = groupOf(context, input.AutoScalingGroupName);
  const refresh = activeRefresh(context, group.name);
  if (!refresh) throw refuse(context, 'no-refresh', group.name);
  refreshes(context).put(refresh.id, { ...refresh, status: 'Cancelled', endedAt: context.now });
  return { InstanceRefreshId: refresh.id };
}

export function describeInstanceRefreshes(context: Context, input: PageInput & OfGroup & { InstanceRefreshIds?: string[] }): Output {
  const group = groupOf(context, input.AutoScalingGroupName);
  const wanted = refreshes(context).values()
    .filter((refresh) => refresh.group === group.name && (!input.InstanceRefreshIds?.length || input.InstanceRefreshIds.includes(refresh.id)))
    .reverse();
  const { page, NextToken } = paged(context, wanted, ({ id }) => id, input);
  return {
    InstanceRefreshes: page.map((refresh) => ({
      InstanceRefreshId: refresh.id,
      AutoScalingGroupName: refresh.group,
      Status: refresh.status,
      StartTime: new Date(context.kernel.hostTime(refresh.startedAt)),
      EndTime: refresh.endedAt === undefined ? undefined : new Date(context.kernel.hostTime(refresh.endedAt)),
      PercentageComplete: refresh.total === 0 ? 100 : Math.floor(100 * (1 - refresh.left.length / refresh.total)),
      InstancesToUpdate: refresh.left.length,
      Preferences: refresh.preferences,
      Strategy: 'Rolling',
    })),
    NextToken,
  };
}
