import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** One generation of key material; ciphertexts name the one they were made with. */
export interface Material {
  readonly id: string;
  /** The secret: raw bytes of a symmetric or HMAC key, PKCS#8 of a private key; base64. */
  readonly secret: string;
  readonly madeAt: number;
  readonly madeBy: 'CreateKey' | 'AUTOMATIC' | 'ON_DEMAND';
}

export interface Rotation {
  readonly periodDays: number;
  /** When the next one is due, in emulated milliseconds. */
  readonly next: number;
}

export interface KeyRecord {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  readonly description: string;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  readonly manager: 'CUSTOMER' | 'AWS';
  readonly multiRegion: boolean;
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport';
  readonly deletion?: { readonly at: number; readonly windowDays: number };
  readonly policy: string;
  readonly tags: readonly Tag[];
  /** Oldest first; the last one is in use. */
  readonly materials: readonly Material[];
  readonly rotation?: Rotation;
  /** Where the material is when it is in the HSMs of a custom key store; `materials` is then empty. */
  readonly backing?: Backing;
}

export interface Backing {
  readonly keyStoreId: string;
  /** The HSMs' name of the key. */
  readonly reference: string;
}

export interface AliasRecord {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface GrantRecord {
  readonly id: string;
  readonly token: string;
  readonly keyId: string;
  readonly keyArn: string;
  readonly name?: string;
  readonly createdAt: number;
  readonly issuingAccount: string;
  readonly grantee?: string;
  readonly retiring?: string;
  readonly granteeService?: string;
  readonly retiringService?: string;
  readonly operations: readonly string[];
  readonly constraints?: { readonly [name: string]: unknown };
}

export function keys(context: Context): Table<KeyRecord> {
  return context.table('kms/keys');
}

export function aliases(context: Context): Table<AliasRecord> {
  return context.table('kms/aliases');
}

export function grants(context: Context): Table<GrantRecord> {
  return context.table('kms/grants');
}
