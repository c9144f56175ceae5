import type { Context } from '../../wire/operation';

/** The sentence of a row with its `{names}` filled in. */
export function text(context: Context, row: string, values: Readonly<Record<string, string | number>> = {}): string {
  return context.row<string>(row).replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** A point of emulated time as the wire has it. */
export function date(context: Context, at: number): Date {
  return new Date(context.kernel.hostTime(at));
}
