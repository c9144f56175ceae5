import type { Attempt, Known } from '../attempts';
import type { Cluster } from '../aws/cloudhsm';
import type { KeyStore } from '../aws/key-stores';
import type { Memory } from '../engine/memory';
import type { ObservedRemoval } from '../last-hsm';
import type { Origin } from '../origin';
import type { Removals } from '../removal';

export type FleetAct =
  | { readonly kind: 'create-hsm'; readonly attemptId: string; readonly availabilityZone: string; readonly ipAddress?: string }
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
  /** HSMs that came of this request. */
  readonly came?: readonly Known[];
  /** HSMs that were or came there and are off the list, by id: since when. */
  readonly absentSince?: Readonly<Record<string, number>>;
  readonly growingSince?: number;
  /** Of a cluster that had no HSM the first one has come, and the others were asked for. */
  readonly hasFirst?: boolean;
  readonly disconnectedAt?: number;
  readonly backupAwaitedSince?: number;
  readonly isReconnected?: boolean;
}
