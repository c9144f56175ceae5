import { invalid } from './refusals';
import type { Context } from '../../wire/operation';

interface Page<T> {
  readonly items: T[];
  readonly next: { readonly NextToken?: string };
}

/**
 * One page of a list. The token is the key of the last item shown, so that it stays good while the list changes, and where that was: the way there through a
 * list of thousands would make late pages slower than the first.
 */
export function page<T>(
  context: Context,
  all: readonly T[],
  keyOf: (item: T) => string,
  { NextToken: token, MaxResults: size }: { readonly NextToken?: string; readonly MaxResults?: number },
  defaultSizeRow: string,
): Page<T> {
  let start = 0;
  if (token) {
    start = indexAfter(all, keyOf, token);
    if (start === 0) throw invalid(context, 'text-next-token');
  }
  const end = start + (size ?? context.row<number>(defaultSizeRow));
  const items = all.slice(start, end);
  const last = items.at(-1);
  return { items, next: last !== undefined && end < all.length ? { NextToken: tokenOf(end - 1, keyOf(last)) } : {} };
}

function tokenOf(index: number, key: string): string {
  return Buffer.from(`${index} ${key}`).toString('base64url');
}

/** 0 when the token is not of this list. */
function indexAfter<T>(all: readonly T[], keyOf: (item: T) => string, token: string): number {
  const [, index, key] = /^(\d+) (.*)$/s.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? [];
  if (key === undefined) return 0;
  const there = all[Number(index)];
  if (there !== undefined && keyOf(there) === key) return Number(index) + 1;
  return all.findIndex((item) => keyOf(item) === key) + 1;
}

/** Whether an item passes filters `{ name: [values] }`; several names must all match, one value of each is enough. */
export function passes<T>(
  context: Context,
  filters: Readonly<Record<string, readonly string[]>> | undefined,
  known: Readonly<Record<string, (item: T) => string | undefined>>,
): (item: T) => boolean {
  const wanted = Object.entries(filters ?? {});
  for (const [name] of wanted) {
    if (!Object.hasOwn(known, name)) throw invalid(context, 'text-filter', { name });
  }
  return (item) => wanted.every(([name, values]) => values.includes(known[name](item) ?? ''));
}
