import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { openInHsm, sealInHsm } from './key-stores/backing-key';
import { currentMaterial, secretOf } from './material';
import type { KeyRecord, Material } from './state';
import type { Context } from '../../wire/operation';

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
  /** From the nonce on. */
  readonly sealed: Buffer;
}

export type EncryptionContext = Readonly<Record<string, string>>;

const VERSION = Buffer.from([0x01, 0x02]);

export function sealEnvelope(context: Context, key: KeyRecord, plaintext: Uint8Array, encryptionContext: EncryptionContext = {}): Buffer {
  const arn = Buffer.from(key.arn, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(arn.length);
  const header = Buffer.concat([VERSION, length, arn, Buffer.from(materialIdOf(key), 'hex')]);
  const associated = associatedData(header, encryptionContext);
  return Buffer.concat([header, key.backing ? sealInHsm(context, key, plaintext, associated) : sealHere(key, plaintext, associated)]);
}

/** Nonce, tag and ciphertext: the same layout that the HSMs answer with. */
function sealHere(key: KeyRecord, plaintext: Uint8Array, associated: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secretOf(currentMaterial(key)), nonce);
  cipher.setAAD(associated);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** What a ciphertext names as its material: for a key in a custom key store the HSMs' own name of it. */
function materialIdOf(key: KeyRecord): string {
  return key.backing ? key.backing.reference.replace(/^0x/, '').padStart(64, '0') : currentMaterial(key).id;
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
    sealed: blob.subarray(headerEnd),
  };
}

/** The plaintext, or undefined when ciphertext or encryption context is not what was sealed. */
export function openEnvelope(context: Context, key: KeyRecord, envelope: Envelope, encryptionContext: EncryptionContext = {}): Buffer | undefined {
  const associated = associatedData(envelope.header, encryptionContext);
  if (key.backing) return envelope.materialId === materialIdOf(key) ? openInHsm(context, key, envelope.sealed, associated) : undefined;
  const material = key.materials.find(({ id }) => id === envelope.materialId);
  return material && openHere(material, envelope.sealed, associated);
}

function openHere(material: Material, sealed: Buffer, associated: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', secretOf(material), sealed.subarray(0, 12));
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
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
