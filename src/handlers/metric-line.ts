import { PROBE_NAMESPACE } from '../lifecycle/probe-contract';

export interface LoggedMetric {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  readonly value: number;
}

/** Metrics of one thing, and what else is to be said of it. */
export interface MetricLine {
  readonly dimension: string;
  readonly id: string;
  readonly metrics: readonly LoggedMetric[];
  readonly says: Readonly<Record<string, unknown>>;
}

/**
 * A line for the log, from which CloudWatch takes the metrics: its embedded metric format. One line for all, for a line of that format is JSON alone.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine({ dimension, id, metrics, says }: MetricLine, now: number): string {
  const metadata = {
    Timestamp: now,
    CloudWatchMetrics: [{
      Namespace: PROBE_NAMESPACE,
      Dimensions: [[dimension]],
      Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    }],
  };
  const line = {
    ...metrics.length > 0 && { _aws: metadata },
    [dimension]: id,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    ...says,
  };
  return `${JSON.stringify(line)}\n`;
}
