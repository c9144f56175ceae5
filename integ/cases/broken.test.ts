import { deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';

import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';
import type { FaultSpec } from 'cloudhsm-emulator';

let offline: Offline;

afterEach(() => offline.stop());

/** An emulator with faults from the start. */
async function begin(...faults: FaultSpec[]): Promise<void> {
  offline = await Offline.start({ region: 'eu-west-1' });
  faults.forEach((fault) => offline.emulator.addFault(fault));
}

function expectNothingLeft(): void {
  const { clusters, stacks } = offline.report();
  expect(clusters.flatMap(({ hsms }) => hsms.filter(({ state }) => state !== 'DELETED'))).toEqual([]);
  expect(clusters.filter(({ state }) => state !== 'DELETED')).toEqual([]);
  expect(stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone').toMatch(/ROLLBACK_COMPLETE|DELETE_COMPLETE|gone/);
}

test('a CreateHsm that is refused fails the deploy with the service\'s words, and nothing is left', async () => {
  await begin({
    service: 'cloudhsmv2', operation: 'CreateHsm', kind: 'error', params: { code: 'CloudHsmInvalidRequestException', message: 'No capacity today.', status: 400 },
  });

  const { exitCode, output } = await offline.deploy(quickStart());

  expect(exitCode).toBe(1);
  expect(output).toMatch(/CreateHsmRefused.*No capacity today/s);
  expectNothingLeft();
});

test('HSMs whose answers are lost, and that are on no list for 120 s, are not bought twice, though the function is killed in the middle of its calls', async () => {
  await begin(
    { service: 'cloudhsmv2', operation: 'CreateHsm', kind: 'lost-answer', nth: 1, times: 2 },
    { service: 'cloudhsmv2', operation: 'hsm-visible', kind: 'lag', times: 0, params: { seconds: 120 } },
    { service: 'lambda', operation: 'invoke', kind: 'kill', nth: 6, times: 3 },
  );

  const { clusters: [{ hsms }] } = await mustDeployDirectly(offline, quickStart());

  expect(hsms).toHaveLength(2);
  expect(offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateHsm')).toHaveLength(2);
});

test('a script that fails names what to look at, and nothing is left', async () => {
  await begin({ service: 'ssm', operation: 'command', kind: 'fail-script', times: 0 });

  const { exitCode, output } = await offline.deploy(quickStart());

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ScriptFailed/);
  expectNothingLeft();
});

test('an instance that never comes online fails with agent, role, endpoints and time', async () => {
  await begin({ service: 'ec2', operation: 'boot', kind: 'never-online', times: 0 });

  await deployDirectly(offline, offline.synth(quickStart()));

  const why = await failures(offline, 'Hsm');
  expect(why).toMatch(/AdminClientOffline/);
  expect(why).toMatch(/agent/);
  expect(why).toMatch(/ssmmessages/);
  expectNothingLeft();
});
