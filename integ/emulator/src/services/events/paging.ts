import { refusal } from './text';
import type { Context } from '../../wire/operation';

/** One page of a list. The token is the place in the list. */
export function page<T>(
  context: Context,
  all: readonly T[],
  input: { readonly NextToken?: string; readonly Limit?: number },
): { items: T[]; NextToken?: string } {
  const from = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, 'base64url').toString('utf8').replace(/^at:/, ''));
  if (!Number.isInteger(from) || from < 0) throw refusal(context, 'ValidationException', 'text-bad-token');
  const items = all.slice(from, from + (input.Limit ?? 100));
  const end = from + items.length;
  return end < all.length ? { items, NextToken: Buffer.from(`at:${end}`).toString('base64url') } : { items };
}
