import { EventEmitter } from 'events';
import https from 'https';
import type { RequestOptions } from 'https';
import fc from 'fast-check';
import type { Execution } from '../../../src/handlers/engine/execution';
import { resourceKey } from '../../../src/handlers/engine/request';
import { lifecycleOf } from '../../../src/handlers/lifecycles';
import { putAnswer } from '../../../src/handlers/respond/put-answer';
import { respond } from '../../../src/handlers/respond/respond';
import { FLEET_TYPE } from '../../../src/lifecycle/fleet-contract';
import { fakeAws, FakeParameters, serviceError } from '../_helpers/aws';
import { CLUSTER_ID, MINUTE, newExecution, newRequest, NOW } from '../_helpers/request';

const URL = 'https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/arn%3Aaws?X-Amz-Signature=5ecr3t';

interface Put {
  readonly options: RequestOptions;
  readonly body: string;
}

const puts: Put[] = [];
const logged = jest.fn<void, [string]>();

/** CloudFormation's bucket: takes what is put and answers with a status. */
function answering(statusCode: number): void {
  const fake = (options: RequestOptions, onResponse: (response: object) => void) => Object.assign(new EventEmitter(), {
    destroy: () => {},
    end: (body: string) => {
      puts.push({ options, body });
      onResponse({ statusCode, resume: () => {} });
    },
  });
  jest.spyOn(https, 'request').mockImplementation(fake as unknown as typeof https.request);
}

beforeEach(() => {
  puts.length = 0;
  answering(200);
  jest.spyOn(console, 'log').mockImplementation(logged);
  process.env.PROVIDER_KEY_ARN = 'key';
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PROVIDER_KEY_ARN;
});

const fleet = lifecycleOf(FLEET_TYPE);
const create = newRequest('Create', FLEET_TYPE, { ClusterId: CLUSTER_ID });
const update = newRequest('Update', FLEET_TYPE, { ClusterId: CLUSTER_ID });
const opening = () => ({ keys: { decrypt: async () => URL } });
const answer = () => JSON.parse(puts[0].body) as Record<string, unknown>;

const succeeded: Partial<Execution> = { next: 'RESPOND', outcome: { status: 'SUCCESS', physicalId: 'id', attributes: { HsmAddresses: '10.0.0.1' } } };

test('puts the answer at the opened URL', async () => {
  const aws = fakeAws(opening());

  await respond(aws, fleet, newExecution(create, succeeded));

  expect(aws.inputs('keys.decrypt')).toEqual([['key', 'sealed', { RequestId: create.requestId }]]);
  expect(puts[0].options).toMatchObject({
    method: 'PUT', hostname: 'cloudformation-custom-resource-response-euwest1.s3.amazonaws.com', path: '/arn%3Aaws?X-Amz-Signature=5ecr3t', headers: { 'content-type': '' },
  });
  expect(answer()).toEqual({
    StackId: create.stackId, RequestId: create.requestId, LogicalResourceId: create.logicalId, PhysicalResourceId: 'id', Status: 'SUCCESS',
    Data: { HsmAddresses: '10.0.0.1' },
  });
});

test('answers FAILED with the reason and without data', async () => {
  await respond(fakeAws(opening()), fleet, newExecution(create, { next: 'RESPOND', outcome: { status: 'FAILED', physicalId: 'id', reason: 'NoColor: choose one' } }));

  expect(answer()).toMatchObject({ Status: 'FAILED', Reason: 'NoColor: choose one' });
  expect(answer()).not.toHaveProperty('Data');
});

test.each([
  ['a Create with its computed id', create, expect.stringMatching(`^${CLUSTER_ID}/fleet/`)],
  ['an Update with the id that CloudFormation knows', update, update.physicalId],
])('answers when a state of the machine failed: %s', async (_, request, physicalId) => {
  const broken = newExecution(request, { error: { Error: 'States.Timeout', Cause: '{"trace":["-----BEGIN CERTIFICATE-----"]}' } });

  await respond(fakeAws(opening()), fleet, broken);

  expect(answer()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: physicalId, Reason: expect.stringMatching(/^States.Timeout: a step .* failed/) });
  expect(puts[0].body).not.toContain('BEGIN');
});

test('says what a function in a VPC needs when it got no connection', async () => {
  const broken = newExecution(create, { error: { Error: 'TimeoutError', Cause: '{"errorMessage":"Socket timed out without establishing a connection"}' } });

  await respond(fakeAws(opening()), fleet, broken);

  expect(answer().Reason).toMatch(/^TimeoutError: the lifecycle function gets no connection to a service of AWS; its subnets need NAT or an endpoint for each/);
});

describe('the lease', () => {
  const held = () => new FakeParameters({
    [`/cdk-cloudhsm/${CLUSTER_ID}/lease/7`]: JSON.stringify({ resource: resourceKey(create), request: create.requestId, since: NOW, until: NOW + MINUTE }),
  });

  test('is given back', async () => {
    const parameters = held();

    await respond(fakeAws(opening(), parameters), fleet, newExecution(create, { ...succeeded, memory: { lease: { generation: 7, until: 0 } } }));

    expect(JSON.parse([...parameters.values.values()][0])).toMatchObject({ until: 0 });
  });

  test('that cannot be given back does not keep the answer', async () => {
    const parameters = Object.assign(held(), { under: () => Promise.reject(serviceError('ThrottlingException', 'slow down')) });

    await respond(fakeAws(opening(), parameters), fleet, newExecution(create, { ...succeeded, memory: { lease: { generation: 7, until: 0 } } }));

    expect(answer()).toMatchObject({ Status: 'SUCCESS' });
  });

  test('that was never had is not asked for', async () => {
    const aws = fakeAws(opening(), Object.assign(new FakeParameters(), { under: () => Promise.reject(new Error('asked')) }));

    await expect(respond(aws, fleet, newExecution(create, succeeded))).resolves.toBeUndefined();
    expect(logged).not.toHaveBeenCalled();
  });
});

describe('where a schedule asked', () => {
  const change = newRequest('Update', FLEET_TYPE, { ClusterId: CLUSTER_ID }, { scheduled: 'PAUSE' });
  const written = jest.fn<boolean, [string]>(() => true);
  const reported = async (overrides: Partial<Execution>) => {
    written.mockClear();
    jest.spyOn(process.stdout, 'write').mockImplementation(written as unknown as typeof process.stdout.write);
    // Neither key nor bucket is asked.
    await respond(fakeAws({}), fleet, newExecution(change, { ...overrides, sealedUrl: undefined }));
    return JSON.parse(written.mock.calls[0][0]) as Record<string, unknown>;
  };

  test('a change that was carried out is a metric, and nobody is answered', async () => {
    expect(await reported(succeeded)).toMatchObject({
      ClusterId: CLUSTER_ID, scheduled: 'PAUSE', ScheduledChangeFailed: 0,
      _aws: { CloudWatchMetrics: [{ Namespace: 'CdkCloudHSM', Dimensions: [['ClusterId']], Metrics: [{ Name: 'ScheduledChangeFailed', Unit: 'Count' }] }] },
    });
    expect(puts).toEqual([]);
  });

  test.each<[string, Partial<Execution>, RegExp]>([
    ['that failed', { outcome: { status: 'FAILED', physicalId: 'id', reason: 'KeyStoreUsesCluster: key store orders' } }, /^KeyStoreUsesCluster/],
    ['whose step broke off', { error: { Error: 'States.Timeout', Cause: '' } }, /^States.Timeout: a step/],
  ])('a change %s says why', async (_title, overrides, reason) => {
    expect(await reported(overrides)).toMatchObject({ ScheduledChangeFailed: 1, reason: expect.stringMatching(reason) });
  });
});

describe('an answer', () => {
  const failed = (Reason: string) => ({ StackId: create.stackId, RequestId: 'r', LogicalResourceId: 'l'.repeat(255), PhysicalResourceId: 'p', Status: 'FAILED' as const, Reason });

  test('stays below CloudFormation\'s 4,096 bytes, whatever the reason is made of', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 6_000, size: 'max' }), async (reason) => {
      puts.length = 0;

      await putAnswer(URL, failed(reason));

      expect(Buffer.byteLength(puts[0].body)).toBeLessThan(4_096);
      expect(reason.startsWith((JSON.parse(puts[0].body) as { Reason: string }).Reason)).toBe(true);
    }), { numRuns: 100, examples: [['é'.repeat(6_000)], ['"\n'.repeat(3_000)], ['\u0001'.repeat(5_000)], ['😀'.repeat(3_000)], ['']] });
  });

  test('with the addresses of 28 HSMs stays below it', async () => {
    const Data = {
      ClusterId: CLUSTER_ID, HsmAddresses: Array<string>(28).fill('255.255.255.255').join(','), NetworkInterfaceIds: Array<string>(28).fill('eni-0123456789abcdef0').join(','),
    };

    await putAnswer(URL, { StackId: create.stackId, RequestId: create.requestId, LogicalResourceId: 'l'.repeat(255), PhysicalResourceId: 'p', Status: 'SUCCESS', Data });

    expect(Buffer.byteLength(puts[0].body)).toBeLessThan(4_096);
  });

  test.each([403, 500])('that is answered with %d is an error, for the machine to try again, and names no URL', async (status) => {
    answering(status);

    const error = await putAnswer(URL, failed('x')).then(() => undefined, (thrown: Error) => thrown);

    expect(error?.message).toBe(`CloudFormation answered ${status} to the response`);
    expect(`${error?.stack}${logged.mock.calls.join('')}`).not.toMatch(/5ecr3t/);
  });

  test('that is not taken within 10 s is an error', async () => {
    jest.spyOn(https, 'request').mockImplementation(((options: RequestOptions) => {
      const sent = Object.assign(new EventEmitter(), { end: () => sent.emit('timeout'), destroy: (error: Error) => sent.emit('error', error) });
      expect(options.timeout).toBe(10_000);
      return sent;
    }) as unknown as typeof https.request);

    await expect(putAnswer(URL, failed('x'))).rejects.toThrow('did not take the response within 10 s');
  });
});
