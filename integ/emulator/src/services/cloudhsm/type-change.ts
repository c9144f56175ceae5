import { scheduleDailyBackup, startBackup } from './backups';
import { snapshotOf } from './hsm/partition';
import { hideHsm, newHsmId, settleCluster, startHsm } from './hsms';
import { clusters, livingHsms, setClusterState, setHsmState, update } from './state';
import type { ClusterRecord, HsmRecord } from './state';
import type { Context } from '../../wire/operation';

const HOUR = 3_600_000;

/** From the start of a change until its end, of a rollback too, HSMs take no writes. */
export function isChangingType({ state }: Pick<ClusterRecord, 'state'>): boolean {
  return state === 'MODIFY_IN_PROGRESS' || state === 'ROLLBACK_IN_PROGRESS';
}

/** Until when the cluster can go back to its former type, in emulated time. */
export function rollbackUntil(context: Context, { state, typeChange }: ClusterRecord): number | undefined {
  if (!typeChange) return undefined;
  return state === 'ROLLBACK_IN_PROGRESS' || context.now < typeChange.rollbackUntil ? typeChange.rollbackUntil : undefined;
}

/** One HSM after the other gets the cluster's new type. */
export function startTypeChange(context: Context, cluster: ClusterRecord, hsmType: string): ClusterRecord {
  const until = context.now + context.row<number>('cloudhsmv2/type-rollback-hours') * HOUR;
  const changing = setClusterState(context, cluster.clusterId, 'MODIFY_IN_PROGRESS', {
    hsmType, typeChange: { from: cluster.hsmType, rollbackUntil: until, contents: {}, ...(cluster.snapshot ? { before: cluster.snapshot } : {}) },
  });
  scheduleStep(context, cluster.clusterId);
  return changing;
}

/** Back to the former type: asked for within the window, or because a check failed. */
export function startRollback(context: Context, cluster: ClusterRecord): ClusterRecord {
  const back = setClusterState(context, cluster.clusterId, 'ROLLBACK_IN_PROGRESS', { hsmType: cluster.typeChange!.from });
  scheduleStep(context, cluster.clusterId);
  return back;
}

/** Event: the next HSM has its turn, or nothing is left to do. */
export function typeChangeStep(context: Context, { clusterId }: { clusterId: string }): void {
  const cluster = clusters(context).get(clusterId)!;
  if (!isChangingType(cluster)) return;
  const living = livingHsms(context, clusterId);
  // One at a time: whoever is being made now comes back here when it is there.
  if (living.some(({ state }) => state !== 'ACTIVE')) return;
  if (cluster.state === 'MODIFY_IN_PROGRESS' && checkFails(context, cluster, living)) {
    startRollback(context, cluster);
    return;
  }
  const next = living.find(({ hsmType }) => hsmType !== cluster.hsmType);
  if (next) changeType(context, cluster, next);
  else finish(context, cluster);
}

/** What the service watches on the way: too many HSMs, or errors that a test asked for. */
function checkFails(context: Context, { clusterId }: ClusterRecord, living: readonly HsmRecord[]): boolean {
  return living.length > context.row<number>('cloudhsmv2/type-change-hsms') || context.fault('type-change', clusterId) !== undefined;
}

/** A full backup, then an HSM of the other type on the same interface; on the way back, with what that HSM had held before it was changed. */
function changeType(context: Context, cluster: ClusterRecord, hsm: HsmRecord): void {
  const present = snapshotOf(context, hsm.hsmId);
  const forward = cluster.state === 'MODIFY_IN_PROGRESS';
  const contents = cluster.typeChange!.contents;
  if (forward) {
    // The backup is one of the type that the HSM still has.
    startBackup(context, cluster.clusterId, present, hsm.hsmType);
    update(clusters(context), cluster.clusterId, { typeChange: { ...cluster.typeChange!, contents: { ...contents, [hsm.eniId]: present } } });
  }
  const content = forward ? present : contents[hsm.eniId] ?? Object.values(contents).at(-1) ?? present;
  setHsmState(context, hsm.hsmId, 'DELETED', { gone: true });
  hideHsm(context, hsm.hsmId);
  const { availabilityZone, subnetId, eniId, eniIp, eniIpV6 } = hsm;
  const place = { availabilityZone, subnetId, eniId, eniIp, ...(eniIpV6 ? { eniIpV6 } : {}) };
  startHsm(context, cluster, newHsmId(context, cluster.clusterId), place, { restoredFrom: content, delay: 'change-hsm-type' });
}

function finish(context: Context, cluster: ClusterRecord): void {
  const { typeChange } = cluster;
  const rolledBack = cluster.state === 'ROLLBACK_IN_PROGRESS';
  const content = Object.values(typeChange!.contents).at(-1) ?? typeChange!.before;
  setClusterState(context, cluster.clusterId, 'ACTIVE', rolledBack ? { typeChange: undefined, ...(content ? { snapshot: content } : {}) } : {});
  settleCluster(context, cluster.clusterId);
  scheduleDailyBackup(context, cluster.clusterId);
  context.emit(rolledBack ? 'TYPE_ROLLED_BACK' : 'TYPE_CHANGED', cluster.clusterId);
}

function scheduleStep(context: Context, clusterId: string): void {
  const delay = context.delay('cloudhsmv2/type-change-start', clusterId);
  context.busy('type-change-start', clusterId, delay);
  context.after(delay, { kind: 'cloudhsmv2.type-change-step', args: { clusterId } });
}

/** Whether this HSM refuses what would change it. */
export function takesNoWrites(context: Context, hsm: HsmRecord): boolean {
  const cluster = clusters(context).get(hsm.clusterId);
  return cluster !== undefined && isChangingType(cluster);
}

