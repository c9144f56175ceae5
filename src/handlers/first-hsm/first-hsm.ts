import { FIRST_HSM_TYPE } from '../../lifecycle/first-hsm-contract';
import type { FirstHsmProperties } from '../../lifecycle/first-hsm-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import { isAccessDenied, isRefusal, refusalOf } from '../aws/errors';
import { recordsOf } from '../cluster-records';
import { phaseOf } from '../cluster-state';
import type { Lifecycle } from '../engine/lifecycle';
import type { Memory } from '../engine/memory';
import type { Request } from '../engine/request';
import { observeRemoval, recordRemoval } from '../last-hsm';
import { originIn, writeOrigin } from '../origin';
import { otherClusterRefused, physicalId } from '../physical-id';
import { REMOVAL_LIMIT_MS } from '../removal';
import { evidenceOf } from './evidence';
import { auditLogGroupName, planFirstHsm } from './plan';
import type { FirstHsmAct, FirstHsmMemory, ObservedFirstHsm } from './plan';

/**
 * HSM 1.
 *
 * The service takes exactly one HSM until the cluster is ACTIVE, and only now shows CSR and hardware certificates, which are
 * written down. An ACTIVE cluster is adopted: nothing is created, and nothing of it is ever deleted here.
 */
export const firstHsm: Lifecycle<ObservedFirstHsm, FirstHsmAct> = {
  type: FIRST_HSM_TYPE,
  needsLease: true,
  cleanUpMs: () => REMOVAL_LIMIT_MS,
  clusterId: (request) => propertiesOf(request).ClusterId,
  physicalId: (request) => physicalId(propertiesOf(request).ClusterId, 'first-hsm'),
  refuse: (request) => notImportedRefused(request) ?? (request.type === 'Update' ? otherClusterRefused(request.physicalId, propertiesOf(request).ClusterId) : undefined),
  observe: async (aws, request, memory) => {
    const { ClusterId } = propertiesOf(request);
    const removing = request.type === 'Delete' || memory.failure !== undefined;
    const [described, [origin, evidence, firstRemoval], keyStores] = await Promise.all([
      aws.cloudHsm.describe(ClusterId),
      recordsOf(aws.parameters, ClusterId, PARAMETER_NAMES.origin, PARAMETER_NAMES.fingerprints, PARAMETER_NAMES.firstRemoval),
      removing ? aws.keys.keyStoresOf(ClusterId) : [],
    ]);
    const mayTakeLast = request.type === 'Delete' && described?.cluster !== undefined && phaseOf(described.cluster) === 'active';
    return {
      removal: await observeRemoval(aws, ClusterId, request, firstRemoval, mayTakeLast),
      cluster: described?.cluster,
      hasCsr: described?.certificates.clusterCsr !== undefined,
      origin: originIn(origin),
      hasEvidence: evidence !== undefined,
      keyStores,
    };
  },
  plan: (request, observed, memory, now) => planFirstHsm(request, propertiesOf(request), observed, memory, now),
  act: async (aws, acts, request, memory, now) => {
    let learned: FirstHsmMemory = memory;
    // First, and if it cannot be written nothing goes.
    if (acts.some(({ kind }) => kind === 'record-removal')) await recordRemoval(aws, propertiesOf(request).ClusterId, request);
    for (const one of acts) learned = await actOnce(aws, one, request, learned, now);
    return learned;
  },
};

/** Said before an HSM is bought for a cluster that this deploy has just made, because the import was left out. */
function notImportedRefused(request: Request): { code: string; message: string } | undefined {
  const { ClusterId, AdoptedClusterId } = propertiesOf(request);
  if (request.type === 'Delete' || AdoptedClusterId === undefined || AdoptedClusterId === ClusterId) return undefined;
  return {
    code: 'ClusterNotImported',
    message: `${AdoptedClusterId} is to be adopted, but the stack's cluster is ${ClusterId}; bring ${AdoptedClusterId} into the stack by cdk import, then deploy again`,
  };
}

async function actOnce(aws: Aws, act: FirstHsmAct, request: Request, memory: FirstHsmMemory, now: number): Promise<Memory> {
  const { ClusterId, AuditLogRetentionDays, AuditLogKeyArn } = propertiesOf(request);
  switch (act.kind) {
    case 'record-origin':
      await writeOrigin(aws.parameters, ClusterId, act.origin);
      return memory;
    case 'create-hsm':
      return { ...memory, attempts: await tryCreate(aws, ClusterId, act, memory, now) };
    case 'record-evidence': {
      const described = await aws.cloudHsm.describe(ClusterId);
      for (const [name, value] of evidenceOf(described!.certificates)) {
        await aws.parameters.create(clusterParameterName(ClusterId, name), value);
      }
      return memory;
    }
    case 'ensure-audit-log':
      await aws.logs.ensure({
        name: auditLogGroupName(ClusterId),
        retentionDays: Number(AuditLogRetentionDays) || undefined,
        keyArn: AuditLogKeyArn || undefined,
        hadKey: Boolean((request.oldProperties as Partial<FirstHsmProperties> | undefined)?.AuditLogKeyArn),
      });
      return { ...memory, auditLogEnsured: true };
    case 'record-removal':
      return memory;
    case 'delete-hsm':
      await tryDelete(aws, ClusterId, act.hsmId);
      return memory;
    case 'forget': {
      // The lease's last generation goes too: with the cluster's id, its numbers will never be asked for again.
      const lease = `/${PARAMETER_NAMES.lease}/`;
      const names = [...(await aws.parameters.under(clusterParameterName(ClusterId, ''))).keys()].filter((name) => !name.includes(lease));
      await aws.parameters.delete(names);
      await aws.logs.delete(auditLogGroupName(ClusterId));
      return memory;
    }
  }
}

async function tryCreate(
  aws: Aws, clusterId: string, { attemptId, availabilityZone, ipAddress }: FirstHsmAct & { kind: 'create-hsm' }, { attempts = [] }: FirstHsmMemory, now: number,
): Promise<FirstHsmMemory['attempts']> {
  const settle = (result: object) => attempts.map((attempt) => (attempt.id === attemptId ? { ...attempt, ...result } : attempt));
  try {
    return settle({ at: now, hsmId: await aws.cloudHsm.createHsm(clusterId, availabilityZone, ipAddress) });
  } catch (error) {
    if (isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ clusterId, attemptId, ...refusalOf(error) }));
    return settle(isRefusal(error) ? { refused: refusalOf(error) } : { at: now });
  }
}

/** One that is still being created or is gone already may be refused: it is looked at, and asked for again, later. */
async function tryDelete(aws: Aws, clusterId: string, hsmId: string): Promise<void> {
  try {
    await aws.cloudHsm.deleteHsm(clusterId, hsmId);
  } catch (error) {
    if (!isRefusal(error) || isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ clusterId, hsmId, ...refusalOf(error) }));
  }
}

function propertiesOf(request: Request): FirstHsmProperties {
  return request.properties as unknown as FirstHsmProperties;
}
