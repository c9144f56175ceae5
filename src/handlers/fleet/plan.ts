import { lookForAbsent } from './absent';
import { areEnough, lookedAt, mostDispensable, remove, shrink, withRecord } from './shrink';
import { wantedByZone } from './spread';
import type { FleetAct, FleetMemory, ObservedFleet } from './state';
import type { FleetAttributes, FleetProperties } from '../../lifecycle/fleet-contract';
import { knownOf, sortAttempts } from '../attempts';
import type { Attempt, Known } from '../attempts';
import type { Cluster, Hsm } from '../aws/cloudhsm';
import { counted, listed, phaseOf, presenceOf } from '../cluster-state';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { freeAddresses, refusedAddress } from '../fixed-addresses';
import { isMadeHere } from '../origin';

/** New HSMs take up to 25 minutes; those of a cluster that had none come in two batches, which have so long each. */
const GROWTH_LIMIT_MS = 33 * 60_000;

/** No HSM has been seen sooner. */
const GROWTH_EARLIEST_MS = 4 * 60_000;

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
  const known: FleetMemory = memory.before ? memory : { ...memory, before: counted(cluster!).map(knownOf) };
  if (request.scheduled === 'RECONCILE' && known.before!.length === 0) return { kind: 'done', attributes: {}, note: 'the cluster is paused and stays so' };
  return planWithin(request, properties, observed, known, now);
}

function planWithin(request: Request, properties: FleetProperties, observed: ObservedFleet, remembered: FleetMemory, now: number): Step<FleetAct> {
  const cluster = observed.cluster!;
  if (remembered.failure) return planUndo(cluster, remembered, now);
  if (request.type === 'Delete') return planDelete(request, observed, remembered, now);

  // The list goes on showing an HSM as ACTIVE for a while after its removal: what was asked to go no longer counts.
  const going = counted(cluster).filter(({ hsmId }) => remembered.removals?.[hsmId] !== undefined);
  const hsms = counted(cluster).filter((hsm) => !going.includes(hsm));
  const attempts = sortAttempts(remembered.attempts ?? [], cluster.hsms, remembered.before!, now);
  const { memory, absent } = lookForAbsent(remembered, counted(cluster), attempts.made, now);
  const [refused] = attempts.refused;
  if (refused?.refused) {
    const { code, message } = refused.refused;
    return {
      kind: 'fail', code: 'CreateHsmRefused', message: `CloudHSM refused to add an HSM: ${message} (${code}); what was added is removed again${refusedAddress(refused)}`,
    };
  }
  const countIn = (some: ReadonlyArray<Pick<Hsm, 'availabilityZone'>>, zone: string) => some.filter(({ availabilityZone }) => availabilityZone === zone).length;
  const seenIn = (zone: string) => countIn(hsms, zone) + countIn(attempts.pending, zone);
  const presentIn = (zone: string) => seenIn(zone) + countIn(absent, zone);
  const { latecomers = [] } = observed;
  const settledIn = (zone: string) =>
    hsms.filter((hsm) => hsm.availabilityZone === zone && presenceOf(hsm) === 'present' && !latecomers.includes(hsm.hsmId)).length;
  const wanted = wantedByZone(properties, cluster, presentIn, settledIn);
  if (wanted instanceof Error) return { kind: 'fail', code: wanted.name, message: wanted.message };
  const zones = [...new Set([...wanted.keys(), ...hsms.map(({ availabilityZone }) => availabilityZone)])].sort();
  const missing = zones.flatMap((zone) => Array<string>(Math.max(0, (wanted.get(zone) ?? 0) - presentIn(zone))).fill(zone));
  const surplus = zones.flatMap((zone) => mostDispensable(hsms.filter(({ availabilityZone }) => availabilityZone === zone), latecomers)
    .slice(0, Math.max(0, seenIn(zone) - (wanted.get(zone) ?? 0))));
  if (request.type === 'Create' && !mayMove(request, observed, memory) && surplus.some(isOneOf(memory.before!))) {
    return adoptedClusterIsLarger(properties, cluster, wanted);
  }

  if (missing.length > 0) {
    // HSMs are restored from a peer: from none, one comes first, then the others.
    const batch = hsms.some((hsm) => presenceOf(hsm) === 'present') ? missing : attempts.pending.length + hsms.length > 0 ? [] : missing.slice(0, 1);
    const isSecondBatch = memory.before!.length === 0 && hsms.some((hsm) => presenceOf(hsm) === 'present');
    const places = placesFor(batch, properties, cluster, memory, now);
    if (places.length > 0) return grow(places, isSecondBatch ? withFirst(memory) : memory, now);
  }
  // One that is joining and has become surplus, after a roll back, is not waited for: it goes at once.
  const joining = hsms.some((hsm) => presenceOf(hsm) === 'joining' && !surplus.includes(hsm));
  if (missing.length > 0 || attempts.pending.length > 0 || absent.length > 0 || joining) {
    const isOurs = missing.length > 0 || attempts.pending.length > 0 || attempts.made.some((hsm) => presenceOf(hsm) !== 'present');
    return awaitGrowth(cluster, hsms, isOurs, memory, now);
  }
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

/** There were too few HSMs, or, before a rollback, there were to be. A store that is disconnected for another reason was so by somebody who knows why. */
function mayHavePaused({ oldProperties }: Request, { before = [] }: FleetMemory): boolean {
  const { HsmCount, Placement } = (oldProperties ?? {}) as Partial<FleetProperties>;
  const zones = Placement?.filter((entry) => !entry.endsWith('=0')).length ?? 2;
  return !areEnough(before) || Number(HsmCount ?? 2) < 2 || zones < 2;
}

/** The limit begins anew, once: an HSM that fails and comes again and again does not put it off for ever. */
function withFirst(memory: FleetMemory): FleetMemory {
  return memory.hasFirst ? memory : { ...memory, growingSince: undefined, hasFirst: true };
}

interface Place {
  readonly availabilityZone: string;
  readonly ipAddress?: string;
}

/** Where an address was asked for, and an HSM that leaves has it still, the new one waits for it. */
function placesFor(zones: readonly string[], { Addresses }: FleetProperties, cluster: Cluster, { attempts = [] }: FleetMemory, now: number): Place[] {
  return zones.flatMap((availabilityZone, index): Place[] => {
    const addresses = freeAddresses(Addresses, cluster, availabilityZone, attempts, now);
    if (!addresses) return [{ availabilityZone }];
    const ipAddress = addresses[zones.slice(0, index).filter((zone) => zone === availabilityZone).length];
    return ipAddress === undefined ? [] : [{ availabilityZone, ipAddress }];
  });
}

function grow(places: readonly Place[], memory: FleetMemory, now: number): Step<FleetAct> {
  const made = memory.attempts ?? [];
  const attempts = places.map((place, index): Attempt => ({ id: `${made.length + index + 1}`, ...place, at: now }));
  return {
    kind: 'act',
    acts: attempts.map(({ id }, index) => ({ kind: 'create-hsm', attemptId: id, ...places[index] })),
    memory: { ...memory, attempts: [...made, ...attempts], growingSince: memory.growingSince ?? now },
    because: `${places.length} HSMs are missing`,
  };
}

function awaitGrowth(cluster: Cluster, hsms: readonly Hsm[], isOurs: boolean, memory: FleetMemory, now: number): Step<FleetAct> {
  const since = memory.growingSince ?? now;
  if (now - since > GROWTH_LIMIT_MS) {
    // Nothing that this request asked for is missing, and what the service or somebody else makes is not its to take back.
    if (!isOurs) return { kind: 'done', attributes: { ...attributesOf(cluster) }, memory, note: stillJoining(cluster, hsms) };
    return {
      kind: 'fail',
      code: 'HsmNeverCame',
      message: `new HSMs were still not ACTIVE after ${GROWTH_LIMIT_MS / 60_000} minutes; they are removed again, deploy again later`,
    };
  }
  return {
    kind: 'wait',
    seconds: now - since < GROWTH_EARLIEST_MS ? LATER : SOON,
    // Another wait with every one that has come: the next may be near.
    because: `HSMs are joining ${hsms.filter((hsm) => presenceOf(hsm) === 'present').length} that are ACTIVE`,
    memory: { ...memory, growingSince: since },
  };
}

function stillJoining({ clusterId }: Cluster, hsms: readonly Hsm[]): string {
  const ids = hsms.filter((hsm) => presenceOf(hsm) === 'joining').map(({ hsmId }) => hsmId).join(', ');
  return `${ids} of ${clusterId} is still not ACTIVE after ${GROWTH_LIMIT_MS / 60_000} minutes; it was not asked for here, so it is left to the service: ask AWS Support`;
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

function attributesOf(cluster: Cluster): FleetAttributes {
  const hsms = [...counted(cluster)].sort((a, b) => a.availabilityZone.localeCompare(b.availabilityZone) || (a.eniIp ?? '').localeCompare(b.eniIp ?? ''));
  return {
    ClusterId: cluster.clusterId,
    HsmAddresses: hsms.map(({ eniIp }) => eniIp ?? '').join(','),
    NetworkInterfaceIds: hsms.map(({ eniId }) => eniId ?? '').join(','),
  };
}
