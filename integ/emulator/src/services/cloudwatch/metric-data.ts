import { data } from './state';
import type { DatumRecord, Dimension, HourRecord } from './state';
import type { Context } from '../../wire/operation';

const HOUR_MS = 3_600_000;

export interface MetricName {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
}

/** Data lie by metric and hour, so that an alarm finds the newest without looking at all that ever came. */
export function addDatum(context: Context, metric: MetricName, datum: DatumRecord): void {
  const key = keyOf(metric);
  const hour = Math.floor(datum.at / HOUR_MS);
  const before = data(context).get(`${key}@${hour}`);
  data(context).put(`${key}@${hour}`, {
    namespace: metric.Namespace ?? '', name: metric.MetricName ?? '', dimensions: metric.Dimensions ?? [], data: [...before?.data ?? [], datum],
  });
}

/** Data of a metric from one moment on and before another, oldest first. */
export function dataBetween(context: Context, metric: MetricName & { readonly Unit?: string }, from: number, to: number): DatumRecord[] {
  const found = hoursOf(context, keyOf(metric), from, to).flatMap((hour) => hour.data);
  return found.filter(({ at, unit }) => at >= from && at < to && (metric.Unit ?? unit) === unit).sort((a, b) => a.at - b.at);
}

/** An hour of each metric there is. */
export function metrics(context: Context): HourRecord[] {
  const named = data(context).values().map((hour): [string, HourRecord] =>
    [keyOf({ Namespace: hour.namespace, MetricName: hour.name, Dimensions: hour.dimensions }), hour]);
  return [...new Map(named).values()];
}

function hoursOf(context: Context, key: string, from: number, to: number): HourRecord[] {
  const [first, last] = [Math.floor(from / HOUR_MS), Math.floor(to / HOUR_MS)];
  const table = data(context);
  // A caller may ask for years: then there are fewer hours with data than without.
  if (last - first > table.size()) {
    return table.entries().filter(([hour]) => hour.startsWith(`${key}@`)).map(([, record]) => record);
  }
  return Array.from({ length: last - first + 1 }, (_, at) => table.get(`${key}@${first + at}`)).filter((hour) => hour !== undefined);
}

function keyOf({ Namespace = '', MetricName = '', Dimensions = [] }: MetricName): string {
  return JSON.stringify([Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()]);
}
