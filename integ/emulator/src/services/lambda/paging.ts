import { invalid } from './errors';

/** A page of a list; the marker is the place where the next one begins. */
export function page<T>(all: readonly T[], { Marker, MaxItems }: { readonly Marker?: string; readonly MaxItems?: number }, most: number):
{ items: T[]; next: string | undefined } {
  const [, place] = /^from (\d+)$/.exec(Buffer.from(Marker ?? '', 'base64').toString()) ?? [];
  if (Marker !== undefined && place === undefined) throw invalid('Invalid marker');
  const from = Number(place ?? 0);
  const to = from + Math.min(MaxItems ?? most, most);
  return { items: all.slice(from, to), next: to < all.length ? Buffer.from(`from ${to}`).toString('base64') : undefined };
}
