import type { Context, MadeCall, Output } from '../../../wire/operation';
import { findLiveSecret, lookUp } from '../find';
import { beginRotation, tryOutRotation } from '../rotation-attempt';
import { demandRules, nextRotation } from '../rotation-schedule';
import { secrets } from '../state';
import type { RotationRules, SecretRecord } from '../state';
import { refusal } from '../text';
import { CURRENT, PENDING, versionWith } from '../versions';

interface RotateInput {
  readonly SecretId: string;
  readonly ClientRequestToken?: string;
  readonly RotationLambdaARN?: string;
  readonly RotationRules?: RotationRules;
  readonly RotateImmediately?: boolean;
}

export function rotateSecret(context: Context, input: RotateInput): Output {
  const { secret: before, context: place } = findLiveSecret(context, input.SecretId);
  const lambdaArn = input.RotationLambdaARN ?? before.rotation?.lambdaArn;
  if (lambdaArn === undefined) throw refusal(context, 'InvalidRequestException', 'text-no-rotation-function');
  const rules = input.RotationRules ?? before.rotation?.rules;
  if (!rules) throw refusal(context, 'InvalidRequestException', 'text-no-rotation-rules');
  demandRules(context, rules);
  const pending = versionWith(place, before, PENDING);
  if (pending && pending.id !== input.ClientRequestToken && !pending.stages.includes(CURRENT) && input.RotateImmediately !== false) {
    throw refusal(context, 'InvalidRequestException', 'text-rotation-running');
  }
  const secret = secrets(place).put(before.name, { ...before, rotation: { ...before.rotation, enabled: true, lambdaArn, rules } });
  schedule(place, secret);
  const answer = { ARN: secret.arn, Name: secret.name };
  const scheduled = secrets(place).get(secret.name)!;
  if (input.RotateImmediately !== false) return { ...answer, VersionId: beginRotation(place, scheduled, input.ClientRequestToken) };
  if (!pending) tryOutRotation(place, scheduled);
  return answer;
}

export function cancelRotateSecret(context: Context, { SecretId }: { readonly SecretId: string }): Output {
  const { secret, context: place } = findLiveSecret(context, SecretId);
  if (!secret.rotation) throw refusal(context, 'InvalidRequestException', 'text-no-rotation-function');
  secrets(place).put(secret.name, { ...secret, rotation: { ...secret.rotation, enabled: false, next: undefined, attempt: undefined } });
  place.cancel(rotationEvent(secret));
  return { ARN: secret.arn, Name: secret.name, VersionId: versionWith(place, secret, PENDING)?.id };
}

/** Event: the schedule asks for a rotation; one that failed before is taken up again. */
export function rotateOnSchedule(context: Context, { name }: { name: string }): void {
  const secret = secrets(context).get(name);
  if (!secret?.rotation?.enabled || secret.deletion) return;
  schedule(context, secret);
  takeUp(context, secrets(context).get(name)!);
}

/** A call that is refused because a rotation did not end has it taken up again, as the refusal says. */
export function reattempt(context: Context, { service, operation, error, told }: MadeCall): void {
  if (service !== 'secretsmanager' || operation !== 'RotateSecret' || error === undefined) return;
  const { secretId } = told().input as { secretId?: string };
  const found = secretId === undefined ? undefined : lookUp(context, secretId);
  const pending = found && versionWith(found.context, found.secret, PENDING);
  if (found?.secret.rotation?.enabled && pending && !pending.stages.includes(CURRENT)) takeUp(found.context, found.secret);
}

function takeUp(context: Context, secret: SecretRecord): void {
  if (!secret.rotation!.attempt) beginRotation(context, secret);
}

function schedule(context: Context, secret: SecretRecord): void {
  const next = nextRotation(context, secret.rotation!.rules!);
  context.cancel(rotationEvent(secret));
  secrets(context).put(secret.name, { ...secret, rotation: { ...secret.rotation!, next: Number.isFinite(next) ? next : undefined } });
  if (Number.isFinite(next)) context.after(next - context.now, { kind: 'rotate', args: { name: secret.name }, daemon: true, id: rotationEvent(secret) });
}

function rotationEvent({ arn }: SecretRecord): string {
  return `secretsmanager-rotate/${arn}`;
}
