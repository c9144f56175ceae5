import type { Context, Output } from '../../../wire/operation';
import { findKey } from '../find';
import { privateKeyOf, publicKeyDer, publicKeyOf } from '../material';
import { signatureIsValid, signMessage } from '../signature';
import { algorithmsOf, isAsymmetric } from '../specs';
import type { KeyRecord } from '../state';
import { refusal } from '../text';
import { endDryRun, requireAlgorithm, requireUsable, requireUsage } from '../usable';

interface SignInput {
  readonly KeyId: string;
  readonly Message: Uint8Array;
  readonly MessageType?: string;
  readonly SigningAlgorithm: string;
  readonly DryRun?: boolean;
}

export function sign(context: Context, input: SignInput): Output {
  const key = signingKey(context, input, 'Sign');
  endDryRun(context, input.DryRun);
  const Signature = signMessage(context, privateKeyOf(key), input.SigningAlgorithm, input.MessageType, input.Message);
  return { KeyId: key.arn, Signature, SigningAlgorithm: input.SigningAlgorithm };
}

/** A signature that does not fit is an error, not an answer. */
export function verify(context: Context, input: SignInput & { readonly Signature: Uint8Array }): Output {
  const key = signingKey(context, input, 'Verify');
  endDryRun(context, input.DryRun);
  const valid = signatureIsValid(context, publicKeyOf(key), input.SigningAlgorithm, input.MessageType, input.Message, input.Signature);
  if (!valid) throw refusal(context, 'KMSInvalidSignatureException', 'text-invalid-signature');
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
}

export function getPublicKey(context: Context, { KeyId }: { readonly KeyId: string }): Output {
  const { key } = findKey(context, KeyId);
  if (!isAsymmetric(key.spec)) throw refusal(context, 'UnsupportedOperationException', 'text-not-asymmetric', { arn: key.arn, spec: key.spec });
  requireUsable(context, key);
  return {
    KeyId: key.arn,
    PublicKey: publicKeyDer(publicKeyOf(key)),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    ...algorithmsOf(key.spec, key.usage),
  };
}

function signingKey(context: Context, input: SignInput, operation: string): KeyRecord {
  const { key } = findKey(context, input.KeyId);
  requireUsable(context, key);
  requireUsage(context, key, 'SIGN_VERIFY', operation);
  requireAlgorithm(context, key, algorithmsOf(key.spec, key.usage).SigningAlgorithms, input.SigningAlgorithm);
  return key;
}
