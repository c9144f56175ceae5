import { ServiceError } from '../../../wire/operation';
import type { Caller, Context } from '../../../wire/operation';
import { text } from '../text';
import { parameterArn } from './names';

/** The key that a SecureString gets when none is named. */
export const DEFAULT_KEY = 'alias/aws/ssm';

/** Marks a value that was stored without KMS, because this emulator has none. */
const PLAIN = 'emulator-plain:';

/** The caller's leave, asked for by this service. */
const THROUGH_US: Partial<Caller> = { position: { kind: 'service', service: 'ssm' } };

/** Encrypts under the parameter's ARN, as the caller: without leave to use the key there is no parameter. */
export function encrypt(context: Context, name: string, keyId: string, value: string): string {
  try {
    const { CiphertextBlob } = context.call<{ CiphertextBlob: Uint8Array }>('kms', 'Encrypt', {
      KeyId: keyId, Plaintext: Buffer.from(value, 'utf8'), EncryptionContext: { PARAMETER_ARN: parameterArn(context, name) },
    }, THROUGH_US);
    return Buffer.from(CiphertextBlob).toString('base64');
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (isWithoutKms(error, keyId)) return PLAIN + Buffer.from(value, 'utf8').toString('base64');
    throw new ServiceError('InvalidKeyId', `${text(context, 'text-bad-secret-key', { key: keyId })} (${error.message})`);
  }
}

export function decrypt(context: Context, name: string, value: string): string {
  if (value.startsWith(PLAIN)) return Buffer.from(value.slice(PLAIN.length), 'base64').toString('utf8');
  const { Plaintext } = context.call<{ Plaintext: Uint8Array }>('kms', 'Decrypt', {
    CiphertextBlob: Buffer.from(value, 'base64'), EncryptionContext: { PARAMETER_ARN: parameterArn(context, name) },
  }, THROUGH_US);
  return Buffer.from(Plaintext).toString('utf8');
}

/** No KMS in this emulator, or one that does not make the service's own key by itself. */
function isWithoutKms(error: ServiceError, keyId: string): boolean {
  return error.code === 'NotImplemented' || (keyId === DEFAULT_KEY && error.code === 'NotFoundException');
}
