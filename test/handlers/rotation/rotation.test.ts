import { RotationWorld, SECRET_ARN, TOKEN } from './_helpers/rotation-world';
import { BEGIN_BEFORE_END_MS } from '../../../src/handlers/rotation/clock';
import { settingsOf } from '../../../src/handlers/rotation/settings';
import { clusterParameterName, PARAMETER_NAMES } from '../../../src/lifecycle/resource-contract';
import { FakeParameters, lostAnswer } from '../_helpers/aws';
import { A, B, cluster, hsm } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, SECOND } from '../_helpers/request';

const REFUSALS = clusterParameterName(CLUSTER_ID, PARAMETER_NAMES.refusedLogins);

describe('createSecret', () => {
  test('makes a value for the version, which stays AWSPENDING', async () => {
    const world = new RotationWorld();

    await world.step('createSecret');

    expect(world.put).toEqual([{ version: TOKEN, userName: 'app', labels: ['AWSPENDING'] }]);
  });
});

describe('setSecret', () => {
  test('runs the script once, under the lease, and gives it back', async () => {
    const world = new RotationWorld();

    await world.step('setSecret');

    expect(world.sent).toMatchObject([{
      documentName: 'rotate', parameters: { ClusterId: CLUSTER_ID, UserName: 'app', UserRole: 'crypto-user', UserSecretArn: SECRET_ARN, PendingVersion: TOKEN },
    }]);
    expect(world.leaseWhenSent).toEqual([true]);
    expect(world.isLeaseFree).toBe(true);
  });

  test('makes the version current before it gives the lease back: the next script may log in as that user', async () => {
    const world = new RotationWorld();

    await world.step('setSecret');

    expect(world.moved).toEqual([{ label: 'AWSCURRENT', from: 'v-now', to: TOKEN }]);
    expect(world.leaseWhenMoved).toEqual([true]);
  });

  test('whose script fails leaves the labels alone', async () => {
    const world = new RotationWorld();
    world.outcome = { status: 'Failed', output: '', errorOutput: 'cloudhsm-error UserInUse somebody is logged in' };

    await expect(world.step('setSecret')).rejects.toMatchObject({ code: 'UserInUse' });

    expect(world.moved).toEqual([]);
  });

  test('waits while somebody else holds the lease', async () => {
    const world = new RotationWorld();
    await world.holdLeaseFor(2 * MINUTE);

    await world.step('setSecret');

    expect(world.sent).toHaveLength(1);
    expect(world.sentAfter[0]).toBeGreaterThanOrEqual(2 * MINUTE);
  });

  test('that gets no lease in time begins nothing', async () => {
    const world = new RotationWorld();
    await world.holdLeaseFor(30 * MINUTE);

    await expect(world.step('setSecret')).rejects.toThrow(/another change of cluster/);

    expect(world.sent).toEqual([]);
    expect(world.left).toBeLessThan(BEGIN_BEFORE_END_MS);
  });

  test('waits for an HSM that is joining', async () => {
    const world = new RotationWorld();
    world.cluster = cluster('ACTIVE', [hsm('a', A), hsm('b', B, 'CREATE_IN_PROGRESS')]);
    world.later(3 * MINUTE, () => { world.cluster = cluster('ACTIVE', [hsm('a', A), hsm('b', B)]); });

    await world.step('setSecret');

    expect(world.sentAfter[0]).toBeGreaterThanOrEqual(3 * MINUTE);
    expect(world.leaseWhenSent).toEqual([true]);
  });

  test.each([
    ['has no HSM', cluster('ACTIVE', []), 'ClusterPaused'],
    ['never comes to rest', cluster('ACTIVE', [hsm('a', A), hsm('b', B, 'DEGRADED')]), 'ClusterNotQuiet'],
    ['is gone', undefined, 'ClusterGone'],
  ])('of a cluster that %s fails and gives the lease back', async (_, state, code) => {
    const world = new RotationWorld();
    world.cluster = state;

    await expect(world.step('setSecret')).rejects.toMatchObject({ code });

    expect(world.sent).toEqual([]);
    expect(world.isLeaseFree).toBe(true);
  });

  test('says what the script says, remembers what the HSMs refused, and gives the lease back', async () => {
    const world = new RotationWorld();
    world.outcome = { status: 'Failed', output: '', errorOutput: 'cloudhsm-refused-version v-now\ncloudhsm-error UserInUse somebody is logged in\n' };

    await expect(world.step('setSecret')).rejects.toMatchObject({ code: 'UserInUse', message: 'somebody is logged in' });

    expect(world.parameters.values.get(REFUSALS)).toBe('v-now');
    expect(world.isLeaseFree).toBe(true);
  });

  test('forgets a refusal of the version that is set now', async () => {
    const world = new RotationWorld();
    await world.parameters.overwrite(REFUSALS, `v-old,${TOKEN}`);

    await world.step('setSecret');

    expect(world.parameters.values.get(REFUSALS)).toBe('v-old');
  });

  test('whose command\'s answer is lost looks for it and sends no second', async () => {
    const world = new RotationWorld();
    world.sendFails = lostAnswer();

    await world.step('setSecret');

    expect(world.sent).toHaveLength(1);
  });

  test('with a script that does not end stops before it is cut off, and leaves the lease to run out', async () => {
    const world = new RotationWorld();
    world.outcome = { status: 'InProgress', output: '', errorOutput: '' };

    await expect(world.step('setSecret')).rejects.toMatchObject({ code: 'OutOfTime' });

    expect(world.left).toBeGreaterThan(10 * SECOND);
    expect(world.isLeaseFree).toBe(false);
  });
});

test('testSecret runs its script, without the lease', async () => {
  const world = new RotationWorld();

  await world.step('testSecret');

  expect(world.sent).toMatchObject([{ documentName: 'test' }]);
  expect(world.leaseWhenSent).toEqual([false]);
});

describe('finishSecret', () => {
  test('moves AWSCURRENT from the version that has it', async () => {
    const world = new RotationWorld();

    await world.step('finishSecret');

    expect(world.moved).toEqual([{ label: 'AWSCURRENT', from: 'v-now', to: TOKEN }]);
  });
});

describe('of two users who take turns', () => {
  const TURNS = { AlternateUserName: 'app_alt', AdminSecretArn: 'admin-secret' };

  test.each([
    ['the alternate one follows the first', ['AWSCURRENT'], 'app_alt', ['AWSPENDING', 'cdk-cloudhsm-alternate']],
    ['the first one follows the alternate', ['AWSCURRENT', 'cdk-cloudhsm-alternate'], 'app', ['AWSPENDING']],
  ])('%s', async (_, current, userName, labels) => {
    const world = new RotationWorld(TURNS);
    world.labels = new Map([['v-now', current], [TOKEN, ['AWSPENDING']]]);

    await world.step('createSecret');
    await world.step('setSecret');

    expect(world.put).toEqual([{ version: TOKEN, userName, labels }]);
    expect(world.moved).toEqual([]);
    expect(world.sent).toMatchObject([{ documentName: 'rotate', parameters: { UserName: userName, AdminSecretArn: 'admin-secret' } }]);
  });
});

describe('every step', () => {
  test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const)('%s of a rotation that is over does nothing', async (step) => {
    const world = new RotationWorld();
    world.labels = new Map([['v-now', ['AWSPREVIOUS']], [TOKEN, ['AWSCURRENT', 'AWSPENDING']]]);

    await world.step(step);

    expect([world.put, world.sent, world.moved]).toEqual([[], [], []]);
  });

  test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const)('%s of a version that is not pending is refused', async (step) => {
    const world = new RotationWorld();
    world.labels = new Map([['v-now', ['AWSCURRENT']]]);

    await expect(world.step(step)).rejects.toMatchObject({ code: 'VersionNotPending' });

    expect([world.put, world.sent, world.moved]).toEqual([[], [], []]);
  });
});

test('a secret that nothing is written down of is refused by its ARN', async () => {
  await expect(settingsOf(new FakeParameters({ '/cdk-cloudhsm/rotations/x/y': JSON.stringify({ SecretArn: 'other' }) }), '/cdk-cloudhsm/rotations/x', SECRET_ARN))
    .rejects.toThrow(SECRET_ARN);
});
