import { invalid } from './refusals';
import type { Context } from '../../wire/operation';

interface Page<T> {
  readonly items: T[];
  readonly next: { readonly NextToken?: string };
}

/** One page of a list; the token is the key of the last item shown, so that it stays good while the list changes. */
export function page<T>(
  context: Context,
  all: readonly T[],
  keyOf: (item: T) => string,
  { NextToken: token, MaxResults: size }: { readonly NextToken?: string; readonly MaxResults?: number },
  defaultSizeRow: string,
): Page<T> {
  let start = 0;
  if (token) {
    const after = Buffer.from(token, 'base64url').toString('utf8');
    start = all.findIndex((item) => keyOf(item) === after) + 1;
    if (start === 0) throw invalid(context, 'text-next-token');
  }
  const end = start + (size ?? context.row<number>(defaultSizeRow));
  const items = all.slice(start, end);
  const last = items.at(-1);
  return { items, next: last !== undefined && end < all.length ? { NextToken: Buffer.from(keyOf(last)).toString('base64url') } : {} };
}

/** Whether an item passes filters `{ name: [values] }`; several names must all match, one value of each is enough. */
export function passes<T>(
  context: Context,
  filters: Readonly<Record<string, readonly string[]>> | undefined,
  known: Readonly<Record<string, (item: T) => string | undefined>>,
): (item: T) => boolean {
  const wanted = Object.entries(filters ?? {});
  for (const [name] of wanted) {
    if (!known[name]) throw invalid(context, 'text-filter', { name });
  }
  return (item) => wanted.every(([name, values]) => values.includes(known[name](item) ?? ''));
}
