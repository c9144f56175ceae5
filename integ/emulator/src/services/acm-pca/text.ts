import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** A refusal with the sentence of a row, its `{names}` filled in. */
export function refusal(context: Context, code: string, row: string, values: Readonly<Record<string, string | number>> = {}): ServiceError {
  const sentence = context.row<string>(`acm-pca/${row}`);
  return new ServiceError(code, sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole)));
}
