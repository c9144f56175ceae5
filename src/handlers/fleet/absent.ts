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
  const before = memory.before!;
  const came = addNew(memory.came ?? [], made.filter((hsm) => !before.some((known) => isSame(hsm, known))));
  const isLost = (known: Known) => memory.removals?.[known.hsmId] === undefined && !living.some((hsm) => isSame(hsm, known));
  const lost = [...before, ...memory.came ?? []].filter(isLost);
  const absentSince = Object.fromEntries(lost.map(({ hsmId }) => [hsmId, memory.absentSince?.[hsmId] ?? now]));
  return {
    memory: {
      ...memory,
      ...came.length > 0 ? { came } : {},
      ...lost.length > 0 || memory.absentSince ? { absentSince } : {},
    },
    absent: lost.filter(({ hsmId }) => now - absentSince[hsmId] < ATTEMPT_COUNTS_MS),
  };
}

/** An HSM's interface is shown later than the HSM. */
function addNew(known: readonly Known[], hsms: readonly Hsm[]): Known[] {
  const isShownNow = ({ hsmId, eniId }: Known) => eniId === undefined && hsms.some((hsm) => hsm.hsmId === hsmId && hsm.eniId !== undefined);
  const kept = known.filter((one) => !isShownNow(one));
  return [...kept, ...hsms.filter((hsm) => !kept.some((one) => isSame(hsm, one))).map(knownOf)];
}
