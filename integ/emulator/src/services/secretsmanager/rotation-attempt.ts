import { windowEnd } from './rotation-schedule';
import { dropVersion, putVersion, secrets, versionOf } from './state';
import type { RotationAttempt, SecretRecord } from './state';
import { CURRENT, moveStage, newVersionId, PENDING, versionWith } from './versions';
import type { Context } from '../../wire/operation';

/** Called one after the other; the next only when the one before succeeded. */
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
type StepName = typeof STEPS[number];

/** Begins a rotation, or one that failed once more: the version is promised, by its label, before the function has made its value. */
export function beginRotation(context: Context, secret: SecretRecord, wanted?: string): string {
  const token = versionWith(context, secret, PENDING)?.id ?? wanted ?? newVersionId(context, secret);
  if (!versionOf(context, secret, token)) putVersion(context, { id: token, secretArn: secret.arn, createdAt: context.now, stages: [] });
  moveStage(context, secret, PENDING, token);
  run(context, secret, { token, steps: STEPS, step: 0, tries: 1, until: windowEnd(context, secret.rotation!.rules!, context.now) });
  return token;
}

/** A schedule that does not begin at once is tried out: the function tests a pending version, which goes again. */
export function tryOutRotation(context: Context, secret: SecretRecord): void {
  const token = newVersionId(context, secret);
  const value = context.row<boolean>('setup-test-has-value') ? versionWith(context, secret, CURRENT)?.value : undefined;
  putVersion(context, { id: token, secretArn: secret.arn, createdAt: context.now, stages: [PENDING], ...(value ? { value } : {}) });
  run(context, secret, { token, steps: ['testSecret'], step: 0, tries: 1, until: context.now });
}

/** Event: a step has answered. */
export function rotationStepEnded(
  context: Context, args: { name: string; token: string; step: number; output?: { FunctionError?: string }; error?: { code: string } },
): void {
  const secret = secrets(context).get(args.name);
  const attempt = secret?.rotation?.attempt;
  if (!secret || attempt?.token !== args.token || attempt.step !== args.step) return;
  if (args.error || args.output?.FunctionError) failed(context, secret, attempt);
  else if (attempt.step + 1 < attempt.steps.length) run(context, secret, { ...attempt, step: attempt.step + 1 });
  else ended(context, secret, attempt);
}

/** Event: a rotation that failed is tried again, from its first step. */
export function rotateAgain(context: Context, { name, token }: { name: string; token: string }): void {
  const secret = secrets(context).get(name);
  const attempt = secret?.rotation?.attempt;
  if (!secret || attempt?.token !== token || secret.deletion) return;
  run(context, secret, { ...attempt, step: 0, tries: attempt.tries + 1 });
}

/** The pending version stays where it is; while the window is open, the whole rotation is tried again. */
function failed(context: Context, secret: SecretRecord, attempt: RotationAttempt): void {
  context.emit('RotationFailed', secret.name);
  const { waitSeconds, tries } = context.row<{ waitSeconds: number; tries: number }>('rotation-retry');
  const isTryOut = attempt.steps.length === 1;
  if (isTryOut || attempt.tries >= tries || context.now + waitSeconds * 1000 >= attempt.until) {
    if (isTryOut) removeTrial(context, secret, attempt.token);
    note(context, secret, { attempt: undefined });
    return;
  }
  context.after(waitSeconds * 1000, { kind: 'rotate-again', args: { name: secret.name, token: attempt.token }, daemon: true });
}

function ended(context: Context, secret: SecretRecord, attempt: RotationAttempt): void {
  if (attempt.steps.length === 1) {
    removeTrial(context, secret, attempt.token);
    note(context, secret, { attempt: undefined });
    return;
  }
  if (versionWith(context, secret, PENDING)?.id === attempt.token) moveStage(context, secret, PENDING, undefined);
  note(context, secret, { attempt: undefined, rotatedAt: context.now });
  secrets(context).put(secret.name, { ...secrets(context).get(secret.name)!, changedAt: context.now });
  context.emit('Rotated', secret.name);
}

function removeTrial(context: Context, secret: SecretRecord, token: string): void {
  const trial = versionOf(context, secret, token);
  if (trial) dropVersion(context, trial);
}

function run(context: Context, secret: SecretRecord, attempt: RotationAttempt): void {
  note(context, secret, { attempt });
  const payload = { Step: attempt.steps[attempt.step] as StepName, SecretId: secret.arn, ClientRequestToken: attempt.token };
  context.callLater(
    'lambda', 'Invoke', { FunctionName: secret.rotation!.lambdaArn, Payload: Buffer.from(JSON.stringify(payload)) },
    { kind: 'rotation-step-ended', args: { name: secret.name, token: attempt.token, step: attempt.step } },
    {
      principal: {
        kind: 'service', account: context.account, service: 'secretsmanager.amazonaws.com', source: secret.arn,
        arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/secretsmanager.amazonaws.com`,
      },
      position: { kind: 'service', service: 'secretsmanager' },
    },
  );
}

function note(context: Context, { name }: SecretRecord, changes: Partial<NonNullable<SecretRecord['rotation']>>): void {
  const secret = secrets(context).get(name)!;
  secrets(context).put(name, { ...secret, rotation: { ...secret.rotation!, ...changes } });
}
