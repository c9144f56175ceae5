import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { bitsOf, decode, sequenceMembers } from './asn1';

export interface PublicKey {
  /** SubjectPublicKeyInfo, the exact bytes it was given in. */
  readonly spki: Uint8Array;
  readonly keyObject: KeyObject;
  /** As node:crypto names it: `rsa`, `ec`, … */
  readonly algorithm: string;
  /** Modulus bits of an RSA key, otherwise undefined. */
  readonly modulusBits?: number;
}

export function parsePublicKey(spki: Uint8Array): PublicKey {
  sequenceMembers(decode(spki)); // OpenSSL would let bytes after its end pass
  const keyObject = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  return {
    spki,
    keyObject,
    algorithm: keyObject.asymmetricKeyType ?? 'unknown',
    modulusBits: keyObject.asymmetricKeyDetails?.modulusLength,
  };
}

/** Compares keys, not encodings: the NULL after an RSA algorithm is there in some and not in others. */
export function isSameKey(one: PublicKey, other: PublicKey): boolean {
  return one.keyObject.equals(other.keyObject);
}

export function describeKey(key: PublicKey): string {
  const name = key.algorithm.toUpperCase();
  return key.modulusBits === undefined ? name : `${name} ${key.modulusBits}`;
}

/** SHA-256 over SubjectPublicKeyInfo, in lower-case hex. */
export function keyFingerprint(key: PublicKey): string {
  return createHash('sha256').update(key.spki).digest('hex');
}

/** The first 160 bits of SHA-256 over the key bits (RFC 7093, 2 (1)): identifiers need no SHA-1. */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  const bits = bitsOf(sequenceMembers(decode(spki))[1]);
  return new Uint8Array(createHash('sha256').update(bits).digest().subarray(0, 20));
}
