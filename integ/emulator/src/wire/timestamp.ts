import type { TimestampFormat } from './model-document';

/** A moment as a protocol writes it. Epoch seconds are printed without an exponent and with at most three decimals. */
export function printTimestamp(value: Date, format: TimestampFormat): string {
  switch (format) {
    case 'iso8601': return value.toISOString();
    case 'rfc822': return value.toUTCString();
    case 'unixTimestamp': return String(value.getTime() / 1000);
  }
}

/**
 * A moment in whatever of the three formats it comes: clients differ, and the forms cannot be confused.
 *
 * @returns undefined when it is none of them
 */
export function parseTimestamp(text: string): Date | undefined {
  const trimmed = text.trim();
  const date = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed) ? new Date(Math.round(Number(trimmed) * 1000)) : new Date(trimmed);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
