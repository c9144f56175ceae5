import type { Service } from '../../src/wire/operation';
import { ONE, Station, TWO } from '../instances/station';
import type { FakeInstance } from '../instances/station';

const DOCUMENT = {
  schemaVersion: '2.2',
  parameters: {
    name: { type: 'String', allowedPattern: '[a-z]+' },
    mode: { type: 'String', default: 'on', allowedValues: ['on', 'off'] },
    count: { type: 'Integer', default: 1 },
    lines: { type: 'StringList', default: [] },
  },
  mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { timeoutSeconds: '60', runCommand: ['#!/bin/bash', 'echo {{ name }} {{ mode }} {{ count }}', '{{ lines }}'] } }],
};

const puts: Array<{ Key: string; Body: Buffer }> = [];
const logged: string[] = [];
const sinks: Service[] = [
  { name: 's3', operations: { PutObject: (_, input: { Key: string; Body: Buffer }) => void puts.push(input) } },
  { name: 'logs', operations: { CreateLogGroup: () => undefined, CreateLogStream: () => undefined, PutLogEvents: (_, input: { logStreamName: string }) => void logged.push(input.logStreamName) } },
];

describe('commands', () => {
  let station: Station;
  const instances: FakeInstance[] = [{ id: ONE, tags: { Role: 'web' } }, { id: TWO, tags: { Role: 'db' } }];

  beforeAll(async () => {
    station = await Station.open({ instances, services: sinks });
    create('doc', DOCUMENT);
  });
  afterAll(() => station.close());
  afterEach(() => station.world.kernel.faults.clear());

  function create(Name: string, content: object): void {
    station.world.call('ssm', 'CreateDocument', { Name, DocumentType: 'Command', Content: JSON.stringify(content) });
  }

  function refusal(input: object): Error & { code: string } {
    return station.world.refusal('ssm', 'SendCommand', { InstanceIds: [ONE], DocumentName: 'doc', Parameters: { name: ['x'] }, ...input });
  }

  async function run(Parameters: object, more: object = {}) {
    const id = station.send([], { DocumentName: 'doc', Parameters, ...more });
    await station.idle();
    return station.invocation(id);
  }

  test('put parameters into the script and report its output', async () => {
    expect(await run({ name: ['bob'], count: ['3'], lines: ['echo one', 'echo two'] })).toMatchObject({
      Status: 'Success', StatusDetails: 'Success', ResponseCode: 0, StandardOutputContent: 'bob on 3\none\ntwo\n', StandardErrorContent: '', PluginName: 'run',
    });
  });

  test.each([
    ['a value that the pattern matches only in part', { Parameters: { name: ['bob; rm'] } }],
    ['a value that is not allowed', { Parameters: { name: ['x'], mode: ['maybe'] } }],
    ['a value of another type', { Parameters: { name: ['x'], count: ['many'] } }],
    ['a parameter that nobody declared', { Parameters: { name: ['x'], other: ['y'] } }],
    ['no value for one without a default', { Parameters: {} }],
  ])('are refused for %s', (_, input) => {
    expect(refusal(input)).toMatchObject({ code: 'InvalidParameters', message: expect.stringContaining('Parameters provided in document are invalid or not supported.') as string });
  });

  test.each([
    ['no document of that name', { DocumentName: 'nope' }, 'InvalidDocument'],
    ['no such version', { DocumentVersion: '9' }, 'InvalidDocumentVersion'],
    ['an instance twice', { InstanceIds: [ONE, ONE] }, 'DuplicateInstanceId'],
    ['neither instances nor targets', { InstanceIds: [] }, 'ValidationException'],
  ])('are refused for %s', (_, input, code) => {
    expect(refusal(input).code).toBe(code);
  });

  test('are refused for an instance without an agent, by AWS\'s text', () => {
    expect(refusal({ InstanceIds: ['i-0000000000000000f'] })).toMatchObject({
      code: 'InvalidInstanceId', message: 'Instances [[i-0000000000000000f]] not in a valid state for account 123456789012',
    });
  });

  test('cannot be read at once, and are pending, in progress and over in turn', async () => {
    const CommandId = station.send('sleep 10');
    const input = { CommandId, InstanceId: ONE };
    const status = () => station.world.call<{ CommandInvocations: Array<{ Status: string }> }>('ssm', 'ListCommandInvocations', { CommandId }).CommandInvocations[0].Status;

    expect(station.world.refusal('ssm', 'GetCommandInvocation', input).code).toBe('InvocationDoesNotExist');
    const seen = new Set([status()]);
    while (station.world.kernel.busy) {
      seen.add(status());
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    seen.add(status());

    expect([...seen]).toEqual(['Pending', 'InProgress', 'Success']);
    expect(station.world.call('ssm', 'GetCommandInvocation', input)).toMatchObject({ ExecutionElapsedTime: expect.stringMatching(/^PT11(\.\d+)?S$/) as string });
  });

  test('have their output cut at the documented lengths', async () => {
    const invocation = await station.run('head -c 30000 /dev/zero | tr "\\0" x; head -c 9000 /dev/zero | tr "\\0" y >&2');

    expect(invocation.StandardOutputContent).toHaveLength(24_000);
    expect(invocation.StandardErrorContent).toHaveLength(8_000);
    expect(invocation.StandardOutputContent).toMatch(/x\n---Output truncated---$/);
  });

  test('go to the instances that a target means', async () => {
    const { Command } = station.world.call<{ Command: { CommandId: string; TargetCount: number } }>('ssm', 'SendCommand', {
      Targets: [{ Key: 'tag:Role', Values: ['db'] }], DocumentName: 'doc', Parameters: { name: ['x'] },
    });
    await station.idle();

    expect(Command.TargetCount).toBe(1);
    expect(station.world.call('ssm', 'ListCommandInvocations', { CommandId: Command.CommandId, Details: true })).toMatchObject({
      CommandInvocations: [{ InstanceId: TWO, Status: 'Success', CommandPlugins: [{ Name: 'run', Output: 'x on 1\n', ResponseCode: 0 }] }],
    });
    expect(station.world.call('ssm', 'ListCommands', { CommandId: Command.CommandId })).toMatchObject({ Commands: [{ Status: 'Success', CompletedCount: 1, ErrorCount: 0 }] });
  });

  test('that mean no instance are over at once', () => {
    expect(station.world.call('ssm', 'SendCommand', { Targets: [{ Key: 'tag:Role', Values: ['nobody'] }], DocumentName: 'doc', Parameters: { name: ['x'] } }))
      .toMatchObject({ Command: { Status: 'Success', StatusDetails: 'NoInstancesInTag', TargetCount: 0 } });
  });

  test('go step by step; a failed step ends them only when it says so', async () => {
    const step = (name: string, command: string, more: object = {}) => ({ action: 'aws:runShellScript', name, inputs: { runCommand: [command] }, ...more });
    create('steps', { schemaVersion: '2.2', mainSteps: [step('first', 'exit 1'), step('second', 'echo two'), step('third', 'exit 3', { onFailure: 'exit' }), step('fourth', 'echo four')] });
    const id = station.send([], { DocumentName: 'steps', Parameters: {} });
    await station.idle();

    expect(['first', 'second', 'third', 'fourth'].map((name) => station.invocation(id, ONE, name)).map(({ Status, StatusDetails }) => `${Status} ${StatusDetails}`))
      .toEqual(['Failed Failed', 'Success Success', 'Failed Failed', 'Success Skipped']);
    expect(station.world.refusal('ssm', 'GetCommandInvocation', { CommandId: id, InstanceId: ONE }).code).toBe('InvalidPluginName');
  });

  test('leave out steps for other platforms, and fail loudly on actions that are not built', async () => {
    create('odd', {
      schemaVersion: '2.2',
      mainSteps: [
        { action: 'aws:runPowerShellScript', name: 'windows', precondition: { StringEquals: ['platformType', 'Windows'] }, inputs: { runCommand: ['dir'] } },
        { action: 'aws:downloadContent', name: 'download', inputs: {} },
      ],
    });
    const id = station.send([], { DocumentName: 'odd', Parameters: {} });
    await station.idle();

    expect(station.invocation(id, ONE, 'windows')).toMatchObject({ Status: 'Success', StatusDetails: 'Skipped' });
    expect(station.invocation(id, ONE, 'download')).toMatchObject({ Status: 'Failed', StandardErrorContent: expect.stringContaining('[emulator] action aws:downloadContent is not built') as string });
  });

  test('resolve parameters of the store, but no secrets', async () => {
    station.world.call('ssm', 'PutParameter', { Name: '/doc/word', Value: 'hello', Type: 'String' });
    station.world.call('ssm', 'PutParameter', { Name: '/doc/secret', Value: 'secret', Type: 'SecureString' });

    expect((await station.run('echo {{ssm:/doc/word}}')).StandardOutputContent).toBe('hello\n');
    expect(await station.run('echo {{ssm:/doc/secret}}')).toMatchObject({ Status: 'Failed', StandardOutputContent: '' });
  });

  test('leave their whole output in a bucket and a log group', async () => {
    await run({ name: ['bob'] }, { OutputS3BucketName: 'outputs', OutputS3KeyPrefix: 'ssm', CloudWatchOutputConfig: { CloudWatchOutputEnabled: true } });

    expect(puts.at(-1)?.Key).toMatch(new RegExp(`^ssm/[0-9a-f-]{36}/${ONE}/awsrunShellScript/run/stdout$`));
    expect(puts.at(-1)?.Body.toString()).toBe('bob on 1\n');
    expect(logged.at(-1)).toMatch(/\/run\/stdout$/);
  });

  test('fail by a fault without running', async () => {
    station.world.kernel.faults.add({ service: 'ssm', operation: 'command', kind: 'fail-script', params: { exitCode: 9 } });

    expect(await run({ name: ['bob'] })).toMatchObject({ Status: 'Failed', ResponseCode: 9, StandardOutputContent: '' });
  });

  test('never end by a fault, until their execution timeout', async () => {
    station.world.kernel.faults.add({ service: 'ssm', operation: 'command', kind: 'never' });
    const before = station.world.kernel.now;

    expect(await run({ name: ['bob'] })).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut', ResponseCode: 137 });
    expect(station.world.kernel.now - before).toBeGreaterThanOrEqual(60_000);
  });

  test('by a script that ends with 137 are taken for stopped, as by the agent', async () => {
    expect(await station.run('exit 137')).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut' });
  });

  describe('whose instance goes away', () => {
    afterEach(async () => {
      station.event('ssm.agent-started', { instanceId: TWO });
      await station.idle();
    });

    test('before delivery are not delivered in time', async () => {
      const id = station.send('true', { InstanceIds: [TWO], TimeoutSeconds: 40 });
      station.event('ssm.agent-stopped', { instanceId: TWO });
      await station.idle();

      expect(station.invocation(id, TWO)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut', ResponseCode: -1 });
    });

    test('and comes back in time are delivered then', async () => {
      const id = station.send('echo back', { InstanceIds: [TWO], TimeoutSeconds: 600 });
      station.event('ssm.agent-stopped', { instanceId: TWO });
      station.event('ssm.agent-started', { instanceId: TWO });
      await station.idle();

      expect(station.invocation(id, TWO)).toMatchObject({ Status: 'Success', StandardOutputContent: 'back\n' });
    });

    test('while the script runs end with its timeout', async () => {
      const id = station.send('sleep 500; echo never', { InstanceIds: [TWO], Parameters: { commands: ['sleep 500'], executionTimeout: ['600'] } });
      while (!station.world.kernel.activities.all().some(({ started }) => started)) await new Promise((resolve) => setTimeout(resolve, 1));
      station.event('ssm.agent-stopped', { instanceId: TWO });
      await station.idle();

      expect(station.invocation(id, TWO)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut' });
    });
  });
});

test('all of it holds in the other variants', async () => {
  const station = await Station.open({ variants: ['other'] });
  const good = await station.run('echo "$PWD"; sleep 10');
  const slow = await station.run('sleep 100', ONE, { executionTimeout: ['30'] });
  await station.close();

  expect(good).toMatchObject({ Status: 'Success', StandardOutputContent: '/\n' });
  expect(slow).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Execution Timed Out' });
});

describe('agents', () => {
  test('register some seconds after they start, with what the instance is', async () => {
    const station = await Station.open({ instances: [{ id: ONE }] });
    const { InstanceInformationList } = station.world.call<{ InstanceInformationList: object[] }>('ssm', 'DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: [ONE] }] });
    const connection = station.world.call('ssm', 'GetConnectionStatus', { Target: ONE });
    const { now } = station.world.kernel;
    await station.close();

    expect(now).toBeGreaterThanOrEqual(10_000);
    expect(InstanceInformationList).toMatchObject([{
      InstanceId: ONE, PingStatus: 'Online', PlatformType: 'Linux', PlatformName: 'Amazon Linux', PlatformVersion: '2023', IPAddress: '10.0.1.5', ResourceType: 'EC2Instance',
    }]);
    expect(connection).toEqual({ Target: ONE, Status: 'connected' });
  });

  test('do not register without an instance profile', async () => {
    const station = await Station.open({ instances: [{ id: ONE, profile: false }] });
    const list = station.world.call('ssm', 'DescribeInstanceInformation');
    await station.close();

    expect(list).toMatchObject({ InstanceInformationList: [] });
  });

  test('do not register where no way leads to Systems Manager', async () => {
    const station = await Station.open({ cutOff: ['ssm.us-east-1.amazonaws.com'] });
    const list = station.world.call('ssm', 'DescribeInstanceInformation');
    const refusal = station.world.refusal('ssm', 'SendCommand', { InstanceIds: [ONE], DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['true'] } });
    await station.close();

    expect(list).toMatchObject({ InstanceInformationList: [] });
    expect(refusal).toMatchObject({ code: 'InvalidInstanceId' });
  });

  test.each([
    ['both channels for messages', ['ssmmessages', 'ec2messages'], { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' }, 'notconnected'],
    ['the older channel', ['ec2messages'], { Status: 'Success' }, 'connected'],
    ['the newer channel', ['ssmmessages'], { Status: 'Success' }, 'connected'],
  ])('that are online and cut off from %s', async (_title, hosts, outcome, connection) => {
    const station = await Station.open({ cutOff: hosts.map((host) => `${host}.us-east-1.amazonaws.com`) });
    const id = station.send('true', { TimeoutSeconds: 60 });
    await station.idle();
    const invocation = station.invocation(id);
    const status = station.world.call('ssm', 'GetConnectionStatus', { Target: ONE });
    await station.close();

    expect(invocation).toMatchObject(outcome);
    expect(status).toEqual({ Target: ONE, Status: connection });
  });

  test('are missed some minutes after they stopped, and forgotten with their instance', async () => {
    const instances: FakeInstance[] = [{ id: ONE }];
    const station = await Station.open({ instances });
    const pings = () => station.world.call<{ InstanceInformationList: Array<{ PingStatus: string }> }>('ssm', 'DescribeInstanceInformation').InstanceInformationList.map(({ PingStatus }) => PingStatus);

    instances[0].state = 'stopped';
    station.event('ssm.agent-stopped', { instanceId: ONE });
    await station.world.advance(1_000);
    const soon = pings();
    await station.world.advance(300_000);
    const later = pings();
    instances[0].state = 'terminated';
    station.event('ssm.agent-stopped', { instanceId: ONE });
    await station.world.advance(1_000);
    const gone = pings();
    await station.close();

    expect([soon, later, gone]).toEqual([['Online'], ['ConnectionLost'], []]);
  });
});
