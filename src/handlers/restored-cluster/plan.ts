import type { RestoreRecord } from './record';
import { sourceProblem, wrongAnchor } from './source';
import type { ObservedSource } from './source';
import type { RestoredClusterAttributes, RestoredClusterProperties } from '../../lifecycle/restored-cluster-contract';
import type { Cluster } from '../aws/cloudhsm';
import { listed, phaseOf } from '../cluster-state';
import type { Memory } from '../engine/memory';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';

export type RestoredClusterAct =
  | { readonly kind: 'choose'; readonly record: RestoreRecord }
  | { readonly kind: 'create'; readonly record: RestoreRecord }
  | { readonly kind: 'note-cluster'; readonly record: RestoreRecord }
  | { readonly kind: 'keep-anchor'; readonly clusterId: string }
  | { readonly kind: 'set-retention'; readonly clusterId: string }
  | { readonly kind: 'delete-cluster'; readonly clusterId: string }
  | { readonly kind: 'forget'; readonly clusterId?: string };

export interface ObservedRestoredCluster {
  /** Of this request, or, on an Update or Delete, of the one that made the cluster. */
  readonly record: RestoreRecord | undefined;
  /** Id of the record's cluster, known by the record or by its tag. */
  readonly clusterId: string | undefined;
  readonly cluster: Cluster | undefined;
  /** Only looked at while there is no cluster yet. */
  readonly source?: ObservedSource;
  /** Whether the trust anchor is in the cluster's own parameter; and, until it is, whether it signed the certificate that the cluster shows. */
  readonly hasAnchor: boolean;
  readonly anchorFits?: boolean;
}

export interface RestoredClusterMemory extends Memory {
  readonly createdAt?: number;
  readonly refused?: { readonly code: string; readonly message: string };
  readonly retentionSet?: boolean;
  readonly deletedAt?: number;
  readonly forgotten?: boolean;
}

type MadeRecord = RestoreRecord & { readonly clusterId: string };

/** A cluster whose answer was lost is on the list within this time. */
const SHOWS_WITHIN_MS = 180_000;

/** A cluster from a backup is ACTIVE within minutes. */
const RESTORE_LIMIT_MS = 35 * 60_000;

/** A deletion that shows no effect, or was refused because HSMs were still on their way out, is asked for again after this long. */
const ASK_AGAIN_MS = 60_000;

export function planRestoredCluster(
  request: Request, properties: RestoredClusterProperties, observed: ObservedRestoredCluster, memory: RestoredClusterMemory, now: number,
): Step<RestoredClusterAct> {
  if (request.type === 'Update' && memory.failure) return { kind: 'fail', ...memory.failure };
  if (request.type === 'Delete' || memory.failure) return planRemoval(observed, memory, now);
  if (request.type === 'Update') return planUpdate(request, properties, observed, memory);
  const { record, clusterId } = observed;
  if (!record) return choose(request, properties, observed, memory);
  if (clusterId === undefined) return create(record, memory, now);
  if (record.clusterId === undefined) {
    return { kind: 'act', acts: [{ kind: 'note-cluster', record: { ...record, clusterId } }], memory, because: 'the cluster is written down' };
  }
  return awaitActive({ ...record, clusterId }, observed, memory, now);
}

/** Once, and written down: the newest backup of tomorrow is another one. */
function choose(
  request: Request, properties: RestoredClusterProperties, { source }: ObservedRestoredCluster, memory: RestoredClusterMemory,
): Step<RestoredClusterAct> {
  const problem = sourceProblem(properties, properties, source!);
  if (problem) return { kind: 'fail', ...problem };
  // Another account's is named by its ARN.
  const backupId = source!.named ? properties.BackupId! : source!.backup!.backupId;
  const record = { request: request.requestId, backupId, adminSecretVersionIds: source!.adminSecretVersionIds.join() };
  return { kind: 'act', acts: [{ kind: 'choose', record }], memory, because: `backup ${backupId} is chosen` };
}

function create(record: RestoreRecord, memory: RestoredClusterMemory, now: number): Step<RestoredClusterAct> {
  if (memory.refused) {
    const { code, message } = memory.refused;
    return { kind: 'fail', code: 'RestoreRefused', message: `CloudHSM refused to make a cluster from ${record.backupId}: ${message} (${code})` };
  }
  if (memory.createdAt === undefined) {
    return { kind: 'act', acts: [{ kind: 'create', record }], memory: { ...memory, createdAt: now }, because: 'the cluster is made from the backup' };
  }
  if (now - memory.createdAt < SHOWS_WITHIN_MS) return { kind: 'wait', seconds: SOON, because: 'the answer was lost: looking for the cluster', memory };
  return { kind: 'fail', code: 'RestoreLost', message: `no cluster from ${record.backupId} has appeared after the answer of CreateCluster was lost; deploy again` };
}

function awaitActive(record: MadeRecord, observed: ObservedRestoredCluster, memory: RestoredClusterMemory, now: number): Step<RestoredClusterAct> {
  const { clusterId } = record;
  const { cluster } = observed;
  const since = memory.createdAt ?? now;
  const awaited: RestoredClusterMemory = { ...memory, createdAt: since };
  // Before anything is bought for it.
  if (observed.anchorFits === false) return { kind: 'fail', ...wrongAnchor(record.backupId) };
  switch (phaseOf(cluster)) {
    case 'gone':
      if (now - since < SHOWS_WITHIN_MS && !cluster) return { kind: 'wait', seconds: SOON, because: 'the cluster is not listed yet', memory: awaited };
      return { kind: 'fail', code: 'ClusterGone', message: `cluster ${clusterId}, made from ${record.backupId}, does not exist any more or is being deleted; deploy again` };
    case 'active':
      break;
    default:
      if (now - since > RESTORE_LIMIT_MS) {
        return {
          kind: 'fail', code: 'RestoreHangs',
          message: `cluster ${clusterId}, made from ${record.backupId}, is still ${cluster!.state} after ${RESTORE_LIMIT_MS / 60_000} minutes; deploy again, and ask AWS Support if it repeats`,
        };
      }
      return { kind: 'wait', seconds: now - since < 60_000 ? LATER : SOON, because: `cluster is ${cluster!.state}`, memory: awaited };
  }
  if (!observed.hasAnchor) {
    return { kind: 'act', acts: [{ kind: 'keep-anchor', clusterId }], memory: awaited, because: 'the trust anchor is the one of the cluster that was backed up' };
  }
  return done(record, awaited);
}

function done({ clusterId, backupId, adminSecretVersionIds }: MadeRecord, memory: RestoredClusterMemory): Step<RestoredClusterAct> {
  const attributes: RestoredClusterAttributes = { ClusterId: clusterId, BackupId: backupId, AdminSecretVersionIds: adminSecretVersionIds };
  return { kind: 'done', attributes: { ...attributes }, memory };
}

/** What was restored stays as it is, whatever backups there are by now. */
function planUpdate(
  request: Request, properties: RestoredClusterProperties, { record, clusterId, cluster }: ObservedRestoredCluster, memory: RestoredClusterMemory,
): Step<RestoredClusterAct> {
  if (!record || clusterId === undefined || phaseOf(cluster) === 'gone') {
    return {
      kind: 'fail',
      code: 'ClusterGone',
      message: `the cluster that this resource made from a backup${clusterId === undefined ? '' : `, ${clusterId},`} does not exist any more; `
        + 'remove the Cluster from the stack and make another one, with another construct id',
    };
  }
  const before = (request.oldProperties as Partial<RestoredClusterProperties> | undefined)?.BackupRetentionDays ?? '';
  if (properties.BackupRetentionDays !== before && !memory.retentionSet) {
    return { kind: 'act', acts: [{ kind: 'set-retention', clusterId }], memory: { ...memory, retentionSet: true }, because: 'backups are kept for another time' };
  }
  return done({ ...record, clusterId }, memory);
}

/** Only the cluster that the record names, and only once no HSM is in it. Backups are the service's: they stay. */
function planRemoval({ record, clusterId, cluster }: ObservedRestoredCluster, memory: RestoredClusterMemory, now: number): Step<RestoredClusterAct> {
  const over = (): Step<RestoredClusterAct> => {
    if (record && !memory.forgotten) {
      return { kind: 'act', acts: [{ kind: 'forget', clusterId }], memory: { ...memory, forgotten: true }, because: 'what was written down goes with the cluster' };
    }
    return memory.failure ? { kind: 'fail', ...memory.failure } : { kind: 'done', attributes: {}, memory };
  };
  const isAwaited = clusterId === undefined && memory.createdAt !== undefined && !memory.refused && now - memory.createdAt < SHOWS_WITHIN_MS;
  if (isAwaited) return { kind: 'wait', seconds: SOON, because: 'a cluster whose answer was lost may still appear', memory };
  if (!cluster || cluster.state === 'DELETED') return over();
  if (cluster.state === 'DELETE_IN_PROGRESS') return { kind: 'wait', seconds: SOON, because: 'the cluster is being deleted', memory };
  if (phaseOf(cluster) === 'changing') return { kind: 'wait', seconds: SOON, because: `cluster is ${cluster.state}`, memory };
  const hsms = listed(cluster);
  if (hsms.length > 0) {
    return {
      kind: 'fail', code: 'ClusterHasHsms',
      message: `cluster ${cluster.clusterId} still has HSMs (${hsms.map(({ hsmId }) => hsmId).join(', ')}); remove them and delete again`,
    };
  }
  if (memory.deletedAt !== undefined && now - memory.deletedAt < ASK_AGAIN_MS) return { kind: 'wait', seconds: SOON, because: 'the deletion does not show yet', memory };
  return {
    kind: 'act', acts: [{ kind: 'delete-cluster', clusterId: cluster.clusterId }], memory: { ...memory, deletedAt: now }, because: 'the cluster has no HSM',
  };
}
