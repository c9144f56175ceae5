import { randomBytes, createPublicKey } from 'node:crypto';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { sealEnvelope } from '../envelope';
import type { EncryptionContext } from '../envelope';
import { findKey } from '../find';
import { randomFromHsm } from '../key-stores/backing-key';
import { findKeyStore, requireState } from '../key-stores/state';
import { currentMaterialId, makeKeyPair, publicKeyDer } from '../material';
import { KEY_SPECS } from '../specs';
import type { KeyRecord } from '../state';
import { refusal } from '../text';
import { endDryRun, requireUsable, requireUsage } from '../usable';

interface DataKeyInput {
  readonly KeyId: string;
  readonly KeySpec?: string;
  readonly NumberOfBytes?: number;
  readonly EncryptionContext?: EncryptionContext;
  readonly DryRun?: boolean;
}

interface PairInput {
  readonly KeyId: string;
  readonly KeyPairSpec: string;
  readonly EncryptionContext?: EncryptionContext;
  readonly DryRun?: boolean;
}

export function generateDataKey(context: Context, input: DataKeyInput): Output {
  const { key, plaintext } = dataKey(context, input, 'GenerateDataKey');
  return { ...sealed(context, key, plaintext, input.EncryptionContext), Plaintext: plaintext };
}

export function generateDataKeyWithoutPlaintext(context: Context, input: DataKeyInput): Output {
  const { key, plaintext } = dataKey(context, input, 'GenerateDataKeyWithoutPlaintext');
  return sealed(context, key, plaintext, input.EncryptionContext);
}

export function generateDataKeyPair(context: Context, input: PairInput): Output {
  const { output, privateKey } = dataKeyPair(context, input, 'GenerateDataKeyPair');
  return { ...output, PrivateKeyPlaintext: privateKey };
}

export function generateDataKeyPairWithoutPlaintext(context: Context, input: PairInput): Output {
  return dataKeyPair(context, input, 'GenerateDataKeyPairWithoutPlaintext').output;
}

export function generateRandom(context: Context, input: { readonly NumberOfBytes?: number; readonly CustomKeyStoreId?: string }): Output {
  if (input.NumberOfBytes === undefined) throw refusal(context, 'ValidationException', 'text-how-many-bytes');
  if (input.CustomKeyStoreId === undefined) return { Plaintext: randomBytes(input.NumberOfBytes) };
  const store = findKeyStore(context, input.CustomKeyStoreId);
  requireState(context, store, 'GenerateRandom', ['CONNECTED']);
  return { Plaintext: randomFromHsm(context, store, input.NumberOfBytes) };
}

function dataKey(context: Context, input: DataKeyInput, operation: string): { key: KeyRecord; plaintext: Buffer } {
  const key = wrappingKey(context, input.KeyId, operation);
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) throw refusal(context, 'ValidationException', 'text-bytes-or-spec');
  endDryRun(context, input.DryRun);
  return { key, plaintext: randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32)) };
}

function sealed(context: Context, key: KeyRecord, plaintext: Buffer, encryptionContext: EncryptionContext | undefined): Output {
  return { CiphertextBlob: sealEnvelope(context, key, plaintext, encryptionContext), KeyId: key.arn, KeyMaterialId: currentMaterialId(key) };
}

function dataKeyPair(context: Context, input: PairInput, operation: string): { output: Output; privateKey: Buffer } {
  const key = wrappingKey(context, input.KeyId, operation);
  if (key.backing) throw refusal(context, 'UnsupportedOperationException', 'text-not-rotatable-origin', { arn: key.arn, origin: key.origin });
  const spec = KEY_SPECS[input.KeyPairSpec];
  if (spec?.kind !== 'rsa' && spec?.kind !== 'ec') {
    throw new ServiceError('UnsupportedOperationException', `[emulator] key pairs of spec ${input.KeyPairSpec} are not built`);
  }
  endDryRun(context, input.DryRun);
  const pair = makeKeyPair(context, spec);
  const privateKey = pair.export({ type: 'pkcs8', format: 'der' });
  const output = {
    PrivateKeyCiphertextBlob: sealEnvelope(context, key, privateKey, input.EncryptionContext),
    PublicKey: publicKeyDer(createPublicKey(pair)),
    KeyId: key.arn,
    KeyPairSpec: input.KeyPairSpec,
    KeyMaterialId: currentMaterialId(key),
  };
  return { output, privateKey };
}

/** Only symmetric keys wrap data keys. */
function wrappingKey(context: Context, reference: string, operation: string): KeyRecord {
  const { key } = findKey(context, reference);
  requireUsable(context, key);
  requireUsage(context, key, 'ENCRYPT_DECRYPT', operation);
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw refusal(context, 'InvalidKeyUsageException', 'text-usage', { arn: key.arn, usage: key.usage, operation });
  return key;
}
