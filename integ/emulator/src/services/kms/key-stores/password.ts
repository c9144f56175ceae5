import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { idFormat } from '../../../kernel';
import type { Context } from '../../../wire/operation';

/** Passwords of `kmsuser` as KMS keeps them: sealed under a key of its own, never as text in the state. */

export function sealPassword(context: Context, password: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', ownKey(context), nonce);
  const body = Buffer.concat([cipher.update(password, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

export function openPassword(context: Context, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', ownKey(context), bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}

/** A password that nobody but KMS knows. */
export function newPassword(): string {
  return idFormat.alphanumeric(randomBytes(32), 32);
}

function ownKey(context: Context): Buffer {
  const own = context.table<string>('kms/own-key');
  return Buffer.from(own.get('passwords') ?? own.put('passwords', randomBytes(32).toString('base64')), 'base64');
}
