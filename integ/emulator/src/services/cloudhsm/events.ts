import { writeAudit } from './audit';
import { applyRetention, backupsOf, scheduleDailyBackup, scheduleRetention, setBackupState, startBackup } from './backups';
import { deleteInterface, deleteSecurityGroup } from './dependencies';
import { blankPartition, restorePartition, snapshotOf } from './hsm/partition';
import { degradeHsm, hideHsm, isActivated, replaceHsm, settleCluster } from './hsms';
import { metricsDue } from './metrics';
import { newIdentity } from './pki/identity';
import { text } from './refusals';
import { activeHsms, backups, clusters, hsmName, hsms, setClusterState, setHsmState, update } from './state';
import { typeChangeStep } from './type-change';
import type { Context, ServiceEvent } from '../../wire/operation';

interface OfCluster {
  readonly clusterId: string;
}

interface OfHsm {
  readonly hsmId: string;
}

interface OfBackup {
  readonly backupId: string;
}

function clusterCreated(context: Context, { clusterId }: OfCluster): void {
  setClusterState(context, clusterId, clusters(context).get(clusterId)!.sourceBackupId ? 'ACTIVE' : 'UNINITIALIZED');
}

function clusterInitialized(context: Context, { clusterId }: OfCluster): void {
  setClusterState(context, clusterId, 'INITIALIZED');
}

/** The control plane notices that the first password was set on the HSM. */
function activationNoticed(context: Context, { clusterId }: OfCluster): void {
  if (clusters(context).get(clusterId)?.state !== 'INITIALIZED') return;
  setClusterState(context, clusterId, 'ACTIVE');
  const [hsm] = activeHsms(context, clusterId);
  if (hsm) startBackup(context, clusterId, snapshotOf(context, hsm.hsmId));
  scheduleDailyBackup(context, clusterId);
}

function clusterDeleted(context: Context, { clusterId, stateBefore }: OfCluster & { stateBefore: 'ACTIVE' }): void {
  const { securityGroup, deletedBy } = clusters(context).get(clusterId)!;
  const deleted = deleteSecurityGroup(context, securityGroup, deletedBy!);
  if (!deleted && context.row('security-group-in-use') === 'fail') {
    setClusterState(context, clusterId, stateBefore, { stateMessage: text(context, 'message-delete-failed') });
    return;
  }
  setClusterState(context, clusterId, 'DELETED');
  context.after(context.delay('deleted-cluster-visible', clusterId), { kind: 'cluster-forgotten', args: { clusterId } });
}

function clusterForgotten(context: Context, { clusterId }: OfCluster): void {
  update(clusters(context), clusterId, { hidden: true });
}

function hsmCreated(context: Context, { hsmId, late }: OfHsm & { late?: boolean }): void {
  const hsm = hsms(context).get(hsmId)!;
  if (hsm.state !== 'CREATE_IN_PROGRESS') return;
  const fault = late ? undefined : context.fault('hsm-created', hsmName(hsm));
  if (fault?.kind === 'never') return;
  if (fault?.kind === 'late') {
    context.after(Number(fault.params.seconds) * 1000, { kind: 'hsm-created', args: { hsmId, late: true }, daemon: true });
    return;
  }
  if (fault?.kind === 'degraded') {
    const seconds = fault.params.replaceSeconds;
    degradeHsm(context, hsmId, seconds === undefined ? context.delay('replace-hsm-after', hsmId) : Number(seconds) * 1000);
    return;
  }
  const cluster = clusters(context).get(hsm.clusterId)!;
  if (hsm.restoredFrom) {
    restorePartition(context, hsm, hsm.restoredFrom);
    writeAudit(context, hsm, [{ opcode: 'CN_RESTORE_BEGIN' }, { opcode: 'CN_RESTORE_END' }]);
    if (isActivated(cluster)) scheduleDailyBackup(context, cluster.clusterId);
  } else {
    blankPartition(context, hsm);
    update(clusters(context), hsm.clusterId, { identity: newIdentity(context, cluster, hsmId) });
    writeAudit(context, hsm, [
      { opcode: 'CN_INIT_TOKEN' },
      { opcode: 'CN_GEN_PSWD_ENC_KEY' },
      { opcode: 'CN_CREATE_APPLIANCE_USER', user: { username: 'app_user', role: 'internal(APPLIANCE_USER)' } },
      { opcode: 'CN_INIT_DONE' },
    ]);
  }
  setHsmState(context, hsmId, 'ACTIVE', { stateMessage: text(context, 'message-hsm-created') });
  settleCluster(context, hsm.clusterId);
  typeChangeStep(context, hsm);
}

/** Asked for from outside: an HSM fails. */
function hsmFailed(context: Context, { hsmId, replaceSeconds }: OfHsm & { replaceSeconds?: number }): void {
  if (hsms(context).get(hsmId)?.state !== 'ACTIVE') return;
  degradeHsm(context, hsmId, replaceSeconds === undefined ? context.delay('replace-hsm-after', hsmId) : replaceSeconds * 1000);
}

function hsmReplaced(context: Context, { hsmId }: OfHsm): void {
  const hsm = hsms(context).get(hsmId)!;
  if (hsm.state === 'DEGRADED') replaceHsm(context, hsm);
}

/** It is gone, but the lists do not know yet. */
function hsmDeleted(context: Context, { hsmId }: OfHsm): void {
  const hsm = update(hsms(context), hsmId, { gone: true });
  if (!deleteInterface(context, hsm.eniId, hsm.deletedBy!)) context.emit('INTERFACE_LEFT_BEHIND', hsmName(hsm));
  settleCluster(context, hsm.clusterId);
  context.after(context.delay('delete-hsm-list-lag', hsmId), { kind: 'hsm-left-list', args: { hsmId } });
}

function hsmLeftList(context: Context, { hsmId }: OfHsm): void {
  const hsm = setHsmState(context, hsmId, 'DELETED');
  const shown = context.delay('deleted-hsm-visible', hsmId);
  if (shown === 0) {
    hideHsm(context, hsmId);
    return;
  }
  context.busy('deleted-hsm-visible', hsm.clusterId, shown);
  context.after(shown, { kind: 'hsm-forgotten', args: { hsmId } });
}

function hsmForgotten(context: Context, { hsmId }: OfHsm): void {
  hideHsm(context, hsmId);
}

function backupReady(context: Context, { backupId }: OfBackup): void {
  if (context.fault('backup-ready', backupId)?.kind === 'never') return;
  const backup = setBackupState(context, backupId, 'READY');
  scheduleRetention(context, backup);
  if (backup.source) return;
  // An old one may have been kept only because it was the last.
  for (const other of backupsOf(context, backup.clusterId)) applyRetention(context, other);
}

function retentionEnded(context: Context, { backupId }: OfBackup): void {
  const backup = backups(context).get(backupId);
  if (backup) applyRetention(context, backup);
}

function backupDeleted(context: Context, { backupId }: OfBackup): void {
  if (backups(context).get(backupId)?.state !== 'PENDING_DELETION') return;
  setBackupState(context, backupId, 'DELETED', { deleteAt: undefined });
}

function dailyBackup(context: Context, { clusterId }: OfCluster): void {
  const cluster = clusters(context).get(clusterId)!;
  if (!isActivated(cluster)) return;
  const [hsm] = activeHsms(context, clusterId);
  if (hsm) startBackup(context, clusterId, snapshotOf(context, hsm.hsmId));
  scheduleDailyBackup(context, clusterId);
}

export const events: { readonly [name: string]: ServiceEvent } = {
  'cluster-created': clusterCreated,
  'cluster-initialized': clusterInitialized,
  'activation-noticed': activationNoticed,
  'cluster-deleted': clusterDeleted,
  'cluster-forgotten': clusterForgotten,
  'hsm-created': hsmCreated,
  'hsm-failed': hsmFailed,
  'hsm-replaced': hsmReplaced,
  'hsm-deleted': hsmDeleted,
  'hsm-left-list': hsmLeftList,
  'hsm-forgotten': hsmForgotten,
  'backup-ready': backupReady,
  'backup-deleted': backupDeleted,
  'retention-ended': retentionEnded,
  'daily-backup': dailyBackup,
  'type-change-step': typeChangeStep,
  'metrics-due': metricsDue,
  'time-passed': () => undefined,
};
