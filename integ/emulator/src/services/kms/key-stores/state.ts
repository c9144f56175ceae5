import type { Table } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { refusal } from '../text';

export type ConnectionState = 'DISCONNECTED' | 'CONNECTING' | 'CONNECTED' | 'FAILED' | 'DISCONNECTING';

export type ConnectionErrorCode =
  | 'CLUSTER_NOT_FOUND' | 'INSUFFICIENT_CLOUDHSM_HSMS' | 'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET' | 'INTERNAL_ERROR' | 'INVALID_CREDENTIALS'
  | 'NETWORK_ERRORS' | 'SUBNET_NOT_FOUND' | 'USER_LOCKED_OUT' | 'USER_LOGGED_IN' | 'USER_NOT_FOUND';

/** An interface that KMS keeps in a subnet of the cluster. */
export interface StoreInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly address: string;
}

/** What KMS made in the cluster's VPC on the way to its HSMs; all of it goes with a disconnect. */
export interface StoreNetwork {
  readonly vpcId: string;
  readonly clusterGroupId: string;
  readonly groupId?: string;
  readonly interfaces: readonly StoreInterface[];
}

export interface KeyStoreRecord {
  readonly id: string;
  readonly name: string;
  readonly clusterId: string;
  /** What clusters of one backup history have in common; kept, because the cluster may be deleted. */
  readonly clusterCertificate: string;
  readonly trustAnchor: string;
  /** Sealed: see `password.ts`. */
  readonly password: string;
  readonly state: ConnectionState;
  readonly errorCode?: ConnectionErrorCode;
  readonly network?: StoreNetwork;
  /** The login of `kmsuser` that lasts from connect to disconnect. */
  readonly sessionId?: string;
  readonly createdAt: number;
}

export function keyStores(context: Context): Table<KeyStoreRecord> {
  return context.table('kms/key-stores');
}

/** @throws ServiceError CustomKeyStoreNotFoundException */
export function findKeyStore(context: Context, id: string): KeyStoreRecord {
  const store = keyStores(context).get(id);
  if (!store) throw refusal(context, 'CustomKeyStoreNotFoundException', 'text-no-key-store', { id });
  return store;
}

/** @throws ServiceError CustomKeyStoreInvalidStateException unless the store is in one of these states */
export function requireState(context: Context, store: KeyStoreRecord, operation: string, allowed: readonly ConnectionState[]): void {
  if (allowed.includes(store.state)) return;
  throw refusal(context, 'CustomKeyStoreInvalidStateException', 'text-key-store-state', { id: store.id, state: store.state, operation });
}

/** Changes the state of the connection, with its line in the timeline. */
export function setState(context: Context, store: KeyStoreRecord, state: ConnectionState, changes: Partial<KeyStoreRecord> = {}): KeyStoreRecord {
  const { errorCode: _over, ...rest } = store;
  context.emit(changes.errorCode === undefined ? state : `${state} ${changes.errorCode}`, store.id);
  return keyStores(context).put(store.id, { ...rest, ...changes, state });
}
