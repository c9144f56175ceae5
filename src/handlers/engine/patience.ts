import type { Waiting } from './execution';
import { LATER } from './step';

/** The end of a long wait is noticed at most so late, as a share of how long it has taken. */
const LATE_SHARE = 0.02;

/** The wait that goes on, or a new one. */
export function waitingFor(because: string, before: Waiting | undefined, now: number): Waiting {
  return before?.because === because ? before : { because, since: now };
}

/**
 * Seconds until the next look, of which the plan says how many there are at the least. Most waits end within minutes, some take an hour: the longer one
 * takes already, the less often it is looked at, so that a look costs nothing and yet comes in time.
 */
export function patient(seconds: number, { since }: Waiting, now: number): number {
  const enough = Math.round(((now - since) / 1000) * LATE_SHARE);
  return Math.max(seconds, Math.min(LATER, enough));
}
