import { refusalOf } from '../aws/errors';
import { metricLine } from '../metric-line';
import type { LoggedMetric } from '../metric-line';

export type ProbeMetric = LoggedMetric;

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

/** The line for the log: problems, and metrics. */
export function logLine({ dimension, id, metrics, problems }: ProbeReport, now: number): string {
  return metricLine({ dimension, id, metrics, says: problems.length > 0 ? { problems } : {} }, now);
}
