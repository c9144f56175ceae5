import { refusal } from './errors';
import type { ObjectRecord } from './state';
import type { Context } from '../../wire/operation';

export interface Range {
  readonly first: number;
  readonly last: number;
}

/** `bytes=0-9`, `bytes=10-`, `bytes=-5`; anything else is ignored, as the protocol wants it. */
export function requestedRange(context: Context, header: string | undefined, length: number): Range | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (first > last) throw refusal(context, 'InvalidRange', 'text-bad-range', 416, { RangeRequested: header, ActualObjectSize: length });
  return { first, last };
}

/** Where a part of the upload lies in the whole. An object that was put at once is one part. */
export function partRange(context: Context, { parts, size }: ObjectRecord, number: number): Range {
  const sizes = parts ?? [size];
  if (number > sizes.length) throw refusal(context, 'InvalidPartNumber', 'text-bad-part-number', 416, { PartNumberRequested: number, ActualPartCount: sizes.length });
  const first = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  return { first, last: first + sizes[number - 1] - 1 };
}
