import type { Hsm } from './aws/cloudhsm';

/**
 * A CreateHsm that was or may have been carried out. Written down before the call, because there is no idempotency token
 * and the list of HSMs lags: until it is seen, or 180 s have passed without it, it counts as one HSM.
 */
export interface Attempt {
  readonly id: string;
  readonly availabilityZone: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From the answer, when there was one. */
  readonly hsmId?: string;
  /** The service said no, in these words: nothing was made. */
  readonly refused?: { readonly code: string; readonly message: string };
}

/** After this time without being seen, an attempt has come to nothing. */
export const ATTEMPT_COUNTS_MS = 180_000;

/** Attempts split by what can be said of them now. */
export interface SortedAttempts {
  /** HSMs on the list that came from these attempts. */
  readonly made: readonly Hsm[];
  /** Not on the list yet, but may come. */
  readonly pending: readonly Attempt[];
  readonly refused: readonly Attempt[];
}

/**
 * Matches attempts with the list. An attempt whose answer was lost is matched with an HSM in its zone that was not
 * there before (`known`, by HSM id) and that no other attempt claims.
 */
export function sortAttempts(attempts: readonly Attempt[], hsms: readonly Hsm[], known: readonly string[], now: number): SortedAttempts {
  const claimed = new Set(attempts.flatMap(({ hsmId }) => hsmId ?? []));
  const made: Hsm[] = [];
  const pending: Attempt[] = [];
  for (const attempt of attempts.filter(({ refused }) => !refused)) {
    const found = hsms.find((hsm) => attempt.hsmId
      ? hsm.hsmId === attempt.hsmId
      : hsm.availabilityZone === attempt.availabilityZone && !known.includes(hsm.hsmId) && !claimed.has(hsm.hsmId));
    if (found) {
      made.push(found);
      claimed.add(found.hsmId);
    } else if (now - attempt.at < ATTEMPT_COUNTS_MS) {
      pending.push(attempt);
    }
  }
  return { made, pending, refused: attempts.filter(({ refused }) => refused) };
}
