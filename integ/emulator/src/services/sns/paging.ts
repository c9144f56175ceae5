import { refusal } from './text';
import type { Context } from '../../wire/operation';

/** One page of a list, of a hundred. The token is the place in the list. */
export function page<T>(context: Context, all: readonly T[], token: string | undefined): { items: T[]; next?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8').replace(/^at:/, ''));
  if (!Number.isInteger(from) || from < 0) throw refusal(context, 'InvalidParameterException', 'text-bad-token');
  const items = all.slice(from, from + 100);
  const end = from + items.length;
  return end < all.length ? { items, next: Buffer.from(`at:${end}`).toString('base64url') } : { items };
}
