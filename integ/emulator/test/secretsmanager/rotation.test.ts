import { secretsmanager } from '../../src/services/secretsmanager/service';
import type { Context, Service } from '../../src/wire/operation';
import { letsIn, World } from '../_helpers/world';

const DAY_MS = 86_400_000;

/** A function that does what a rotation function does; `failing` names the step at which it gives up. */
function rotationFunction(steps: string[], failing?: string): Service {
  return {
    name: 'lambda',
    operations: {
      EmulatedGuard: () => ({ policy: letsIn('secretsmanager') }),
      Invoke: (context: Context, input: { FunctionName: string; Payload: Buffer }) => {
        const { Step, SecretId, ClientRequestToken } = JSON.parse(input.Payload.toString()) as Record<'Step' | 'SecretId' | 'ClientRequestToken', string>;
        steps.push(Step);
        if (Step === failing) return { StatusCode: 200, FunctionError: 'Unhandled' };
        if (Step === 'createSecret') {
          context.call('secretsmanager', 'PutSecretValue', { SecretId, ClientRequestToken, SecretString: `value ${steps.length}`, VersionStages: ['AWSPENDING'] });
        }
        if (Step === 'finishSecret') {
          const { VersionId } = context.call<{ VersionId: string }>('secretsmanager', 'GetSecretValue', { SecretId });
          context.call('secretsmanager', 'UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId });
        }
        return { StatusCode: 200 };
      },
    },
  };
}

const open: World[] = [];
function start(failing?: string): { world: World; steps: string[]; value: () => string } {
  const steps: string[] = [];
  const world = new World({ services: [secretsmanager, rotationFunction(steps, failing)] });
  open.push(world);
  world.call('secretsmanager', 'CreateSecret', { Name: 'db', SecretString: 'first' });
  return { world, steps, value: () => world.call<{ SecretString: string }>('secretsmanager', 'GetSecretValue', { SecretId: 'db' }).SecretString };
}
afterEach(() => open.splice(0).forEach((world) => world.stop()));

const ROTATE = { SecretId: 'db', RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:rotate', RotationRules: { AutomaticallyAfterDays: 10 } };

test('rotation calls the function for each step and ends with the new value', async () => {
  const { world, steps, value } = start();
  world.call('secretsmanager', 'RotateSecret', ROTATE);
  await world.advance(1_000);
  expect(steps).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  expect(value()).toBe('value 1');
  expect(world.call('secretsmanager', 'DescribeSecret', { SecretId: 'db' })).toMatchObject({ RotationEnabled: true, LastRotatedDate: expect.any(Date) });
});

test('the schedule rotates again, until rotation is cancelled', async () => {
  const { world, steps } = start();
  world.call('secretsmanager', 'RotateSecret', ROTATE);
  await world.advance(10 * DAY_MS + 1_000);
  expect(steps).toHaveLength(8);
  world.call('secretsmanager', 'CancelRotateSecret', { SecretId: 'db' });
  await world.advance(30 * DAY_MS);
  expect(steps).toHaveLength(8);
});

test('a step that fails ends the rotation: the value stays, and the next attempt is refused as unfinished', async () => {
  const { world, steps, value } = start('testSecret');
  world.call('secretsmanager', 'RotateSecret', ROTATE);
  await world.advance(1_000);
  expect(steps).toEqual(['createSecret', 'setSecret', 'testSecret']);
  expect(value()).toBe('first');
  expect(world.refusal('secretsmanager', 'RotateSecret', { SecretId: 'db' }).message).toBe('A previous rotation isn\'t complete. That rotation will be reattempted.');
});

test('RotateImmediately false only sets the schedule', async () => {
  const { world, steps } = start();
  world.call('secretsmanager', 'RotateSecret', { ...ROTATE, RotateImmediately: false });
  await world.advance(1_000);
  expect(steps).toEqual([]);
  await world.advance(10 * DAY_MS);
  expect(steps).toHaveLength(4);
});
