import { PROBE_NAMESPACE } from '../../lifecycle/probe-contract';
import { refusalOf } from '../aws/errors';

export interface ProbeMetric {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  readonly value: number;
}

/** What a probe saw of one thing. */
export interface ProbeReport {
  readonly dimension: string;
  readonly id: string;
  /** What could not be seen has no metric: that is missing, and missing is alarming. */
  readonly metrics: readonly ProbeMetric[];
  readonly problems: readonly ProbeProblem[];
}

/** Why something was not seen. */
export interface ProbeProblem {
  readonly reading: string;
  readonly code: string;
  readonly message: string;
}

/** What was read, or why not. */
export async function reading<T>(name: string, read: () => Promise<T>): Promise<{ readonly value: T } | { readonly problem: ProbeProblem }> {
  try {
    return { value: await read() };
  } catch (error) {
    return { problem: { reading: name, ...refusalOf(error) } };
  }
}

/**
 * The line for the log: problems, and metrics in CloudWatch's embedded metric format. One line for all, for a line of that format is JSON alone.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function logLine({ dimension, id, metrics, problems }: ProbeReport, now: number): string {
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
    ...problems.length > 0 && { problems },
  };
  return `${JSON.stringify(line)}\n`;
}
