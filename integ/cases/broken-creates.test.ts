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

test('a first HSM that never comes fails with what to do, and nothing is left', async () => {
  offline = await Offline.start({ region: 'eu-west-1', variants: ['cloudhsmv2/delete-hsm-states=other'] });
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'never' });

  const { exitCode, output } = await offline.deploy(quickStart());

  expect(exitCode).toBe(1);
  expect(output).toMatch(/FirstHsmNeverCame.*deploy again, and ask AWS Support/s);
  expect(stackStatus()).toBe('ROLLBACK_COMPLETE');
  expectNothingLeft();
});

test('a sibling that fails while HSM 1 is being created leaves neither HSM nor cluster', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const { exitCode, output } = await offline.deploy(quickStart({ and: failingSibling(300) }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/WaitCondition timed out/);
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
