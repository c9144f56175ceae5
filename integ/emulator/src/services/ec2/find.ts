import { isId } from './ids';
import { refuse } from './refusals';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/**
 * The record of an id that somebody named.
 *
 * @param key row `error-<key>` says how the service refuses an unknown id; `<key>-malformed`, where there is one, a misspelt id
 */
export function find<T>(context: Context, table: Table<T>, prefix: string, key: string, id: string | undefined): T {
  if (id === undefined || id === '') throw refuse(context, 'missing-parameter', `${prefix}Id`);
  const record = table.get(id);
  if (record) return record;
  if (!isId(prefix, id) && context.kernel.tables.has('ec2', `error-${key}-malformed`)) throw refuse(context, `${key}-malformed`, id);
  throw refuse(context, key, id);
}
