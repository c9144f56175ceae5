import { refusal } from './text';
import type { Context } from '../../wire/operation';

/** One page of a list. The token is the place in the list. */
export function page<T>(context: Context, all: readonly T[], token: string | undefined, size: number): { items: T[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8').replace(/^at:/, ''));
  if (!Number.isInteger(from) || from < 0) throw refusal(context, 'InvalidNextTokenException', 'text-bad-token');
  const items = all.slice(from, from + size);
  const end = from + items.length;
  return end < all.length ? { items, NextToken: Buffer.from(`at:${end}`).toString('base64url') } : { items };
}
