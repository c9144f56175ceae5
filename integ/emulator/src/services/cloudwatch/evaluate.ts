import { changeState } from './change-state';
import { judge } from './judge';
import type { Rule } from './judge';
import { dataBetween } from './metric-data';
import type { MetricName } from './metric-data';
import { alarms } from './state';
import type { AlarmRecord } from './state';
import { valueOf } from './statistics';
import { textOf } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** What of an alarm's input is evaluated. */
interface Evaluated extends MetricName {
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Unit?: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData?: string;
}

const COMPARISONS: Readonly<Record<string, { readonly holds: (value: number, threshold: number) => boolean; readonly words: string }>> = {
  GreaterThanThreshold: { holds: (value, threshold) => value > threshold, words: 'greater than the threshold' },
  GreaterThanOrEqualToThreshold: { holds: (value, threshold) => value >= threshold, words: 'greater than or equal to the threshold' },
  LessThanThreshold: { holds: (value, threshold) => value < threshold, words: 'less than the threshold' },
  LessThanOrEqualToThreshold: { holds: (value, threshold) => value <= threshold, words: 'less than or equal to the threshold' },
};

/** Plans the next look at an alarm: a little after the end of the present period. Periods begin at multiples of their length in emulated time. */
export function planEvaluation(context: Context, alarm: AlarmRecord): void {
  const input = evaluated(alarm);
  if (!input) return;
  const period = input.Period! * 1_000;
  const lag = context.row<number>('cloudwatch/evaluation-lag') * 1_000;
  const end = (Math.floor((context.now - lag) / period) + 1) * period;
  context.after(end + lag - context.now, { kind: 'evaluate', args: { name: alarm.name }, daemon: true, id: eventOf(alarm) });
  const vendor = context.row<Record<string, string>>('cloudwatch/vendors')[input.Namespace ?? ''];
  if (vendor !== undefined) context.after(end - period / 2 - context.now, { kind: `${vendor}.metrics-due`, args: {}, daemon: true, id: dueEvent(alarm) });
}

export function cancelEvaluation(context: Context, alarm: AlarmRecord): void {
  context.cancel(eventOf(alarm));
  context.cancel(dueEvent(alarm));
}

/** Event: a period is over. */
export function evaluate(context: Context, { name }: { name: string }): void {
  const alarm = alarms(context).get(name);
  const input = alarm && evaluated(alarm);
  if (!input) return;
  const rule: Rule = {
    evaluationPeriods: input.EvaluationPeriods,
    datapointsToAlarm: input.DatapointsToAlarm ?? input.EvaluationPeriods,
    treatMissingData: input.TreatMissingData ?? 'missing',
    isBreaching: (value) => COMPARISONS[input.ComparisonOperator].holds(value, input.Threshold!),
  };
  const points = pointsOf(context, input);
  const state = judge(rule, points);
  if (state !== undefined && state !== alarm.state) changeState(context, alarm, { state, reason: reasonOf(context, input, rule, points, state) });
  planEvaluation(context, alarms(context).get(name)!);
}

/** Values of the periods of the evaluation range, newest first. */
function pointsOf(context: Context, input: Evaluated): Array<number | undefined> {
  const period = input.Period! * 1_000;
  const end = Math.floor((context.now - context.row<number>('cloudwatch/evaluation-lag') * 1_000) / period) * period;
  const length = input.EvaluationPeriods + context.row<number>('cloudwatch/evaluation-range-more');
  const all = dataBetween(context, input, end - length * period, end);
  return Array.from({ length }, (_, at) => {
    const found = all.filter((datum) => datum.at >= end - (at + 1) * period && datum.at < end - at * period);
    return found.length > 0 ? valueOf(input.Statistic ?? input.ExtendedStatistic ?? 'Average', found) : undefined;
  });
}

function reasonOf(context: Context, input: Evaluated, rule: Rule, points: ReadonlyArray<number | undefined>, state: string): string {
  const real = points.filter((point) => point !== undefined).slice(0, rule.evaluationPeriods);
  const of = { count: real.length, periods: rule.evaluationPeriods, treatment: { breaching: 'Breaching', notBreaching: 'NonBreaching' }[rule.treatMissingData] ?? 'Missing' };
  if (real.length === 0) {
    return textOf(context, state === 'INSUFFICIENT_DATA' ? 'cloudwatch/text-reason-insufficient' : 'cloudwatch/text-reason-missing', of);
  }
  return textOf(context, 'cloudwatch/text-reason-crossed', {
    ...of,
    values: real.map((value) => String(value)).join(', '),
    is: state === 'ALARM' ? 'were' : 'were not',
    words: COMPARISONS[input.ComparisonOperator].words,
    threshold: input.Threshold!,
  });
}

/** Alarms on one metric by one threshold; metric math and anomaly bands are not calculated. */
function evaluated({ kind, input }: AlarmRecord): Evaluated | undefined {
  const { MetricName, Period, Threshold, ComparisonOperator } = input as unknown as Evaluated;
  const simple = kind === 'metric' && MetricName !== undefined && Period !== undefined && Threshold !== undefined && ComparisonOperator in COMPARISONS;
  return simple ? input as unknown as Evaluated : undefined;
}

function eventOf({ arn }: AlarmRecord): string {
  return `cloudwatch-evaluate/${arn}`;
}

/** Services report their own metrics when an alarm is about to look at them: an hour without alarms costs nothing. */
function dueEvent({ arn }: AlarmRecord): string {
  return `cloudwatch-due/${arn}`;
}
