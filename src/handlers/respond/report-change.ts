import { SCHEDULE_DIMENSION, SCHEDULE_METRICS } from '../../lifecycle/schedule-contract';
import type { ScheduledAction } from '../../lifecycle/schedule-contract';
import type { Outcome } from '../engine/execution';
import { metricLine } from '../metric-line';

/** What became of a change that a schedule asked for: a line of the log, and a metric. Where it went wrong, why. */
export function reportChange(clusterId: string, scheduled: ScheduledAction, outcome: Outcome): void {
  const failed = outcome.status === 'FAILED';
  const line = metricLine({
    dimension: SCHEDULE_DIMENSION,
    id: clusterId,
    metrics: [{ name: SCHEDULE_METRICS.changeFailed, unit: 'Count', value: failed ? 1 : 0 }],
    says: { scheduled, ...failed ? { reason: outcome.reason } : outcome.note !== undefined && { note: outcome.note } },
  }, Date.now());
  // Not by console: Lambda puts a prefix before its lines, and one with metrics has to be JSON alone.
  process.stdout.write(line);
}
