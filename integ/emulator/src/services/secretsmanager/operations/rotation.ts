import type { Context, Output } from '../../../wire/operation';
import { findLiveSecret } from '../find';
import { nextRotation } from '../rotation-schedule';
import { putVersion, secrets, versionOf } from '../state';
import type { RotationRules, SecretRecord } from '../state';
import { refusal } from '../text';
import { moveStage, newVersionId, PENDING, versionWith } from '../versions';

interface RotateInput {
  readonly SecretId: string;
  readonly ClientRequestToken?: string;
  readonly RotationLambdaARN?: string;
  readonly RotationRules?: RotationRules;
  readonly RotateImmediately?: boolean;
}

/** Called one after the other; the next only when the one before succeeded. */
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

export function rotateSecret(context: Context, input: RotateInput): Output {
  const { secret: before, context: place } = findLiveSecret(context, input.SecretId);
  const lambdaArn = input.RotationLambdaARN ?? before.rotation?.lambdaArn;
  if (lambdaArn === undefined) throw refusal(context, 'InvalidRequestException', 'text-no-rotation-function');
  const rules = input.RotationRules ?? before.rotation?.rules;
  if (!rules) throw refusal(context, 'InvalidRequestException', 'text-no-rotation-rules');
  const present = versionWith(place, before, PENDING);
  if (present && present.id !== input.ClientRequestToken && input.RotateImmediately !== false) {
    throw refusal(context, 'InvalidRequestException', 'text-rotation-running');
  }
  const secret = secrets(place).put(before.name, { ...before, rotation: { ...before.rotation, enabled: true, lambdaArn, rules } });
  schedule(place, secret);
  const answer = { ARN: secret.arn, Name: secret.name };
  if (input.RotateImmediately === false) return answer;
  return { ...answer, VersionId: begin(place, secret, input.ClientRequestToken ?? newVersionId(place, secret)) };
}

export function cancelRotateSecret(context: Context, { SecretId }: { readonly SecretId: string }): Output {
  const { secret, context: place } = findLiveSecret(context, SecretId);
  if (!secret.rotation) throw refusal(context, 'InvalidRequestException', 'text-no-rotation-function');
  secrets(place).put(secret.name, { ...secret, rotation: { ...secret.rotation, enabled: false, next: undefined } });
  place.cancel(rotationEvent(secret));
  return { ARN: secret.arn, Name: secret.name, VersionId: versionWith(place, secret, PENDING)?.id };
}

/** Event: the schedule asks for a rotation. */
export function rotateOnSchedule(context: Context, { name }: { name: string }): void {
  const secret = secrets(context).get(name);
  if (!secret?.rotation?.enabled || secret.deletion) return;
  schedule(context, secret);
  if (!versionWith(context, secret, PENDING)) begin(context, secrets(context).get(name)!, newVersionId(context, secret));
}

/** Event: a step has answered. A step that failed leaves the rotation where it is. */
export function rotationStepEnded(
  context: Context, args: { name: string; token: string; step: number; output?: { FunctionError?: string }; error?: { code: string } },
): void {
  const secret = secrets(context).get(args.name);
  if (!secret) return;
  if (args.error || args.output?.FunctionError) {
    context.emit('RotationFailed', secret.name);
    return;
  }
  if (args.step + 1 < STEPS.length) {
    runStep(context, secret, args.token, args.step + 1);
    return;
  }
  const pending = versionWith(context, secret, PENDING);
  if (pending?.id === args.token) moveStage(context, secret, PENDING, undefined);
  secrets(context).put(secret.name, { ...secret, rotation: { ...secret.rotation!, rotatedAt: context.now }, changedAt: context.now });
  context.emit('Rotated', secret.name);
}

/** The version is promised, by its label, before the function has made its value. */
function begin(context: Context, secret: SecretRecord, token: string): string {
  if (!versionOf(context, secret, token)) putVersion(context, { id: token, secretArn: secret.arn, createdAt: context.now, stages: [] });
  moveStage(context, secret, PENDING, token);
  runStep(context, secret, token, 0);
  return token;
}

function runStep(context: Context, secret: SecretRecord, token: string, step: number): void {
  const payload = { Step: STEPS[step], SecretId: secret.arn, ClientRequestToken: token };
  context.callLater(
    'lambda', 'Invoke', { FunctionName: secret.rotation!.lambdaArn, Payload: Buffer.from(JSON.stringify(payload)) },
    { kind: 'rotation-step-ended', args: { name: secret.name, token, step } },
    {
      principal: {
        kind: 'service', account: context.account, service: 'secretsmanager.amazonaws.com', source: secret.arn,
        arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/secretsmanager.amazonaws.com`,
      },
      position: { kind: 'service', service: 'secretsmanager' },
    },
  );
}

function schedule(context: Context, secret: SecretRecord): void {
  const wait = nextRotation(secret.rotation?.rules);
  if (wait === undefined) return;
  secrets(context).put(secret.name, { ...secret, rotation: { ...secret.rotation!, next: context.now + wait } });
  context.after(wait, { kind: 'rotate', args: { name: secret.name }, daemon: true, id: rotationEvent(secret) });
}

function rotationEvent({ arn }: SecretRecord): string {
  return `secretsmanager-rotate/${arn}`;
}
