import { refuse } from './refusals';
import type { Context } from '../../wire/operation';

export interface PageInput {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export interface Page<T> {
  readonly page: readonly T[];
  readonly more: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/** In the order of `keyOf`, as IAM lists things; the marker is the last key shown. */
export function paged<T>(context: Context, all: readonly T[], keyOf: (item: T) => string, input: PageInput): Page<T> {
  const sorted = [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const after = input.Marker === undefined ? undefined : Buffer.from(input.Marker, 'base64url').toString('utf8');
  if (after !== undefined && !/^[\x20-\x7e]+$/.test(after)) throw refuse(context, 'marker');
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, input.MaxItems ?? 100);
  const truncated = page.length < rest.length;
  return {
    page,
    more: truncated ? { IsTruncated: true, Marker: Buffer.from(keyOf(page[page.length - 1])).toString('base64url') } : { IsTruncated: false },
  };
}
