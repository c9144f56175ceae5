import { RemovalPolicy } from 'aws-cdk-lib';
import { beginWith } from './_harness/beginning';
import { deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { stores } from './_harness/key-stores';
import type { Offline } from './_harness/offline';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { failingSibling } from '../apps/sibling';
import { Cluster } from 'cdk-cloudhsm';

let offline: Offline;

afterEach(() => offline.stop());

function stackStatus(): string {
  return offline.report().stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone';
}

function interfaces(): Array<string | undefined> {
  return offline.report().clusters[0].hsms.filter(({ state }) => state !== 'DELETED').map(({ eniId }) => eniId).sort();
}

test('growth whose HSM never comes, and may be deleted all the same, fails with what to do, and leaves the two former HSMs', async () => {
  offline = await beginWith(QUICK_START, { variants: ['cloudhsmv2/delete-hsm-states=other'] });
  const before = interfaces();
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'never' });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3 }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/HsmNeverCame.*they are removed again, deploy again later/s);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('growth whose HSM comes hours late, and may not be deleted before, is named with its bill and the way out, and cdk rollback takes it when it can', async () => {
  offline = await beginWith(QUICK_START, { variants: ['cloudhsmv2/delete-hsm-states=default'] });
  const before = interfaces();
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'late', params: { seconds: 5 * 3600 } });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3 }));
  const failed = { status: stackStatus(), hsms: offline.report().clusters[0].hsms.map(({ state }) => state).sort() };
  await offline.emulator.advance(5 * 3_600_000);
  const rollback = await offline.cdk(quickStart(), ['rollback', 'Hsm']);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/HsmNeverCame/);
  expect(output).toMatch(/HSM (\S+) \(CREATE_IN_PROGRESS\) of (\S+) remains and is billed;.*aws cloudhsmv2 delete-hsm --cluster-id \2 --hsm-id \1.*ask AWS Support/s);
  expect(failed).toEqual({ status: 'UPDATE_ROLLBACK_FAILED', hsms: ['ACTIVE', 'ACTIVE', 'CREATE_IN_PROGRESS'] });
  expect(rollback.exitCode).toBe(0);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('growth that is cancelled by a failing sibling ends with the two former HSMs', async () => {
  offline = await beginWith(QUICK_START);
  const before = interfaces();

  await deployDirectly(offline, offline.synth(quickStart({ hsmCount: 3, and: failingSibling(60) })));

  expect(await failures(offline, 'Hsm')).toMatch(/WaitCondition timed out/);
  expect(offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateHsm')).toHaveLength(1);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('a rollback that failed as well is ended by cdk rollback, and then the growth is deployed', async () => {
  offline = await beginWith(QUICK_START);
  const before = interfaces();
  offline.emulator.addFault({ service: 'lambda', operation: 'invoke', kind: 'kill', resource: 'Hsm-', times: 0 });

  const failed = await offline.deploy(quickStart({ hsmCount: 3 }));
  const failedStatus = stackStatus();
  offline.emulator.clearFaults();
  const rollback = await offline.cdk(quickStart({ hsmCount: 3 }), ['rollback', 'Hsm']);

  expect(failed.exitCode).toBe(1);
  expect(failedStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(rollback.output).not.toMatch(/FAILED/);
  expect(rollback.exitCode).toBe(0);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(interfaces()).toEqual(before);
  const { clusters: [cluster] } = await mustDeployDirectly(offline, quickStart({ hsmCount: 3 }));
  expect(cluster.hsms).toHaveLength(3);
});

test('a second cluster with a user and a key store, added by an update that is rolled back, is gone again with all its HSMs', async () => {
  offline = await beginWith(QUICK_START);
  const before = interfaces();
  const app = quickStart({
    and: (stack, { vpc }) => {
      const second = new Cluster(stack, 'Second', { vpc, removalPolicy: RemovalPolicy.DESTROY });
      const user = second.addCryptoUser('Other', { userName: 'other' });
      const store = second.addKeyStore('Store');
      failingSibling(60, user, store)(stack);
    },
  });

  await deployDirectly(offline, offline.synth(app));

  const { clusters } = offline.report();
  expect(await failures(offline, 'Hsm')).toMatch(/WaitCondition timed out/);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  const bought = offline.emulator.calls.records.filter(({ operation, error }) => operation === 'CreateHsm' && !error);
  expect(bought).toHaveLength(2);
  expect(clusters.filter(({ state }) => state !== 'DELETED').map(({ state, hsms }) => [state, hsms.length])).toEqual([['ACTIVE', 2]]);
  expect([interfaces(), await stores(offline)]).toEqual([before, []]);
});
