import { invalid } from './errors';

/** A page of a list; the marker is the place where the next one begins. */
export function page<T>(all: readonly T[], { Marker, MaxItems }: { readonly Marker?: string; readonly MaxItems?: number }, most: number):
{ items: T[]; next: string | undefined } {
  const from = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) throw invalid('Invalid marker');
  const to = from + Math.min(MaxItems ?? most, most);
  return { items: all.slice(from, to), next: to < all.length ? Buffer.from(String(to)).toString('base64') : undefined };
}
