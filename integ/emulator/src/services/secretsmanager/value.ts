import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealedValue, SecretRecord } from './state';
import { refusal } from './text';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

export interface ValueInput {
  readonly SecretString?: string;
  readonly SecretBinary?: Uint8Array | string;
}

export interface OpenValue {
  readonly kind: SealedValue['kind'];
  readonly bytes: Buffer;
}

/** What an input holds; undefined when it holds nothing. */
export function valueIn(context: Context, { SecretString, SecretBinary }: ValueInput): OpenValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) throw refusal(context, 'InvalidParameterException', 'text-two-values');
  if (SecretString !== undefined) return { kind: 'string', bytes: Buffer.from(SecretString, 'utf8') };
  return SecretBinary === undefined ? undefined : { kind: 'binary', bytes: Buffer.from(SecretBinary as Uint8Array) };
}

/** Seals with a fresh data key of the secret's own key, as the caller. */
export function seal(context: Context, secret: Pick<SecretRecord, 'arn' | 'kmsKeyId'>, versionId: string, { kind, bytes }: OpenValue): SealedValue {
  if (secret.kmsKeyId === undefined) return { kind, content: bytes.toString('base64') };
  const made = kms<{ Plaintext: Buffer; CiphertextBlob: Buffer; KeyId: string }>(context, 'EncryptionFailure', 'GenerateDataKey', {
    KeyId: secret.kmsKeyId, KeySpec: 'AES_256', EncryptionContext: { SecretARN: secret.arn, SecretVersionId: versionId },
  });
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', made.Plaintext, nonce);
  const content = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return {
    kind,
    content: content.toString('base64'),
    seal: {
      keyId: secret.kmsKeyId, dataKey: made.CiphertextBlob.toString('base64'), nonce: nonce.toString('base64'), tag: cipher.getAuthTag().toString('base64'),
    },
  };
}

export function open(context: Context, secret: SecretRecord, versionId: string, value: SealedValue): OpenValue {
  const content = Buffer.from(value.content, 'base64');
  if (!value.seal) return { kind: value.kind, bytes: content };
  const { Plaintext } = kms<{ Plaintext: Buffer }>(context, 'DecryptionFailure', 'Decrypt', {
    CiphertextBlob: Buffer.from(value.seal.dataKey, 'base64'), EncryptionContext: { SecretARN: secret.arn, SecretVersionId: versionId },
  });
  const decipher = createDecipheriv('aes-256-gcm', Plaintext, Buffer.from(value.seal.nonce, 'base64'));
  decipher.setAuthTag(Buffer.from(value.seal.tag, 'base64'));
  return { kind: value.kind, bytes: Buffer.concat([decipher.update(content), decipher.final()]) };
}

/** The modelled members of a value. */
export function valueMembers({ kind, bytes }: OpenValue): { SecretString?: string; SecretBinary?: Buffer } {
  return kind === 'string' ? { SecretString: bytes.toString('utf8') } : { SecretBinary: bytes };
}

export function sameValue(a: OpenValue, b: OpenValue): boolean {
  return a.kind === b.kind && a.bytes.equals(b.bytes);
}

/** As the caller, from the service's own network. What KMS refuses comes out under two names: no leave to use the key, and anything else. */
function kms<O>(context: Context, failure: 'EncryptionFailure' | 'DecryptionFailure', operation: string, input: object): O {
  try {
    return context.call<O>('kms', operation, input, { position: { kind: 'service', service: 'secretsmanager' } });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'NotImplemented') throw error;
    if (error.code === 'AccessDeniedException') throw refusal(context, 'AccessDeniedException', 'text-kms-not-allowed');
    throw refusal(context, failure, failure === 'EncryptionFailure' ? 'text-encryption-failure' : 'text-decryption-failure', { cause: error.message });
  }
}
