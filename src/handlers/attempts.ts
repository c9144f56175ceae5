import type { Hsm } from './aws/cloudhsm';
import { presenceOf } from './cluster-state';

/**
 * A CreateHsm that was or may have been carried out. Written down before the call, because there is no idempotency token
 * and the list of HSMs lags: until it is seen, or 180 s have passed without it, it counts as one HSM.
 */
export interface Attempt {
  readonly id: string;
  readonly availabilityZone: string;
  /** The address that was asked for; absent: the service chooses. */
  readonly ipAddress?: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From the answer, when there was one. */
  readonly hsmId?: string;
  /** The service said no, in these words: nothing was made. */
  readonly refused?: { readonly code: string; readonly message: string };
}

/** After this time without being seen, an attempt has come to nothing. */
export const ATTEMPT_COUNTS_MS = 180_000;

/** An HSM that was there when the request began, or came of it. */
export type Known = Pick<Hsm, 'hsmId' | 'availabilityZone' | 'eniId'>;

/** What is remembered of an HSM. */
export function knownOf({ hsmId, availabilityZone, eniId }: Hsm): Known {
  return { hsmId, availabilityZone, eniId };
}

/** Whether an HSM is that one, or stands in for it: the service replaces one by another on the same interface. */
export function isSame(hsm: Known, other: Known): boolean {
  return hsm.hsmId === other.hsmId || (hsm.eniId !== undefined && hsm.eniId === other.eniId);
}

/** Attempts split by what can be said of them now. */
export interface SortedAttempts {
  /** HSMs on the list that came from these attempts. */
  readonly made: readonly Hsm[];
  /** Not on the list yet, but may come. */
  readonly pending: readonly Attempt[];
  readonly refused: readonly Attempt[];
}

/**
 * Matches attempts with the list: by the HSM's id; without an answer, or when the HSM was replaced by the service since, with a new HSM in the zone.
 */
export function sortAttempts(attempts: readonly Attempt[], hsms: readonly Hsm[], known: readonly Known[], now: number): SortedAttempts {
  const open = attempts.filter(({ refused }) => !refused);
  const strangers = new Map<string, Hsm[]>();
  const strangersIn = (zone: string) => {
    if (!strangers.has(zone)) strangers.set(zone, strangersOf(hsms, known, open, zone));
    return strangers.get(zone)!;
  };
  const found = new Map<string, Hsm | undefined>();
  const match = (some: readonly Attempt[], find: (attempt: Attempt) => Hsm | undefined) => {
    for (const attempt of some.filter(({ id }) => !found.get(id))) found.set(attempt.id, find(attempt));
  };
  match(open, ({ hsmId }) => hsms.find((hsm) => hsm.hsmId === hsmId));
  match(open.filter(({ hsmId }) => !hsmId), ({ availabilityZone }) => strangersIn(availabilityZone).shift());
  match(open.filter(({ at }) => now - at >= ATTEMPT_COUNTS_MS), ({ availabilityZone }) => strangersIn(availabilityZone).shift());
  return {
    made: open.flatMap(({ id }) => found.get(id) ?? []),
    pending: open.filter(({ id, at }) => !found.get(id) && now - at < ATTEMPT_COUNTS_MS),
    refused: attempts.filter(({ refused }) => refused),
  };
}

/**
 * HSMs of a zone that were not there before, that no attempt knows by id, and that do not stand in for one that was there before: the service
 * replaces an HSM by one with another id on the same interface, which is not always shown at once.
 */
function strangersOf(hsms: readonly Hsm[], known: readonly Known[], attempts: readonly Attempt[], zone: string): Hsm[] {
  const strangers = hsms.filter((hsm) => hsm.availabilityZone === zone && ['joining', 'present'].includes(presenceOf(hsm))
    && !known.some((other) => isSame(hsm, other)) && !attempts.some(({ hsmId }) => hsmId === hsm.hsmId));
  for (const missing of known.filter((other) => other.availabilityZone === zone && !hsms.some((hsm) => isSame(hsm, other)))) {
    const standIn = strangers.findIndex(({ eniId }) => !eniId || !missing.eniId);
    if (standIn >= 0) strangers.splice(standIn, 1);
  }
  return strangers;
}
