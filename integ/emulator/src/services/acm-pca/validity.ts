import { refusal } from './text';
import type { Context } from '../../wire/operation';

export interface ValidityInput {
  readonly Type: string;
  readonly Value: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** When a validity that is given so ends, counted from `start`. */
export function instantOf(context: Context, { Type, Value }: ValidityInput, start: Date): Date {
  switch (Type) {
    case 'ABSOLUTE':
      return new Date(Value * 1000);
    case 'END_DATE':
      return endDate(context, String(Value));
    case 'DAYS':
      return new Date(start.getTime() + Value * DAY_MS);
    case 'MONTHS':
      return later(start, Value);
    default:
      return later(start, Value * 12);
  }
}

/** A clock that goes a little wrong does not make a certificate invalid. */
export function beginning(context: Context, given: ValidityInput | undefined, now: Date): Date {
  return given ? instantOf(context, given, now) : new Date(now.getTime() - context.row<number>('acm-pca/backdated-minutes') * 60_000);
}

/** Two digits of the year before 2050 (UTCTime), four from then on (GeneralizedTime). */
function endDate(context: Context, digits: string): Date {
  const text = digits.length <= 12 ? `20${digits.padStart(12, '0')}` : digits;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  const date = new Date(parts ? Date.UTC(+parts[1], +parts[2] - 1, +parts[3], +parts[4], +parts[5], +parts[6]) : NaN);
  if (Number.isNaN(date.getTime())) throw refusal(context, 'InvalidArgsException', 'text-end-date', { digits });
  return date;
}

function later(start: Date, months: number): Date {
  const date = new Date(start);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date;
}
