import { RemovalPolicy } from 'aws-cdk-lib';
import { deployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';

import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';
import { failingSibling } from '../apps/sibling';

let offline: Offline;

afterEach(() => offline.stop());

function expectNothingLeft(): void {
  const { clusters } = offline.report();
  expect(clusters.flatMap(({ hsms }) => hsms.filter(({ state }) => state !== 'DELETED'))).toEqual([]);
  expect(clusters.filter(({ state }) => state !== 'DELETED')).toEqual([]);
}

function stackStatus(): string {
  return offline.report().stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone';
}

test('a first HSM that never comes, and may be deleted all the same, fails with what to do, and nothing is left', async () => {
  offline = await Offline.start({ region: 'eu-west-1', variants: ['cloudhsmv2/delete-hsm-states=other'] });
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'never' });

  const { exitCode, output } = await offline.deploy(quickStart());

  expect(exitCode).toBe(1);
  expect(output).toMatch(/FirstHsmNeverCame.*deploy again, and ask AWS Support/s);
  expect(stackStatus()).toBe('ROLLBACK_COMPLETE');
  expectNothingLeft();
});

test('a first HSM that comes hours late, and may not be deleted before, is named with its bill and the way out, and cdk destroy takes it when it can', async () => {
  const app = quickStart({ removalPolicy: RemovalPolicy.DESTROY });
  offline = await Offline.start({ region: 'eu-west-1', variants: ['cloudhsmv2/delete-hsm-states=default'] });
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'late', params: { seconds: 5 * 3600 } });

  const { exitCode, output } = await offline.deploy(app);
  const failed = { status: stackStatus(), clusters: offline.report().clusters };
  await offline.emulator.advance(5 * 3_600_000);
  const tooEarly = offline.emulator.calls.records.filter(({ operation }) => operation === 'DeleteHsm');
  const destroyed = await offline.destroy(app);

  const [{ clusterId, hsms: [{ hsmId }] }] = failed.clusters;
  const remains = `HSM ${hsmId} (CREATE_IN_PROGRESS) of ${clusterId} remains and is billed`;
  expect(exitCode).toBe(1);
  expect(output).toMatch(/FirstHsmNeverCame/);
  expect(output).toContain(remains);
  expect(output).toContain(`aws cloudhsmv2 delete-hsm --cluster-id ${clusterId} --hsm-id ${hsmId}`);
  expect(output).toMatch(/ask AWS Support/);
  expect(failed.status).toBe('ROLLBACK_FAILED');
  expect(failed.clusters.flatMap(({ hsms }) => hsms.map(({ state }) => state))).toEqual(['CREATE_IN_PROGRESS']);
  expect(tooEarly.length).toBeGreaterThan(20);
  expect(destroyed.output).not.toMatch(/FAILED/);
  expect(destroyed.exitCode).toBe(0);
  expectNothingLeft();
});

test('a sibling that fails while HSM 1 is being created, and is on no list yet, leaves neither HSM nor cluster', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-visible', kind: 'lag', params: { seconds: 120 } });

  await deployDirectly(offline, offline.synth(quickStart({ and: failingSibling(260) })));

  expect(await failures(offline, 'Hsm')).toMatch(/WaitCondition timed out/);
  const bought = offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateHsm');
  expect(bought).toHaveLength(1);
  expect(stackStatus()).toBe('ROLLBACK_COMPLETE');
  expectNothingLeft();
});

test('a create that failed with --no-rollback keeps its one HSM, and cdk rollback takes it', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  offline.emulator.addFault({ service: 'ssm', operation: 'command', kind: 'fail-script', times: 0 });

  const { exitCode, output } = await offline.deploy(quickStart(), '--no-rollback');
  const stopped = offline.report();
  const rollback = await offline.cdk(quickStart(), ['rollback', 'Hsm']);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ScriptFailed/);
  expect(stopped.stacks.find(({ name }) => name === 'Hsm')!.status).toBe('CREATE_FAILED');
  expect(stopped.clusters.flatMap(({ hsms }) => hsms.map(({ state }) => state))).toEqual(['ACTIVE']);
  expect(rollback.output).not.toMatch(/FAILED/);
  expect(rollback.exitCode).toBe(0);
  expect(stackStatus()).toBe('ROLLBACK_COMPLETE');
  expectNothingLeft();
});
