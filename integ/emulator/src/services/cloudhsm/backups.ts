import { backups, clusters, update } from './state';
import type { BackupRecord, ClusterRecord } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

const DAY = 86_400_000;

export function newBackupId(context: Context, parent: string): string {
  return `backup-${idFormat.base32(context.id('backup', parent), 11)}`;
}

/** Makes a backup of a snapshot; the cluster remembers the snapshot as its newest. */
export function startBackup(context: Context, clusterId: string, snapshot: string, hsmType?: string): BackupRecord {
  const cluster = update(clusters(context), clusterId, { snapshot });
  const backupId = newBackupId(context, clusterId);
  const backup = backups(context).put(backupId, {
    backupId,
    clusterId,
    state: 'CREATE_IN_PROGRESS',
    hsmType: hsmType ?? cluster.hsmType,
    mode: cluster.mode,
    createdAt: context.now,
    neverExpires: false,
    clusterCertificate: cluster.clusterCertificate ?? '',
    trustAnchor: cluster.trustAnchor ?? '',
    snapshot,
    tags: [],
  });
  context.emit('CREATE_IN_PROGRESS', backupId);
  context.after(context.delay('cloudhsmv2/create-backup', backupId), { kind: 'cloudhsmv2.backup-ready', args: { backupId } });
  return backup;
}

export function setBackupState(context: Context, backupId: string, state: BackupRecord['state'], changes: Partial<BackupRecord> = {}): BackupRecord {
  const after = update(backups(context), backupId, { ...changes, state });
  context.emit(state, backupId);
  return after;
}

/** Into the window in which it can still be restored. */
export function startBackupDeletion(context: Context, backupId: string): BackupRecord {
  const window = context.row<number>('cloudhsmv2/backup-deletion-days') * DAY;
  context.after(window, { kind: 'cloudhsmv2.backup-deleted', id: deletionEvent(context, backupId), args: { backupId }, daemon: true });
  return setBackupState(context, backupId, 'PENDING_DELETION', { deleteAt: context.now + window });
}

export function deletionEvent(context: Context, backupId: string): string {
  return `cloudhsmv2/${context.account}/${context.region}/delete/${backupId}`;
}

/**
 * Looks at a backup's age again when retention ends, but not before `earliest`. Copies from other regions have no retention.
 */
export function scheduleRetention(context: Context, backup: BackupRecord, earliest: number = context.now): void {
  if (backup.source) return;
  const due = Math.max(earliest, backup.createdAt + retentionOf(context, backup));
  const id = `cloudhsmv2/${context.account}/${context.region}/retention/${backup.backupId}`;
  context.after(due - context.now, { kind: 'cloudhsmv2.retention-ended', id, args: { backupId: backup.backupId }, daemon: true });
}

/** Purges a backup that is older than the cluster's retention, unless it is the newest usable one. */
export function applyRetention(context: Context, backup: BackupRecord): void {
  if (backup.state !== 'READY' || backup.neverExpires || backup.source) return;
  if (context.now < backup.createdAt + retentionOf(context, backup)) return;
  const newer = backupsOf(context, backup.clusterId).some(({ state, createdAt }) => state === 'READY' && createdAt > backup.createdAt);
  if (newer) startBackupDeletion(context, backup.backupId);
}

export function backupsOf(context: Context, clusterId: string): BackupRecord[] {
  return backups(context).values().filter((backup) => backup.clusterId === clusterId && !backup.source);
}

function retentionOf(context: Context, backup: BackupRecord): number {
  return (clusters(context).get(backup.clusterId) as ClusterRecord).retentionDays * DAY;
}

/** The next of the backups that are made at least once a day. */
export function scheduleDailyBackup(context: Context, clusterId: string): void {
  const interval = context.row<number>('cloudhsmv2/backup-interval-hours') * 3_600_000;
  const id = `cloudhsmv2/${context.account}/${context.region}/daily-backup/${clusterId}`;
  context.after(interval, { kind: 'cloudhsmv2.daily-backup', id, args: { clusterId }, daemon: true });
}
