import { constants, createHash, privateEncrypt, publicDecrypt, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { signDigest, verifyDigest } from './digest-signature';
import { refusal } from './text';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

const HASH: Readonly<Record<string, string>> = { 256: 'sha256', 384: 'sha384', 512: 'sha512' };

interface Scheme {
  readonly hash: string;
  readonly kind: 'pkcs1' | 'pss' | 'ecdsa';
}

export function signMessage(context: Context, key: KeyObject, algorithm: string, messageType: string | undefined, message: Uint8Array): Buffer {
  const scheme = schemeOf(algorithm);
  if (!isDigest(context, algorithm, scheme, messageType, message)) return sign(scheme.hash, message, options(key, scheme));
  if (scheme.kind !== 'pkcs1') return signDigest(key, scheme.kind, scheme.hash, message);
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(scheme.hash, message));
}

export function signatureIsValid(
  context: Context, key: KeyObject, algorithm: string, messageType: string | undefined, message: Uint8Array, signature: Uint8Array,
): boolean {
  const scheme = schemeOf(algorithm);
  if (!isDigest(context, algorithm, scheme, messageType, message)) return verify(scheme.hash, message, options(key, scheme), signature);
  if (scheme.kind !== 'pkcs1') return verifyDigest(key, scheme.kind, scheme.hash, message, signature);
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(digestInfo(scheme.hash, message));
  } catch {
    // Not even the padding is right.
    return false;
  }
}

function schemeOf(algorithm: string): Scheme {
  const [, kind, bits] = /^(RSASSA_PKCS1_V1_5|RSASSA_PSS|ECDSA)_SHA_(\d+)$/.exec(algorithm) ?? [];
  if (!kind) throw new ServiceError('UnsupportedOperationException', `[emulator] ${algorithm} is not built`);
  return { hash: HASH[bits], kind: kind === 'ECDSA' ? 'ecdsa' : kind === 'RSASSA_PSS' ? 'pss' : 'pkcs1' };
}

function isDigest(context: Context, algorithm: string, { hash }: Scheme, messageType: string = 'RAW', message: Uint8Array): boolean {
  if (messageType === 'RAW') return false;
  if (messageType !== 'DIGEST') throw new ServiceError('UnsupportedOperationException', `[emulator] messages of type ${messageType} are not built`);
  if (message.length !== createHash(hash).digest().length) throw refusal(context, 'ValidationException', 'text-digest-length', { algorithm });
  return true;
}

function options(key: KeyObject, { kind }: Scheme): { key: KeyObject; padding?: number; saltLength?: number } {
  if (kind === 'ecdsa') return { key };
  return kind === 'pss'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key, padding: constants.RSA_PKCS1_PADDING };
}

/** What PKCS#1 v1.5 signs: the name of the hash and its value, in DER. */
const DIGEST_INFO_PREFIX: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

function digestInfo(hash: string, digest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO_PREFIX[hash], 'hex'), digest]);
}
