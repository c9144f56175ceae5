import type { ResourceProperties } from './resource-contract';

/** A KMS key whose material is in the HSMs of a key store's cluster. */
export const KEY_STORE_KEY_TYPE = 'Custom::KMSCustomKeyStoreKey';

export interface KeyStoreKeyProperties extends ResourceProperties {
  readonly CustomKeyStoreId: string;
  /** Policy document. */
  readonly Policy: object;
  readonly Description: string;
  readonly Enabled: string;
  /** Days between a deletion and its end. */
  readonly PendingWindowDays: string;
  /** The user's tags. */
  readonly Tags?: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
}

export interface KeyStoreKeyAttributes {
  readonly KeyId: string;
  readonly KeyArn: string;
}

/**
 * Tags that every key carries: the stack by which permissions know it, and the hash of stack and logical id by which it is found again when an answer was
 * lost.
 */
export const KEY_TAGS = { stack: 'cdk-cloudhsm:stack', resource: 'cdk-cloudhsm:resource' } as const;

/** The shortest that KMS takes, for keys that a failed deploy leaves behind unused. */
export const SHORTEST_WINDOW_DAYS = 7;
