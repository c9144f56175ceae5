import { join } from 'node:path';
import { Tables } from '../kernel';
import { ServiceError } from '../wire/operation';
import type { Context } from '../wire/operation';

/** Texts are an interface: tools match on them. They stand in `tables/cloudformation.json`, with how well each is known. */
export type Values = Readonly<Record<string, string | number>>;

const TABLES = new Tables(join(__dirname, '..', '..', 'tables'));

/** Text of a row with its `{names}` filled in. */
export function text(context: Context, row: string, values: Values = {}): string {
  return filled(context.row<string>(`cloudformation/${row}`), values);
}

/**
 * A refusal by the row of its text. Where templates are read and evaluated nobody knows which answers this run has chosen to what AWS does not
 * document: the text is the table's own until `worded` puts it into the words of the run.
 */
export class Refusal extends ServiceError {
  public constructor(public readonly row: string, public readonly values: Values = {}, code = 'ValidationError', status = 400) {
    super(code, filled(TABLES.value<string>('cloudformation', row), values), { status });
  }
}

/** What CloudFormation answers to nearly everything that is wrong with a request. */
export function refused(row: string, values?: Values): Refusal {
  return new Refusal(row, values);
}

/** What an error says, as this run words it. */
export function wordsOf(context: Context, error: ServiceError): string {
  return error instanceof Refusal ? text(context, error.row, error.values) : error.message;
}

/** The error with its text as this run words it. */
export function worded(context: Context, error: unknown): unknown {
  return error instanceof Refusal ? new ServiceError(error.code, wordsOf(context, error), error.options) : error;
}

function filled(words: string, values: Values): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
