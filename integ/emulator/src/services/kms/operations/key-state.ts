import type { Context, Output } from '../../../wire/operation';
import { findKeyById } from '../find';
import { deleteBackingKey } from '../key-stores/backing-key';
import { aliases, grants, keys } from '../state';
import type { KeyRecord } from '../state';
import { date, refusal } from '../text';
import { requireCustomerManaged, requireNotPendingDeletion } from '../usable';

const DAY_MS = 86_400_000;

interface KeyInput {
  readonly KeyId: string;
}

export function enableKey(context: Context, { KeyId }: KeyInput): void {
  change(context, KeyId, 'EnableKey', 'Enabled');
}

export function disableKey(context: Context, { KeyId }: KeyInput): void {
  change(context, KeyId, 'DisableKey', 'Disabled');
}

export function scheduleKeyDeletion(context: Context, input: KeyInput & { PendingWindowInDays?: number }): Output {
  const { key, context: place } = findKeyById(context, input.KeyId);
  requireCustomerManaged(context, key, 'ScheduleKeyDeletion');
  requireNotPendingDeletion(context, key);
  const [least, most] = context.row<[number, number]>('kms/deletion-window-days');
  const windowDays = input.PendingWindowInDays ?? most;
  if (windowDays < least || windowDays > most) throw refusal(context, 'ValidationException', 'text-deletion-window', { least, most });
  const deletion = { at: context.now + windowDays * DAY_MS, windowDays };
  keys(place).put(key.id, { ...key, state: 'PendingDeletion', deletion });
  place.after(windowDays * DAY_MS, { kind: 'delete-key', args: { keyId: key.id }, daemon: true, id: deletionEvent(key) });
  place.emit('PendingDeletion', key.id);
  return { KeyId: key.arn, DeletionDate: date(context, deletion.at), KeyState: 'PendingDeletion', PendingWindowInDays: windowDays };
}

/** The key comes back disabled. */
export function cancelKeyDeletion(context: Context, { KeyId }: KeyInput): Output {
  const { key, context: place } = findKeyById(context, KeyId);
  if (key.state !== 'PendingDeletion') throw refusal(context, 'KMSInvalidStateException', 'text-not-pending-deletion', { arn: key.arn });
  keys(place).put(key.id, { ...key, state: key.origin === 'EXTERNAL' && key.materials.length === 0 ? 'PendingImport' : 'Disabled', deletion: undefined });
  place.cancel(deletionEvent(key));
  place.emit('Disabled', key.id);
  return { KeyId: key.arn };
}

/** Event: the waiting period is over; aliases and grants go with the key. */
export function deleteKey(context: Context, { keyId }: { keyId: string }): void {
  const key = keys(context).get(keyId);
  if (key?.state !== 'PendingDeletion') return;
  for (const { name, keyId: target } of aliases(context).values()) if (target === keyId) aliases(context).delete(name);
  for (const { id, keyId: target } of grants(context).values()) if (target === keyId) grants(context).delete(id);
  deleteBackingKey(context, key);
  keys(context).delete(keyId);
  context.emit('Deleted', keyId);
}

function change(context: Context, reference: string, operation: string, state: KeyRecord['state']): void {
  const { key, context: place } = findKeyById(context, reference);
  requireCustomerManaged(context, key, operation);
  requireNotPendingDeletion(context, key);
  if (key.state === 'PendingImport') throw refusal(context, 'KMSInvalidStateException', 'text-pending-import', { arn: key.arn });
  if (key.state === state) return;
  keys(place).put(key.id, { ...key, state });
  place.emit(state, key.id);
}

function deletionEvent({ arn }: KeyRecord): string {
  return `kms-delete/${arn}`;
}
