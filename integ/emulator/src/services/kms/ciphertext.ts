import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { openEnvelope, readEnvelope, sealEnvelope } from './envelope';
import type { EncryptionContext } from './envelope';
import { findKey } from './find';
import type { Found } from './find';
import { privateKeyOf, publicKeyOf } from './material';
import { algorithmsOf, KEY_SPECS } from './specs';
import type { KeyRecord } from './state';
import { refusal } from './text';
import { requireAlgorithm, requireUsable, requireUsage } from './usable';
import type { Context } from '../../wire/operation';

const OAEP_HASH: Readonly<Record<string, string>> = { RSAES_OAEP_SHA_1: 'sha1', RSAES_OAEP_SHA_256: 'sha256' };

/** Encrypts under a key that may be used. */
export function encryptWith(
  context: Context, key: KeyRecord, plaintext: Uint8Array, algorithm: string = 'SYMMETRIC_DEFAULT', encryptionContext?: EncryptionContext,
): { ciphertext: Buffer; algorithm: string } {
  requireAlgorithm(context, key, algorithmsOf(key.spec, key.usage).EncryptionAlgorithms, algorithm);
  if (algorithm === 'SYMMETRIC_DEFAULT') return { ciphertext: sealEnvelope(context, key, plaintext, encryptionContext), algorithm };
  requireNoContext(context, encryptionContext);
  const most = mostBytes(key, algorithm);
  if (plaintext.length > most) throw refusal(context, 'ValidationException', 'text-too-long', { algorithm, spec: key.spec, most });
  const padded = { key: publicKeyOf(key), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: OAEP_HASH[algorithm] };
  return { ciphertext: publicEncrypt(padded, plaintext), algorithm };
}

export interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly keyId?: string;
  readonly algorithm?: string;
  readonly encryptionContext?: EncryptionContext;
  /** For the sentence about a wrong usage. */
  readonly operation: string;
}

/** Decrypts what says itself which key it needs, or what is said to be of a key pair. */
export function decryptWith(context: Context, sealed: Sealed): { key: KeyRecord; plaintext: Buffer; algorithm: string } {
  const { algorithm = 'SYMMETRIC_DEFAULT', encryptionContext } = sealed;
  return algorithm === 'SYMMETRIC_DEFAULT'
    ? { ...openSymmetric(context, sealed, encryptionContext), algorithm }
    : { ...openAsymmetric(context, sealed, algorithm), algorithm };
}

function openSymmetric(
  context: Context,
  { ciphertext, keyId, operation }: Sealed,
  encryptionContext?: EncryptionContext,
): { key: KeyRecord; plaintext: Buffer } {
  const named = keyId === undefined ? undefined : findKey(context, keyId).key;
  const envelope = readEnvelope(ciphertext);
  if (!envelope) throw refusal(context, 'InvalidCiphertextException', 'text-invalid-ciphertext');
  if (named && named.arn !== envelope.keyArn) throw refusal(context, 'IncorrectKeyException', 'text-incorrect-key');
  const { key } = keyOfCiphertext(context, envelope.keyArn);
  requireUsable(context, key);
  requireUsage(context, key, 'ENCRYPT_DECRYPT', operation);
  const plaintext = openEnvelope(context, key, envelope, encryptionContext);
  if (!plaintext) throw refusal(context, 'InvalidCiphertextException', 'text-invalid-ciphertext');
  return { key, plaintext };
}

/** A ciphertext of another Region means nothing here. */
function keyOfCiphertext(context: Context, arn: string): Found {
  if (arn.split(':')[3] !== context.region) throw refusal(context, 'InvalidCiphertextException', 'text-invalid-ciphertext');
  return findKey(context, arn);
}

function openAsymmetric(
  context: Context,
  { ciphertext, keyId, operation, encryptionContext }: Sealed,
  algorithm: string,
): { key: KeyRecord; plaintext: Buffer } {
  if (keyId === undefined) throw refusal(context, 'ValidationException', 'text-key-needed', { algorithm });
  const { key } = findKey(context, keyId);
  requireUsable(context, key);
  requireUsage(context, key, 'ENCRYPT_DECRYPT', operation);
  requireAlgorithm(context, key, algorithmsOf(key.spec, key.usage).EncryptionAlgorithms, algorithm);
  requireNoContext(context, encryptionContext);
  try {
    const padded = { key: privateKeyOf(key), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: OAEP_HASH[algorithm] };
    return { key, plaintext: privateDecrypt(padded, ciphertext) };
  } catch {
    // The padding does not fit: not a ciphertext of this key and algorithm.
    throw refusal(context, 'InvalidCiphertextException', 'text-invalid-ciphertext');
  }
}

function requireNoContext(context: Context, encryptionContext: EncryptionContext | undefined): void {
  if (encryptionContext && Object.keys(encryptionContext).length > 0) throw refusal(context, 'ValidationException', 'text-context-with-asymmetric');
}

/** What OAEP leaves of the modulus. */
function mostBytes(key: KeyRecord, algorithm: string): number {
  const spec = KEY_SPECS[key.spec];
  return (spec?.kind === 'rsa' ? spec.bits / 8 : 0) - 2 - 2 * (algorithm === 'RSAES_OAEP_SHA_1' ? 20 : 32);
}
