import { constants, createPublicKey, generateKeyPairSync, type KeyObject, privateEncrypt } from 'node:crypto';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
}

const made = new Map<string, KeyPair>();

/** One real key per name and test file: making them is the slow part. */
export function rsaKey(name: string, modulusLength = 2048): KeyPair {
  return keep(`${name}/${modulusLength}`, () => generateKeyPairSync('rsa', { modulusLength }));
}

/** A key that may not sign with PKCS#1 v1.5. */
export function rsaPssKey(name: string): KeyPair {
  return keep(`${name}/rsa-pss`, () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }));
}

export function ecKey(name: string): KeyPair {
  return keep(`${name}/ec`, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
}

function keep(name: string, make: () => { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  const known = made.get(name);
  if (known) return known;
  const { privateKey, publicKey } = make();
  const pair = { privateKey, publicKey, spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
  made.set(name, pair);
  return pair;
}

/** A public key that nobody has the private key of, for sizes that would take long to make. */
export function publicRsaKey(modulusLength: number): Pick<KeyPair, 'spki'> {
  const n = Buffer.alloc(modulusLength / 8, 0xff).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
  return { spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
}

const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** What KMS does with RSASSA_PKCS1_V1_5_SHA_256 and MessageType DIGEST: it gets 32 bytes and never sees what they are the digest of. */
export function kmsSign(key: KeyPair) {
  return async (digest: Uint8Array): Promise<Uint8Array> => {
    if (digest.byteLength !== 32) throw new Error('Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_256.');
    const padded = Buffer.concat([SHA256_DIGEST_INFO, digest]);
    return new Uint8Array(privateEncrypt({ key: key.privateKey, padding: constants.RSA_PKCS1_PADDING }, padded));
  };
}
