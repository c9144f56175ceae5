import type { FleetAttributes, FleetProperties } from '../../lifecycle/fleet-contract';
import { sortAttempts } from '../attempts';
import type { Attempt, Known } from '../attempts';
import type { Cluster, Hsm } from '../aws/cloudhsm';
import type { KeyStore } from '../aws/key-stores';
import { counted, listed, phaseOf, presenceOf } from '../cluster-state';
import type { Memory } from '../engine/memory';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { BACKUP_AWAITED, sparingTheLast } from '../last-hsm';
import type { ObservedRemoval } from '../last-hsm';
import { isMadeHere } from '../origin';
import type { Origin } from '../origin';
import { remainsOf, removalsWith, toRemoveNow } from '../removal';
import type { Removals } from '../removal';
import { wantedByZone } from './spread';

export type FleetAct =
  | { readonly kind: 'create-hsm'; readonly attemptId: string; readonly availabilityZone: string }
  | { readonly kind: 'delete-hsm'; readonly hsmId: string }
  | { readonly kind: 'record-latecomers'; readonly hsmIds: readonly string[] }
  | { readonly kind: 'record-removal' }
  | { readonly kind: 'disconnect-store' | 'connect-store'; readonly storeId: string };

export interface ObservedFleet {
  readonly cluster: Cluster | undefined;
  readonly origin: Origin | undefined;
  /** Names of the key stores on the cluster; only looked at when an HSM might go. */
  readonly keyStores: readonly string[] | undefined;
  /** The first removal that is written down, if one is. */
  readonly removal?: ObservedRemoval;
  /** HSMs that an earlier request wanted to take back. */
  readonly latecomers?: readonly string[];
  /** The key stores themselves; only looked at when they may be paused. */
  readonly pausable?: readonly KeyStore[];
}

export interface FleetMemory extends Memory {
  readonly attempts?: readonly Attempt[];
  readonly removals?: Removals;
  /** HSMs there when this request began. */
  readonly before?: readonly Known[];
  readonly growingSince?: number;
  readonly disconnectedAt?: number;
  readonly backupAwaitedSince?: number;
  readonly isReconnected?: boolean;
}

/** New HSMs take up to 25 minutes. */
const GROWTH_LIMIT_MS = 33 * 60_000;

/** No HSM has been seen sooner. */
const GROWTH_EARLIEST_MS = 4 * 60_000;

/** A disconnect that shows no effect is asked for again after this long. */
const DISCONNECT_SHOWS_MS = 60_000;

/** Whether this request might take HSMs away now. What it added itself and takes back is not meant. */
export function mayShrink(request: Request, cluster: Cluster | undefined): boolean {
  if (!cluster) return false;
  return request.type === 'Delete' || counted(cluster).length > Number((request.properties as unknown as FleetProperties).HsmCount);
}

/** Whether it might take the last one. */
export function mayTakeLast(request: Request, cluster: Cluster | undefined): boolean {
  return request.type !== 'Delete' && mayShrink(request, cluster) && Number((request.properties as unknown as FleetProperties).HsmCount) === 0;
}

export function planFleet(
  request: Request, properties: FleetProperties, observed: ObservedFleet, memory: FleetMemory, now: number,
): Step<FleetAct> {
  const { cluster } = observed;
  switch (phaseOf(cluster)) {
    case 'gone':
      if (request.type === 'Delete') return { kind: 'done', attributes: {} };
      return { kind: 'fail', code: 'ClusterGone', message: `cluster ${properties.ClusterId} does not exist or is being deleted` };
    case 'active':
      break;
    case 'changing':
      return { kind: 'wait', seconds: LATER, because: `cluster is ${cluster!.state}`, memory };
    default:
      if (request.type === 'Delete') return { kind: 'done', attributes: {} };
      return { kind: 'fail', code: 'ClusterNotActive', message: `cluster ${properties.ClusterId} is ${cluster!.state}; HSMs are added when it is ACTIVE` };
  }
  if (!memory.before) {
    const before = counted(cluster!).map(({ hsmId, availabilityZone, eniId }) => ({ hsmId, availabilityZone, eniId }));
    return planWithin(request, properties, observed, { ...memory, before }, now);
  }
  return planWithin(request, properties, observed, memory, now);
}

function planWithin(request: Request, properties: FleetProperties, observed: ObservedFleet, memory: FleetMemory, now: number): Step<FleetAct> {
  const cluster = observed.cluster!;
  if (memory.failure) return planUndo(cluster, memory, now);
  if (request.type === 'Delete') return planDelete(request, observed, memory, now);

  // The list goes on showing an HSM as ACTIVE for a while after its removal: what was asked to go no longer counts.
  const going = counted(cluster).filter(({ hsmId }) => memory.removals?.[hsmId] !== undefined);
  const hsms = counted(cluster).filter((hsm) => !going.includes(hsm));
  const attempts = sortAttempts(memory.attempts ?? [], cluster.hsms, memory.before!, now);
  const refused = attempts.refused[0]?.refused;
  if (refused) {
    return { kind: 'fail', code: 'CreateHsmRefused', message: `CloudHSM refused to add an HSM: ${refused.message} (${refused.code}); what was added is removed again` };
  }
  const presentIn = (zone: string) => hsms.filter(({ availabilityZone }) => availabilityZone === zone).length
    + attempts.pending.filter(({ availabilityZone }) => availabilityZone === zone).length;
  const { latecomers = [] } = observed;
  const settledIn = (zone: string) =>
    hsms.filter((hsm) => hsm.availabilityZone === zone && presenceOf(hsm) === 'present' && !latecomers.includes(hsm.hsmId)).length;
  const wanted = wantedByZone(properties, cluster, presentIn, settledIn);
  if (wanted instanceof Error) return { kind: 'fail', code: wanted.name, message: wanted.message };
  const zones = [...new Set([...wanted.keys(), ...hsms.map(({ availabilityZone }) => availabilityZone)])].sort();
  const missing = zones.flatMap((zone) => Array<string>(Math.max(0, (wanted.get(zone) ?? 0) - presentIn(zone))).fill(zone));
  const surplus = zones.flatMap((zone) => mostDispensable(hsms.filter(({ availabilityZone }) => availabilityZone === zone), latecomers)
    .slice(0, Math.max(0, presentIn(zone) - (wanted.get(zone) ?? 0))));
  if (request.type === 'Create' && !mayMove(request, observed, memory) && surplus.some(isOneOf(memory.before!))) {
    return adoptedClusterIsLarger(properties, cluster, wanted);
  }

  if (missing.length > 0) {
    // HSMs are restored from a peer: from none, one comes first, then the others.
    const batch = hsms.some((hsm) => presenceOf(hsm) === 'present') ? missing : attempts.pending.length + hsms.length > 0 ? [] : missing.slice(0, 1);
    if (batch.length > 0) return grow(batch, memory, now);
  }
  // One that is joining and has become surplus, after a roll back, is not waited for: it goes at once.
  const joining = hsms.some((hsm) => presenceOf(hsm) === 'joining' && !surplus.includes(hsm));
  if (missing.length > 0 || attempts.pending.length > 0 || joining) return awaitGrowth(memory, now);
  if (surplus.length + going.length > 0) return shrink(properties, observed, [...surplus, ...going], memory, now);
  if (listed(cluster).some((hsm) => presenceOf(hsm) === 'leaving' && memory.removals?.[hsm.hsmId] !== undefined)) {
    return { kind: 'wait', seconds: SOON, because: 'removed HSMs are still on the list', memory };
  }
  return reconnect(request, observed, hsms, memory) ?? { kind: 'done', attributes: { ...attributesOf(cluster) }, memory };
}

/** Stores that were paused are connected again, with the password that KMS has set; whether that succeeds is for their own resources to see. */
function reconnect(request: Request, { pausable = [] }: ObservedFleet, hsms: readonly Hsm[], memory: FleetMemory): Step<FleetAct> | undefined {
  const paused = pausable.filter(({ state }) => state === 'DISCONNECTED');
  if (request.type !== 'Update' || memory.isReconnected || paused.length === 0) return undefined;
  if (!areEnough(hsms) || !mayHavePaused(request, memory)) return undefined;
  return {
    kind: 'act', acts: paused.map(({ storeId }) => ({ kind: 'connect-store', storeId })), memory: { ...memory, isReconnected: true }, because: 'there are enough HSMs again',
  };
}

/** Whether a store can be connected to them. */
function areEnough(hsms: ReadonlyArray<{ readonly availabilityZone: string }>): boolean {
  return new Set(hsms.map(({ availabilityZone }) => availabilityZone)).size >= 2;
}

/** There were too few HSMs, or, before a rollback, there were to be. A store that is disconnected for another reason was so by somebody who knows why. */
function mayHavePaused({ oldProperties }: Request, { before = [] }: FleetMemory): boolean {
  const { HsmCount, Placement } = (oldProperties ?? {}) as Partial<FleetProperties>;
  const zones = Placement?.filter((entry) => !entry.endsWith('=0')).length ?? 2;
  return !areEnough(before) || Number(HsmCount ?? 2) < 2 || zones < 2;
}

function grow(zones: readonly string[], memory: FleetMemory, now: number): Step<FleetAct> {
  const made = memory.attempts ?? [];
  const attempts = zones.map((availabilityZone, index): Attempt => ({ id: `${made.length + index + 1}`, availabilityZone, at: now }));
  return {
    kind: 'act',
    acts: attempts.map(({ id, availabilityZone }) => ({ kind: 'create-hsm', attemptId: id, availabilityZone })),
    memory: { ...memory, attempts: [...made, ...attempts], growingSince: memory.growingSince ?? now },
    because: `${zones.length} HSMs are missing`,
  };
}

function awaitGrowth(memory: FleetMemory, now: number): Step<FleetAct> {
  const since = memory.growingSince ?? now;
  if (now - since > GROWTH_LIMIT_MS) {
    return {
      kind: 'fail',
      code: 'HsmNeverCame',
      message: `new HSMs were still not ACTIVE after ${GROWTH_LIMIT_MS / 60_000} minutes; they are removed again, deploy again later`,
    };
  }
  return {
    kind: 'wait',
    seconds: now - since < GROWTH_EARLIEST_MS ? LATER : SOON,
    because: 'HSMs are joining',
    memory: { ...memory, growingSince: since },
  };
}

/** On a Create only HSM 1 of a cluster that was made here may go: a pause, or a placement without its zone. */
function mayMove(request: Request, { origin }: ObservedFleet, { before }: FleetMemory): boolean {
  return isMadeHere(origin, request) && before!.length <= 1;
}

/** Said before anything is bought. */
function adoptedClusterIsLarger({ ClusterId, HsmCount }: FleetProperties, cluster: Cluster, wanted: ReadonlyMap<string, number>): Step<FleetAct> {
  const hsms = counted(cluster);
  const there = hsms.map(({ availabilityZone }) => availabilityZone).sort().join(', ');
  return {
    kind: 'fail',
    code: 'AdoptedClusterIsLarger',
    message: `cluster ${ClusterId} has ${hsms.length} HSMs (in ${there}) and hsmCount is ${HsmCount} (${[...wanted].sort().map((entry) => entry.join(': ')).join(', ')}); `
      + 'adopting never removes an HSM: set hsmCount or placement to what is there, scale afterwards',
  };
}

function isOneOf(known: readonly Known[]): (hsm: Hsm) => boolean {
  return (hsm) => known.some(({ hsmId, eniId }) => hsmId === hsm.hsmId || (eniId !== undefined && eniId === hsm.eniId));
}

function shrink(
  { ClusterId, HsmCount, PauseKeyStores }: FleetProperties, observed: ObservedFleet, surplus: readonly Hsm[], memory: FleetMemory, now: number,
): Step<FleetAct> {
  const { keyStores, cluster, pausable = [] } = observed;
  const left = counted(cluster!).filter((hsm) => !surplus.includes(hsm));
  const names = lookedAt(keyStores);
  if (names.length > 0 && !areEnough(left)) {
    const open = pausable.filter(({ state }) => state !== 'DISCONNECTED');
    if (PauseKeyStores === 'true' && open.length > 0) return pause(open, memory, now);
    if (PauseKeyStores !== 'true') {
      return {
        kind: 'fail',
        code: 'KeyStoreUsesCluster',
        message: `key store ${names.join(', ')} needs two HSMs in two Availability Zones and rests on ${ClusterId}; set pauseKeyStores to have it disconnected while hsmCount is ${HsmCount}`,
      };
    }
  }
  if (left.length === 0) return removeAll(ClusterId, surplus, observed, memory, now);
  return withRecord(remove(ClusterId, surplus, memory, now, 'removed HSMs are still on the list'), observed, memory);
}

/** All go, the last one when what it holds is in a backup. */
function removeAll(clusterId: string, hsms: readonly Hsm[], observed: ObservedFleet, memory: FleetMemory, now: number): Step<FleetAct> {
  const asked = hsms.filter(({ hsmId }) => memory.removals?.[hsmId] !== undefined);
  const due = hsms.filter((hsm) => !asked.includes(hsm));
  if (due.length === 0) return remove(clusterId, hsms, memory, now, 'removed HSMs are still on the list');
  const { removal } = observed;
  const hasBegun = memory.removals !== undefined && memory.before!.length > 1;
  const last = sparingTheLast({ clusterId, due, hasBegun, removal, waitedSince: memory.backupAwaitedSince }, now);
  switch (last.kind) {
    case 'fail':
      return last;
    case 'record':
      return { kind: 'act', acts: [{ kind: 'record-removal' }], memory, because: 'a first HSM was asked to go' };
    case 'go':
      return withRecord(remove(clusterId, [...last.hsms, ...asked], memory, now, 'removed HSMs are still on the list'), observed, memory);
    case 'wait':
      return remove(clusterId, asked, { ...memory, backupAwaitedSince: last.since }, now, BACKUP_AWAITED);
  }
}

/** No HSM goes before it is known which key stores rest on it. */
function lookedAt(keyStores: ObservedFleet['keyStores']): readonly string[] {
  if (!keyStores) throw new Error('an HSM was about to go before the key stores were looked at');
  return keyStores;
}

/** Keys of the stores cannot be used from now on. */
function pause(open: readonly KeyStore[], memory: FleetMemory, now: number): Step<FleetAct> {
  const due = open.filter(({ state }) => state !== 'DISCONNECTING');
  if (due.length === 0 || (memory.disconnectedAt !== undefined && now - memory.disconnectedAt < DISCONNECT_SHOWS_MS)) {
    return { kind: 'wait', seconds: SOON, because: 'key stores are being disconnected', memory };
  }
  return {
    kind: 'act', acts: due.map(({ storeId }) => ({ kind: 'disconnect-store', storeId })), memory: { ...memory, disconnectedAt: now },
    because: 'key stores are disconnected before their HSMs go',
  };
}

/** Calls DeleteHsm for those that were not asked for yet, else waits. */
function remove(clusterId: string, hsms: readonly Hsm[], memory: FleetMemory, now: number, because: string): Step<FleetAct> {
  const due = toRemoveNow(hsms, memory.removals ?? {}, now);
  const known: FleetMemory = { ...memory, remains: remainsOf(clusterId, hsms) };
  if (due.length === 0) return { kind: 'wait', seconds: SOON, because, memory: known };
  return {
    kind: 'act',
    acts: due.map(({ hsmId }) => ({ kind: 'delete-hsm', hsmId })),
    memory: { ...known, removals: removalsWith(memory.removals ?? {}, due, now) },
    because: `${due.length} HSMs are to go`,
  };
}

/** Whoever takes the last HSM, in this request or a later one, has to know what came before the first one went. */
function withRecord(step: Step<FleetAct>, { removal }: ObservedFleet, { before = [] }: FleetMemory): Step<FleetAct> {
  return step.kind === 'act' && before.length > 1 && !removal?.isOurs ? { ...step, acts: [{ kind: 'record-removal' }, ...step.acts] } : step;
}

/** Growth failed: exactly what it added goes, a replacement of an older HSM (same interface) stays. */
function planUndo(cluster: Cluster, memory: FleetMemory, now: number): Step<FleetAct> {
  const isGone = (hsmId = '') => memory.removals?.[hsmId] !== undefined && !cluster.hsms.some((hsm) => hsm.hsmId === hsmId);
  const attempts = sortAttempts((memory.attempts ?? []).filter(({ hsmId }) => !isGone(hsmId)), cluster.hsms, memory.before!, now);
  const leaving = listed(cluster).filter((hsm) => presenceOf(hsm) === 'leaving' && memory.removals?.[hsm.hsmId] !== undefined);
  const added = [...attempts.made.filter((hsm) => ['joining', 'present'].includes(presenceOf(hsm))), ...leaving];
  if (added.length > 0) return withLatecomers(remove(cluster.clusterId, added, memory, now, 'HSMs that were added are still on the list'), added);
  if (attempts.pending.length > 0) {
    return { kind: 'wait', seconds: SOON, because: 'an HSM that was asked for may still appear', memory: { ...memory, remains: undefined } };
  }
  return { kind: 'fail', ...memory.failure! };
}

/** One that is still joining may refuse to go, and be there to stay before the next request comes: its id is written down. */
function withLatecomers(step: Step<FleetAct>, added: readonly Hsm[]): Step<FleetAct> {
  const hsmIds = added.filter((hsm) => presenceOf(hsm) === 'joining').map(({ hsmId }) => hsmId);
  return step.kind === 'act' && hsmIds.length > 0 ? { ...step, acts: [...step.acts, { kind: 'record-latecomers', hsmIds }] } : step;
}

/** Back to one HSM, which `FirstHsm` takes away; a cluster that this stack did not make keeps all. */
function planDelete(request: Request, observed: ObservedFleet, memory: FleetMemory, now: number): Step<FleetAct> {
  const { cluster, origin, keyStores } = observed;
  const hsms = listed(cluster!);
  const going = hsms.filter((hsm) => presenceOf(hsm) === 'leaving' || memory.removals?.[hsm.hsmId] !== undefined);
  if (!isMadeHere(origin, request) || hsms.length <= 1) return { kind: 'done', attributes: {} };
  const names = lookedAt(keyStores);
  if (names.length > 0) {
    return {
      kind: 'fail',
      code: 'KeyStoreUsesCluster',
      message: `HSMs of ${cluster!.clusterId} are kept: key store ${names.join(', ')} rests on them; disconnect and delete it first`,
    };
  }
  // Whoever was asked to go stays chosen, or one more would go whenever states change.
  const surplus = mostDispensable(hsms.filter((hsm) => !going.includes(hsm))).slice(0, Math.max(0, hsms.length - going.length - 1));
  return withRecord(remove(cluster!.clusterId, [...surplus, ...going], memory, now, 'removed HSMs are still on the list'), observed, memory);
}

/** Those that do least harm to lose first: latecomers, still joining, then degraded; otherwise by id, so that a repeat picks the same. */
function mostDispensable(hsms: readonly Hsm[], latecomers: readonly string[] = []): Hsm[] {
  const rank = ({ hsmId, state }: Hsm) => latecomers.includes(hsmId) ? -1 : ['CREATE_IN_PROGRESS', 'DEGRADED', 'ACTIVE'].indexOf(state);
  return [...hsms].sort((a, b) => rank(a) - rank(b) || a.hsmId.localeCompare(b.hsmId));
}

function attributesOf(cluster: Cluster): FleetAttributes {
  const hsms = [...counted(cluster)].sort((a, b) => a.availabilityZone.localeCompare(b.availabilityZone) || (a.eniIp ?? '').localeCompare(b.eniIp ?? ''));
  return {
    ClusterId: cluster.clusterId,
    HsmAddresses: hsms.map(({ eniIp }) => eniIp ?? '').join(','),
    NetworkInterfaceIds: hsms.map(({ eniId }) => eniId ?? '').join(','),
  };
}
