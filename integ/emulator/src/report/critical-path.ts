import type { ServiceTime } from '../kernel';
import type { CriticalPath } from './schema';

/** What times of IAM are written down for. */
export const IAM = 'iam';

/** A stretch of emulated milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * How much of an operation's time the service needed for itself.
 *
 * The floor is made of the work on clusters that nobody could have spared: a state in progress, a lag, a charged command. Of work of one kind on one
 * cluster the longest counts, because the service does it all at once when it is asked at once: who asks for HSMs one after the other adds to the
 * time and not to the floor. Of a script's commands the longest counts. Beside them counts what IAM takes until a role and a policy are obeyed, and
 * CloudFormation until it believes so, once each: nobody has a function without. Other work (an instance that boots, a second policy in a row) never does. What is left of the time is what was added: looks that came late, steps that waited for each other without need.
 */
export function criticalPath(operations: readonly Stretch[], clusterTimes: readonly ServiceTime[]): CriticalPath {
  const actual = length(union(operations));
  const floor = length(union(operations.flatMap((operation) => longestOfEachKind(clusterTimes.flatMap((time) => within(operation, time))))));
  return { floorSeconds: floor / 1000, actualSeconds: actual / 1000, overhead: floor === 0 ? 0 : Math.round((actual / floor - 1) * 10_000) / 10_000 };
}

/** Commands are a kind for each script, after which they are named. */
function longestOfEachKind(times: readonly ServiceTime[]): ServiceTime[] {
  const longest = new Map<string, ServiceTime>();
  for (const time of times) {
    const kind = `${time.resource} ${time.what}`;
    const known = longest.get(kind);
    if (!known || length([time]) > length([known])) longest.set(kind, time);
  }
  return [...longest.values()];
}

function within(operation: Stretch, time: ServiceTime): ServiceTime[] {
  const from = Math.max(operation.from, time.from);
  const to = Math.min(operation.to, time.to);
  return from < to ? [{ ...time, from, to }] : [];
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
