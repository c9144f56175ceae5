import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Execution } from '../../../src/handlers/engine/execution';
import { resourceKey } from '../../../src/handlers/engine/request';
import { start } from '../../../src/handlers/start/start';
import { fakeAws, serviceError } from '../_helpers/aws';
import { MINUTE, NOW, SECOND, STACK_ID } from '../_helpers/request';

const URL = 'https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/arn%3Aaws?X-Amz-Signature=5ecr3t';
const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Lifecycle';
const KEY = resourceKey({ stackId: STACK_ID, logicalId: 'Fleet' });

const logged = jest.fn<void, [string]>();

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(logged);
  process.env.PROVIDER_KEY_ARN = 'key';
  process.env.FUNCTION_TIMEOUT_SECONDS = '60';
});

afterEach(() => {
  delete process.env.PROVIDER_KEY_ARN;
  delete process.env.FUNCTION_TIMEOUT_SECONDS;
});

const event = (overrides: object = {}) => ({
  RequestType: 'Create',
  RequestId: '5f1c2c2b-8a0e-4b0b-9d43-3f0a5a0c7d11',
  ResponseURL: URL,
  StackId: STACK_ID,
  LogicalResourceId: 'Fleet',
  ResourceType: 'Custom::CloudHSMFleet',
  ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:Lifecycle',
  ResourceProperties: { ServiceToken: 'token', StateMachineArn: MACHINE, ServiceTimeout: '3480' },
  ...overrides,
}) as CloudFormationCustomResourceEvent;

const withRunning = (...names: string[]) => withExecutions(names, []);

const withExecutions = (names: readonly string[], stopped: ReadonlyArray<{ name: string; at: number }>) => fakeAws({
  machine: { running: async () => names.map((name) => ({ name, arn: `arn:${name}` })), stopped: async () => stopped, stop: async () => {}, start: async () => {} },
  keys: { encrypt: async (keyArn, text, context) => `sealed(${keyArn},${text.length},${context.RequestId})` },
});

const started = (aws: ReturnType<typeof fakeAws>) => {
  const [[machineArn, name, input]] = aws.inputs('machine.start') as [[string, string, string]];
  return { machineArn, name, input, execution: JSON.parse(input) as Execution };
};

test('starts the machine of the properties under a name that begins with stack and logical id, within the length', async () => {
  const aws = withRunning();

  await start(aws, event(), NOW);

  expect(started(aws)).toMatchObject({ machineArn: MACHINE, name: `${KEY}-5f1c2c2b-8a0e-4b0b-9d43-3f0a5a0c7d11` });
  expect(started(aws).name.length).toBeLessThanOrEqual(80);
  expect(started(aws).execution).toMatchObject({
    request: { type: 'Create', stackId: STACK_ID, logicalId: 'Fleet', deadline: NOW + 58 * MINUTE }, startedAt: NOW, delay: 0, next: 'WAIT',
  });
});

test('takes the deadline from the properties, else from the contract', async () => {
  const aws = withRunning();

  await start(aws, event({ ResourceProperties: { StateMachineArn: MACHINE, ServiceTimeout: '600' } }), NOW);
  await start(aws, event({ ResourceProperties: { StateMachineArn: MACHINE } }), NOW);

  const deadlines = aws.inputs('machine.start').map(([, , input]) => (JSON.parse(input as string) as Execution).request.deadline);
  expect(deadlines).toEqual([NOW + 10 * MINUTE, NOW + 58 * MINUTE]);
});

test('stops what runs for the same resource, by whatever physical id, and waits until its last act would have shown', async () => {
  const other = resourceKey({ stackId: STACK_ID, logicalId: 'FirstHsm' });
  const aws = withRunning(`${KEY}-older`, `${other}-older`, `${KEY}-oldest`);

  await start(aws, event({ RequestType: 'Delete', RequestId: 'newer', PhysicalResourceId: 'made-up-by-cloudformation' }), NOW);

  expect(aws.inputs('machine.stop').map(([arn]) => arn)).toEqual([`arn:${KEY}-older`, `arn:${KEY}-oldest`]);
  // The function's own minute, and 180 s in which a new HSM may be on no list.
  expect(started(aws).execution.delay).toBe(240);
  expect(aws.calls.findIndex(({ name }) => name === 'machine.stop')).toBeLessThan(aws.calls.findIndex(({ name }) => name === 'machine.start'));
});

test.each([
  [10 * SECOND, 230],
  [239.5 * SECOND, 1],
  [5 * MINUTE, 0],
])('delivered again after something failed, %d ms after the older one was stopped, waits for what is left: %d s', async (ago, delay) => {
  const other = resourceKey({ stackId: STACK_ID, logicalId: 'FirstHsm' });
  const aws = withExecutions([], [
    { name: `${other}-older`, at: NOW - SECOND }, { name: `${KEY}-older`, at: NOW - ago }, { name: `${KEY}-oldest`, at: NOW - 20 * MINUTE },
  ]);

  await start(aws, event({ RequestType: 'Delete', RequestId: 'newer', PhysicalResourceId: 'made-up-by-cloudformation' }), NOW);

  expect(started(aws).execution.delay).toBe(delay);
});

test('leaves its own execution alone when the request is delivered twice', async () => {
  const aws = withRunning(`${KEY}-5f1c2c2b-8a0e-4b0b-9d43-3f0a5a0c7d11`);

  await start(aws, event(), NOW);

  expect(aws.inputs('machine.stop')).toEqual([]);
  expect(started(aws).execution.delay).toBe(0);
});

test('does not start when the older one cannot be stopped', async () => {
  const aws = fakeAws({ machine: { running: async () => [{ name: `${KEY}-older`, arn: 'arn' }], stop: () => Promise.reject(serviceError('AccessDeniedException', 'no')) } });

  await expect(start(aws, event(), NOW)).rejects.toThrow('no');
  expect(aws.inputs('machine.start')).toEqual([]);
});

test('lets the response URL into neither the machine nor the log', async () => {
  const aws = withRunning();

  await start(aws, event(), NOW);

  expect(started(aws).input + logged.mock.calls.join('')).not.toMatch(/https:|5ecr3t/);
  expect(started(aws).execution.sealedUrl).toBe(`sealed(key,${URL.length},5f1c2c2b-8a0e-4b0b-9d43-3f0a5a0c7d11)`);
});
