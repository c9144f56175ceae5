import { backups, clusters } from './state';
import type { BackupRecord, ClusterRecord } from './state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

type Values = Readonly<Record<string, string | number>>;

/** Text of a row with its `{names}` filled in. */
export function text(context: Context, row: string, values: Values = {}): string {
  return context.row<string>(`cloudhsmv2/${row}`).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function invalid(context: Context, row: string, values?: Values): ServiceError {
  return new ServiceError('CloudHsmInvalidRequestException', text(context, row, values));
}

export function notFound(context: Context, row: string, values?: Values): ServiceError {
  return new ServiceError('CloudHsmResourceNotFoundException', text(context, row, values));
}

/** A cluster that can still be named in calls. */
export function clusterOf(context: Context, clusterId: string): ClusterRecord {
  const cluster = clusters(context).get(clusterId);
  if (!cluster || cluster.hidden || cluster.state === 'DELETED') throw notFound(context, 'text-cluster-not-found', { cluster: clusterId });
  return cluster;
}

export function backupOf(context: Context, backupId: string): BackupRecord {
  const backup = backups(context).get(backupId);
  if (!backup || backup.state === 'DELETED') throw notFound(context, 'text-backup-not-found', { backup: backupId });
  return backup;
}

/** @throws unless the cluster is in one of these states */
export function demandClusterState(context: Context, cluster: ClusterRecord, operation: string, allowed: readonly string[]): void {
  if (allowed.includes(cluster.state)) return;
  throw invalid(context, 'text-cluster-state', { cluster: cluster.clusterId, state: cluster.state, operation });
}

export function demandBackupState(context: Context, backup: BackupRecord, operation: string, allowed: readonly string[]): void {
  if (allowed.includes(backup.state)) return;
  throw invalid(context, 'text-backup-state', { backup: backup.backupId, state: backup.state, operation });
}
