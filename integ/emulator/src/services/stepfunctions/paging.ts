import { invalidToken } from './errors';

/** A page of a list; the token is the place where the next one begins. */
export function page<T>(all: readonly T[], { nextToken, maxResults }: { readonly nextToken?: string; readonly maxResults?: number }):
{ items: T[]; nextToken: string | undefined } {
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) throw invalidToken();
  // 0 asks for the default.
  const to = from + (maxResults || 100);
  return { items: all.slice(from, to), nextToken: to < all.length ? Buffer.from(String(to)).toString('base64') : undefined };
}
