import type { FleetMemory } from './state';
import { ATTEMPT_COUNTS_MS, isSame, knownOf } from '../attempts';
import type { Known } from '../attempts';
import type { Hsm } from '../aws/cloudhsm';

export interface Absent {
  /** With what was seen now. */
  readonly memory: FleetMemory;
  /** They count, each as one HSM. */
  readonly absent: readonly Known[];
}

/**
 * HSMs that were there, or came of this request, and are off the list although nobody here asked them to go: the service replaces a failed HSM by another on the
 * same interface, and the list may be late to show it. As long as a new one may take to be shown no other is bought for it.
 */
export function lookForAbsent(memory: FleetMemory, living: readonly Hsm[], made: readonly Hsm[], now: number): Absent {
  const before = [...memory.before!, ...memory.came ?? []];
  const came = made.filter((hsm) => !before.some((known) => isSame(hsm, known))).map(knownOf);
  const lost = before.filter((known) => memory.removals?.[known.hsmId] === undefined && !living.some((hsm) => isSame(hsm, known)));
  const absentSince = Object.fromEntries(lost.map(({ hsmId }) => [hsmId, memory.absentSince?.[hsmId] ?? now]));
  return {
    memory: {
      ...memory,
      ...came.length > 0 ? { came: [...memory.came ?? [], ...came] } : {},
      ...lost.length > 0 || memory.absentSince ? { absentSince } : {},
    },
    absent: lost.filter(({ hsmId }) => now - absentSince[hsmId] < ATTEMPT_COUNTS_MS),
  };
}
