import type { Values } from '../kernel';
import type { Context } from '../wire/operation';
import { Refusal, textOf } from '../wire/operation';

/** Text of a row of CloudFormation's table. */
export function text(context: Context, row: string, values?: Values): string {
  return textOf(context, `cloudformation/${row}`, values);
}

/** What CloudFormation answers to nearly everything that is wrong with a request, but for a few codes. */
export function refused(row: string, values?: Values, code?: string, status?: number): Refusal {
  return new Refusal(`cloudformation/${row}`, values, code, status);
}
