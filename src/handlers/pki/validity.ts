import type { Problem } from './problem';

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Ten years: clients stop trusting a cluster when its anchor ends, and no API replaces an anchor. */
export const MINIMUM_VALIDITY_YEARS = 10;
export const MAXIMUM_VALIDITY_YEARS = 100;

export const DAY_MILLISECONDS = 86_400_000;

/** Certificates know no smaller unit. */
export function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** The same day and time in another year. 29 February becomes 1 March, so that it is never shorter than asked for. */
export function addYears(date: Date, years: number): Date {
  const result = new Date(date);
  result.setUTCFullYear(result.getUTCFullYear() + years);
  return result;
}

/** Both ends belong to it (RFC 5280, 4.1.2.5). */
export function validityProblems(what: string, { notBefore, notAfter }: Validity, now: Date): Problem<'NotYetValid' | 'Expired'>[] {
  if (now < notBefore) {
    return [{ code: 'NotYetValid', message: `${what} is not valid before ${iso(notBefore)}` }];
  }
  if (wholeSeconds(now) > notAfter) {
    return [{ code: 'Expired', message: `${what} expired at ${iso(notAfter)}` }];
  }
  return [];
}

export function iso(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
