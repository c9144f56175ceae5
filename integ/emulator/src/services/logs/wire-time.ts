import type { Context } from '../../wire/operation';

/** A point of emulated time as this service writes it: milliseconds of host time, as a number. */
export function toWire(context: Context, at: number): number {
  return Math.round(context.kernel.hostTime(at));
}

export function optionalToWire(context: Context, at: number | undefined): number | undefined {
  return at === undefined ? undefined : toWire(context, at);
}

/** The point of emulated time that a caller means. */
export function fromWire(context: Context, milliseconds: number): number {
  return Math.round(milliseconds - context.kernel.hostTime(0));
}
