import type { Cluster } from '../aws/cloudhsm';
import type { KeyStore } from '../aws/key-stores';
import type { StoreKey } from '../aws/store-keys';
import type { CommandAct, CommandMemory, ObservedCommand } from '../client-command/plan';
import { SOON } from '../engine/step';
import type { Step } from '../engine/step';

/** What is written down of a store, under the resource: it goes when nothing is left. */
export interface KeyStoreRecord {
  /** A store that was there before is never deleted by a rollback. */
  readonly how: 'intended' | 'made' | 'adopted';
  readonly storeId?: string;
  /** Its name before it was adopted. */
  readonly formerName?: string;
  /** The temporary secret that may exist. */
  readonly secret?: string;
}

export type KeyStoreAct =
  | CommandAct
  | { readonly kind: 'record'; readonly record: KeyStoreRecord }
  | { readonly kind: 'forget' }
  | { readonly kind: 'make-secret'; readonly name: string }
  | { readonly kind: 'destroy-secret'; readonly name: string }
  | { readonly kind: 'create-store'; readonly name: string; readonly secret: string }
  | { readonly kind: 'give-password'; readonly storeId: string; readonly secret: string }
  | { readonly kind: 'connect'; readonly storeId: string }
  | { readonly kind: 'disconnect'; readonly storeId: string }
  /** Disconnects one of which it is not known whether it is connecting. */
  | { readonly kind: 'make-sure'; readonly storeId: string }
  | { readonly kind: 'rename'; readonly storeId: string; readonly name: string }
  | { readonly kind: 'delete-store'; readonly storeId: string };

export interface ObservedKeyStore {
  readonly clusterId: string;
  readonly cluster: Cluster | undefined;
  readonly record: KeyStoreRecord | undefined;
  readonly stores: readonly KeyStore[];
  readonly command: ObservedCommand;
  /** PEM of the cluster's trust anchor; looked at only before a store is created. */
  readonly trustAnchor?: string;
  /** Whether the wanted cluster has the certificate of the store's own: only looked at when they differ. */
  readonly isRelated?: boolean;
  /** What is in the store; looked at only before it is removed. */
  readonly keys: readonly StoreKey[];
  /** Whether the stack takes back what it made; asked only before a removal. */
  readonly isRollingBack: boolean;
}

export interface KeyStoreMemory extends CommandMemory {
  readonly record?: KeyStoreRecord;
  readonly quietAwaitedSince?: number;
  /** Counts the passwords that were set: none is ever used for two connects. */
  readonly round?: number;
  readonly secretArn?: string;
  /** The HSMs have the password of this round's secret; then KMS has it; then it was tried. */
  readonly isPasswordSet?: boolean;
  readonly isPasswordGiven?: boolean;
  readonly createdAt?: number;
  readonly creates?: number;
  readonly connectedAt?: number;
  /** When it was last disconnected to make sure: also when no answer came. */
  readonly madeSureAt?: number;
  /** From when on the store is surely DISCONNECTED, whatever the list shows. */
  readonly idleFrom?: number;
  /** When each thing was asked for last: lists lag. */
  readonly asked?: Readonly<Record<string, number>>;
  readonly refused?: { readonly act: KeyStoreAct['kind']; readonly what: string; readonly code: string; readonly message: string };
  /** Since when a connect or disconnect of others has been awaited. */
  readonly changeAwaitedSince?: number;
  readonly isDisconnectedHere?: boolean;
  readonly isForgotten?: boolean;
}

/** What was asked for shows within this time; if not, it may not have been carried out. */
export const SHOWS_WITHIN_MS = 60_000;

/** A store whose creation was asked for, and of which nothing was heard, may still appear so long after: lists of KMS lag for longer than a retry can wait. */
export const APPEARS_WITHIN_MS = 180_000;

/** The one store that this resource is about: the one written down, else the one on its cluster. There can be no two on a cluster. */
export function storeOf({ record, stores }: Pick<ObservedKeyStore, 'record' | 'stores'>, ...clusterIds: ReadonlyArray<string | undefined>): KeyStore | undefined {
  if (record?.storeId) return stores.find(({ storeId }) => storeId === record.storeId);
  return stores.find(({ clusterId }) => clusterIds.includes(clusterId));
}

export function writeDown(record: KeyStoreRecord, memory: KeyStoreMemory, because: string): Step<KeyStoreAct> {
  return { kind: 'act', acts: [{ kind: 'record', record }], memory: { ...memory, record }, because, isRepeatable: true };
}

export function disconnect({ storeId, state }: KeyStore, memory: KeyStoreMemory, now: number, because: string): Step<KeyStoreAct> {
  // Only one that was connected may go on with the password it had: of a connect that failed nobody knows what it did to that.
  const isDisconnectedHere = memory.isDisconnectedHere ?? (state === 'CONNECTED' ? true : undefined);
  return ask('disconnect', { kind: 'disconnect', storeId }, { ...memory, isDisconnectedHere }, now, because);
}

/** Asks once, and again when nothing shows of it: what has been done already KMS refuses, which does no harm. */
export function ask(what: string, act: KeyStoreAct, memory: KeyStoreMemory, now: number, because: string): Step<KeyStoreAct> {
  const at = memory.asked?.[what];
  if (at !== undefined && now - at < SHOWS_WITHIN_MS) return { kind: 'wait', seconds: SOON, because: `${because}; it does not show yet`, memory };
  return { kind: 'act', acts: [act], memory: { ...memory, asked: { ...memory.asked, [what]: now } }, because };
}

export function unknownState({ name, state }: KeyStore): Step<never> {
  return { kind: 'fail', code: 'UnknownKeyStoreState', message: `key store ${name} is in state ${state}, which this version does not know; update cdk-cloudhsm` };
}
