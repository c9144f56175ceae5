import type { KeyObject } from 'node:crypto';
import { signDigestEcdsa, verifyDigestEcdsa } from './ecdsa';
import { signDigestPss, verifyDigestPss } from './pss';

/**
 * Signatures over a digest that somebody else made. Node only signs what it has hashed itself; for these two schemes the step after the hash
 * is done here.
 */
export function signDigest(key: KeyObject, kind: 'pss' | 'ecdsa', hash: string, digest: Uint8Array): Buffer {
  return kind === 'pss' ? signDigestPss(key, hash, digest) : signDigestEcdsa(key, digest);
}

export function verifyDigest(key: KeyObject, kind: 'pss' | 'ecdsa', hash: string, digest: Uint8Array, signature: Uint8Array): boolean {
  return kind === 'pss' ? verifyDigestPss(key, hash, digest, signature) : verifyDigestEcdsa(key, digest, signature);
}
