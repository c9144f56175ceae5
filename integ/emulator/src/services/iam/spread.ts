import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** Records that decide what somebody may do. */
type Kind = 'role' | 'user' | 'policy';

/** What a record was before changes that have not spread yet, the oldest first; an empty one was not there. */
interface Unspread {
  readonly before: ReadonlyArray<{ readonly record?: unknown }>;
}

const unspread = (context: Context): Table<Unspread> => context.globalTable('iam/unspread');

/**
 * A table whose changes are answered at once and obeyed a little later, as AWS says of IAM: decisions ask for what is in force.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 */
export function spreading<T extends object>(context: Context, kind: Kind, table: Table<T>): Table<T> {
  return {
    ...table,
    put: (key, record) => {
      // A service waits by itself until the role that it has made can be taken on.
      if (!('linkedTo' in record)) remember(context, kind, key, table.get(key));
      return table.put(key, record);
    },
    delete: (key) => {
      remember(context, kind, key, table.get(key));
      table.delete(key);
    },
  };
}

function remember(context: Context, kind: Kind, key: string, record: unknown): void {
  const { principal } = context.caller;
  // What AWS sets up itself is there when it says so.
  if (principal.service !== undefined && principal.roleArn === undefined) return;
  const of = `${kind}/${key}`;
  const delay = context.delay('iam/spread', of);
  if (delay === 0) return;
  const { before } = unspread(context).get(of) ?? { before: [] };
  unspread(context).put(of, { before: [...before, record === undefined ? {} : { record }] });
  context.busy(`spread of a ${kind}`, 'iam', delay);
  context.after(delay, { kind: 'change-spread', args: { of } });
}

/** The oldest change of a record has reached everybody. */
export function changeSpread(context: Context, { of }: { readonly of: string }): void {
  const [, ...before] = unspread(context).get(of)?.before ?? [];
  if (before.length > 0) unspread(context).put(of, { before });
  else unspread(context).delete(of);
}

/** A record as decisions see it now; undefined for one that is not there for them. */
export function inForce<T>(context: Context, kind: Kind, key: string, table: Table<T>): T | undefined {
  const [oldest] = unspread(context).get(`${kind}/${key}`)?.before ?? [];
  return oldest ? oldest.record as T | undefined : table.get(key);
}
