import { invalidToken } from './errors';

/** A page of a list; the token is the place where the next one begins. */
export function page<T>(all: readonly T[], { nextToken, maxResults }: { readonly nextToken?: string; readonly maxResults?: number }):
{ items: T[]; nextToken: string | undefined } {
  const [, place] = /^from (\d+)$/.exec(Buffer.from(nextToken ?? '', 'base64').toString()) ?? [];
  if (nextToken !== undefined && place === undefined) throw invalidToken();
  const from = Number(place ?? 0);
  // 0 asks for the default.
  const to = from + (maxResults || 100);
  return { items: all.slice(from, to), nextToken: to < all.length ? Buffer.from(`from ${to}`).toString('base64') : undefined };
}
