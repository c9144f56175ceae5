import { EventEmitter } from 'events';
import https from 'https';
import { KMSClient } from '@aws-sdk/client-kms';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { serviceError } from './_helpers/aws';
import { CLUSTER_ID, newExecution, newRequest, STACK_ID } from './_helpers/request';
import { resourceKey } from '../../src/handlers/engine/request';
import { handler } from '../../src/handlers/lifecycle.lambda';
import { FLEET_TYPE } from '../../src/lifecycle/fleet-contract';
import type { ScheduledChange } from '../../src/lifecycle/schedule-contract';

/** What the handler waited, in milliseconds: nobody waits for it here. */
const waited: number[] = [];
jest.mock('node:timers/promises', () => ({
  setTimeout: async (milliseconds: number) => {
    waited.push(milliseconds);
  },
}));

const CLOCK = { startedAt: '2026-11-23T10:00:00.000Z', enteredAt: '2026-11-23T10:00:01.000Z', retries: 0 };

const URL = 'https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/arn%3Aaws?X-Amz-Signature=5ecr3t';

const answers: Array<Record<string, unknown>> = [];
const logged = jest.fn<void, [string]>();

beforeEach(() => {
  answers.length = 0;
  waited.length = 0;
  process.env.PROVIDER_KEY_ARN = 'key';
  process.env.FUNCTION_TIMEOUT_SECONDS = '60';
  jest.spyOn(console, 'log').mockImplementation(logged);
  const fake = (_options: object, onResponse: (response: object) => void) => Object.assign(new EventEmitter(), {
    end: (body: string) => {
      answers.push(JSON.parse(body) as Record<string, unknown>);
      onResponse({ statusCode: 200, resume: () => {} });
    },
  });
  jest.spyOn(https, 'request').mockImplementation(fake as unknown as typeof https.request);
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PROVIDER_KEY_ARN;
  delete process.env.FUNCTION_TIMEOUT_SECONDS;
});

const event = (overrides: object) => ({
  RequestType: 'Create', RequestId: 'request', ResponseURL: URL, StackId: STACK_ID, LogicalResourceId: 'Fleet', ResourceType: FLEET_TYPE, ServiceToken: 'token',
  ResourceProperties: { ServiceToken: 'token', StateMachineArn: 'arn:machine' }, ...overrides,
}) as CloudFormationCustomResourceEvent;

const sending = (client: unknown, send: (command: { constructor: { name: string } }) => unknown) =>
  jest.spyOn((client as { prototype: { send(command: unknown): unknown } }).prototype, 'send').mockImplementation((command) => send(command as object));

describe('a request that cannot even be started', () => {
  test('is answered: nobody else would, and CloudFormation would wait for an hour', async () => {
    await handler(event({ ResourceType: 'Custom::Other' }));

    expect(answers).toEqual([{
      StackId: STACK_ID, RequestId: 'request', LogicalResourceId: 'Fleet', PhysicalResourceId: resourceKey({ stackId: STACK_ID, logicalId: 'Fleet' }), Status: 'FAILED',
      Reason: expect.stringMatching(/^UnknownResourceType: Custom::Other is not one of/),
    }]);
  });

  test('keeps the physical id that CloudFormation knows', async () => {
    await handler(event({ RequestType: 'Delete', ResourceType: 'Custom::Other', PhysicalResourceId: 'known' }));

    expect(answers).toMatchObject([{ PhysicalResourceId: 'known', Status: 'FAILED' }]);
  });

  test('because the machine or the key says no is answered in time, and the log does not hold the URL', async () => {
    sending(SFNClient, () => Promise.resolve({ executions: [] }));
    const sealing = sending(KMSClient, () => Promise.reject(serviceError('AccessDeniedException', 'not you')));

    await handler(event({}));

    expect(sealing.mock.calls.length).toBeGreaterThan(5);
    // Of the minute that the function has, some is left for the calls themselves and for the answer.
    expect(waited.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBeLessThanOrEqual(45_000);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'AccessDeniedException: not you' }]);
    expect(logged.mock.calls.join('')).not.toMatch(/https|5ecr3t/);
  });
});

test('a request that starts is not answered yet', async () => {
  const sent: string[] = [];
  sending(SFNClient, (command) => {
    sent.push(command.constructor.name);
    return Promise.resolve({ executions: [] });
  });
  sending(KMSClient, () => Promise.resolve({ CiphertextBlob: Buffer.from('sealed') }));

  await handler(event({}));

  expect(sent).toEqual(['ListExecutionsCommand', 'ListExecutionsCommand', 'StartExecutionCommand']);
  expect(answers).toEqual([]);
});

test('a request that comes before the policies of a new role are obeyed starts when they are', async () => {
  let denials = 3;
  const start = sending(SFNClient, () => (denials-- > 0 ? Promise.reject(serviceError('AccessDeniedException', 'not yet')) : Promise.resolve({ executions: [] })));
  sending(KMSClient, () => Promise.resolve({ CiphertextBlob: Buffer.from('sealed') }));

  await handler(event({}));

  expect([start.mock.calls.length, answers]).toEqual([6, []]);
});

describe('a scheduled change', () => {
  const change: ScheduledChange = {
    Scheduled: 'RECONCILE', RequestId: 'event', StackId: STACK_ID, ScheduleId: 'schedule',
    ResourceProperties: {
      ServiceToken: 'token', ServiceTimeout: '3480', StateMachineArn: 'arn:machine', ClusterId: CLUSTER_ID, HsmCount: '2', AvailabilityZones: 'a,b',
    },
  };

  test('starts the machine without an answer to give', async () => {
    const start = sending(SFNClient, () => Promise.resolve({ executions: [] }));

    await handler(change);

    const { input, name } = (start.mock.lastCall![0] as unknown as { input: { input: string; name: string } }).input;
    expect(name).toBe(`${resourceKey({ stackId: STACK_ID, logicalId: 'schedule' })}-event`);
    expect(JSON.parse(input)).not.toHaveProperty('sealedUrl');
  });

  test('that cannot be started is reported, and left to Lambda to repeat', async () => {
    const written = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    sending(SFNClient, () => Promise.reject(serviceError('AccessDeniedException', 'not you')));

    await expect(handler(change)).rejects.toThrow('not you');

    expect(JSON.parse(String(written.mock.calls[0][0]))).toMatchObject({ ScheduledChangeFailed: 1, reason: 'AccessDeniedException: not you' });
    expect(answers).toEqual([]);
  });
});

test('the machine\'s steps come back to the lifecycle of their resource', async () => {
  const moved = newExecution(newRequest('Update', FLEET_TYPE, { ClusterId: 'cluster-aaaaaaaaaaa' }, { physicalId: `${CLUSTER_ID}/fleet/0`, deadline: Infinity }));
  sending(KMSClient, () => Promise.resolve({ Plaintext: Buffer.from(URL) }));

  const planned = await handler({ action: 'reconcile', execution: moved, ...CLOCK });
  const answered = await handler({ action: 'respond', execution: planned!, ...CLOCK });

  expect(planned).toMatchObject({ next: 'RESPOND', outcome: { status: 'FAILED' } });
  expect(answered).toBeUndefined();
  expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: `${CLUSTER_ID}/fleet/0`, Reason: expect.stringMatching(/^ClusterChanged: /) }]);
});
