import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Context } from '../../wire/operation';
import type { BucketRecord, ObjectRecord } from './state';

export interface EncryptionWish {
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
}

interface DefaultEncryption {
  readonly Rules?: ReadonlyArray<{ readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: string } }>;
}

/** Stores a content: under a data key of KMS when the request or the bucket asks for that. */
export function seal(context: Context, bucket: BucketRecord, key: string, content: Buffer, wish: EncryptionWish): Pick<ObjectRecord, 'blob' | 'encryption'> {
  const byDefault = (bucket.configurations.ServerSideEncryptionConfiguration as DefaultEncryption | undefined)?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  const algorithm = wish.ServerSideEncryption ?? byDefault?.SSEAlgorithm ?? 'AES256';
  if (!algorithm.startsWith('aws:kms')) return { blob: context.kernel.blobs.put(content), encryption: { algorithm } };
  const keyId = wish.SSEKMSKeyId ?? byDefault?.KMSMasterKeyID ?? 'alias/aws/s3';
  const made = context.call<{ Plaintext: Buffer; CiphertextBlob: Buffer; KeyId: string }>('kms', 'GenerateDataKey', {
    KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: encryptionContext(bucket, key),
  });
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', made.Plaintext, iv);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return {
    blob: context.kernel.blobs.put(sealed),
    encryption: {
      algorithm, keyId: made.KeyId, sealedDataKey: made.CiphertextBlob.toString('base64'), iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'),
    },
  };
}

/** Reads a content back; KMS is asked for the data key, as whoever reads. */
export function open(context: Context, bucket: BucketRecord, object: ObjectRecord): Buffer {
  const stored = context.kernel.blobs.get(object.blob);
  const { sealedDataKey, iv, tag } = object.encryption ?? {};
  if (!sealedDataKey) return stored;
  const { Plaintext } = context.call<{ Plaintext: Buffer }>('kms', 'Decrypt', {
    CiphertextBlob: Buffer.from(sealedDataKey, 'base64'), EncryptionContext: encryptionContext(bucket, object.key),
  });
  const decipher = createDecipheriv('aes-256-gcm', Plaintext, Buffer.from(iv!, 'base64'));
  decipher.setAuthTag(Buffer.from(tag!, 'base64'));
  return Buffer.concat([decipher.update(stored), decipher.final()]);
}

function encryptionContext(bucket: BucketRecord, key: string): Record<string, string> {
  return { 'aws:s3:arn': `arn:aws:s3:::${bucket.name}/${key}` };
}

export function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}
