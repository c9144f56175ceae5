import type { Context, Output } from '../../../wire/operation';
import { clusterOf, demandClusterState, invalid, text } from '../refusals';
import { hsms, setClusterState } from '../state';
import { clusterView } from '../view';

export function deleteCluster(context: Context, { ClusterId }: { readonly ClusterId: string }): Output {
  const cluster = clusterOf(context, ClusterId);
  demandClusterState(context, cluster, 'DeleteCluster', ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE', 'DEGRADED']);
  if (hsms(context).values().some(({ clusterId, state }) => clusterId === ClusterId && state !== 'DELETED')) {
    throw invalid(context, 'text-hsms-exist', { cluster: ClusterId });
  }
  const deleting = setClusterState(context, ClusterId, 'DELETE_IN_PROGRESS', {
    stateMessage: text(context, 'message-deleting'), deletedBy: context.caller,
  });
  const duration = context.delay('delete-cluster', ClusterId);
  context.busy('delete-cluster', ClusterId, duration);
  context.after(duration, { kind: 'cluster-deleted', args: { clusterId: ClusterId, stateBefore: cluster.state } });
  return { Cluster: clusterView(context, deleting) };
}
