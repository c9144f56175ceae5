import type { Memory } from './memory';

/**
 * What a plan decides: exactly one thing. A plan is a pure function of request, observation, memory and time.
 *
 * `act` is carried out only after the memory that comes with it is written down, so an attempt is known even when
 * its answer is lost.
 */
export type Step<A> =
  | {
    readonly kind: 'act';
    readonly acts: readonly A[];
    readonly memory: Memory;
    readonly because: string;
    /** Done twice it does no harm. If it fails, what its memory says of it is not so: the memory of before it counts, and it is planned anew. */
    readonly isRepeatable?: boolean;
  }
  | { readonly kind: 'wait'; readonly seconds: number; readonly because: string; readonly memory?: Memory }
  /** `note` is said although all went well: what is left for somebody to do. */
  | { readonly kind: 'done'; readonly attributes: Readonly<Record<string, string>>; readonly memory?: Memory; readonly note?: string }
  | { readonly kind: 'fail'; readonly code: string; readonly message: string };

/** Seconds between looks when the awaited thing may happen any moment. */
export const SOON = 5;

/** Seconds between looks when the awaited thing cannot be expected yet. */
export const LATER = 15;
