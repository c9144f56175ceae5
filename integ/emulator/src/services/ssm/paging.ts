import { ServiceError } from '../../wire/operation';

/** One page of a list. The token is the place in the list: lists are stable as long as nothing is removed. */
export function page<T>(all: readonly T[], token: string | undefined, size: number): { items: T[]; next?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8').replace(/^at:/, ''));
  if (!Number.isInteger(from) || from < 0) throw new ServiceError('InvalidNextToken', 'The specified token isn\'t valid.');
  const items = all.slice(from, from + size);
  const end = from + items.length;
  return end < all.length ? { items, next: Buffer.from(`at:${end}`).toString('base64url') } : { items };
}
