import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** A filter as it was put; kept and given back, not carried out. */
export interface FilterRecord {
  readonly logGroupName: string;
  readonly filterName: string;
  readonly createdAt: number;
  readonly input: { readonly [member: string]: unknown };
}

export function metricFilters(context: Context): Table<FilterRecord> {
  return context.table('logs/metric-filters');
}

export function subscriptionFilters(context: Context): Table<FilterRecord> {
  return context.table('logs/subscription-filters');
}
