import type { Context, Output } from '../../../wire/operation';
import { changeState, note } from '../change-state';
import { cancelEvaluation, planEvaluation } from '../evaluate';
import { page } from '../paging';
import { alarms, date, history, instant } from '../state';
import type { AlarmRecord, Dimension, Tag } from '../state';
import { refusal } from '../text';

interface AlarmInput {
  readonly AlarmName: string;
  readonly ActionsEnabled?: boolean;
  readonly Tags?: readonly Tag[];
  readonly [member: string]: unknown;
}

interface DescribeInput {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: string;
  readonly ActionPrefix?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

interface NamesInput {
  readonly AlarmNames: readonly string[];
}

const NOT_EVALUATED = 'Unchecked: Initial alarm creation';

export function putMetricAlarm(context: Context, input: AlarmInput): void {
  put(context, 'metric', input);
}

export function putCompositeAlarm(context: Context, input: AlarmInput): void {
  put(context, 'composite', input);
}

export function deleteAlarms(context: Context, { AlarmNames }: NamesInput): void {
  const missing = AlarmNames.find((name) => !alarms(context).has(name));
  if (missing !== undefined && AlarmNames.length > 1) throw refusal(context, 'ResourceNotFound', 'text-no-alarm', { name: missing });
  for (const name of AlarmNames) {
    const alarm = alarms(context).get(name);
    if (alarm) cancelEvaluation(context, alarm);
    alarms(context).delete(name);
  }
}

/** Without types only metric alarms are shown. */
export function describeAlarms(context: Context, input: DescribeInput): Output {
  const types = input.AlarmTypes ?? ['MetricAlarm'];
  const all = alarms(context).values()
    .filter(({ kind }) => types.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
    .filter((alarm) => (input.AlarmNames?.includes(alarm.name) ?? true)
      && alarm.name.startsWith(input.AlarmNamePrefix ?? '')
      && (input.StateValue ?? alarm.state) === alarm.state
      && (input.ActionPrefix === undefined || actionsOf(alarm).some((action) => action.startsWith(input.ActionPrefix!))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, NextToken } = page(context, all, input.NextToken, input.MaxRecords ?? 50);
  const ofKind = (kind: AlarmRecord['kind']) => items.filter((alarm) => alarm.kind === kind).map((alarm) => shown(context, alarm));
  return { MetricAlarms: ofKind('metric'), CompositeAlarms: ofKind('composite'), NextToken };
}

export function describeAlarmsForMetric(
  context: Context, input: { readonly MetricName: string; readonly Namespace: string; readonly Dimensions?: readonly Dimension[] },
): Output {
  const key = (dimensions: readonly Dimension[] = []) => dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort().join();
  const found = alarms(context).values().filter(({ input: { MetricName, Namespace, Dimensions } }) => MetricName === input.MetricName
    && Namespace === input.Namespace && key(Dimensions as readonly Dimension[] | undefined) === key(input.Dimensions));
  return { MetricAlarms: found.map((alarm) => shown(context, alarm)) };
}

export function enableAlarmActions(context: Context, input: NamesInput): void {
  setActions(context, input, true);
}

export function disableAlarmActions(context: Context, input: NamesInput): void {
  setActions(context, input, false);
}

/** Until the alarm is evaluated again. */
export function setAlarmState(
  context: Context,
  input: { readonly AlarmName: string; readonly StateValue: string; readonly StateReason: string; readonly StateReasonData?: string },
): void {
  const alarm = alarms(context).get(input.AlarmName);
  if (!alarm) throw refusal(context, 'ResourceNotFound', 'text-no-alarm', { name: input.AlarmName });
  changeState(context, alarm, { state: input.StateValue, reason: input.StateReason, reasonData: input.StateReasonData });
}

export function describeAlarmHistory(
  context: Context,
  input: {
    readonly AlarmName?: string;
    readonly HistoryItemType?: string;
    readonly StartDate?: Date;
    readonly EndDate?: Date;
    readonly ScanBy?: string;
    readonly MaxRecords?: number;
    readonly NextToken?: string;
  },
): Output {
  const from = input.StartDate ? instant(context, input.StartDate) : -Infinity;
  const to = input.EndDate ? instant(context, input.EndDate) : Infinity;
  const all = history(context).values().filter(({ alarm, type, at }) => (input.AlarmName ?? alarm) === alarm
    && (input.HistoryItemType ?? type) === type && at >= from && at <= to);
  if (input.ScanBy !== 'TimestampAscending') all.reverse();
  const { items, NextToken } = page(context, all, input.NextToken, input.MaxRecords ?? 50);
  return {
    AlarmHistoryItems: items.map(({ alarm, kind, at, type, summary, data }) => ({
      AlarmName: alarm, AlarmType: kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm', Timestamp: date(context, at), HistoryItemType: type, HistorySummary: summary, HistoryData: data,
    })),
    NextToken,
  };
}

/** Putting an alarm anew keeps its state and its tags. */
function put(context: Context, kind: AlarmRecord['kind'], { Tags, ...input }: AlarmInput): void {
  const name = input.AlarmName;
  const before = alarms(context).get(name);
  if (before && before.kind !== kind) throw refusal(context, 'InvalidParameterCombinationException', 'text-other-kind');
  const alarm = alarms(context).put(name, {
    name,
    arn: context.arn('cloudwatch', `alarm:${name}`),
    kind,
    input,
    actionsEnabled: input.ActionsEnabled ?? true,
    state: before?.state ?? 'INSUFFICIENT_DATA',
    reason: before?.reason ?? NOT_EVALUATED,
    reasonData: before?.reasonData,
    changedAt: context.now,
    stateAt: before?.stateAt ?? context.now,
    tags: before?.tags ?? Tags ?? [],
  });
  note(context, alarm, 'ConfigurationUpdate', `Alarm "${name}" ${before ? 'updated' : 'created'}`, { version: '1.0', type: before ? 'Update' : 'Create' });
  planEvaluation(context, alarm);
}

function setActions(context: Context, { AlarmNames }: NamesInput, actionsEnabled: boolean): void {
  for (const name of AlarmNames) {
    const alarm = alarms(context).get(name);
    if (alarm) alarms(context).put(name, { ...alarm, actionsEnabled });
  }
}

function actionsOf({ input }: AlarmRecord): string[] {
  return ['OKActions', 'AlarmActions', 'InsufficientDataActions'].flatMap((name) => (input[name] ?? []) as string[]);
}

function shown(context: Context, alarm: AlarmRecord): Output {
  return {
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...(alarm.kind === 'metric' && alarm.input.Metrics === undefined ? { Dimensions: [] } : {}),
    ...alarm.input,
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    AlarmConfigurationUpdatedTimestamp: date(context, alarm.changedAt),
    StateUpdatedTimestamp: date(context, alarm.stateAt),
    StateTransitionedTimestamp: date(context, alarm.stateAt),
  };
}
