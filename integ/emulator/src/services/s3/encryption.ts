import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { BucketRecord, Encryption, ObjectRecord } from './state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

export interface EncryptionWish {
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
}

interface DefaultRule {
  readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: string };
  readonly BucketKeyEnabled?: boolean;
}

/** How a content is going to be encrypted: by the request, else by the bucket, else by S3 itself. KMS is asked for a data key where it is to be used. */
function chosen(context: Context, bucket: BucketRecord, key: string, wish: EncryptionWish): { encryption: Encryption; dataKey?: Buffer } {
  const rule = (bucket.configurations.ServerSideEncryptionConfiguration as { readonly Rules?: readonly DefaultRule[] } | undefined)?.Rules?.[0];
  const byDefault = wish.ServerSideEncryption === undefined ? rule?.ApplyServerSideEncryptionByDefault : undefined;
  const algorithm = wish.ServerSideEncryption ?? byDefault?.SSEAlgorithm ?? 'AES256';
  if (!algorithm.startsWith('aws:kms')) return { encryption: { algorithm } };
  const bucketKey = wish.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false;
  const made = kms<{ Plaintext: Buffer; CiphertextBlob: Buffer; KeyId: string }>(context, bucket, 'GenerateDataKey', {
    KeyId: wish.SSEKMSKeyId ?? byDefault?.KMSMasterKeyID ?? 'alias/aws/s3', KeySpec: 'AES_256', EncryptionContext: encryptionContext(context, bucket, key, bucketKey),
  });
  return { encryption: { algorithm, keyId: made.KeyId, bucketKey, sealedDataKey: made.CiphertextBlob.toString('base64') }, dataKey: made.Plaintext };
}

/** What a content that comes later will be encrypted with; refuses now what could not be encrypted then. */
export function plannedEncryption(context: Context, bucket: BucketRecord, key: string, wish: EncryptionWish): Encryption {
  return chosen(context, bucket, key, wish).encryption;
}

/** Stores a content: under a data key of KMS when the request or the bucket asks for that. */
export function seal(context: Context, bucket: BucketRecord, key: string, content: Buffer, wish: EncryptionWish): Pick<ObjectRecord, 'blob' | 'encryption'> {
  const { encryption, dataKey } = chosen(context, bucket, key, wish);
  if (!dataKey) return { blob: context.kernel.blobs.put(content), encryption };
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', dataKey, iv);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return {
    blob: context.kernel.blobs.put(sealed),
    encryption: { ...encryption, iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64') },
  };
}

/** Reads a content back; KMS is asked for the data key, as whoever reads. */
export function open(context: Context, bucket: BucketRecord, object: Pick<ObjectRecord, 'key' | 'blob' | 'encryption'>): Buffer {
  const stored = context.kernel.blobs.get(object.blob);
  const { sealedDataKey, iv, tag, bucketKey = false } = object.encryption ?? {};
  if (sealedDataKey === undefined || iv === undefined || tag === undefined) return stored;
  const { Plaintext } = kms<{ Plaintext: Buffer }>(context, bucket, 'Decrypt', {
    CiphertextBlob: Buffer.from(sealedDataKey, 'base64'), EncryptionContext: encryptionContext(context, bucket, object.key, bucketKey),
  });
  const decipher = createDecipheriv('aes-256-gcm', Plaintext, Buffer.from(iv, 'base64'));
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  return Buffer.concat([decipher.update(stored), decipher.final()]);
}

/** The members in which answers tell how an object is encrypted. */
export function encryptionMembers({ encryption }: Pick<ObjectRecord, 'encryption'>): Record<string, unknown> {
  return {
    ServerSideEncryption: encryption?.algorithm,
    SSEKMSKeyId: encryption?.keyId,
    // Only said when it is so.
    BucketKeyEnabled: encryption?.bucketKey ? true : undefined,
  };
}

export function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

/** With a bucket key the data key is the bucket's and not the object's. */
function encryptionContext({ partition }: Context, { name }: BucketRecord, key: string, bucketKey: boolean): Record<string, string> {
  return { 'aws:s3:arn': `arn:${partition}:s3:::${name}${bucketKey ? '' : `/${key}`}` };
}

/** As whoever calls S3, from S3's own network. What KMS refuses comes out under its own code with `KMS.` before it. */
function kms<O>(context: Context, { region }: BucketRecord, operation: string, input: object): O {
  try {
    return context.at({ region }).call<O>('kms', operation, input, { position: { kind: 'service', service: 's3' } });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'NotImplemented') throw error;
    if (error.code === 'AccessDeniedException') throw new ServiceError('AccessDenied', error.message, { status: 403 });
    throw new ServiceError(`KMS.${error.code}`, error.message, { status: 400 });
  }
}
