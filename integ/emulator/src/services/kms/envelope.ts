import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { currentMaterial, secretOf } from './material';
import type { KeyRecord } from './state';

/**
 * A ciphertext of a symmetric key: which key and which of its materials, then AES-256-GCM.
 *
 * `version (2) | length of the ARN (2) | ARN | material id (32) | nonce (12) | tag (16) | ciphertext`; everything before the nonce is authenticated
 * together with the encryption context.
 */
export interface Envelope {
  readonly keyArn: string;
  readonly materialId: string;
  readonly header: Buffer;
  readonly nonce: Buffer;
  readonly tag: Buffer;
  readonly body: Buffer;
}

export type EncryptionContext = Readonly<Record<string, string>>;

const VERSION = Buffer.from([0x01, 0x02]);

export function sealEnvelope(key: KeyRecord, plaintext: Uint8Array, encryptionContext: EncryptionContext = {}): Buffer {
  const material = currentMaterial(key);
  const arn = Buffer.from(key.arn, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(arn.length);
  const header = Buffer.concat([VERSION, length, arn, Buffer.from(material.id, 'hex')]);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secretOf(material), nonce);
  cipher.setAAD(associatedData(header, encryptionContext));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

/** The parts of a ciphertext, or undefined when it is none of ours. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  const blob = Buffer.from(bytes);
  if (blob.length < 4 || !blob.subarray(0, 2).equals(VERSION)) return undefined;
  const headerEnd = 4 + blob.readUInt16BE(2) + 32;
  if (blob.length < headerEnd + 28) return undefined;
  return {
    keyArn: blob.toString('utf8', 4, headerEnd - 32),
    materialId: blob.toString('hex', headerEnd - 32, headerEnd),
    header: blob.subarray(0, headerEnd),
    nonce: blob.subarray(headerEnd, headerEnd + 12),
    tag: blob.subarray(headerEnd + 12, headerEnd + 28),
    body: blob.subarray(headerEnd + 28),
  };
}

/** The plaintext, or undefined when ciphertext or encryption context is not what was sealed. */
export function openEnvelope(key: KeyRecord, envelope: Envelope, encryptionContext: EncryptionContext = {}): Buffer | undefined {
  const material = key.materials.find(({ id }) => id === envelope.materialId);
  if (!material) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', secretOf(material), envelope.nonce);
  decipher.setAAD(associatedData(envelope.header, encryptionContext));
  decipher.setAuthTag(envelope.tag);
  try {
    return Buffer.concat([decipher.update(envelope.body), decipher.final()]);
  } catch {
    // Authentication failed: the only thing that `final` throws for.
    return undefined;
  }
}

/** The order of the pairs does not matter, so they are sorted. */
function associatedData(header: Buffer, encryptionContext: EncryptionContext): Buffer {
  const pairs = Object.entries(encryptionContext).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs), 'utf8')]);
}
