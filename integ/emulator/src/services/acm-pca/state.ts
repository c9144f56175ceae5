import { refusal } from './text';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

export interface Subject {
  readonly [attribute: string]: unknown;
}

export interface Configuration {
  readonly KeyAlgorithm: string;
  readonly SigningAlgorithm: string;
  readonly Subject: Subject;
}

export interface Permission {
  readonly Principal: string;
  readonly SourceAccount: string;
  readonly Actions: readonly string[];
  readonly createdAt: number;
}

export type Status = 'CREATING' | 'PENDING_CERTIFICATE' | 'ACTIVE' | 'DISABLED' | 'DELETED' | 'EXPIRED';

export interface AuthorityRecord {
  readonly arn: string;
  readonly type: string;
  readonly status: Status;
  readonly configuration: Configuration;
  readonly usageMode: string;
  readonly storage: string;
  readonly revocation?: object;
  readonly createdAt: number;
  readonly changedAt: number;
  /** PEM of a PKCS#8 private key. */
  readonly key: string;
  readonly certificate?: string;
  readonly chain?: string;
  /** End of its certificate, in emulated time. */
  readonly expiresAt?: number;
  readonly restorableUntil?: number;
  readonly permissions: readonly Permission[];
  readonly tags: readonly Tag[];
}

export interface CertificateRecord {
  readonly arn: string;
  readonly authority: string;
  readonly serial: string;
  readonly isIssued: boolean;
  readonly body: string;
  readonly chain?: string;
  readonly revokedAt?: number;
}

/** What a token was used for. */
export interface TokenRecord {
  readonly arn: string;
  readonly at: number;
}

export const authorities = (context: Context): Table<AuthorityRecord> => context.table('acm-pca/authorities');
export const certificates = (context: Context): Table<CertificateRecord> => context.table('acm-pca/certificates');
export const tokens = (context: Context): Table<TokenRecord> => context.table('acm-pca/tokens');

export function findAuthority(context: Context, arn: string): AuthorityRecord {
  const found = authorities(context).get(arn);
  if (!found) throw refusal(context, 'ResourceNotFoundException', 'text-no-authority', { arn });
  return found;
}

/** An authority is of no use after its certificate. */
export function statusOf(context: Context, { status, expiresAt = Infinity }: AuthorityRecord): Status {
  return (status === 'ACTIVE' || status === 'DISABLED') && expiresAt <= context.now ? 'EXPIRED' : status;
}

export function changeAuthority(context: Context, authority: AuthorityRecord, changed: Partial<AuthorityRecord>): AuthorityRecord {
  if (changed.status !== undefined && changed.status !== authority.status) context.emit(changed.status, authority.arn);
  return authorities(context).put(authority.arn, { ...authority, ...changed, changedAt: context.now });
}

/** The same token again, within the time that it is remembered. */
export function rememberedUse(context: Context, name: string): TokenRecord | undefined {
  const used = tokens(context).get(name);
  return used && context.now - used.at < context.row<number>('acm-pca/token-minutes') * 60_000 ? used : undefined;
}
