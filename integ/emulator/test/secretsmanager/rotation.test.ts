import { secretsmanager } from '../../src/services/secretsmanager/service';
import type { Context, Service } from '../../src/wire/operation';
import { letsIn, World } from '../_helpers/world';

const DAY_MS = 86_400_000;

/** A function that does what a rotation function does; `fails` says at which step it gives up. */
function rotationFunction(steps: string[], fails: (step: string) => boolean): Service {
  return {
    name: 'lambda',
    operations: {
      EmulatedGuard: () => ({ policy: letsIn('secretsmanager') }),
      Invoke: (context: Context, input: { FunctionName: string; Payload: Buffer }) => {
        const { Step, SecretId, ClientRequestToken } = JSON.parse(input.Payload.toString()) as Record<'Step' | 'SecretId' | 'ClientRequestToken', string>;
        steps.push(Step);
        if (fails(Step)) return { StatusCode: 200, FunctionError: 'Unhandled' };
        if (Step === 'createSecret') {
          context.call('secretsmanager', 'PutSecretValue', { SecretId, ClientRequestToken, SecretString: `value ${ClientRequestToken}`, VersionStages: ['AWSPENDING'] });
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
function start(
  fails: (step: string) => boolean = () => false, variants: readonly string[] = [],
): { world: World; steps: string[]; value: () => string } {
  const steps: string[] = [];
  const world = new World({ services: [secretsmanager, rotationFunction(steps, fails)], variants });
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
  expect(value()).toMatch(/^value/);
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
  const { world, steps, value } = start((step) => step === 'testSecret');
  world.call('secretsmanager', 'RotateSecret', ROTATE);
  await world.advance(1_000);
  expect(steps).toEqual(['createSecret', 'setSecret', 'testSecret']);
  expect(value()).toBe('first');
  expect(world.refusal('secretsmanager', 'RotateSecret', { SecretId: 'db' }).message).toBe('A previous rotation isn\'t complete. That rotation will be reattempted.');
});

const ALL = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const HOUR_MS = 3_600_000;
const labels = (world: World) => Object.values(world.call<{ VersionIdsToStages: object }>('secretsmanager', 'DescribeSecret', { SecretId: 'db' }).VersionIdsToStages).flat();

test.each([['default'], ['secretsmanager/setup-test-has-value=other']])('RotateImmediately false sets the schedule, and has the function test a version that goes again (%s)', async (variant) => {
  const { world, steps, value } = start(undefined, [variant]);
  world.call('secretsmanager', 'RotateSecret', { ...ROTATE, RotateImmediately: false });
  await world.advance(1_000);
  expect(steps).toEqual(['testSecret']);
  expect(labels(world)).toEqual(['AWSCURRENT']);
  expect(value()).toBe('first');
  await world.advance(10 * DAY_MS);
  expect(steps.slice(1)).toEqual(ALL);
});

test('a test of the setting that fails leaves nothing behind', async () => {
  const { world, steps } = start((step) => step === 'testSecret');
  world.call('secretsmanager', 'RotateSecret', { ...ROTATE, RotateImmediately: false });
  await world.advance(HOUR_MS);
  expect(steps).toEqual(['testSecret']);
  expect(labels(world)).toEqual(['AWSCURRENT']);
});

describe('a rotation that fails', () => {
  test('is tried again from its first step, with the same version, while the window is open', async () => {
    let failures = 2;
    const { world, steps, value } = start((step) => step === 'setSecret' && (failures -= 1) >= 0);
    const { VersionId } = world.call<{ VersionId: string }>('secretsmanager', 'RotateSecret', ROTATE);
    await world.advance(3 * HOUR_MS);
    expect(steps).toEqual(['createSecret', 'setSecret', 'createSecret', 'setSecret', ...ALL]);
    expect(value()).toMatch(/^value/);
    expect(world.call('secretsmanager', 'GetSecretValue', { SecretId: 'db' })).toMatchObject({ VersionId });
  });

  test('is given up when the window closes, and taken up in the next one', async () => {
    let broken = true;
    const { world, steps } = start((step) => step === 'createSecret' && broken);
    world.call('secretsmanager', 'RotateSecret', {
      ...ROTATE, RotationRules: { ScheduleExpression: 'cron(0 3 * * ? *)', Duration: '1h' },
    });
    await world.advance(2 * HOUR_MS);
    const tried = steps.length;
    broken = false;
    await world.advance(90 * 60_000);
    expect(tried).toBe(3);
    expect(steps.slice(tried)).toEqual(ALL);
    expect(labels(world).sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('is taken up by a call, which is refused', async () => {
    let broken = true;
    const { world, steps, value } = start((step) => step === 'setSecret' && broken);
    world.call('secretsmanager', 'RotateSecret', { ...ROTATE, RotationRules: { ScheduleExpression: 'rate(4 hours)', Duration: '1h' } });
    await world.advance(2 * HOUR_MS);
    broken = false;
    steps.splice(0);
    expect(world.refusal('secretsmanager', 'RotateSecret', { SecretId: 'db' }).code).toBe('InvalidRequestException');
    await world.advance(1_000);
    expect(steps).toEqual(ALL);
    expect(value()).toMatch(/^value/);
  });

  test('is not tried again when it is cancelled', async () => {
    const { world, steps } = start((step) => step === 'setSecret');
    world.call('secretsmanager', 'RotateSecret', ROTATE);
    await world.advance(1_000);
    world.call('secretsmanager', 'CancelRotateSecret', { SecretId: 'db' });
    await world.advance(20 * DAY_MS);
    expect(steps).toEqual(['createSecret', 'setSecret']);
  });
});

// The calendar begins on Thursday, 1 January, at midnight.
test.each([
  ['cron(0 3 ? * SUN#1 *)', '3h', 3 * DAY_MS + 3 * HOUR_MS],
  ['rate(10 days)', undefined, 10 * DAY_MS],
  ['rate(6 hours)', undefined, 6 * HOUR_MS],
])('the window of %s is where it says', async (ScheduleExpression, Duration, opens) => {
  const { world, steps } = start();
  world.call('secretsmanager', 'RotateSecret', { ...ROTATE, RotateImmediately: false, RotationRules: { ScheduleExpression, Duration } });
  await world.advance(opens - 1_000);
  expect(steps).toEqual(['testSecret']);
  await world.advance(3_000);
  expect(steps.slice(1)).toEqual(ALL);
});

test.each([
  ['cron(30 3 * * ? *)', undefined], ['cron(0 3 * * ? 2030)', undefined], ['cron(0 3 * * * *)', undefined], ['rate(3 hours)', undefined], ['rate(1000 days)', undefined],
  ['cron(0 22 * * ? *)', '3h'], ['rate(4 hours)', '5h'],
])('rules that Secrets Manager does not follow are refused: %s, %s', (ScheduleExpression, Duration) => {
  const { world } = start();
  expect(world.refusal('secretsmanager', 'RotateSecret', { ...ROTATE, RotationRules: { ScheduleExpression, Duration } }).code).toBe('InvalidParameterException');
});
