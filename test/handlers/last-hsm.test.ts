import { fakeAws } from './_helpers/aws';
import { A, B, hsm, MADE_HERE } from './_helpers/cluster';
import { FENCE_SECONDS, run } from './_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, NOW, SECOND } from './_helpers/request';
import { World } from './_helpers/world';
import type { AnyLifecycle } from '../../src/handlers/engine/lifecycle';
import { firstHsm as firstHsmLifecycle } from '../../src/handlers/first-hsm/first-hsm';
import { fleet as fleetLifecycle } from '../../src/handlers/fleet/fleet';
import { observeRemoval, recordRemoval, sparingTheLast } from '../../src/handlers/last-hsm';
import type { Going, LastHsm } from '../../src/handlers/last-hsm';
import { FIRST_HSM_TYPE } from '../../src/lifecycle/first-hsm-contract';
import { FLEET_TYPE } from '../../src/lifecycle/fleet-contract';

const firstHsm = firstHsmLifecycle as unknown as AnyLifecycle;
const fleet = fleetLifecycle as unknown as AnyLifecycle;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const [ONE, TWO, LATE] = [hsm('1', A), hsm('2', B), hsm('3', B, 'CREATE_IN_PROGRESS')];

const gist = (answer: LastHsm): string => {
  switch (answer.kind) {
    case 'go': return `go ${answer.hsms.map(({ hsmId }) => hsmId.slice(4)).join()}`;
    case 'fail': return answer.code;
    default: return answer.kind;
  }
};
const [OURS, THEIRS] = [{ isOurs: true, hasNewerBackup: false }, { isOurs: false, hasNewerBackup: false }];

describe('of HSMs that are to go, all there are,', () => {
  test.each<[string, Partial<Going>, string]>([
    ['all but one go at once', { due: [ONE, TWO] }, 'go 1'],
    ['one that is ACTIVE stays', { due: [ONE, LATE] }, 'go 3'],
    ['the only one that ever was goes at once', { due: [ONE] }, 'go 1'],
    ['the last one waits for a backup', { due: [ONE], hasBegun: true, removal: OURS }, 'wait'],
    ['the last one goes after a newer backup', { due: [ONE], hasBegun: true, removal: { ...OURS, hasNewerBackup: true } }, 'go 1'],
    ['what an earlier request took counts', { due: [ONE], removal: THEIRS }, 'wait'],
    ['and lets it go with a newer backup', { due: [ONE], removal: { ...THEIRS, hasNewerBackup: true } }, 'go 1'],
    [
      'what this request took is written down first, whatever an earlier one wrote',
      { due: [ONE], hasBegun: true, removal: { ...THEIRS, hasNewerBackup: true } }, 'record',
    ],
    ['what this request took is written down first', { due: [ONE], hasBegun: true }, 'record'],
    ['the last one is waited for 20 minutes', { due: [ONE], removal: THEIRS, waitedSince: NOW - 20 * MINUTE }, 'wait'],
    ['the last one stays when no backup has come by then', { due: [ONE], removal: THEIRS, waitedSince: NOW - 20 * MINUTE - 1 }, 'NoBackupBeforeLastHsm'],
  ])('%s', (_, going, expected) => {
    const all = { clusterId: CLUSTER_ID, due: [], hasBegun: false, removal: undefined, waitedSince: undefined, ...going };
    expect(gist(sparingTheLast(all, NOW))).toBe(expected);
  });
});

describe('a backup is newer than the first removal', () => {
  const request = newRequest('Update', FLEET_TYPE, {});
  const backup = (backupId: string, createdAt: number, state = 'READY') => ({ backupId, createdAt, state });
  const observed = async (before: ReturnType<typeof backup>[], after: ReturnType<typeof backup>[]) => {
    const aws = fakeAws({ backups: { of: async () => before } });
    await recordRemoval(aws, CLUSTER_ID, request);
    const [written] = [...aws.parameters.values.values()];
    return (await observeRemoval(fakeAws({ backups: { of: async () => after } }), CLUSTER_ID, request, written, true))?.hasNewerBackup;
  };

  test.each<[string, ReturnType<typeof backup>[], ReturnType<typeof backup>[], boolean]>([
    ['when it was made after all that there were, however the list is sorted', [backup('b', 2), backup('a', 1)], [backup('a', 1), backup('c', 3), backup('b', 2)], true],
    ['not while it is being made', [backup('a', 1)], [backup('a', 1), backup('b', 2, 'CREATE_IN_PROGRESS')], false],
    ['not when it was being made already', [backup('a', 1), backup('b', 2, 'CREATE_IN_PROGRESS')], [backup('a', 1), backup('b', 2)], false],
    ['by the service\'s own clock, whatever it shows', [backup('a', 1000)], [backup('a', 1700), backup('b', 1800)], true],
    ['when there was none', [], [backup('a', 1)], true],
  ])('%s', async (_, before, after, expected) => {
    expect(await observed(before, after)).toBe(expected);
  });
});

describe('a cluster that is deleted', () => {
  const request = (type: string, now: number, requestId: string) => ({
    ...newRequest('Delete', type, { ClusterId: CLUSTER_ID, HsmCount: '2', AvailabilityZones: `${A},${B}`, AuditLogRetentionDays: '', AuditLogKeyArn: '' }),
    requestId, deadline: now + 58 * MINUTE,
  });
  const world = (backupTime: number | 'never') => new World({
    state: 'ACTIVE', before: [A, B], backupTime, parameters: { [`/cdk-cloudhsm/${CLUSTER_ID}/origin`]: JSON.stringify(MADE_HERE) },
  });

  test('loses its last HSM after a backup that is newer than the first removal, which another resource asked for', async () => {
    const there = world(15 * MINUTE);

    await run(there, fleet, request(FLEET_TYPE, there.now, 'fleet'), { stopAfter: 3 * MINUTE });
    const left = there.living.length;
    const { execution } = await run(there, firstHsm, request(FIRST_HSM_TYPE, there.now, 'first'), { delay: FENCE_SECONDS * SECOND });

    expect(left).toBe(1);
    expect(execution.outcome).toMatchObject({ status: 'SUCCESS' });
    expect([there.living, there.isContentLost]).toEqual([[], false]);
  });

  test('keeps it when none comes', async () => {
    const there = world('never');

    await run(there, fleet, request(FLEET_TYPE, there.now, 'fleet'));
    const { execution } = await run(there, firstHsm, request(FIRST_HSM_TYPE, there.now, 'first'));

    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^NoBackupBeforeLastHsm: /) });
    expect(there.living).toHaveLength(1);
  });
});
