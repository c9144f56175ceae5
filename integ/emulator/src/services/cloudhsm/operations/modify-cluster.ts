import type { Context, Output } from '../../../wire/operation';
import { backupsOf, scheduleRetention } from '../backups';
import { clusterOf, demandClusterState, invalid } from '../refusals';
import { retentionDays } from '../retention';
import type { RetentionPolicy } from '../retention';
import { clusters, update } from '../state';
import type { ClusterRecord } from '../state';
import { rollbackUntil, startRollback, startTypeChange } from '../type-change';
import { clusterView } from '../view';

interface ModifyClusterInput {
  readonly ClusterId: string;
  readonly HsmType?: string;
  readonly BackupRetentionPolicy?: RetentionPolicy;
}

export function modifyCluster(context: Context, input: ModifyClusterInput): Output {
  const cluster = clusterOf(context, input.ClusterId);
  if (cluster.state === 'DELETE_IN_PROGRESS') {
    throw invalid(context, 'text-cluster-state', { cluster: cluster.clusterId, state: cluster.state, operation: 'ModifyCluster' });
  }
  if (!input.HsmType && !input.BackupRetentionPolicy) throw invalid(context, 'text-nothing-to-modify');
  const retained = input.BackupRetentionPolicy ? changeRetention(context, cluster, input.BackupRetentionPolicy) : cluster;
  const modified = input.HsmType && input.HsmType !== cluster.hsmType ? changeType(context, retained, input.HsmType) : retained;
  return { Cluster: clusterView(context, modified) };
}

function changeRetention(context: Context, { clusterId }: ClusterRecord, policy: RetentionPolicy): ClusterRecord {
  const modified = update(clusters(context), clusterId, { retentionDays: retentionDays(context, policy) });
  for (const backup of backupsOf(context, clusterId)) scheduleRetention(context, backup);
  return modified;
}

/** To the newer type, or back to the former one as long as the window is open. */
function changeType(context: Context, cluster: ClusterRecord, type: string): ClusterRecord {
  if (type === cluster.typeChange?.from) {
    if (rollbackUntil(context, cluster) === undefined) throw invalid(context, 'text-rollback-over', { cluster: cluster.clusterId, type });
    demandClusterState(context, cluster, 'ModifyCluster', ['MODIFY_IN_PROGRESS', 'ACTIVE']);
    return startRollback(context, cluster);
  }
  const successors = context.row<Record<string, string[]>>('hsm-type-changes')[cluster.hsmType] ?? [];
  if (!successors.includes(type)) throw invalid(context, 'text-hsm-type');
  demandClusterState(context, cluster, 'ModifyCluster', ['ACTIVE']);
  return startTypeChange(context, cluster, type);
}
