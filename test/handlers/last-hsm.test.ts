import { A, B, hsm, MADE_HERE } from './_helpers/cluster';
import { FENCE_SECONDS, run } from './_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, NOW, SECOND } from './_helpers/request';
import { World } from './_helpers/world';
import type { AnyLifecycle } from '../../src/handlers/engine/lifecycle';
import { firstHsm as firstHsmLifecycle } from '../../src/handlers/first-hsm/first-hsm';
import { fleet as fleetLifecycle } from '../../src/handlers/fleet/fleet';
import { sparingTheLast } from '../../src/handlers/last-hsm';
import type { LastHsm, ObservedBackups } from '../../src/handlers/last-hsm';
import { FIRST_HSM_TYPE } from '../../src/lifecycle/first-hsm-contract';
import { FLEET_TYPE } from '../../src/lifecycle/fleet-contract';

const firstHsm = firstHsmLifecycle as unknown as AnyLifecycle;
const fleet = fleetLifecycle as unknown as AnyLifecycle;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const [ONE, TWO, LATE] = [hsm('1', A), hsm('2', B), hsm('3', B, 'CREATE_IN_PROGRESS')];

const gist = (answer: LastHsm): string => answer.kind === 'go' ? `go ${answer.hsms.map(({ hsmId }) => hsmId.slice(4)).join()}` : answer.kind === 'fail' ? answer.code : 'wait';

describe('of HSMs that are to go, all there are,', () => {
  test.each<[string, ReturnType<typeof hsm>[], Record<string, number>, ObservedBackups, number | undefined, string]>([
    ['all but one go at once', [ONE, TWO], {}, {}, undefined, 'go 1'],
    ['one that is ACTIVE stays', [ONE, LATE], {}, {}, undefined, 'go 3'],
    ['the only one that ever was goes at once', [ONE], {}, {}, undefined, 'go 1'],
    ['the last one waits for a backup', [ONE], { 'hsm-2': NOW - MINUTE }, {}, undefined, 'wait'],
    ['the last one does not go for an older backup', [ONE], { 'hsm-2': NOW - MINUTE }, { newestBackupAt: NOW - MINUTE - SECOND }, undefined, 'wait'],
    ['the last one goes after a newer backup', [ONE], { 'hsm-2': NOW - MINUTE }, { newestBackupAt: NOW - MINUTE }, undefined, 'go 1'],
    ['a time that is shown in whole seconds is new enough', [ONE], { 'hsm-2': NOW - MINUTE + 700 }, { newestBackupAt: NOW - MINUTE }, undefined, 'go 1'],
    ['the first of several removals counts', [ONE], { 'hsm-2': NOW - 3 * MINUTE, 'hsm-3': NOW }, { newestBackupAt: NOW - 2 * MINUTE }, undefined, 'go 1'],
    ['what an earlier request took counts', [ONE], {}, { firstRemovalAt: NOW - MINUTE, newestBackupAt: NOW - 2 * MINUTE }, undefined, 'wait'],
    ['the last one is waited for 20 minutes', [ONE], { 'hsm-2': NOW - 20 * MINUTE }, {}, NOW - 20 * MINUTE, 'wait'],
    ['the last one stays when no backup has come by then', [ONE], { 'hsm-2': NOW - 20 * MINUTE }, {}, NOW - 20 * MINUTE - 1, 'NoBackupBeforeLastHsm'],
  ])('%s', (_, due, removals, observed, waitedSince, expected) => {
    expect(gist(sparingTheLast(CLUSTER_ID, due, removals, observed, waitedSince, NOW))).toBe(expected);
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
