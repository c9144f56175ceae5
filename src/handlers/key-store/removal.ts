import { refusalText } from './remedies';
import { APPEARS_WITHIN_MS, ask, disconnect, storeOf, unknownState } from './state';
import type { KeyStoreAct, KeyStoreMemory, KeyStoreRecord, ObservedKeyStore } from './state';
import type { KeyStore } from '../aws/key-stores';
import { dayOf, deleteCommand, isLeftBehind, leftBehindName } from '../aws/left-behind';
import type { StoreKey } from '../aws/store-keys';
import type { Request } from '../engine/request';
import { SOON } from '../engine/step';
import type { Step } from '../engine/step';

/** How many keys a message names. */
const NAMED_KEYS = 3;

/**
 * A Delete. The store goes when no key is left in it; as long as one is, it stays as it is, CONNECTED: at the end of a key's window KMS deletes the material
 * in the HSMs, which it can only while connected.
 *
 * When the stack takes back what it made there may be keys that nobody used and that are pending deletion. The HSMs must not wait a week for those: the store
 * is left behind, disconnected and renamed.
 */
export function planRemoval(observed: ObservedKeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  const { record, keys, isRollingBack } = observed;
  // Never a store of which nothing was written down: it is somebody else's.
  if (!record) return { kind: 'done', attributes: {}, memory };
  if (record.secret) return destroySecret(record, memory);
  const store = ownStore(observed);
  if (!store) return forget(memory);
  if (isRollingBack && record.how === 'adopted') return giveBack(store, record, memory, now);
  if (keys.length === 0) return deleteStore(store, memory, now);
  if (!isRollingBack || keys.some(({ state }) => state !== 'PendingDeletion')) return keysAreLeft(store, keys);
  return leaveBehind(store, Math.max(...keys.map(({ deletionAt = now }) => deletionAt)), memory, now);
}

/** After a failed Create all that it made goes; after a failed Update the store serves on where it was. */
export function planTakingBack(request: Request, observed: ObservedKeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  const { record } = observed;
  const failed: Step<KeyStoreAct> = { kind: 'fail', ...memory.failure! };
  if (!record || memory.isForgotten) return failed;
  if (record.secret) return destroySecret(record, memory);
  const store = ownStore(observed);
  if (!store) {
    // One whose creation was asked for may still appear.
    if (memory.createdAt !== undefined && now - memory.createdAt < APPEARS_WITHIN_MS) return { kind: 'wait', seconds: SOON, because: 'the store may still appear', memory };
    return request.type === 'Create' ? forget(memory) : failed;
  }
  if (request.type === 'Create' && record.how !== 'adopted') return deleteStore(store, memory, now);
  if (store.state === 'FAILED') return disconnect(store, memory, now, 'a store that FAILED is disconnected');
  if (store.state === 'DISCONNECTING') return { kind: 'wait', seconds: SOON, because: 'the store is being disconnected', memory };
  if (request.type === 'Create') return giveBack(store, record, memory, now);
  // KMS still has the password of the cluster on which it was connected before: it was told no other, or did not take it.
  const wasTold = memory.asked?.['give-password'] !== undefined && memory.refused?.act !== 'give-password';
  const isAsBefore = memory.isDisconnectedHere && !wasTold && memory.connectedAt === undefined;
  if (store.state === 'DISCONNECTED' && isAsBefore) {
    return ask('reconnect', { kind: 'connect', storeId: store.storeId }, { ...memory, isDisconnectedHere: false }, now, 'the store serves on where it was');
  }
  return failed;
}

/** The store written down; without an id the one on the cluster, which then is of an answer that was lost. */
function ownStore(observed: ObservedKeyStore): KeyStore | undefined {
  return storeOf(observed, observed.clusterId);
}

function destroySecret(record: KeyStoreRecord, memory: KeyStoreMemory): Step<KeyStoreAct> {
  const rest: KeyStoreRecord = { ...record, secret: undefined };
  return {
    kind: 'act', acts: [{ kind: 'destroy-secret', name: record.secret! }, { kind: 'record', record: rest }], memory: { ...memory, record: rest },
    because: 'no password outlives its use', isRepeatable: true,
  };
}

function deleteStore(store: KeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  const disconnecting = toDisconnected(store, memory, now);
  if (disconnecting) return disconnecting;
  if (memory.refused?.act === 'delete-store') {
    return {
      kind: 'fail', code: 'KeyStoreNotDeleted',
      message: `${refusalText(`delete key store ${store.name}`, memory.refused)}; look for keys of ${store.storeId} that this library may not see, schedule their deletion, and connect the store until they are gone`,
    };
  }
  return ask('delete-store', { kind: 'delete-store', storeId: store.storeId }, memory, now, 'nothing is left in the store');
}

function leaveBehind(store: KeyStore, deletionAt: number, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  const disconnecting = toDisconnected(store, memory, now);
  if (disconnecting) return disconnecting;
  if (!isLeftBehind(store)) {
    return ask('rename', { kind: 'rename', storeId: store.storeId, name: leftBehindName(store, deletionAt) }, memory, now, 'a retry can then use the name');
  }
  return { kind: 'done', attributes: {}, memory, note: `key store ${store.storeId} is left, disconnected: ${deleteCommand(store.storeId, deletionAt)}` };
}

function toDisconnected(store: KeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> | undefined {
  switch (store.state) {
    case 'DISCONNECTED':
      return undefined;
    case 'DISCONNECTING':
      return { kind: 'wait', seconds: SOON, because: 'the store is being disconnected', memory };
    case 'CONNECTED':
    case 'CONNECTING':
    case 'FAILED':
      return disconnect(store, memory, now, 'only a store that is DISCONNECTED can be deleted');
    default:
      return unknownState(store);
  }
}

/** A store that was there before is left as it was. */
function giveBack(store: KeyStore, { formerName }: KeyStoreRecord, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  if (formerName && store.name !== formerName) {
    return ask('rename-back', { kind: 'rename', storeId: store.storeId, name: formerName }, memory, now, 'the store had another name before');
  }
  return forget(memory);
}

function forget(memory: KeyStoreMemory): Step<KeyStoreAct> {
  if (!memory.isForgotten) {
    return { kind: 'act', acts: [{ kind: 'forget' }], memory: { ...memory, isForgotten: true }, because: 'nothing is left to be remembered', isRepeatable: true };
  }
  return memory.failure ? { kind: 'fail', ...memory.failure } : { kind: 'done', attributes: {}, memory };
}

function keysAreLeft({ name, storeId }: KeyStore, keys: readonly StoreKey[]): Step<never> {
  const named = keys.slice(0, NAMED_KEYS).map(({ keyId, state, deletionAt }) => `${keyId} (${deletionAt === undefined ? state : `deleted on ${dayOf(deletionAt)}`})`);
  const others = keys.length > NAMED_KEYS ? ` and ${keys.length - NAMED_KEYS} more` : '';
  const inUse = keys.find(({ deletionAt }) => deletionAt === undefined);
  const last = Math.max(...keys.map(({ deletionAt = 0 }) => deletionAt));
  const way = inUse
    ? `run aws kms schedule-key-deletion --key-id ${inUse.keyId} if nothing encrypted with it is needed any more, wait until it is deleted, then delete again`
    : `delete again after ${dayOf(last)}`;
  return {
    kind: 'fail',
    code: 'KeyStoreHasKeys',
    message: `key store ${name} (${storeId}) stays connected, for it holds ${keys.length === 1 ? 'key' : 'keys'} ${named.join(', ')}${others}: ${way}`,
  };
}
