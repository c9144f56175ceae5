import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { attributeOf } from './state';
import type { MessageRecord, QueueRecord, Seal } from './state';
import type { Kernel } from '../../kernel';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** Bodies of a queue with a KMS key lie under data keys of it. Attributes and what else belongs to a message do not. */

interface DataKey {
  /** As KMS sealed it. */
  readonly sealed: string;
  readonly plaintext: Buffer;
  /** Emulated milliseconds. */
  readonly until: number;
}

/** Data keys in use, in memory only: by what they encrypt for, and by their sealed form. A restart forgets them. */
const caches = new WeakMap<Kernel, Map<string, DataKey>>();

export function sealBody(context: Context, queue: QueueRecord, body: string): Pick<MessageRecord, 'body' | 'seal'> {
  const keyId = queue.attributes.KmsMasterKeyId;
  if (keyId === undefined) return { body };
  const key = dataKeyFor(context, queue, keyId);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.plaintext, nonce);
  const sealed = Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]);
  return {
    body: sealed.toString('base64'),
    seal: { dataKey: key.sealed, nonce: nonce.toString('base64'), tag: cipher.getAuthTag().toString('base64'), queueArn: queue.arn },
  };
}

/** Also of a message that was moved here from another queue. */
export function openBody(context: Context, queue: QueueRecord, { body, seal }: Pick<MessageRecord, 'body' | 'seal'>): string {
  if (!seal) return body;
  const decipher = createDecipheriv('aes-256-gcm', openDataKey(context, queue, seal), Buffer.from(seal.nonce, 'base64'));
  decipher.setAuthTag(Buffer.from(seal.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8');
}

function dataKeyFor(context: Context, queue: QueueRecord, keyId: string): DataKey {
  const known = recall(context, `${queue.arn} ${keyId}`);
  if (known) return known;
  const made = kms<{ Plaintext: Buffer; CiphertextBlob: Buffer }>(context, 'GenerateDataKey', {
    KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: { 'aws:sqs:arn': queue.arn },
  });
  return remember(context, queue, made.CiphertextBlob.toString('base64'), made.Plaintext, `${queue.arn} ${keyId}`);
}

function openDataKey(context: Context, queue: QueueRecord, { dataKey, queueArn }: Seal): Buffer {
  const known = recall(context, dataKey);
  if (known) return known.plaintext;
  const { Plaintext } = kms<{ Plaintext: Buffer }>(context, 'Decrypt', {
    CiphertextBlob: Buffer.from(dataKey, 'base64'), EncryptionContext: { 'aws:sqs:arn': queueArn },
  });
  return remember(context, queue, dataKey, Plaintext).plaintext;
}

function recall({ kernel, now }: Context, name: string): DataKey | undefined {
  const known = caches.get(kernel)?.get(name);
  return known && now < known.until ? known : undefined;
}

function remember(context: Context, queue: QueueRecord, sealed: string, plaintext: Buffer, ...names: string[]): DataKey {
  const seconds = Number(attributeOf(queue, 'KmsDataKeyReusePeriodSeconds') ?? context.row<number>('sqs/data-key-reuse-seconds'));
  const key = { sealed, plaintext, until: context.now + seconds * 1_000 };
  const cache = caches.get(context.kernel) ?? new Map<string, DataKey>();
  caches.set(context.kernel, cache);
  for (const name of [sealed, ...names]) cache.set(name, key);
  return key;
}

/** As the caller, from SQS's own network, which has names of its own for what KMS refuses. */
function kms<O>(context: Context, operation: string, input: object): O {
  try {
    return context.call<O>('kms', operation, input, { position: { kind: 'service', service: 'sqs' } });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'NotImplemented') throw error;
    const code = context.row<Readonly<Record<string, string>>>('sqs/kms-refusals')[error.code];
    throw code === undefined ? new ServiceError('InternalFailure', error.message, { status: 500 }) : new ServiceError(code, error.message);
  }
}
