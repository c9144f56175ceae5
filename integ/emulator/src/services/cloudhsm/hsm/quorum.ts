import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import type { HsmUser, Partition } from './partition';
import { verifyDigest } from './signing';
import type { Table } from '../../../kernel';
import type { Context } from '../../../wire/operation';

/** What approvals can be asked for, where a value above one says so. */
export type QuorumService = keyof Partition['quorum'];

/** A token that waits for approvals. */
export interface QuorumToken {
  readonly clusterId: string;
  readonly username: string;
  readonly service: string;
  /** Base64 of the digest that approvers sign. */
  readonly token: string;
  readonly expiresAt: number;
}

export const tokens = (context: Context): Table<QuorumToken> => context.table('cloudhsm-hsm/tokens');

/** What a token file holds; approvers add their signatures. */
export interface TokenFile {
  readonly version: '2.0';
  readonly service?: string;
  readonly approval_data: string;
  readonly token: string;
  readonly signatures: ReadonlyArray<{ readonly username: string; readonly role: string; readonly signature: string }>;
}

export function newTokenFile(service: string): TokenFile {
  const data = randomBytes(144);
  return { version: '2.0', service, approval_data: data.toString('base64'), token: digestOf(data), signatures: [] };
}

/** To register a key: one for each HSM, signed by the key itself. */
export interface RegistrationFile {
  readonly version: '2.0';
  readonly tokens: ReadonlyArray<{ readonly approval_data: string; readonly unsigned: string; readonly signed: string }>;
}

export function newRegistrationFile(hsms: number): RegistrationFile {
  return {
    version: '2.0',
    tokens: Array.from({ length: hsms }, () => {
      const data = randomBytes(48);
      return { approval_data: data.toString('base64'), unsigned: digestOf(data), signed: '' };
    }),
  };
}

/** Whether this is an RSA 2048 key that signed each of the tokens. */
export function provesKey(publicPem: string, text: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(publicPem);
    const { tokens: signed } = JSON.parse(text) as RegistrationFile;
    return asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048 && signed.length > 0 && signed.every((token) => (
      token.unsigned === digestOf(Buffer.from(token.approval_data, 'base64')) && isSigned(publicPem, token.unsigned, token.signed)));
  } catch {
    return false;
  }
}

/** How many of these users have signed, each counted once. */
export function approvalsOf(file: TokenFile, users: readonly HsmUser[]): number {
  const approvers = users.filter(({ username, role, quorumKey }) => quorumKey !== undefined && file.signatures
    .some((signature) => signature.username === username && signature.role === role && isSigned(quorumKey, file.token, signature.signature)));
  return approvers.length;
}

function isSigned(publicPem: string, digest: string, signature: string): boolean {
  return verifyDigest(publicPem, Buffer.from(digest, 'base64'), Buffer.from(signature, 'base64'), 'sha256');
}

function digestOf(data: Buffer): string {
  return createHash('sha256').update(data).digest('base64');
}
