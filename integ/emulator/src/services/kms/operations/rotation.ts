import type { Context, Output } from '../../../wire/operation';
import { findKeyById } from '../find';
import { makeMaterial } from '../material';
import { page } from '../paging';
import type { PageWish } from '../paging';
import { keys } from '../state';
import type { KeyRecord, Material } from '../state';
import { date, refusal } from '../text';
import { requireCustomerManaged, requireUsable } from '../usable';

const DAY_MS = 86_400_000;

interface KeyInput {
  readonly KeyId: string;
}

export function enableKeyRotation(context: Context, input: KeyInput & { readonly RotationPeriodInDays?: number }): void {
  const { key, context: place } = rotatable(context, input.KeyId, 'EnableKeyRotation');
  requireUsable(context, key);
  const periodDays = input.RotationPeriodInDays ?? key.rotation?.periodDays ?? context.row<number>('kms/rotation-period-days');
  plan(place, key, periodDays);
}

export function disableKeyRotation(context: Context, { KeyId }: KeyInput): void {
  const { key, context: place } = rotatable(context, KeyId, 'DisableKeyRotation');
  requireUsable(context, key);
  keys(place).put(key.id, { ...key, rotation: undefined });
  place.cancel(rotationEvent(key));
}

export function getKeyRotationStatus(context: Context, { KeyId }: KeyInput): Output {
  const { key } = rotatable(context, KeyId);
  if (!key.rotation) return { KeyRotationEnabled: false, KeyId: key.arn };
  const { periodDays, next } = key.rotation;
  return { KeyRotationEnabled: true, KeyId: key.arn, RotationPeriodInDays: periodDays, NextRotationDate: date(context, next) };
}

export function rotateKeyOnDemand(context: Context, { KeyId }: KeyInput): Output {
  const { key, context: place } = rotatable(context, KeyId, 'RotateKeyOnDemand');
  requireUsable(context, key);
  const limit = context.row<number>('kms/on-demand-rotations');
  if (key.materials.filter(({ madeBy }) => madeBy === 'ON_DEMAND').length >= limit) {
    throw refusal(context, 'LimitExceededException', 'text-too-many-rotations', { arn: key.arn, limit });
  }
  rotate(place, key, 'ON_DEMAND');
  return { KeyId: key.arn };
}

export function listKeyRotations(context: Context, input: KeyInput & PageWish & { readonly IncludeKeyMaterial?: string }): Output {
  const { key } = rotatable(context, input.KeyId);
  const shown = key.materials.filter(({ madeBy }) => input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL' || madeBy !== 'CreateKey');
  const { items, more } = page(context, shown, input, 100);
  return {
    Rotations: items.map(({ id, madeAt, madeBy }) => ({
      KeyId: key.arn,
      KeyMaterialId: id,
      KeyMaterialState: id === key.materials.at(-1)!.id ? 'CURRENT' : 'NON_CURRENT',
      ...(madeBy === 'CreateKey' ? {} : { RotationDate: date(context, madeAt), RotationType: madeBy }),
    })),
    ...more,
  };
}

/** Event: the rotation period is over. A key that is disabled is only put off. */
export function rotateAutomatically(context: Context, { keyId }: { keyId: string }): void {
  const key = keys(context).get(keyId);
  if (!key?.rotation) return;
  const rotated = key.state === 'Enabled' ? rotate(context, key, 'AUTOMATIC') : key;
  plan(context, rotated, key.rotation.periodDays);
}

function rotate(context: Context, key: KeyRecord, madeBy: Material['madeBy']): KeyRecord {
  context.emit('Rotated', key.id);
  return keys(context).put(key.id, { ...key, materials: [...key.materials, makeMaterial(context, key.id, key.spec, madeBy)] });
}

function plan(context: Context, key: KeyRecord, periodDays: number): void {
  keys(context).put(key.id, { ...key, rotation: { periodDays, next: context.now + periodDays * DAY_MS } });
  context.after(periodDays * DAY_MS, { kind: 'rotate-key', args: { keyId: key.id }, daemon: true, id: rotationEvent(key) });
}

/** Only symmetric keys whose material KMS makes itself; AWS rotates its own. */
function rotatable(context: Context, reference: string, change?: string): { key: KeyRecord; context: Context } {
  const found = findKeyById(context, reference);
  const { key } = found;
  if (change) requireCustomerManaged(context, key, change);
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw refusal(context, 'UnsupportedOperationException', 'text-not-rotatable-spec', { arn: key.arn, spec: key.spec });
  if (key.origin !== 'AWS_KMS') throw refusal(context, 'UnsupportedOperationException', 'text-not-rotatable-origin', { arn: key.arn, origin: key.origin });
  if (key.state === 'PendingDeletion') throw refusal(context, 'KMSInvalidStateException', 'text-pending-deletion', { arn: key.arn });
  return found;
}

function rotationEvent({ arn }: KeyRecord): string {
  return `kms-rotate/${arn}`;
}
