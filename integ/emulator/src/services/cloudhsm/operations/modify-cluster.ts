import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { backupsOf, scheduleRetention } from '../backups';
import { clusterOf, invalid } from '../refusals';
import { retentionDays } from '../retention';
import type { RetentionPolicy } from '../retention';
import { clusters, update } from '../state';
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
  if (input.HsmType && input.HsmType !== cluster.hsmType) refuseType(context, input.HsmType);
  if (!input.BackupRetentionPolicy) return { Cluster: clusterView(context, cluster) };

  const modified = update(clusters(context), cluster.clusterId, { retentionDays: retentionDays(context, input.BackupRetentionPolicy) });
  for (const backup of backupsOf(context, cluster.clusterId)) scheduleRetention(context, backup);
  return { Cluster: clusterView(context, modified) };
}

function refuseType(context: Context, type: string): never {
  if (!context.row<string[]>('hsm-types').includes(type)) throw invalid(context, 'text-hsm-type');
  throw new ServiceError('NotImplemented', '[emulator] cloudhsmv2 ModifyCluster with another HsmType is not built yet', { status: 501 });
}
