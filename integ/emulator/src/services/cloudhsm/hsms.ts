import { startBackup } from './backups';
import type { Interface } from './dependencies';
import { snapshotOf } from './hsm/partition';
import { activeHsms, clusters, hsmName, hsms, livingHsms, setClusterState, setHsmState, update } from './state';
import type { ClusterRecord, HsmRecord } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

/** The life of an HSM, apart from what the operations decide. */

export function newHsmId(context: Context, clusterId: string): string {
  return `hsm-${idFormat.base32(context.id('hsm', clusterId), 11)}`;
}

export type Place = Interface & Pick<HsmRecord, 'availabilityZone' | 'subnetId'>;

/** A new HSM that takes another's place, with content and duration of its own where they are not the usual ones. */
export interface Replacement {
  readonly restoredFrom?: string;
  readonly delay?: string;
}

/** Begins to make an HSM. What it will contain is settled now: users made while it joins are not on it. */
export function startHsm(context: Context, cluster: ClusterRecord, hsmId: string, place: Place, replacement?: Replacement): HsmRecord {
  const restoredFrom = replacement?.restoredFrom ?? contentFor(context, cluster, replacement !== undefined);
  const lag = context.fault('hsm-visible', cluster.clusterId);
  const seconds = lag?.kind === 'lag' ? Number(lag.params.seconds ?? 60) : 0;
  const hsm = hsms(context).put(hsmId, {
    hsmId,
    clusterId: cluster.clusterId,
    hsmType: cluster.hsmType,
    state: 'CREATE_IN_PROGRESS',
    ...place,
    ...(restoredFrom ? { restoredFrom } : {}),
    replacement: replacement !== undefined,
    createdAt: context.now,
    visibleAt: context.now + seconds * 1000,
    gone: false,
    hidden: false,
  });
  context.emit('CREATE_IN_PROGRESS', hsmName(hsm));
  if (seconds > 0) {
    context.busy('hsm-visible-lag', cluster.clusterId, seconds * 1000);
    context.after(seconds * 1000, { kind: 'time-passed', args: {} });
  }
  const work = replacement?.delay ?? (restoredFrom ? 'create-hsm' : 'create-first-hsm');
  const duration = context.delay(work, hsmId);
  context.busy(work, cluster.clusterId, duration);
  context.after(duration, { kind: 'hsm-created', args: { hsmId } });
  return hsm;
}

/** Blob with the content of a new HSM: a peer as it is now, else the newest snapshot; nothing for a cluster's first HSM. */
function contentFor(context: Context, cluster: ClusterRecord, replacement: boolean): string | undefined {
  const [peer] = activeHsms(context, cluster.clusterId);
  if (!peer) return cluster.snapshot;
  const snapshot = snapshotOf(context, peer.hsmId);
  if (!replacement && isActivated(cluster)) startBackup(context, cluster.clusterId, snapshot);
  return snapshot;
}

export function isActivated({ state }: ClusterRecord): boolean {
  return state === 'ACTIVE' || state === 'DEGRADED';
}

/** An HSM fails. After a while the service replaces it: another id on the same interface. */
export function degradeHsm(context: Context, hsmId: string, replaceAfterMs: number): void {
  const hsm = setHsmState(context, hsmId, 'DEGRADED');
  settleCluster(context, hsm.clusterId);
  context.after(replaceAfterMs, { kind: 'hsm-replaced', args: { hsmId } });
}

/** A cluster is DEGRADED as long as one of its HSMs has failed and its replacement is not there. */
export function settleCluster(context: Context, clusterId: string): void {
  const cluster = clusters(context).get(clusterId);
  if (!cluster || !isActivated(cluster)) return;
  const impaired = livingHsms(context, clusterId)
    .some(({ state, replacement }) => state === 'DEGRADED' || (replacement && state === 'CREATE_IN_PROGRESS'));
  if (impaired !== (cluster.state === 'DEGRADED')) setClusterState(context, clusterId, impaired ? 'DEGRADED' : 'ACTIVE');
}

/** The failed HSM is no more; its place is taken by a new one. */
export function replaceHsm(context: Context, failed: HsmRecord): HsmRecord {
  setHsmState(context, failed.hsmId, 'DELETED', { gone: true, hidden: true });
  const cluster = clusters(context).get(failed.clusterId)!;
  const { availabilityZone, subnetId, eniId, eniIp, eniIpV6 } = failed;
  const place = { availabilityZone, subnetId, eniId, eniIp, ...(eniIpV6 ? { eniIpV6 } : {}) };
  return startHsm(context, cluster, newHsmId(context, cluster.clusterId), place, {});
}

/** Marks an HSM as no longer shown. */
export function hideHsm(context: Context, hsmId: string): void {
  update(hsms(context), hsmId, { hidden: true });
}
