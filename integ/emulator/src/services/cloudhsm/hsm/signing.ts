import { constants, createPrivateKey, createPublicKey, privateEncrypt, publicDecrypt, sign, verify } from 'node:crypto';
import type { HsmKey } from './partition';

export type SignMechanism = 'rsa-pkcs' | 'rsa-pkcs-pss' | 'ecdsa';

export interface SignOptions {
  /** `sha256`. */
  readonly hash: string;
  readonly saltLength: number;
  /** The data is a digest already. */
  readonly digest: boolean;
}

export const SIGNING_TYPE: Readonly<Record<SignMechanism, 'rsa' | 'ec'>> = { 'rsa-pkcs': 'rsa', 'rsa-pkcs-pss': 'rsa', 'ecdsa': 'ec' };

/** In bits: what a hash and a curve are worth against each other; FIPS 186-5 wants no hash that is weaker than its key. */
const HASH_STRENGTH: Readonly<Record<string, number>> = { sha1: 80, sha224: 112, sha256: 128, sha384: 192, sha512: 256 };
const DIGEST_LENGTH: Readonly<Record<string, number>> = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };
export const HASHES: readonly string[] = Object.keys(HASH_STRENGTH);

/** DigestInfo of PKCS #1 up to the digest itself. */
const DIGEST_INFO: Readonly<Record<string, string>> = {
  sha1: '3021300906052b0e03021a05000414',
  sha224: '302d300d06096086480165030402040500041c',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

export function strengths(key: HsmKey, hash: string): { digest: number; key: number } {
  const bits = Number(/\d{3}/.exec(String(key.attributes.curve))![0]);
  return { digest: HASH_STRENGTH[hash], key: bits === 521 ? 256 : Math.floor(bits / 2) };
}

export function isDigest(data: Buffer, hash: string): boolean {
  return data.length === DIGEST_LENGTH[hash];
}

/** ECDSA signatures are r and s one after the other, not DER. */
export function signWith(mechanism: SignMechanism, key: HsmKey, data: Buffer, options: SignOptions): Buffer {
  if (options.digest) return privateEncrypt({ key: key.material, padding: constants.RSA_PKCS1_PADDING }, digestInfo(data, options.hash));
  return sign(options.hash, data, { key: createPrivateKey(key.material), ...parameters(mechanism, options) });
}

export function verifyWith(mechanism: SignMechanism, key: HsmKey, data: Buffer, signature: Buffer, options: SignOptions): boolean {
  if (options.digest) return verifyDigest(key.material, data, signature, options.hash);
  return verify(options.hash, data, { key: createPublicKey(key.material), ...parameters(mechanism, options) }, signature);
}

/** Of a signature in the manner of PKCS #1 over a digest that was made elsewhere. */
export function verifyDigest(publicPem: string, digest: Buffer, signature: Buffer, hash: string): boolean {
  try {
    return publicDecrypt({ key: publicPem, padding: constants.RSA_PKCS1_PADDING }, signature).equals(digestInfo(digest, hash));
  } catch {
    return false;
  }
}

function parameters(mechanism: SignMechanism, { saltLength }: SignOptions): object {
  if (mechanism === 'ecdsa') return { dsaEncoding: 'ieee-p1363' };
  return mechanism === 'rsa-pkcs' ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}

function digestInfo(digest: Buffer, hash: string): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO[hash], 'hex'), digest]);
}
