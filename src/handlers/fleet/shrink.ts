import type { FleetAct, FleetMemory, ObservedFleet } from './state';
import type { FleetProperties } from '../../lifecycle/fleet-contract';
import type { Hsm } from '../aws/cloudhsm';
import type { KeyStore } from '../aws/key-stores';
import { counted } from '../cluster-state';
import { SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { BACKUP_AWAITED, sparingTheLast } from '../last-hsm';
import { remainsOf, removalsWith, toRemoveNow } from '../removal';

/** A disconnect that shows no effect is asked for again after this long. */
const DISCONNECT_SHOWS_MS = 60_000;

/** HSMs go that are too many; not under a key store that needs them, unless it may be paused. */
export function shrink(
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

/** Whether a store can be connected to them. */
export function areEnough(hsms: ReadonlyArray<{ readonly availabilityZone: string }>): boolean {
  return new Set(hsms.map(({ availabilityZone }) => availabilityZone)).size >= 2;
}

/** No HSM goes before it is known which key stores rest on it. */
export function lookedAt(keyStores: ObservedFleet['keyStores']): readonly string[] {
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
export function remove(clusterId: string, hsms: readonly Hsm[], memory: FleetMemory, now: number, because: string): Step<FleetAct> {
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
export function withRecord(step: Step<FleetAct>, { removal }: ObservedFleet, { before = [] }: FleetMemory): Step<FleetAct> {
  return step.kind === 'act' && before.length > 1 && !removal?.isOurs ? { ...step, acts: [{ kind: 'record-removal' }, ...step.acts] } : step;
}

/** Those that do least harm to lose first: latecomers, still joining, then degraded; otherwise by id, so that a repeat picks the same. */
export function mostDispensable(hsms: readonly Hsm[], latecomers: readonly string[] = []): Hsm[] {
  const rank = ({ hsmId, state }: Hsm) => latecomers.includes(hsmId) ? -1 : ['CREATE_IN_PROGRESS', 'DEGRADED', 'ACTIVE'].indexOf(state);
  return [...hsms].sort((a, b) => rank(a) - rank(b) || a.hsmId.localeCompare(b.hsmId));
}
