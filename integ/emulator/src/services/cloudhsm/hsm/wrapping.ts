import { constants, createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import type { CipherGCMTypes } from 'node:crypto';
import type { HsmKey } from './partition';

export type Mechanism = 'aes-gcm' | 'cloudhsm-aes-gcm' | 'aes-no-pad' | 'aes-pkcs5-pad' | 'aes-zero-pad' | 'rsa-oaep' | 'rsa-aes' | 'rsa-pkcs';

export interface WrapOptions {
  /** Of AES-GCM. */
  readonly tagBits: number;
  readonly aad: Buffer;
  readonly iv: Buffer;
  /** Of OAEP: `sha256`. */
  readonly hash: string;
}

export interface Wrapped {
  readonly data: Buffer;
  /** Where it does not travel with the data. */
  readonly iv?: Buffer;
}

/** What a mechanism needs of the wrapping key; the other key of a pair unwraps. */
export const WRAPPING_TYPE: Readonly<Record<Mechanism, 'aes' | 'rsa'>> = {
  'aes-gcm': 'aes', 'cloudhsm-aes-gcm': 'aes', 'aes-no-pad': 'aes', 'aes-pkcs5-pad': 'aes', 'aes-zero-pad': 'aes',
  'rsa-oaep': 'rsa', 'rsa-aes': 'rsa', 'rsa-pkcs': 'rsa',
};

/** RFC 3394, and RFC 5649 for payloads of any length. */
const KEY_WRAP_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
const PADDED_WRAP_IV = Buffer.from('a65959a6', 'hex');

/** @throws Error when the payload does not fit the mechanism */
export function wrapWith(mechanism: Mechanism, key: HsmKey, payload: Buffer, options: WrapOptions): Wrapped {
  switch (mechanism) {
    case 'aes-gcm': case 'cloudhsm-aes-gcm': {
      const iv = randomBytes(12);
      const sealed = gcm(secret(key), payload, iv, options);
      return mechanism === 'aes-gcm' ? { data: sealed, iv } : { data: Buffer.concat([iv, sealed]) };
    }
    case 'aes-no-pad': return { data: keyWrap(secret(key), payload) };
    case 'aes-pkcs5-pad': return { data: keyWrap(secret(key), pkcs5(payload)) };
    case 'aes-zero-pad': return { data: keyWrap(secret(key), Buffer.concat([payload, Buffer.alloc((8 - payload.length % 8) % 8)])) };
    case 'rsa-oaep': return { data: publicEncrypt({ key: createPublicKey(key.material), oaepHash: options.hash }, payload) };
    case 'rsa-pkcs': return { data: publicEncrypt({ key: createPublicKey(key.material), padding: constants.RSA_PKCS1_PADDING }, payload) };
    case 'rsa-aes': {
      const inner = randomBytes(32);
      const outer = publicEncrypt({ key: createPublicKey(key.material), oaepHash: options.hash }, inner);
      return { data: Buffer.concat([outer, paddedWrap(inner, payload)]) };
    }
  }
}

/** @throws Error when the data was not wrapped so */
export function unwrapWith(mechanism: Mechanism, key: HsmKey, data: Buffer, options: WrapOptions): Buffer {
  switch (mechanism) {
    case 'aes-gcm': return openGcm(secret(key), data, options.iv, options);
    case 'cloudhsm-aes-gcm': return openGcm(secret(key), data.subarray(12), data.subarray(0, 12), options);
    case 'aes-no-pad': case 'aes-zero-pad': return keyUnwrap(secret(key), data);
    case 'aes-pkcs5-pad': return withoutPkcs5(keyUnwrap(secret(key), data));
    case 'rsa-oaep': return privateDecrypt({ key: createPrivateKey(key.material), oaepHash: options.hash }, data);
    case 'rsa-pkcs': return withoutPkcs1(privateDecrypt({ key: createPrivateKey(key.material), padding: constants.RSA_NO_PADDING }, data));
    case 'rsa-aes': {
      const size = Number(key.attributes['modulus-size-bits']) / 8;
      const inner = privateDecrypt({ key: createPrivateKey(key.material), oaepHash: options.hash }, data.subarray(0, size));
      return paddedUnwrap(inner, data.subarray(size));
    }
  }
}

function secret(key: HsmKey): Buffer {
  return Buffer.from(key.material, 'base64');
}

function gcm(key: Buffer, payload: Buffer, iv: Buffer, { tagBits, aad }: WrapOptions): Buffer {
  const cipher = createCipheriv(`aes-${8 * key.length}-gcm` as CipherGCMTypes, key, iv, { authTagLength: tagBits / 8 }).setAAD(aad);
  return Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
}

function openGcm(key: Buffer, sealed: Buffer, iv: Buffer, { tagBits, aad }: WrapOptions): Buffer {
  const body = sealed.subarray(0, sealed.length - tagBits / 8);
  const decipher = createDecipheriv(`aes-${8 * key.length}-gcm` as CipherGCMTypes, key, iv, { authTagLength: tagBits / 8 })
    .setAAD(aad).setAuthTag(sealed.subarray(body.length));
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

function keyWrap(key: Buffer, payload: Buffer): Buffer {
  const cipher = createCipheriv(`id-aes${8 * key.length}-wrap`, key, KEY_WRAP_IV);
  return Buffer.concat([cipher.update(payload), cipher.final()]);
}

function keyUnwrap(key: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(`id-aes${8 * key.length}-wrap`, key, KEY_WRAP_IV);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function paddedWrap(key: Buffer, payload: Buffer): Buffer {
  const cipher = createCipheriv(`id-aes${8 * key.length}-wrap-pad`, key, PADDED_WRAP_IV);
  return Buffer.concat([cipher.update(payload), cipher.final()]);
}

function paddedUnwrap(key: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(`id-aes${8 * key.length}-wrap-pad`, key, PADDED_WRAP_IV);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function pkcs5(payload: Buffer): Buffer {
  const count = 8 - payload.length % 8;
  return Buffer.concat([payload, Buffer.alloc(count, count)]);
}

function withoutPkcs5(padded: Buffer): Buffer {
  const count = padded.at(-1) ?? 0;
  if (count < 1 || count > 8 || !padded.subarray(-count).every((byte) => byte === count)) throw new Error('not padded');
  return padded.subarray(0, -count);
}

/** Node no longer takes this padding off by itself. */
function withoutPkcs1(block: Buffer): Buffer {
  const end = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('not padded');
  return block.subarray(end + 1);
}
