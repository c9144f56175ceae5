import type { FirstHsmAttributes, FirstHsmProperties } from '../../lifecycle/first-hsm-contract';
import { sortAttempts } from '../attempts';
import type { Attempt } from '../attempts';
import type { Cluster, Hsm } from '../aws/cloudhsm';
import { counted, listed, phaseOf, presenceOf } from '../cluster-state';
import type { Memory } from '../engine/memory';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { freeAddresses, refusedAddress } from '../fixed-addresses';
import { BACKUP_AWAITED, sparingTheLast } from '../last-hsm';
import type { LastHsm, ObservedRemoval } from '../last-hsm';
import { isMadeHere, originOf } from '../origin';
import type { Origin } from '../origin';
import { remainsOf, removalsWith, toRemoveNow } from '../removal';
import type { Removals } from '../removal';

export type FirstHsmAct =
  | { readonly kind: 'record-origin'; readonly origin: Origin }
  | { readonly kind: 'create-hsm'; readonly attemptId: string; readonly availabilityZone: string; readonly ipAddress?: string }
  | { readonly kind: 'record-evidence' }
  | { readonly kind: 'ensure-audit-log' }
  | { readonly kind: 'delete-hsm'; readonly hsmId: string }
  | { readonly kind: 'record-removal' }
  | { readonly kind: 'forget' };

export interface ObservedFirstHsm {
  readonly cluster: Cluster | undefined;
  readonly hasCsr: boolean;
  readonly origin: Origin | undefined;
  readonly hasEvidence: boolean;
  /** The first removal that is written down, if one is. */
  readonly removal?: ObservedRemoval;
  /** Key stores that name the cluster; asked only before an HSM is removed. */
  readonly keyStores: readonly string[];
}

export interface FirstHsmMemory extends Memory {
  readonly attempts?: readonly Attempt[];
  readonly removals?: Removals;
  readonly auditLogEnsured?: boolean;
  readonly forgotten?: boolean;
  /** Since when HSM 1 has been awaited. */
  readonly hsmAwaitedSince?: number;
  readonly csrAwaitedSince?: number;
  /** HSMs there were when this request took the first away. */
  readonly beganWith?: number;
  readonly backupAwaitedSince?: number;
}

/** An HSM takes up to 20 minutes; one that has not come by then does not come. */
const HSM_LIMIT_MS = 30 * 60_000;

/** No HSM has been seen sooner: until then there is no need to look often. */
const HSM_EARLIEST_MS = 4 * 60_000;

/** The CSR follows the first HSM at once or within minutes. */
const CSR_LIMIT_MS = 8 * 60_000;

export function planFirstHsm(
  request: Request, properties: FirstHsmProperties, observed: ObservedFirstHsm, memory: FirstHsmMemory, now: number,
): Step<FirstHsmAct> {
  if (request.type === 'Delete' || memory.failure) return planRemoval(request, observed, memory, now);
  const { cluster } = observed;
  switch (phaseOf(cluster)) {
    case 'gone':
      return { kind: 'fail', code: 'ClusterGone', message: `cluster ${properties.ClusterId} does not exist or is being deleted` };
    case 'changing':
      return { kind: 'wait', seconds: LATER, because: `cluster is ${cluster!.state}`, memory };
    case 'uninitialized':
      if (properties.AdoptedClusterId !== undefined) return notActive(cluster!);
      return planFirst(request, properties, cluster!, observed, memory, now);
    case 'initializing':
    case 'initialized':
      if (observed.hasEvidence) return finish(cluster!, memory);
      return {
        kind: 'fail',
        code: 'InitializedElsewhere',
        message: `cluster ${properties.ClusterId} is ${cluster!.state}, but was not initialized by this stack; activate it with the tool that `
          + 'initialized it and deploy again: an ACTIVE cluster is adopted',
      };
    case 'active':
      if (properties.IsRestored === 'true' && request.type === 'Create') return planFirst(request, properties, cluster!, observed, memory, now);
      return observed.origin ? finish(cluster!, memory) : adopt(request, memory);
  }
}

function notActive({ clusterId, state }: Cluster): Step<FirstHsmAct> {
  return { kind: 'fail', code: 'AdoptedClusterNotActive', message: `cluster ${clusterId} is ${state}; only an ACTIVE cluster is adopted: leave adoptedClusterId out` };
}

function adopt(request: Request, memory: FirstHsmMemory): Step<FirstHsmAct> {
  return { kind: 'act', acts: [{ kind: 'record-origin', origin: originOf(request, 'adopted') }], memory, because: 'the cluster is ACTIVE: adopt it' };
}

function planFirst(
  request: Request, properties: FirstHsmProperties, cluster: Cluster, observed: ObservedFirstHsm, memory: FirstHsmMemory, now: number,
): Step<FirstHsmAct> {
  if (!observed.origin) {
    return { kind: 'act', acts: [{ kind: 'record-origin', origin: originOf(request, 'made') }], memory, because: 'written down before anything is bought' };
  }
  const attempts = sortAttempts(memory.attempts ?? [], cluster.hsms, [], now);
  const [refused] = attempts.refused;
  const hsms = counted(cluster);
  if (hsms.length === 0 && attempts.pending.length === 0) {
    if (refused?.refused) {
      const { code, message } = refused.refused;
      return { kind: 'fail', code: 'CreateHsmRefused', message: `CloudHSM refused to create the first HSM: ${message} (${code})${refusedAddress(refused)}` };
    }
    if (listed(cluster).length > 0) return { kind: 'wait', seconds: SOON, because: 'an HSM is leaving; the service takes one only', memory };
    return createFirst(properties, cluster, memory, now);
  }
  const [hsm] = hsms;
  if (!hsm || presenceOf(hsm) === 'joining') {
    const since = memory.hsmAwaitedSince ?? now;
    if (now - since > HSM_LIMIT_MS) {
      return {
        kind: 'fail',
        code: 'FirstHsmNeverCame',
        message: `the first HSM ${hsm ? `${hsm.hsmId} ` : ''}was still not ACTIVE after ${HSM_LIMIT_MS / 60_000} minutes; deploy again, and ask AWS Support if it repeats`,
      };
    }
    return {
      kind: 'wait', seconds: now - since < HSM_EARLIEST_MS ? LATER : SOON, because: 'HSM 1 is being created', memory: { ...memory, hsmAwaitedSince: since },
    };
  }
  // One that came with the cluster's content has proven itself to those who backed it up, and is asked no more.
  if (properties.IsRestored === 'true') return finish(cluster, memory);
  if (!observed.hasCsr) {
    const since = memory.csrAwaitedSince ?? now;
    if (now - since > CSR_LIMIT_MS) {
      return { kind: 'fail', code: 'CsrNeverCame', message: `HSM ${hsm.hsmId} is ${hsm.state}, but the cluster shows no certificate signing request; deploy again` };
    }
    return { kind: 'wait', seconds: SOON, because: 'the CSR is not out yet', memory: { ...memory, csrAwaitedSince: since } };
  }
  if (!observed.hasEvidence) return { kind: 'act', acts: [{ kind: 'record-evidence' }], memory, because: 'certificates can be read only now' };
  return finish(cluster, memory);
}

function createFirst({ AvailabilityZones, Addresses }: FirstHsmProperties, cluster: Cluster, memory: FirstHsmMemory, now: number): Step<FirstHsmAct> {
  const wanted = AvailabilityZones.split(',').filter((zone) => zone in cluster.subnets);
  if (wanted.length === 0) {
    return {
      kind: 'fail',
      code: 'NoZoneForHsm',
      message: `none of the Availability Zones ${AvailabilityZones} is one of the cluster's (${Object.keys(cluster.subnets).sort().join(', ')}); choose vpcSubnets in zones with CloudHSM`,
    };
  }
  const attempts = memory.attempts ?? [];
  const address = freeAddresses(Addresses, cluster, wanted[0], attempts, now)?.[0];
  const place = { availabilityZone: wanted[0], ...address === undefined ? {} : { ipAddress: address } };
  const attempt: Attempt = { id: `${attempts.length + 1}`, ...place, at: now };
  return {
    kind: 'act',
    acts: [{ kind: 'create-hsm', attemptId: attempt.id, ...place }],
    memory: { ...memory, attempts: [...attempts, attempt], hsmAwaitedSince: memory.hsmAwaitedSince ?? now },
    because: 'the cluster has no HSM',
  };
}

function finish(cluster: Cluster, memory: FirstHsmMemory): Step<FirstHsmAct> {
  if (!memory.auditLogEnsured) {
    return { kind: 'act', acts: [{ kind: 'ensure-audit-log' }], memory, because: 'the audit log group is created or adopted' };
  }
  if (!cluster.securityGroup) return { kind: 'wait', seconds: SOON, because: 'the cluster shows no security group yet', memory };
  const attributes: FirstHsmAttributes = {
    SecurityGroupId: cluster.securityGroup,
    VpcId: cluster.vpcId ?? '',
    AuditLogGroupName: auditLogGroupName(cluster.clusterId),
  };
  return { kind: 'done', attributes: { ...attributes }, memory };
}

/** A Delete takes all there is of a cluster that was made here, a failed request only what it added itself. */
function planRemoval(request: Request, observed: ObservedFirstHsm, memory: FirstHsmMemory, now: number): Step<FirstHsmAct> {
  const { cluster, origin } = observed;
  const over = (): Step<FirstHsmAct> => memory.failure
    ? { kind: 'fail', ...memory.failure }
    : { kind: 'done', attributes: {}, memory };
  if (request.type === 'Delete' && !isMadeHere(origin, request)) return over();
  if (phaseOf(cluster) !== 'gone') {
    const { made, pending } = sortAttempts(memory.attempts ?? [], cluster!.hsms, [], now);
    const left = listed(cluster!).filter((hsm) => request.type === 'Delete' || made.includes(hsm) || memory.removals?.[hsm.hsmId] !== undefined);
    if (left.length > 0 && observed.keyStores.length > 0) {
      return {
        kind: 'fail',
        code: 'KeyStoreUsesCluster',
        message: `HSMs of ${cluster!.clusterId} are kept: key store ${observed.keyStores.join(', ')} rests on them; disconnect and delete it first`,
      };
    }
    const known: FirstHsmMemory = { ...memory, remains: remainsOf(cluster!.clusterId, left) };
    const last = request.type === 'Delete' ? lastOf(cluster!, observed, memory, now) : undefined;
    if (last?.kind === 'fail') return last;
    if (last?.kind === 'record') return { kind: 'act', acts: [{ kind: 'record-removal' }], memory: known, because: 'a first HSM was asked to go' };
    const asked = left.filter(({ hsmId }) => memory.removals?.[hsmId] !== undefined);
    const due = toRemoveNow(last ? [...last.kind === 'go' ? last.hsms : [], ...asked] : left, memory.removals ?? {}, now);
    if (due.length > 0) {
      return {
        kind: 'act',
        acts: [
          ...isFirstRemoval(last, left, observed) ? [{ kind: 'record-removal' } as const] : [],
          ...due.map(({ hsmId }) => ({ kind: 'delete-hsm', hsmId } as const)),
        ],
        memory: { ...known, removals: removalsWith(memory.removals ?? {}, due, now), beganWith: memory.beganWith ?? left.length },
        because: 'HSMs are left',
      };
    }
    if (last?.kind === 'wait') return { kind: 'wait', seconds: SOON, because: BACKUP_AWAITED, memory: { ...known, backupAwaitedSince: last.since } };
    if (left.length > 0) return { kind: 'wait', seconds: SOON, because: 'HSMs are still on the list', memory: known };
    if (pending.length > 0) return { kind: 'wait', seconds: SOON, because: 'an HSM that was asked for may still appear', memory: known };
  }
  if (isForgotten(request, observed) && !memory.forgotten) {
    return {
      kind: 'act', acts: [{ kind: 'forget' }], memory: { ...memory, forgotten: true }, because: 'what was written down of the cluster goes with it', isRepeatable: true,
    };
  }
  return over();
}

/** Of an ACTIVE cluster: it may hold what no backup holds. `undefined`: all that are left were asked to go, or hold nothing. */
function lastOf(cluster: Cluster, observed: ObservedFirstHsm, memory: FirstHsmMemory, now: number): LastHsm | undefined {
  const { removals = {} } = memory;
  const due = counted(cluster).filter(({ hsmId }) => removals[hsmId] === undefined);
  if (phaseOf(cluster) !== 'active' || due.length === 0) return undefined;
  const { clusterId } = cluster;
  const hasBegun = (memory.beganWith ?? 0) > 1;
  return sparingTheLast({ clusterId, due, hasBegun, removal: observed.removal, waitedSince: memory.backupAwaitedSince }, now);
}

/** The fleet leaves one as a rule, and has written down what came before it took the others. */
function isFirstRemoval(last: LastHsm | undefined, left: readonly Hsm[], { removal }: ObservedFirstHsm): boolean {
  return last !== undefined && left.length > 1 && !removal?.isOurs;
}

/** A failed Create forgets only a cluster that holds nothing yet: the trust anchor of one that lives on can be had nowhere else. */
function isForgotten(request: Request, { cluster, origin }: ObservedFirstHsm): boolean {
  if (!isMadeHere(origin, request)) return false;
  if (request.type === 'Delete') return true;
  const isBlank = phaseOf(cluster) === 'gone' || (phaseOf(cluster) === 'uninitialized' && listed(cluster!).length === 0);
  return request.type === 'Create' && origin!.resource === resourceKey(request) && isBlank;
}

/** Name that CloudHSM itself gives the group. */
export function auditLogGroupName(clusterId: string): string {
  return `/aws/cloudhsm/${clusterId}`;
}
