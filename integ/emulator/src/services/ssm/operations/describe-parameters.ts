import type { Context } from '../../../wire/operation';
import { page } from '../paging';
import { passes } from '../parameters/filters';
import type { ParameterFilter } from '../parameters/filters';
import { describeMetadata } from '../parameters/metadata';
import { allLatest } from '../parameters/state';

interface Input {
  readonly Filters?: ReadonlyArray<{ readonly Key: string; readonly Values: readonly string[] }>;
  readonly ParameterFilters?: readonly ParameterFilter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function describeParameters(context: Context, input: Input): Record<string, unknown> {
  // The older form of filters means "begins with" for names.
  const old = (input.Filters ?? []).map((filter) => ({ ...filter, Option: filter.Key === 'Name' ? 'BeginsWith' : 'Equals' }));
  const filters = [...old, ...input.ParameterFilters ?? []];
  const { items, next } = page(allLatest(context).filter((record) => passes(context, record, filters)), input.NextToken, input.MaxResults ?? 50);
  return { Parameters: items.map((record) => describeMetadata(context, record)), NextToken: next };
}
