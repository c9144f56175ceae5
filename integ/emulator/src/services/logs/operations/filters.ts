import type { Table } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { metricFilters, subscriptionFilters } from '../filters';
import type { FilterRecord } from '../filters';
import { findGroup } from '../find';
import type { GroupReference } from '../find';
import { page } from '../paging';
import { filterPattern } from '../pattern/pattern';
import { refusal } from '../text';
import { toWire } from '../wire-time';

interface PutInput extends GroupReference {
  readonly filterName: string;
  readonly filterPattern: string;
  readonly [member: string]: unknown;
}

interface DescribeInput extends GroupReference {
  readonly filterNamePrefix?: string;
  readonly metricName?: string;
  readonly metricNamespace?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

interface Transformation {
  readonly metricName: string;
  readonly metricNamespace: string;
}

export function putMetricFilter(context: Context, input: PutInput): void {
  put(context, metricFilters(context), input);
}

export function putSubscriptionFilter(context: Context, input: PutInput): void {
  const { name } = findGroup(context, input);
  const others = subscriptionFilters(context).values().filter((filter) => filter.logGroupName === name && filter.filterName !== input.filterName);
  if (others.length >= context.row<number>('logs/subscription-filters')) throw refusal(context, 'LimitExceededException', 'text-limit');
  put(context, subscriptionFilters(context), { distribution: 'ByLogStream', ...input });
}

export function deleteMetricFilter(context: Context, input: PutInput): void {
  remove(context, metricFilters(context), input);
}

export function deleteSubscriptionFilter(context: Context, input: PutInput): void {
  remove(context, subscriptionFilters(context), input);
}

export function describeMetricFilters(context: Context, input: DescribeInput): Output {
  const fits = ({ input: kept }: FilterRecord) => (kept.metricTransformations as readonly Transformation[]).some(({ metricName, metricNamespace }) =>
    (input.metricName ?? metricName) === metricName && (input.metricNamespace ?? metricNamespace) === metricNamespace);
  const { items, nextToken } = list(context, metricFilters(context), input, fits);
  return { metricFilters: items, nextToken };
}

export function describeSubscriptionFilters(context: Context, input: DescribeInput): Output {
  const { items, nextToken } = list(context, subscriptionFilters(context), input, () => true);
  return { subscriptionFilters: items, nextToken };
}

function put(context: Context, table: Table<FilterRecord>, input: PutInput): void {
  const { name } = findGroup(context, input);
  // Says what is wrong with the pattern.
  filterPattern(input.filterPattern);
  const key = `${name}:${input.filterName}`;
  const createdAt = table.get(key)?.createdAt ?? context.now;
  table.put(key, { logGroupName: name, filterName: input.filterName, createdAt, input });
}

function remove(context: Context, table: Table<FilterRecord>, input: PutInput): void {
  const key = `${findGroup(context, input).name}:${input.filterName}`;
  if (!table.has(key)) throw refusal(context, 'ResourceNotFoundException', 'text-no-filter');
  table.delete(key);
}

function list(
  context: Context, table: Table<FilterRecord>, input: DescribeInput, fits: (filter: FilterRecord) => boolean,
): { items: Array<Record<string, unknown>>; nextToken?: string } {
  const group = input.logGroupName === undefined ? undefined : findGroup(context, input).name;
  const all = table.values()
    .filter((filter) => (group ?? filter.logGroupName) === filter.logGroupName && filter.filterName.startsWith(input.filterNamePrefix ?? '') && fits(filter))
    .sort((a, b) => (a.filterName < b.filterName ? -1 : 1));
  const { items, nextToken } = page(context, all, input.nextToken, input.limit ?? 50);
  return { items: items.map((filter) => ({ ...filter.input, creationTime: toWire(context, filter.createdAt) })), nextToken };
}
