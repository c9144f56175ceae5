import type { Memory } from './memory';

/**
 * What a plan decides: exactly one thing. A plan is a pure function of request, observation, memory and time.
 *
 * `act` is carried out only after the memory that comes with it is written down, so an attempt is known even when
 * its answer is lost.
 */
export type Step<A> =
  | { readonly kind: 'act'; readonly acts: readonly A[]; readonly memory: Memory; readonly because: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly because: string; readonly memory?: Memory }
  /** `note` is said although all went well: what is left for somebody to do. */
  | { readonly kind: 'done'; readonly attributes: Readonly<Record<string, string>>; readonly memory?: Memory; readonly note?: string }
  | { readonly kind: 'fail'; readonly code: string; readonly message: string };

/** Seconds between looks when the awaited thing may happen any moment. */
export const SOON = 5;

/** Seconds between looks when the awaited thing cannot be expected yet. */
export const LATER = 15;

/** The end of a long wait is noticed at most so late, as a share of what has passed. */
const LATE_SHARE = 0.02;

/**
 * Seconds until the next look at something that takes minutes, nobody knows how many: rarely before the earliest end that has been seen, then often, and
 * the less often the longer it takes already.
 */
export function untilNextLook(passedMs: number, earliestMs: number): number {
  if (passedMs < earliestMs) return LATER;
  return Math.min(LATER, Math.max(SOON, Math.round((passedMs / 1000) * LATE_SHARE)));
}
