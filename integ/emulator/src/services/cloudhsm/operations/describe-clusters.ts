import type { Context, Output } from '../../../wire/operation';
import { page, passes } from '../paging';
import { clusters } from '../state';
import type { ClusterRecord } from '../state';
import { clusterView } from '../view';

interface DescribeClustersInput {
  readonly Filters?: Readonly<Record<string, readonly string[]>>;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const FILTERS: Readonly<Record<string, (cluster: ClusterRecord) => string>> = {
  clusterIds: ({ clusterId }) => clusterId,
  vpcIds: ({ vpcId }) => vpcId,
  states: ({ state }) => state,
};

export function describeClusters(context: Context, input: DescribeClustersInput): Output {
  const shown = clusters(context).values().filter(({ hidden }) => !hidden).filter(passes(context, input.Filters, FILTERS));
  const { items, next } = page(context, shown, ({ clusterId }) => clusterId, input, 'page-clusters');
  return { Clusters: items.map((cluster) => clusterView(context, cluster)), ...next };
}
