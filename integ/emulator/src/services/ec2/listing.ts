import { refuse } from './refusals';
import { tagsOf } from './tags';
import { globMatches, globOf } from '../../kernel/glob';
import type { Context } from '../../wire/operation';

export interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

export interface ListInput {
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

type Found = string | number | boolean | undefined;

/** The values of one record that a filter of this name is held against; any one that matches is enough. */
export type Filters<R> = { readonly [name: string]: (record: R) => Found | readonly Found[] };

export interface Listing<R> {
  readonly records: readonly R[];
  readonly idOf: (record: R) => string;
  readonly filters: Filters<R>;
  /** Ids asked for by name, and how an unknown one is refused. */
  readonly ids?: readonly string[];
  readonly missing: string;
}

export interface Page<R> {
  readonly page: readonly R[];
  readonly NextToken: string | undefined;
}

/** Ids, then filters, then one page. */
export function list<R>(context: Context, input: ListInput, listing: Listing<R>): Page<R> {
  const named = byId(context, listing);
  const filtered = (input.Filters ?? []).reduce((left, filter) => narrow(context, left, filter, listing), named);
  return paged(context, filtered, listing.idOf, input);
}

/** One page; a token names the last thing shown, so that what comes and goes in between does no harm. */
export function paged<R>(context: Context, records: readonly R[], idOf: (record: R) => string, input: ListInput): Page<R> {
  const start = input.NextToken === undefined ? 0 : startOf(context, records, idOf, input.NextToken);
  const page = records.slice(start, input.MaxResults === undefined ? undefined : start + input.MaxResults);
  const more = start + page.length < records.length;
  return { page, NextToken: more && page.length > 0 ? Buffer.from(idOf(page[page.length - 1])).toString('base64url') : undefined };
}

function startOf<R>(context: Context, records: readonly R[], idOf: (record: R) => string, token: string): number {
  const last = Buffer.from(token, 'base64url').toString('utf8');
  const at = records.findIndex((record) => idOf(record) === last);
  if (at === -1) throw refuse(context, 'next-token', token);
  return at + 1;
}

function byId<R>(context: Context, { records, idOf, ids, missing }: Listing<R>): readonly R[] {
  if (!ids || ids.length === 0) return records;
  const known = new Map(records.map((record) => [idOf(record), record]));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) throw refuse(context, missing, unknown.join(', '));
  return [...new Set(ids)].map((id) => known.get(id)!);
}

function narrow<R>(context: Context, records: readonly R[], { Name = '', Values = [] }: Filter, { idOf, filters }: Listing<R>): readonly R[] {
  const valuesOf = readerOf(context, Name, idOf, filters);
  const wanted = Values.map(pattern);
  return records.filter((record) => {
    const found = valuesOf(record);
    const values = (Array.isArray(found) ? found : [found]) as readonly Found[];
    return values.some((value) => value !== undefined && wanted.some((matches) => matches.test(String(value))));
  });
}

function readerOf<R>(context: Context, name: string, idOf: (record: R) => string, filters: Filters<R>): Filters<R>[string] {
  if (name.startsWith('tag:')) {
    return (record) => tagsOf(context, idOf(record)).find(({ Key }) => Key === name.slice(4))?.Value;
  }
  if (name === 'tag-key') return (record) => tagsOf(context, idOf(record)).map(({ Key }) => Key);
  if (name === 'tag-value') return (record) => tagsOf(context, idOf(record)).map(({ Value }) => Value);
  if (name === 'owner-id' && !filters[name]) return () => context.account;
  if (!Object.hasOwn(filters, name)) throw refuse(context, 'filter', name);
  return filters[name];
}

/** `*` stands for any text, `?` for one character, a backslash takes away their meaning. */
export function pattern(text: string): { test(value: string): boolean } {
  const parts = globOf(text, { question: true, backslash: true });
  return { test: (value) => globMatches(parts, value) };
}
