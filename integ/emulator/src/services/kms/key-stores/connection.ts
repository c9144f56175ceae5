import { activeZones, clusterNamed } from './cluster';
import type { Cluster } from './cluster';
import { hsm } from './hsms';
import { deleteNetwork, dialsFrom, makeNetwork } from './network';
import { newPassword, openPassword, sealPassword } from './password';
import { keyStoreRole } from './role';
import { keyStores, setState } from './state';
import type { ConnectionErrorCode, KeyStoreRecord } from './state';
import type { Fault } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';

interface OfStore {
  readonly keyStoreId: string;
}

/** What a refused login comes out as. */
const LOGIN_CODES: Readonly<Record<string, ConnectionErrorCode>> = {
  'unreachable': 'NETWORK_ERRORS',
  'no-user': 'USER_NOT_FOUND',
  'wrong-password': 'INVALID_CREDENTIALS',
  'locked': 'USER_LOCKED_OUT',
  'logged-in': 'USER_LOGGED_IN',
};

/** Begins to connect: what comes of it is known minutes later. */
export function startConnecting(context: Context, store: KeyStoreRecord): void {
  setState(context, store, 'CONNECTING');
  const { network } = times(context, store);
  context.busy('key-store-network', store.clusterId, network);
  context.after(network, { kind: 'key-store-network', args: { keyStoreId: store.id }, id: eventId(context, 'network', store) });
}

export function startDisconnecting(context: Context, store: KeyStoreRecord): void {
  context.cancel(eventId(context, 'network', store));
  context.cancel(eventId(context, 'login', store));
  setState(context, store, 'DISCONNECTING');
  const delay = context.delay('kms/disconnect-key-store', store.id);
  context.busy('disconnect-key-store', store.clusterId, delay);
  context.after(delay, { kind: 'key-store-disconnected', args: { keyStoreId: store.id } });
}

/** Event: the way to the HSMs is made. */
export function networkMade(context: Context, { keyStoreId }: OfStore): void {
  const store = connecting(context, keyStoreId);
  if (!store) return;
  const cluster = clusterOf(context, store);
  if (typeof cluster === 'string') return fail(context, store, cluster);
  const { network, problem } = makeNetwork(context, store, cluster);
  const made = keyStores(context).put(store.id, { ...store, network });
  const fault = context.fault('key-store-network', `${store.id} ${store.name}`);
  if (fault?.kind === 'error') return fail(context, made, codeIn(fault));
  if (problem) return fail(context, made, problem);
  const { login } = times(context, store);
  context.busy('key-store-login', store.clusterId, login);
  context.after(login, { kind: 'key-store-login', args: { keyStoreId }, id: eventId(context, 'login', store) });
}

/** Event: `kmsuser` is logged in and its password replaced by one that only KMS knows. */
export function loggedIn(context: Context, { keyStoreId }: OfStore): void {
  const store = connecting(context, keyStoreId);
  if (!store) return;
  const fault = context.fault('key-store-login', `${store.id} ${store.name}`);
  if (fault?.kind === 'never') return;
  const cluster = clusterOf(context, store);
  if (typeof cluster === 'string') return fail(context, store, cluster);
  if (fault?.kind === 'error') return failMidway(context, store, codeIn(fault));
  const login = logIn(context, store);
  if (!login.ok) {
    // AWS says no more than the code; who runs this wants to know.
    if (login.missing !== undefined) context.emit(`no way: ${login.missing}`, store.id);
    return fail(context, store, codeOf(context, login.code));
  }
  const password = newPassword();
  const changed = hsm(context, 'ChangePassword', { sessionId: login.sessionId, password });
  if (!changed.ok) {
    hsm(context, 'Logout', { sessionId: login.sessionId });
    return fail(context, store, 'INTERNAL_ERROR');
  }
  setState(context, store, 'CONNECTED', { sessionId: login.sessionId, password: sealPassword(context, password) });
}

/** Event: logged out, and everything that KMS made in the VPC is gone. */
export function disconnected(context: Context, { keyStoreId }: OfStore): void {
  const store = keyStores(context).get(keyStoreId);
  if (store?.state !== 'DISCONNECTING' || context.fault('key-store-disconnected', `${store.id} ${store.name}`)?.kind === 'never') return;
  const { sessionId, network, ...rest } = store;
  if (sessionId !== undefined) hsm(context, 'Logout', { sessionId });
  if (network) deleteNetwork(context, network);
  setState(context, rest, 'DISCONNECTED');
}

function codeIn({ params }: Fault): ConnectionErrorCode {
  return (params.code ?? 'INTERNAL_ERROR') as ConnectionErrorCode;
}

/** How long the two parts of a connect take, one after the other. */
function times(context: Context, { id }: KeyStoreRecord): { network: number; login: number } {
  const network = context.delay('kms/key-store-network', id);
  return { network, login: Math.max(0, context.delay('kms/connect-key-store', id) - network) };
}

function connecting(context: Context, id: string): KeyStoreRecord | undefined {
  const store = keyStores(context).get(id);
  return store?.state === 'CONNECTING' ? store : undefined;
}

/** The cluster as it is by now, or why there is no connecting to it. */
function clusterOf(context: Context, store: KeyStoreRecord): Cluster | ConnectionErrorCode {
  try {
    const cluster = clusterNamed(context, store.clusterId, keyStoreRole(context));
    if (!cluster) return 'CLUSTER_NOT_FOUND';
    return activeZones(cluster).length === 0 ? 'INSUFFICIENT_CLOUDHSM_HSMS' : cluster;
  } catch (error) {
    // Nobody is there to be told but whoever asks for the store.
    if (error instanceof ServiceError) return 'INTERNAL_ERROR';
    throw error;
  }
}

function logIn(context: Context, store: KeyStoreRecord) {
  return hsm<{ sessionId: string }>(context, 'Login', {
    clusterId: store.clusterId,
    trustAnchor: store.trustAnchor,
    username: context.row('kms/key-store-user'),
    role: 'crypto-user',
    password: openPassword(context, store.password),
    from: dialsFrom(store.network!),
  });
}

function codeOf(context: Context, code: string): ConnectionErrorCode {
  if (code === 'expired') return context.row('kms/expired-trust-anchor');
  return LOGIN_CODES[code] ?? 'INTERNAL_ERROR';
}

/** The connection broke. Whether the password was replaced before that, and the new one lost, is not known. */
function failMidway(context: Context, store: KeyStoreRecord, code: ConnectionErrorCode): void {
  if (['INTERNAL_ERROR', 'NETWORK_ERRORS'].includes(code) && context.row<boolean>('kms/failed-connect-rotates')) {
    const login = logIn(context, store);
    if (login.ok) {
      hsm(context, 'ChangePassword', { sessionId: login.sessionId, password: newPassword() });
      hsm(context, 'Logout', { sessionId: login.sessionId });
    }
  }
  fail(context, store, code);
}

function fail(context: Context, store: KeyStoreRecord, errorCode: ConnectionErrorCode): void {
  setState(context, store, 'FAILED', { errorCode });
}

function eventId({ account, region }: Context, step: 'network' | 'login', { id }: KeyStoreRecord): string {
  return `kms-key-store/${account}/${region}/${id}/${step}`;
}
