import type { ServiceTime } from '../kernel';
import type { CriticalPath } from './schema';

/** A stretch of emulated milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * How much of an operation's time the service needed for itself.
 *
 * The floor is the time in which the service was at work on one of the clusters (a state in progress, a lag, a charged command); what
 * is left of the operation is what was added: polls that came late, steps that waited for each other without need. Parallel work counts once,
 * of a script's commands the longest, and work on anything but a cluster (an instance that boots, a role that is made) never counts for the floor.
 */
export function criticalPath(operations: readonly Stretch[], clusterTimes: readonly ServiceTime[]): CriticalPath {
  const window = union(operations);
  const actual = length(window);
  const floor = length(union(oneCommandEach(clusterTimes).flatMap((time) => window.flatMap((stretch) => overlap(time, stretch)))));
  return { floorSeconds: floor / 1000, actualSeconds: actual / 1000, overhead: floor === 0 ? 0 : Math.round((actual / floor - 1) * 10_000) / 10_000 };
}

/** Times of commands are named after their script. */
function oneCommandEach(times: readonly ServiceTime[]): ServiceTime[] {
  const longest = new Map<string, ServiceTime>();
  for (const time of times.filter(({ what }) => what.startsWith('command of '))) {
    const known = longest.get(time.what);
    if (!known || time.to - time.from > known.to - known.from) longest.set(time.what, time);
  }
  return [...times.filter(({ what }) => !what.startsWith('command of ')), ...longest.values()];
}

function overlap(a: Stretch, b: Stretch): Stretch[] {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? [{ from, to }] : [];
}

function union(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = merged[merged.length - 1];
    if (last && stretch.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, stretch.to) };
    else merged.push({ from: stretch.from, to: stretch.to });
  }
  return merged;
}

function length(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}
