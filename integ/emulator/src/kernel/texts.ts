import { join } from 'node:path';
import { PACKAGE_FOLDER } from './package-folder';
import { Tables } from './rows';

/** What is filled into a text. */
export type Values = Readonly<Record<string, string | number>>;

/** The tables as they stand, without the answers that a run has chosen. */
const PLAIN = new Tables(join(PACKAGE_FOLDER, 'tables'));

/** Text of `<table>/<row>` where nobody knows the run, in the table's own words. */
export function plainText(row: string, values: Values = {}): string {
  const [table, id] = row.split('/');
  return filled(PLAIN.value<string>(table, id), values);
}

/** A text with its `{names}` filled in. */
export function filled(words: string, values: Values): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
