import type { Context } from '../../../wire/operation';

/** A tool ends before its work is done. */
export abstract class Stop extends Error {}

/** A refusal in the tool's own format; `row` names its text. */
export class Refusal extends Stop {
  public constructor(public readonly row: string, public readonly values: Readonly<Record<string, string | number>> = {}) {
    super(row);
  }
}

/** Wrong arguments: on stderr, before anything is tried. */
export class UsageError extends Stop {}

/** What the real tool can do and this one cannot: loud, and unlike any refusal of the tool. */
export class NotBuilt extends Stop {}

/** It needs an answer from the terminal. */
export class Prompt extends Stop {}

export function sayIn(context: Context, row: string, values: Readonly<Record<string, string | number>> = {}): string {
  return context.row<string>(`cloudhsm-client/${row}`).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
