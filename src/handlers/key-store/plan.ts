import { readinessOf } from './readiness';
import { connectionFailure, refusalText } from './remedies';
import { planRemoval, planTakingBack } from './removal';
import { APPEARS_WITHIN_MS, ask, disconnect, SHOWS_WITHIN_MS, storeOf, unknownState, writeDown } from './state';
import type { KeyStoreAct, KeyStoreMemory, KeyStoreRecord, ObservedKeyStore } from './state';
import { newSecretName } from './temporary-secret';
import { MAX_TRUST_ANCHOR_LENGTH } from '../../lifecycle/key-store-contract';
import type { KeyStoreAttributes, KeyStoreProperties } from '../../lifecycle/key-store-contract';
import type { KeyStore } from '../aws/key-stores';
import { planCommand } from '../client-command/plan';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';

/** HSMs that are joining take up to 25 minutes. */
const QUIET_LIMIT_MS = 30 * 60_000;

/** KMS documents 20 minutes for a connect, 30 have been reported. */
const CONNECT_LIMIT_MS = 31 * 60_000;

/** No connect has been seen sooner. */
const CONNECT_EARLIEST_MS = 3 * 60_000;

/** So many passwords are set at most, when outcomes stay unknown. */
const ROUNDS = 3;

export function planKeyStore(
  request: Request, properties: KeyStoreProperties, observed: ObservedKeyStore, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  const known: ObservedKeyStore = { ...observed, record: memory.record ?? observed.record };
  if (memory.failure) return planTakingBack(request, known, memory, now);
  if (request.type === 'Delete') return planRemoval(known, memory, now);
  return planConnected(request, properties, known, memory, now);
}

function planConnected(
  request: Request, properties: KeyStoreProperties, observed: ObservedKeyStore, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  const { record } = observed;
  const store = storeOf(observed, properties.ClusterId, (request.oldProperties as Partial<KeyStoreProperties> | undefined)?.ClusterId);
  if (!record) return writeDown(store ? { how: 'adopted', storeId: store.storeId, formerName: store.name } : { how: 'intended' }, memory, 'written down before anything is made');
  if (memory.refused) return { kind: 'fail', code: 'KmsRefused', message: refusalText(memory.refused.what, memory.refused) };
  if (record.storeId && !store) {
    return {
      kind: 'fail', code: 'KeyStoreGone', message: `key store ${record.storeId} does not exist any more; remove the construct, or give it another id to make another store`,
    };
  }
  if (store && !record.storeId) {
    return writeDown({ ...record, how: 'made', storeId: store.storeId }, memory, 'an earlier call made it');
  }
  if (properties.Paused === 'true') return planPaused(properties, store, memory, now);
  if (store && isDisconnectUnseen(store, memory, now)) return { kind: 'wait', seconds: SOON, because: 'the store is being disconnected; it does not show yet', memory };
  switch (store?.state) {
    case 'CONNECTED':
      if (store.clusterId === properties.ClusterId) return finish(properties, store, record, memory, now);
      return planSwitch(request, properties, observed, store, memory, now);
    case 'FAILED':
      if (memory.connectedAt !== undefined) return { kind: 'fail', ...connectionFailure(store) };
      return disconnect(store, memory, now, 'a store that FAILED is disconnected before it is tried again');
    case 'CONNECTING':
      return awaitConnect(store, memory, now);
    case 'DISCONNECTING':
      return { kind: 'wait', seconds: SOON, because: 'the store is being disconnected', memory };
    case undefined:
    case 'DISCONNECTED':
      return planConnect(request, properties, observed, store, memory, now);
    default:
      return unknownState(store!);
  }
}

/** The cluster has too few HSMs on purpose. The fleet disconnected the store before it took them; a store that is new waits for them. */
function planPaused(
  { ClusterId, CustomKeyStoreName }: KeyStoreProperties, store: KeyStore | undefined, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  if (!store) {
    return { kind: 'fail', code: 'ClusterPaused', message: `cluster ${ClusterId} is paused; a key store is made when it has two HSMs in two Availability Zones: raise hsmCount` };
  }
  if (store.state === 'DISCONNECTED') return rename(CustomKeyStoreName, store, memory, now) ?? { kind: 'done', attributes: attributesOf(store), memory };
  if (store.state === 'DISCONNECTING') return { kind: 'wait', seconds: SOON, because: 'the store is being disconnected', memory };
  return disconnect(store, memory, now, 'the cluster is paused');
}

/** CONNECTED on its cluster: what is left is the name, and to leave no password behind. */
function finish(
  { CustomKeyStoreName }: KeyStoreProperties, store: KeyStore, record: KeyStoreRecord, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  if (record.secret) {
    const rest: KeyStoreRecord = { ...record, secret: undefined };
    return {
      kind: 'act', acts: [{ kind: 'destroy-secret', name: record.secret }, { kind: 'record', record: rest }], memory: { ...memory, record: rest },
      because: 'KMS has set a password of its own: the temporary one goes', isRepeatable: true,
    };
  }
  return rename(CustomKeyStoreName, store, memory, now) ?? { kind: 'done', attributes: attributesOf(store), memory };
}

function rename(name: string, store: KeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> | undefined {
  return store.name === name ? undefined : ask('rename', { kind: 'rename', storeId: store.storeId, name }, memory, now, 'the store has another name');
}

function attributesOf({ storeId, clusterId }: KeyStore): Readonly<Record<string, string>> {
  const attributes: KeyStoreAttributes = { CustomKeyStoreId: storeId, ClusterId: clusterId };
  return { ...attributes };
}

/** CONNECTED on another cluster, which serves on until the new one has passed every check and has its password. */
function planSwitch(
  request: Request, properties: KeyStoreProperties, observed: ObservedKeyStore, store: KeyStore, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  if (!memory.isPasswordSet) return planPassword(request, properties, observed, memory, now);
  return disconnect(store, memory, now, 'the other cluster is ready');
}

/** From DISCONNECTED, or from nothing, to a connect. */
function planConnect(
  request: Request, properties: KeyStoreProperties, observed: ObservedKeyStore, store: KeyStore | undefined, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  if (store && memory.connectedAt !== undefined) {
    // Connecting was asked for, and nothing shows of it. The password may have been used.
    if (now - memory.connectedAt < SHOWS_WITHIN_MS) return { kind: 'wait', seconds: SOON, because: 'the connect does not show yet', memory };
    const unsure = makeSure(store, memory, now);
    if (unsure) return unsure;
    if ((memory.round ?? 1) < ROUNDS) return planConnect(request, properties, observed, store, nextRound(memory), now);
    return { kind: 'fail', code: 'ConnectLost', message: `connecting key store ${store.name} was asked for ${ROUNDS} times and never began; deploy again` };
  }
  // The list lags: somebody may have connected it a moment ago, and a password that is set now would not be the one that KMS tries.
  const unsure = store && !memory.isPasswordSet && makeSure(store, memory, now);
  if (unsure) return unsure;
  if (!memory.isPasswordSet) return planPassword(request, properties, observed, memory, now);
  const secret = observed.record!.secret!;
  if (!store) return createStore(properties, secret, memory, now);
  if (!memory.isPasswordGiven) {
    return ask('give-password', { kind: 'give-password', storeId: store.storeId, secret }, memory, now, 'KMS is told cluster and password together');
  }
  return { kind: 'act', acts: [{ kind: 'connect', storeId: store.storeId }], memory: { ...memory, connectedAt: now, madeSureAt: undefined, idleFrom: undefined }, because: 'a new password is set on every HSM' };
}

/** The list lags: a store that was just disconnected may seem to become CONNECTED first, by a connect that was given up. */
function isDisconnectUnseen({ state }: KeyStore, { madeSureAt, idleFrom }: KeyStoreMemory, now: number): boolean {
  return madeSureAt !== undefined && now < Math.max(madeSureAt, idleFrom ?? 0) + APPEARS_WITHIN_MS && ['CONNECTING', 'CONNECTED', 'FAILED'].includes(state);
}

function makeSure({ storeId }: KeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> | undefined {
  if (memory.idleFrom === undefined) {
    return { kind: 'act', acts: [{ kind: 'make-sure', storeId }], memory: { ...memory, madeSureAt: now }, because: 'it is not known whether the store is connecting' };
  }
  return now < memory.idleFrom ? { kind: 'wait', seconds: SOON, because: 'the store is being disconnected', memory } : undefined;
}

/** A password that may have been used is never used again, not for a way back either. */
function nextRound(memory: KeyStoreMemory): KeyStoreMemory {
  return {
    ...memory, round: (memory.round ?? 1) + 1, secretArn: undefined, isPasswordSet: undefined, isPasswordGiven: undefined, connectedAt: undefined,
    asked: undefined, isDisconnectedHere: false,
  };
}

/** A new password of `kmsuser` on every HSM: a temporary secret, then the script. */
function planPassword(
  request: Request, properties: KeyStoreProperties, observed: ObservedKeyStore, memory: KeyStoreMemory, now: number,
): Step<KeyStoreAct> {
  const readiness = readinessOf(properties.ClusterId, observed.cluster);
  if (readiness.kind === 'fail') return readiness;
  if (readiness.kind === 'wait') {
    const since = memory.quietAwaitedSince ?? now;
    if (now - since <= QUIET_LIMIT_MS) return { ...readiness, memory: { ...memory, quietAwaitedSince: since } };
    return {
      kind: 'fail', code: 'ClusterNotQuiet',
      message: `${readiness.because}; a key store is connected only while every HSM of ${properties.ClusterId} is ACTIVE: deploy again when it is`,
    };
  }
  const record = observed.record!;
  const store = storeOf(observed, properties.ClusterId);
  if (store && observed.isRelated === false) return unrelated(properties, store);
  const trouble = store ? undefined : trustAnchorProblem(properties, observed);
  if (trouble) return trouble;
  if (!memory.secretArn) return makeSecret(request, record, memory);
  const round = memory.round ?? 1;
  const next = planCommand({
    name: `reset-kms-user-${round}`,
    documentName: properties.ResetKmsUserDocumentName,
    parameters: {
      ClusterId: properties.ClusterId,
      TrustAnchorParameter: properties.TrustAnchorParameterName,
      AdminSecretArn: properties.AdminSecretArn,
      UserSecretArn: memory.secretArn,
    },
  }, request, observed.command, memory, now);
  if (next.kind === 'unfinished') return next.step;
  return planConnected(request, properties, observed, { ...next.memory, isPasswordSet: true }, now);
}

function unrelated({ ClusterId }: KeyStoreProperties, { name, clusterId }: KeyStore): Step<never> {
  return {
    kind: 'fail', code: 'ClusterNotRelated',
    message: `cluster ${ClusterId} does not have the certificate of ${clusterId}, on which key store ${name} stays; give a cluster that was restored from a backup of it`,
  };
}

/** Whatever a former request left goes first. The name is written down before there is a secret of it. */
function makeSecret(request: Request, record: KeyStoreRecord, memory: KeyStoreMemory): Step<KeyStoreAct> {
  const name = newSecretName(request, memory.round ?? 1);
  const written: KeyStoreRecord = { ...record, secret: name };
  return {
    kind: 'act',
    acts: [
      ...(record.secret && record.secret !== name ? [{ kind: 'destroy-secret' as const, name: record.secret }] : []),
      { kind: 'record', record: written },
      { kind: 'make-secret', name },
    ],
    memory: { ...memory, record: written },
    because: 'kmsuser gets a new password', isRepeatable: true,
  };
}

function trustAnchorProblem({ TrustAnchorParameterName }: KeyStoreProperties, { trustAnchor }: ObservedKeyStore): Step<never> | undefined {
  if (!trustAnchor) {
    return {
      kind: 'fail', code: 'TrustAnchorMissing',
      message: `parameter ${TrustAnchorParameterName} does not exist; put in the PEM of the certificate that the cluster was initialized with (customerCA.crt)`,
    };
  }
  if (trustAnchor.length <= MAX_TRUST_ANCHOR_LENGTH) return undefined;
  return {
    kind: 'fail', code: 'TrustAnchorTooLong',
    message: `the trust anchor in ${TrustAnchorParameterName} has ${trustAnchor.length} characters, KMS takes ${MAX_TRUST_ANCHOR_LENGTH}; leave out what is not the anchor itself`,
  };
}

/** KMS answers a repeated create of the same store with its id, so that one whose answer was lost may be repeated; but it is looked for first. */
function createStore({ CustomKeyStoreName }: KeyStoreProperties, secret: string, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  if (memory.createdAt !== undefined && now - memory.createdAt < SHOWS_WITHIN_MS) return { kind: 'wait', seconds: SOON, because: 'the store does not show yet', memory };
  return {
    kind: 'act', acts: [{ kind: 'create-store', name: CustomKeyStoreName, secret }], memory: { ...memory, createdAt: now, creates: (memory.creates ?? 0) + 1 },
    because: 'there is no store on the cluster',
  };
}

function awaitConnect(store: KeyStore, memory: KeyStoreMemory, now: number): Step<KeyStoreAct> {
  const since = memory.connectedAt ?? memory.changeAwaitedSince ?? now;
  if (now - since > CONNECT_LIMIT_MS) {
    return {
      kind: 'fail', code: 'ConnectNeverEnded', message: `key store ${store.name} was still CONNECTING after ${CONNECT_LIMIT_MS / 60_000} minutes; deploy again, and ask AWS Support if it repeats`,
    };
  }
  return {
    kind: 'wait', seconds: now - since < CONNECT_EARLIEST_MS ? LATER : SOON, because: 'the store is CONNECTING', memory: { ...memory, changeAwaitedSince: since },
  };
}
