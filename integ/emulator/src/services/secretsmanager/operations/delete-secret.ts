import type { Context, Output } from '../../../wire/operation';
import { findSecret, lookUp } from '../find';
import { dropSecret, secrets } from '../state';
import type { SecretRecord } from '../state';
import { date, refusal } from '../text';

const DAY_MS = 86_400_000;

interface DeleteInput {
  readonly SecretId: string;
  readonly RecoveryWindowInDays?: number;
  readonly ForceDeleteWithoutRecovery?: boolean;
}

export function deleteSecret(context: Context, input: DeleteInput): Output {
  const [least, most] = context.row<[number, number]>('secretsmanager/recovery-window-days');
  const days = input.RecoveryWindowInDays ?? most;
  if (input.ForceDeleteWithoutRecovery && input.RecoveryWindowInDays !== undefined) throw refusal(context, 'InvalidParameterException', 'text-force-and-window');
  if (days < least || days > most) throw refusal(context, 'InvalidParameterException', 'text-recovery-window', { least, most });
  return input.ForceDeleteWithoutRecovery ? deleteNow(context, input.SecretId) : deleteLater(context, input.SecretId, days);
}

export function restoreSecret(context: Context, { SecretId }: { readonly SecretId: string }): Output {
  const { secret, context: place } = findSecret(context, SecretId);
  secrets(place).put(secret.name, { ...secret, deletion: undefined });
  place.cancel(purgeEvent(secret));
  place.emit('Restored', secret.name);
  return { ARN: secret.arn, Name: secret.name };
}

/** Event: the secret is gone for good and its name is free. */
export function purgeSecret(context: Context, { name }: { name: string }): void {
  const secret = secrets(context).get(name);
  if (!secret?.deletion) return;
  dropSecret(context, secret);
  context.emit('Deleted', name);
}

/** Nothing there to delete is no error, so that callers can repeat. The name is free a moment later. */
function deleteNow(context: Context, id: string): Output {
  const found = lookUp(context, id);
  if (!found) return { ARN: id.startsWith('arn:') ? id : context.arn('secretsmanager', `secret:${id}`), Name: id, DeletionDate: date(context, context.now) };
  const { secret, context: place } = found;
  const lag = place.delay('force-delete-lag', secret.name);
  secrets(place).put(secret.name, { ...secret, deletion: { requestedAt: context.now, at: context.now + lag, forced: true } });
  place.emit('Deleting', secret.name);
  if (lag === 0) purgeSecret(place, secret);
  else place.after(lag, { kind: 'purge-secret', args: { name: secret.name }, id: purgeEvent(secret) });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: date(context, context.now) };
}

function deleteLater(context: Context, id: string, days: number): Output {
  const { secret, context: place } = findSecret(context, id);
  if (secret.deletion) throw refusal(context, 'InvalidRequestException', 'text-already-in-deletion');
  const at = context.now + days * DAY_MS;
  secrets(place).put(secret.name, { ...secret, deletion: { requestedAt: context.now, at, forced: false } });
  place.after(days * DAY_MS, { kind: 'purge-secret', args: { name: secret.name }, daemon: true, id: purgeEvent(secret) });
  place.emit('Deleting', secret.name);
  return { ARN: secret.arn, Name: secret.name, DeletionDate: date(context, at) };
}

function purgeEvent({ arn }: SecretRecord): string {
  return `secretsmanager-purge/${arn}`;
}
