import { hsm } from './hsms';
import { keyStores } from './state';
import type { KeyStoreRecord } from './state';
import type { Context } from '../../../wire/operation';
import type { KeyRecord } from '../state';
import { refusal } from '../text';

/** The material of keys in a custom key store: an AES key in the HSMs that KMS knows by its reference. */

/** Makes the material of a new key; its label is the key's ARN. @throws ServiceError */
export function makeBackingKey(context: Context, store: KeyStoreRecord, keyArn: string): string {
  const made = hsm<{ keyReference: string }>(context, 'GenerateKey', { sessionId: store.sessionId, label: keyArn });
  if (!made.ok) throw refusal(context, 'KMSInternalException', 'text-key-not-made', { reason: made.code });
  return made.keyReference;
}

/** Encrypts inside the HSMs. @throws ServiceError */
export function sealInHsm(context: Context, key: KeyRecord, plaintext: Uint8Array, associated: Buffer): Buffer {
  const sealed = ask<{ data: string }>(context, key, 'Encrypt', { data: base64(plaintext), associated: base64(associated) });
  if (!sealed.ok) throw refusal(context, 'KMSInvalidStateException', 'text-no-communication');
  return Buffer.from(sealed.data, 'base64');
}

/** Decrypts inside the HSMs; undefined when it was not sealed by this key with this context. @throws ServiceError */
export function openInHsm(context: Context, key: KeyRecord, sealed: Uint8Array, associated: Buffer): Buffer | undefined {
  const opened = ask<{ data: string }>(context, key, 'Decrypt', { data: base64(sealed), associated: base64(associated) });
  if (opened.ok) return Buffer.from(opened.data, 'base64');
  if (opened.code === 'bad-ciphertext') return undefined;
  throw refusal(context, 'KMSInvalidStateException', 'text-no-communication');
}

/** @throws ServiceError */
export function randomFromHsm(context: Context, store: KeyStoreRecord, bytes: number): Buffer {
  const made = hsm<{ data: string }>(context, 'GenerateRandom', { sessionId: store.sessionId, bytes });
  if (!made.ok) throw refusal(context, 'KMSInternalException', 'text-no-communication');
  return Buffer.from(made.data, 'base64');
}

/** At the end of a key's waiting period KMS tries once; what it cannot delete stays in the HSMs. */
export function deleteBackingKey(context: Context, key: KeyRecord): void {
  if (!key.backing) return;
  const deleted = ask(context, key, 'DeleteKey', {}).ok;
  context.emit(deleted ? 'BACKING_KEY_DELETED' : 'BACKING_KEY_LEFT', key.id);
}

/** Whether the HSMs say that they have no such key; without an answer nobody knows. */
export function materialIsLost(context: Context, key: KeyRecord): boolean {
  const found = ask<{ keys: readonly unknown[] }>(context, key, 'FindKeys', { label: key.arn });
  return found.ok && found.keys.length === 0;
}

/** The store of a key; it outlives the key. */
export function storeOf(context: Context, { account, backing }: KeyRecord): KeyStoreRecord | undefined {
  return backing && keyStores(context.at({ account })).get(backing.keyStoreId);
}

function ask<T = object>(context: Context, key: KeyRecord, operation: string, input: object) {
  // The HSMs are those of the key's account, whoever calls.
  const home = context.at({ account: key.account });
  return hsm<T>(home, operation, { sessionId: storeOf(context, key)?.sessionId ?? '', keyReference: key.backing!.reference, ...input });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
