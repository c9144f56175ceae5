import { constants, createHash, privateEncrypt, publicDecrypt, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** RSASSA-PSS over a digest; the salt is as long as the digest. RFC 8017, 9.1. */
export function signDigestPss(key: KeyObject, hash: string, digest: Uint8Array): Buffer {
  const salt = randomBytes(digest.length);
  const { length, topBits } = shapeOf(key);
  const h = hashOf(hash, Buffer.alloc(8), digest, salt);
  const block = Buffer.concat([Buffer.alloc(length - salt.length - h.length - 2), Buffer.from([1]), salt]);
  const masked = xor(block, mask(hash, h, block.length));
  masked[0] &= 0xff >> topBits;
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.concat([masked, h, Buffer.from([0xbc])]));
}

export function verifyDigestPss(key: KeyObject, hash: string, digest: Uint8Array, signature: Uint8Array): boolean {
  const { length, topBits } = shapeOf(key);
  if (signature.length !== length) return false;
  let encoded: Buffer;
  try {
    encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    // A number that is not below the modulus.
    return false;
  }
  const h = encoded.subarray(length - digest.length - 1, length - 1);
  const masked = encoded.subarray(0, length - digest.length - 1);
  if (encoded[length - 1] !== 0xbc || masked[0] >> (8 - topBits) !== 0) return false;
  const block = xor(masked, mask(hash, h, masked.length));
  block[0] &= 0xff >> topBits;
  const saltAt = block.length - digest.length;
  if (block[saltAt - 1] !== 1 || block.subarray(0, saltAt - 1).some((byte) => byte !== 0)) return false;
  return hashOf(hash, Buffer.alloc(8), digest, block.subarray(saltAt)).equals(h);
}

/** The encoded message is one bit shorter than the modulus, and moduli here are whole bytes. */
function shapeOf(key: KeyObject): { length: number; topBits: number } {
  return { length: key.asymmetricKeyDetails!.modulusLength! / 8, topBits: 1 };
}

function hashOf(hash: string, ...parts: Uint8Array[]): Buffer {
  const sum = createHash(hash);
  parts.forEach((part) => sum.update(part));
  return sum.digest();
}

/** MGF1. */
function mask(hash: string, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0, have = 0; have < length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const block = hashOf(hash, seed, count);
    blocks.push(block);
    have += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, at) => byte ^ b[at]));
}
