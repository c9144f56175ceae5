import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context, Output } from '../../../wire/operation';
import { findKey } from '../find';
import { currentMaterial, secretOf } from '../material';
import { algorithmsOf } from '../specs';
import type { KeyRecord } from '../state';
import { refusal } from '../text';
import { endDryRun, requireAlgorithm, requireUsable, requireUsage } from '../usable';

interface MacInput {
  readonly KeyId: string;
  readonly Message: Uint8Array;
  readonly MacAlgorithm: string;
  readonly DryRun?: boolean;
}

export function generateMac(context: Context, input: MacInput): Output {
  const { key, mac } = macOf(context, input, 'GenerateMac');
  return { Mac: mac, MacAlgorithm: input.MacAlgorithm, KeyId: key.arn };
}

export function verifyMac(context: Context, input: MacInput & { readonly Mac: Uint8Array }): Output {
  const { key, mac } = macOf(context, input, 'VerifyMac');
  if (mac.length !== input.Mac.length || !timingSafeEqual(mac, input.Mac)) throw refusal(context, 'KMSInvalidMacException', 'text-invalid-mac');
  return { MacValid: true, MacAlgorithm: input.MacAlgorithm, KeyId: key.arn };
}

function macOf(context: Context, input: MacInput, operation: string): { key: KeyRecord; mac: Buffer } {
  const { key } = findKey(context, input.KeyId);
  requireUsable(context, key);
  requireUsage(context, key, 'GENERATE_VERIFY_MAC', operation);
  requireAlgorithm(context, key, algorithmsOf(key.spec, key.usage).MacAlgorithms, input.MacAlgorithm);
  endDryRun(context, input.DryRun);
  const hash = input.MacAlgorithm.replace('HMAC_SHA_', 'sha');
  return { key, mac: createHmac(hash, secretOf(currentMaterial(key))).update(input.Message).digest() };
}
