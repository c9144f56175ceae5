import { verify } from 'node:crypto';
import type { PublicKey } from './public-key';

export interface SignatureAlgorithm {
  readonly oid: string;
  readonly name: string;
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly keyAlgorithm: 'rsa' | 'ec';
}

/** What everything made here is signed with. */
export const SHA256_WITH_RSA: SignatureAlgorithm = {
  oid: '1.2.840.113549.1.1.11', name: 'SHA-256 with RSA', hash: 'sha256', keyAlgorithm: 'rsa',
};

const KNOWN: readonly SignatureAlgorithm[] = [
  SHA256_WITH_RSA,
  { oid: '1.2.840.113549.1.1.12', name: 'SHA-384 with RSA', hash: 'sha384', keyAlgorithm: 'rsa' },
  { oid: '1.2.840.113549.1.1.13', name: 'SHA-512 with RSA', hash: 'sha512', keyAlgorithm: 'rsa' },
  { oid: '1.2.840.113549.1.1.5', name: 'SHA-1 with RSA', hash: 'sha1', keyAlgorithm: 'rsa' },
  { oid: '1.2.840.10045.4.3.2', name: 'ECDSA with SHA-256', hash: 'sha256', keyAlgorithm: 'ec' },
  { oid: '1.2.840.10045.4.3.3', name: 'ECDSA with SHA-384', hash: 'sha384', keyAlgorithm: 'ec' },
  { oid: '1.2.840.10045.4.3.4', name: 'ECDSA with SHA-512', hash: 'sha512', keyAlgorithm: 'ec' },
];

export function findSignatureAlgorithm(oid: string): SignatureAlgorithm | undefined {
  return KNOWN.find((algorithm) => algorithm.oid === oid);
}

/** False also for a key of another kind, so that no caller has to ask first. */
export function isSignatureOf(algorithm: SignatureAlgorithm, signed: Uint8Array, key: PublicKey, signature: Uint8Array): boolean {
  return key.algorithm === algorithm.keyAlgorithm && verify(algorithm.hash, signed, key.keyObject, signature);
}
