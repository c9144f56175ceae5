import type { Context, Output } from '../../../wire/operation';
import { decryptWith, encryptWith } from '../ciphertext';
import type { EncryptionContext } from '../envelope';
import { readEnvelope } from '../envelope';
import { findKey } from '../find';
import { currentMaterialId } from '../material';
import type { KeyRecord } from '../state';
import { endDryRun, requireUsable, requireUsage } from '../usable';

interface EncryptInput {
  readonly KeyId: string;
  readonly Plaintext: Uint8Array;
  readonly EncryptionContext?: EncryptionContext;
  readonly EncryptionAlgorithm?: string;
  readonly DryRun?: boolean;
}

interface DecryptInput {
  readonly CiphertextBlob: Uint8Array;
  readonly KeyId?: string;
  readonly EncryptionContext?: EncryptionContext;
  readonly EncryptionAlgorithm?: string;
  readonly DryRun?: boolean;
}

interface ReEncryptInput {
  readonly CiphertextBlob: Uint8Array;
  readonly SourceKeyId?: string;
  readonly SourceEncryptionContext?: EncryptionContext;
  readonly SourceEncryptionAlgorithm?: string;
  readonly DestinationKeyId: string;
  readonly DestinationEncryptionContext?: EncryptionContext;
  readonly DestinationEncryptionAlgorithm?: string;
  readonly DryRun?: boolean;
}

export function encrypt(context: Context, input: EncryptInput): Output {
  const { key } = findKey(context, input.KeyId);
  requireUsable(context, key);
  requireUsage(context, key, 'ENCRYPT_DECRYPT', 'Encrypt');
  const sealed = encryptWith(context, key, input.Plaintext, input.EncryptionAlgorithm, input.EncryptionContext);
  endDryRun(context, input.DryRun);
  return { CiphertextBlob: sealed.ciphertext, KeyId: key.arn, EncryptionAlgorithm: sealed.algorithm };
}

export function decrypt(context: Context, input: DecryptInput): Output {
  const opened = decryptWith(context, {
    ciphertext: input.CiphertextBlob, keyId: input.KeyId, algorithm: input.EncryptionAlgorithm, encryptionContext: input.EncryptionContext, operation: 'Decrypt',
  });
  endDryRun(context, input.DryRun);
  return {
    KeyId: opened.key.arn,
    Plaintext: opened.plaintext,
    EncryptionAlgorithm: opened.algorithm,
    KeyMaterialId: materialOf(opened.key, input.CiphertextBlob),
  };
}

export function reEncrypt(context: Context, input: ReEncryptInput): Output {
  const source = decryptWith(context, {
    ciphertext: input.CiphertextBlob,
    keyId: input.SourceKeyId,
    algorithm: input.SourceEncryptionAlgorithm,
    encryptionContext: input.SourceEncryptionContext,
    operation: 'ReEncryptFrom',
  });
  const { key } = findKey(context, input.DestinationKeyId);
  requireUsable(context, key);
  requireUsage(context, key, 'ENCRYPT_DECRYPT', 'ReEncryptTo');
  const sealed = encryptWith(context, key, source.plaintext, input.DestinationEncryptionAlgorithm, input.DestinationEncryptionContext);
  endDryRun(context, input.DryRun);
  return {
    CiphertextBlob: sealed.ciphertext,
    SourceKeyId: source.key.arn,
    KeyId: key.arn,
    SourceEncryptionAlgorithm: source.algorithm,
    DestinationEncryptionAlgorithm: sealed.algorithm,
    SourceKeyMaterialId: materialOf(source.key, input.CiphertextBlob),
    DestinationKeyMaterialId: key.spec === 'SYMMETRIC_DEFAULT' ? currentMaterialId(key) : undefined,
  };
}

function materialOf(key: KeyRecord, ciphertext: Uint8Array): string | undefined {
  return key.spec === 'SYMMETRIC_DEFAULT' && !key.backing ? readEnvelope(ciphertext)?.materialId : undefined;
}
