import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from './stage';
import type { Service } from '../../src/wire/operation';

let made = 0;
const things: Service = { name: 'cloudhsmv2', operations: { DescribeClusters: () => ({ Clusters: [{ ClusterId: `cluster-${++made}` }] }) } };

const CALLS = `const { CloudHSMV2 } = require('@aws-sdk/client-cloudhsm-v2');
  exports.handler = async () => { const client = new CloudHSMV2({}); for (let i = 0; i < 4; i++) await client.describeClusters({}); return 'done'; };`;

let folder: string;
let stage: Stage;

beforeEach(async () => {
  made = 0;
  folder = mkdtempSync(join(tmpdir(), 'crashes-'));
  stage = await Stage.open({ folder, services: [things] });
});

afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([[0, 0], [1, 1], [3, 3]])('a fault kills a function after %i answered calls', async (afterCalls, calls) => {
  await stage.create('victim', CALLS);
  stage.kernel.faults.add({ service: 'lambda', operation: 'invoke', kind: 'kill', resource: 'victim', params: { afterCalls } });

  const first = await stage.invoke('victim');
  const callsThen = made;
  const second = await stage.invoke('victim');

  expect(first.value).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/signal: killed$/) as string });
  expect(callsThen).toBe(calls);
  expect(second.value).toBe('done');
});

test('a fault throttles, and a fault lets an invocation time out', async () => {
  await stage.create('victim', CALLS, { Timeout: 5 });
  stage.kernel.faults.add({ service: 'lambda', operation: 'invoke', kind: 'throttle' });

  await expect(stage.invoke('victim')).rejects.toMatchObject({ code: 'TooManyRequestsException' });

  stage.kernel.faults.clear();
  stage.kernel.faults.add({ service: 'lambda', operation: 'invoke', kind: 'timeout' });
  const start = stage.kernel.now;
  expect((await stage.invoke('victim')).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(stage.kernel.now - start).toBeGreaterThanOrEqual(5_000);
});

test('a lost host fails what waits and runs events again', async () => {
  await stage.create('slow', `exports.handler = async ({ name }) => { console.log('begin', name);
    await new Promise((resolve) => setTimeout(resolve, 60_000)); console.log('end', name); };`, { Timeout: 300 });
  // Both have begun; then the emulator goes away in the middle of the wait.
  void stage.invoke('slow', { name: 'waits' }).catch(() => undefined);
  stage.call('lambda', 'Invoke', { FunctionName: 'slow', InvocationType: 'Event', Payload: '{"name":"event"}' });
  await new Promise<void>((begun) => {
    const look = (): void => void (stage.messages().filter((line) => /begin/.test(line)).length === 2 ? begun() : setTimeout(look, 1));
    stage.kernel.onInternalError = () => undefined;
    look();
  });
  const before = stage.messages();
  await stage.close();
  expect(before.some((line) => /end/.test(line))).toBe(false);

  stage = await Stage.open({ folder, services: [things] });
  await stage.idle();

  expect(stage.messages().filter((line) => /INFO/.test(line)).map((line) => line.split('\t').at(-1))).toEqual(['begin event', 'end event']);
  expect(stage.kernel.timeline.entries().filter(({ event }) => event === 'invocation lost')).toHaveLength(2);
});

test('ends all processes and removes their files with itself', async () => {
  await stage.create('one', 'exports.handler = async () => process.pid;');
  await stage.create('two', 'exports.handler = async () => process.pid;');
  const pids = [(await stage.invoke('one')).value, (await stage.invoke('two')).value] as unknown as number[];
  expect(readdirSync(join(folder, 'functions', 'environments'))).toHaveLength(2);

  stage.functions.dispose();
  await new Promise((soon) => setTimeout(soon, 200));

  expect(pids.map((pid) => existsSync(`/proc/${pid}/cwd`))).toEqual([false, false]);
  expect(readdirSync(join(folder, 'functions', 'environments'))).toEqual([]);
});

test('an environment that is idle for long goes, and so does one with old code', async () => {
  await stage.create('fn', 'exports.handler = async () => 1;');
  await stage.invoke('fn');
  expect(stage.functions.size).toBe(1);

  await stage.kernel.advance(600_000);
  await stage.idle();
  expect(stage.functions.size).toBe(0);

  await stage.invoke('fn');
  stage.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'fn', Description: 'changed' });
  await stage.idle();
  await new Promise((soon) => setTimeout(soon, 20));
  expect(stage.functions.size).toBe(0);
});
