import type { Context, Output } from '../../../wire/operation';
import { groupOf, liveGroup } from '../groups';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { dropAction, keyOf, planAction } from '../scheduled';
import { scheduledActions } from '../state';
import type { ScheduledAction } from '../state';
import { idFormat } from '../../../kernel';

interface PutInput {
  readonly AutoScalingGroupName: string;
  readonly ScheduledActionName: string;
  /** The older name of `StartTime`. */
  readonly Time?: Date;
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly Recurrence?: string;
  readonly TimeZone?: string;
  readonly MinSize?: number;
  readonly MaxSize?: number;
  readonly DesiredCapacity?: number;
}

/** Makes an action, or puts it off. */
export function putScheduledUpdateGroupAction(context: Context, input: PutInput): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  const { ScheduledActionName: name, Recurrence: recurrence, MinSize: min, MaxSize: max, DesiredCapacity: desired } = input;
  const start = input.StartTime ?? input.Time;
  if (min === undefined && max === undefined && desired === undefined) throw refuse(context, 'scheduled-nothing');
  if (start === undefined && recurrence === undefined) throw refuse(context, 'scheduled-when');
  const hostNow = context.kernel.hostTime();
  if (start !== undefined && start.getTime() < hostNow) throw refuse(context, 'scheduled-past');
  const startAt = context.now + (start?.getTime() ?? hostNow) - hostNow;
  const others = scheduledActions(context).values().filter((other) => other.group === group.name && other.name !== name);
  if (others.length >= context.row<number>('scheduled-actions-per-group')) throw refuse(context, 'scheduled-limit');
  const key = keyOf({ group: group.name, name });
  const known = scheduledActions(context).get(key);
  const action: ScheduledAction = {
    group: group.name,
    name,
    arn: known?.arn ?? arnOf(context, group.name, name),
    startAt,
    endAt: input.EndTime && context.now + input.EndTime.getTime() - hostNow,
    recurrence,
    timeZone: input.TimeZone,
    min,
    max,
    desired,
  };
  scheduledActions(context).put(key, action);
  planAction(context, action);
  return {};
}

export function deleteScheduledAction(context: Context, input: { AutoScalingGroupName: string; ScheduledActionName: string }): Output {
  const { name: group } = groupOf(context, input.AutoScalingGroupName);
  const action = scheduledActions(context).get(keyOf({ group, name: input.ScheduledActionName }));
  if (!action) throw refuse(context, 'scheduled-action');
  dropAction(context, action);
  return {};
}

interface DescribeInput extends PageInput {
  readonly AutoScalingGroupName?: string;
  readonly ScheduledActionNames?: readonly string[];
  readonly StartTime?: Date;
  readonly EndTime?: Date;
}

/** Those that have not come yet. With names, times are not looked at. */
export function describeScheduledActions(context: Context, input: DescribeInput): Output {
  const { AutoScalingGroupName: group, ScheduledActionNames: names = [] } = input;
  const at = (time: number): Date => new Date(context.kernel.hostTime(time));
  const isWithin = ({ startAt }: ScheduledAction): boolean => names.length > 0
    || ((input.StartTime === undefined || at(startAt) >= input.StartTime) && (input.EndTime === undefined || at(startAt) <= input.EndTime));
  const wanted = scheduledActions(context).values()
    .filter((action) => (group === undefined || action.group === group) && (names.length === 0 || names.includes(action.name)) && isWithin(action));
  const { page, NextToken } = paged(context, wanted, keyOf, input);
  return {
    ScheduledUpdateGroupActions: page.map((action) => ({
      AutoScalingGroupName: action.group,
      ScheduledActionName: action.name,
      ScheduledActionARN: action.arn,
      Time: at(action.startAt),
      StartTime: at(action.startAt),
      EndTime: action.endAt === undefined ? undefined : at(action.endAt),
      Recurrence: action.recurrence,
      TimeZone: action.timeZone,
      MinSize: action.min,
      MaxSize: action.max,
      DesiredCapacity: action.desired,
    })),
    NextToken,
  };
}

function arnOf(context: Context, group: string, name: string): string {
  const id = idFormat.uuid(context.id('scheduled-action', name));
  return `arn:aws:autoscaling:${context.region}:${context.account}:scheduledUpdateGroupAction:${id}:autoScalingGroupName/${group}:scheduledActionName/${name}`;
}
