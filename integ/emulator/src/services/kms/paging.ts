import { refusal } from './text';
import type { Context } from '../../wire/operation';

export interface PageWish {
  readonly Limit?: number;
  readonly Marker?: string;
}

/** One page of a list, with the members that say whether there is more. The marker is the place in the list. */
export function page<T>(
  context: Context,
  all: readonly T[],
  { Limit, Marker }: PageWish,
  usual: number,
): { items: T[]; more: { NextMarker?: string; Truncated: boolean } } {
  const from = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString('utf8').replace(/^at:/, ''));
  if (!Number.isInteger(from) || from < 0) throw refusal(context, 'InvalidMarkerException', 'text-bad-marker');
  const items = all.slice(from, from + (Limit ?? usual));
  const end = from + items.length;
  return end < all.length
    ? { items, more: { NextMarker: Buffer.from(`at:${end}`).toString('base64url'), Truncated: true } }
    : { items, more: { Truncated: false } };
}
