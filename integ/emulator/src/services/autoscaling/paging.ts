import { refuse } from './refusals';
import type { Context } from '../../wire/operation';

export interface PageInput {
  readonly NextToken?: string;
  readonly MaxRecords?: number;
}

export interface Page<T> {
  readonly page: readonly T[];
  readonly NextToken: string | undefined;
}

/** A token names the last thing shown. */
export function paged<T>(context: Context, all: readonly T[], keyOf: (item: T) => string, input: PageInput, limit: number = 50): Page<T> {
  const last = input.NextToken === undefined ? undefined : Buffer.from(input.NextToken, 'base64url').toString('utf8');
  const start = last === undefined ? 0 : all.findIndex((item) => keyOf(item) === last) + 1;
  if (last !== undefined && start === 0) throw refuse(context, 'next-token', input.NextToken!);
  const page = all.slice(start, start + (input.MaxRecords ?? limit));
  const more = start + page.length < all.length;
  return { page, NextToken: more ? Buffer.from(keyOf(page[page.length - 1])).toString('base64url') : undefined };
}
