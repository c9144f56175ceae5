import { planRestoredCluster } from './plan';
import type { ObservedRestoredCluster, RestoredClusterAct, RestoredClusterMemory } from './plan';
import { forgetRecord, readRecord, tagValue, writeRecord } from './record';
import type { RestoreRecord } from './record';
import { anchorFits, observeSource, readable } from './source';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import { RESTORED_CLUSTER_TYPE, RESTORED_TAG } from '../../lifecycle/restored-cluster-contract';
import type { RestoredClusterProperties } from '../../lifecycle/restored-cluster-contract';
import type { Aws } from '../aws';
import { isAccessDenied, isRefusal, refusalOf } from '../aws/errors';
import type { Lifecycle } from '../engine/lifecycle';
import type { Request } from '../engine/request';
import { hashOf } from '../physical-id';

/** A deletion takes about two minutes, and the cluster may have to become ACTIVE first. */
const CLEAN_UP_MS = 8 * 60_000;

/**
 * A cluster from a backup: ACTIVE at once, without an HSM, with users, keys, passwords and certificate of the backup's day.
 *
 * The backup is chosen once and written down; nothing moves the cluster to another one afterwards. CreateCluster has no idempotency token, so the cluster
 * carries a tag of the request by which it is found when the answer was lost. It costs nothing until it gets its first HSM.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/create-cluster-from-backup.html
 */
export const restoredCluster: Lifecycle<ObservedRestoredCluster, RestoredClusterAct> = {
  type: RESTORED_CLUSTER_TYPE,
  needsLease: false,
  cleanUpMs: () => CLEAN_UP_MS,
  clusterId: () => undefined,
  physicalId: (request) => request.type === 'Create' ? `restored-cluster/${restoredHash(propertiesOf(request))}` : request.physicalId!,
  refuse: (request) => request.type === 'Update' ? replacementRefused(request) : undefined,
  observe: async (aws, request, memory, now) => observe(aws, request, memory, now),
  plan: (request, observed, memory, now) => planRestoredCluster(request, propertiesOf(request), observed, memory, now),
  act: async (aws, [one], request, memory, now) => actOnce(aws, one, request, memory, now),
};

async function observe(aws: Aws, request: Request, memory: RestoredClusterMemory, now: number): Promise<ObservedRestoredCluster> {
  const properties = propertiesOf(request);
  const written = await readRecord(aws.parameters, request);
  const record = request.type === 'Create' && written?.request !== request.requestId ? undefined : written;
  const clusterId = record && (record.clusterId ?? (await aws.restoredClusters.tagged(RESTORED_TAG, tagValue(request, record)))[0]);
  const described = clusterId === undefined ? undefined : await aws.cloudHsm.describe(clusterId);
  const seen = { record, clusterId, cluster: described?.cluster };
  if (request.type !== 'Create' || memory.failure) return { ...seen, hasAnchor: true };
  if (!record) return { ...seen, hasAnchor: false, source: await observeSource(aws, properties, request.stackId, now) };
  if (clusterId === undefined) return { ...seen, hasAnchor: false };
  const hasAnchor = await aws.parameters.get(anchorOf(clusterId)) !== undefined;
  if (hasAnchor) return { ...seen, hasAnchor };
  const anchor = readable(await originalAnchor(aws, request, record, now) ?? '');
  return { ...seen, hasAnchor, anchorFits: anchor !== undefined && anchorFits(anchor, described?.certificates.clusterCertificate) };
}

async function actOnce(
  aws: Aws, act: RestoredClusterAct, request: Request, memory: RestoredClusterMemory, now: number,
): Promise<RestoredClusterMemory> {
  const properties = propertiesOf(request);
  switch (act.kind) {
    case 'choose':
    case 'note-cluster':
      await writeRecord(aws.parameters, request, act.record);
      return memory;
    case 'create':
      return restore(aws, act.record, request, memory);
    case 'keep-anchor':
      await keepAnchor(aws, act.clusterId, request, now);
      return memory;
    case 'set-retention':
      await aws.restoredClusters.retain(act.clusterId, properties.BackupRetentionDays || DEFAULT_RETENTION_DAYS);
      return memory;
    case 'delete-cluster':
      return deleteCluster(aws, act.clusterId, memory);
    case 'forget':
      if (act.clusterId !== undefined) {
        const { trustAnchor, restoredFrom } = PARAMETER_NAMES;
        await aws.parameters.delete([trustAnchor, restoredFrom].map((name) => clusterParameterName(act.clusterId!, name)));
      }
      await forgetRecord(aws.parameters, request);
      return memory;
  }
}

/** The service's own: what leaving the property out means. */
const DEFAULT_RETENTION_DAYS = '90';

async function restore(aws: Aws, record: RestoreRecord, request: Request, memory: RestoredClusterMemory): Promise<RestoredClusterMemory> {
  const { HsmType, Mode, NetworkType, SubnetIds, BackupRetentionDays } = propertiesOf(request);
  try {
    const clusterId = await aws.restoredClusters.restore({
      backup: record.backupId, hsmType: HsmType, mode: Mode, networkType: NetworkType, subnetIds: SubnetIds, retentionDays: BackupRetentionDays,
      tag: { key: RESTORED_TAG, value: tagValue(request, record) },
    });
    await writeRecord(aws.parameters, request, { ...record, clusterId });
    return memory;
  } catch (error) {
    if (isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ backupId: record.backupId, ...refusalOf(error) }));
    return isRefusal(error) ? { ...memory, refused: refusalOf(error) } : memory;
  }
}

/** Clients find it where they find every cluster's; beside it stands where the cluster came from. */
async function keepAnchor(aws: Aws, clusterId: string, request: Request, now: number): Promise<void> {
  const record = (await readRecord(aws.parameters, request))!;
  const source = await observeSource(aws, { ...propertiesOf(request), BackupId: record.backupId }, request.stackId, now);
  await aws.parameters.overwrite(clusterParameterName(clusterId, PARAMETER_NAMES.restoredFrom), JSON.stringify({
    at: new Date(now).toISOString(),
    backup: record.backupId,
    backupCreatedAt: source.backup?.createdAt === undefined ? undefined : new Date(source.backup.createdAt).toISOString(),
    cluster: source.backup?.clusterId,
    trustAnchor: readable(source.trustAnchor!)!.fingerprint256,
  }));
  await aws.parameters.create(anchorOf(clusterId), source.trustAnchor!);
}

async function originalAnchor(aws: Aws, request: Request, { backupId }: RestoreRecord, now: number): Promise<string | undefined> {
  return (await observeSource(aws, { ...propertiesOf(request), BackupId: backupId }, request.stackId, now)).trustAnchor;
}

/** Refused while the last HSM is on its way out: asked for again later. */
async function deleteCluster(aws: Aws, clusterId: string, memory: RestoredClusterMemory): Promise<RestoredClusterMemory> {
  try {
    await aws.restoredClusters.delete(clusterId);
  } catch (error) {
    if (!isRefusal(error) || isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ clusterId, ...refusalOf(error) }));
  }
  return memory;
}

function anchorOf(clusterId: string): string {
  return clusterParameterName(clusterId, PARAMETER_NAMES.trustAnchor);
}

/** The rollback's Update brings the old properties back and passes. */
function replacementRefused(request: Request): { code: string; message: string } | undefined {
  if (request.physicalId?.endsWith(restoredHash(propertiesOf(request)))) return undefined;
  return {
    code: 'ClusterReplacementRefused',
    message: 'this change (backup, subnets, HSM type, mode or network type) would need another cluster in place of this one; undo it, or make a second Cluster with another construct id',
  };
}

function restoredHash({ BackupId, SourceClusterId, SubnetIds, HsmType, Mode, NetworkType }: RestoredClusterProperties): string {
  return hashOf(BackupId ?? `latest of ${SourceClusterId}`, ...[...SubnetIds].sort(), HsmType, Mode, NetworkType);
}

function propertiesOf(request: Request): RestoredClusterProperties {
  return request.properties as unknown as RestoredClusterProperties;
}
