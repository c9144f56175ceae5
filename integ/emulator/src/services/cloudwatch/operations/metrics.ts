import type { Context, Output } from '../../../wire/operation';
import { addDatum, dataBetween, metrics } from '../metric-data';
import { page } from '../paging';
import { date, instant } from '../state';
import type { DatumRecord, Dimension } from '../state';
import { valueOf } from '../statistics';

interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Timestamp?: Date;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: { readonly SampleCount: number; readonly Sum: number; readonly Minimum: number; readonly Maximum: number };
  readonly Unit?: string;
}

interface Metric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
}

interface StatisticsInput extends Metric {
  readonly StartTime: Date;
  readonly EndTime: Date;
  readonly Period: number;
  readonly Statistics?: readonly string[];
  readonly Unit?: string;
}

interface Query {
  readonly Id: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string; readonly Unit?: string };
}

export function putMetricData(context: Context, input: { readonly Namespace: string; readonly MetricData?: readonly MetricDatum[] }): void {
  for (const datum of input.MetricData ?? []) {
    addDatum(context, { Namespace: input.Namespace, ...datum }, {
      at: datum.Timestamp ? instant(context, datum.Timestamp) : context.now, unit: datum.Unit ?? 'None', ...summed(datum),
    });
  }
}

export function listMetrics(context: Context, input: Metric & { readonly NextToken?: string }): Output {
  const wanted = input.Dimensions ?? [];
  const all = metrics(context)
    .filter(({ namespace, name, dimensions }) => (input.Namespace ?? namespace) === namespace && (input.MetricName ?? name) === name
      && wanted.every(({ Name, Value }) => dimensions.some((found) => found.Name === Name && (Value ?? found.Value) === found.Value)));
  const { items, NextToken } = page(context, all, input.NextToken, 500);
  return { Metrics: items.map(({ namespace, name, dimensions }) => ({ Namespace: namespace, MetricName: name, Dimensions: dimensions })), NextToken };
}

export function getMetricStatistics(context: Context, input: StatisticsInput): Output {
  const points = [...periodsOf(context, input, input)].map(([at, found]) => ({
    Timestamp: date(context, at),
    Unit: found[0].unit,
    ...Object.fromEntries((input.Statistics ?? []).map((statistic) => [statistic, valueOf(statistic, found)])),
  }));
  return { Label: input.MetricName, Datapoints: points };
}

/** Expressions are not calculated: their results are empty, and say so. */
export function getMetricData(
  context: Context,
  input: { readonly MetricDataQueries: readonly Query[]; readonly StartTime: Date; readonly EndTime: Date; readonly ScanBy?: string },
): Output {
  const results = input.MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(({ Id, Label, MetricStat }) => {
    if (!MetricStat) return { Id, Label: Label ?? Id, Timestamps: [], Values: [], StatusCode: 'Complete', Messages: [{ Code: 'NotBuilt', Value: '[emulator] metric math is not built' }] };
    const periods = [...periodsOf(context, { ...MetricStat.Metric, Unit: MetricStat.Unit }, { ...input, Period: MetricStat.Period })];
    if (input.ScanBy !== 'TimestampAscending') periods.reverse();
    return {
      Id,
      Label: Label ?? MetricStat.Metric.MetricName,
      Timestamps: periods.map(([at]) => date(context, at)),
      Values: periods.map(([, found]) => valueOf(MetricStat.Stat, found)),
      StatusCode: 'Complete',
    };
  });
  return { MetricDataResults: results, Messages: [] };
}

/** Data of a metric by the beginning of the period they fall in, oldest first. */
function periodsOf(
  context: Context,
  metric: Metric & { readonly Unit?: string },
  window: { readonly StartTime: Date; readonly EndTime: Date; readonly Period: number },
): Map<number, DatumRecord[]> {
  const start = instant(context, window.StartTime);
  const end = instant(context, window.EndTime);
  const periods = new Map<number, DatumRecord[]>();
  for (const datum of dataBetween(context, metric, start, end)) {
    const at = start + Math.floor((datum.at - start) / (window.Period * 1_000)) * window.Period * 1_000;
    periods.set(at, [...periods.get(at) ?? [], datum]);
  }
  return periods;
}

function summed({ Value, Values, Counts, StatisticValues }: MetricDatum): Pick<DatumRecord, 'count' | 'sum' | 'min' | 'max'> {
  if (StatisticValues) {
    const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
    return { count, sum, min, max };
  }
  const values = Values ?? [Value ?? 0];
  const counts = values.map((_, at) => Counts?.[at] ?? 1);
  return {
    count: counts.reduce((sum, count) => sum + count, 0),
    sum: values.reduce((sum, value, at) => sum + value * counts[at], 0),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
