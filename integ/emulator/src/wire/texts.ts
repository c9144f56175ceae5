import { join } from 'node:path';
import { Tables } from '../kernel';
import { ServiceError } from './operation';
import type { Context, Operation } from './operation';

/** What is filled into a text. */
export type Values = Readonly<Record<string, string | number>>;

/** The tables as they stand, without the answers that a run has chosen. */
const PLAIN = new Tables(join(__dirname, '..', '..', 'tables'));

/** Text of `<table>/<row>` with its `{names}` filled in, in the words of this run. */
export function textOf(context: Context, row: string, values: Values = {}): string {
  return filled(context.row<string>(row), values);
}

/** The same where nobody knows the run, in the table's own words. */
export function plainTextOf(row: string, values: Values = {}): string {
  const [table, id] = row.split('/');
  return filled(PLAIN.value<string>(table, id), values);
}

/**
 * A refusal by the row of its text. Texts are an interface: tools match on them, and how well each is known stands beside it. Where nobody knows
 * which answers the run has chosen to what AWS does not document, the text is the table's own until `speaking` puts it into the words of the run.
 */
export class Refusal extends ServiceError {
  public constructor(public readonly row: string, public readonly values: Values = {}, code = 'ValidationError', status = 400) {
    super(code, plainTextOf(row, values), { status });
  }
}

/** What an error says, in the words of this run. */
export function wordsOf(context: Context, error: ServiceError): string {
  return error instanceof Refusal ? textOf(context, error.row, error.values) : error.message;
}

/** Operations that refuse in the words of the run. */
export function speaking<O extends { readonly [operation: string]: Operation }>(operations: O): O {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, inWords(operation)])) as O;
}

function inWords(operation: Operation): Operation {
  return (context, input) => {
    try {
      return operation(context, input);
    } catch (error) {
      throw error instanceof Refusal ? new ServiceError(error.code, wordsOf(context, error), error.options) : error;
    }
  };
}

function filled(words: string, values: Values): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
