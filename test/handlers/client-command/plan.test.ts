import type { CommandResult } from '../../../src/handlers/aws/commands';
import { actOnCommand, observeCommand } from '../../../src/handlers/client-command/command';
import { lastJsonLine, refusedVersionsIn, scriptError } from '../../../src/handlers/client-command/output';
import { planCommand } from '../../../src/handlers/client-command/plan';
import type { CommandMemory, ObservedCommand, SendCommandAct } from '../../../src/handlers/client-command/plan';
import { fakeAws, FakeParameters, lostAnswer, serviceError } from '../_helpers/aws';
import { CLUSTER_ID, MINUTE, newRequest, NOW, SECOND } from '../_helpers/request';

const COMMAND = { name: 'activate', documentName: 'Activate', parameters: { ClusterId: CLUSTER_ID } };
const REQUEST = newRequest('Create', 'Custom::CloudHSMActivation', {});
const ONLINE = { instanceId: 'i-1', agentStatus: 'Online' };
const SENT = { name: 'activate', token: 'token', instanceId: 'i-1', at: NOW, attempt: 1 };

const plan = (observed: Partial<ObservedCommand> = {}, memory: CommandMemory = {}, now = NOW) =>
  planCommand(COMMAND, REQUEST, { groupName: 'AdminGroup', client: ONLINE, refusedVersions: [], ...observed }, memory, now);

const result = (status: string, overrides: Partial<CommandResult> = {}): CommandResult => ({ commandId: 'c-1', status, output: '', errorOutput: '', ...overrides });

const gist = (step: ReturnType<typeof plan>): string => {
  if (step.kind === 'finished') return 'finished';
  if (step.step.kind === 'act') return step.step.acts.map(({ kind }) => kind).join();
  return step.step.kind === 'fail' ? step.step.code : step.step.kind;
};

describe('the admin client', () => {
  test.each<[string, ObservedCommand['client'], string]>([
    ['is not there', {}, 'wait'],
    ['was never heard of', { instanceId: 'i-1' }, 'wait'],
    ['is lost', { instanceId: 'i-1', agentStatus: 'ConnectionLost' }, 'wait'],
    ['is inactive', { instanceId: 'i-1', agentStatus: 'Inactive' }, 'wait'],
    ['is online', ONLINE, 'send-command'],
  ])('that %s: %s', (_, client, expected) => {
    expect(gist(plan({ client }))).toBe(expected);
  });

  test('that does not come within 12 minutes fails with agent, role, endpoints and time', () => {
    expect(gist(plan({ client: {} }, { clientAwaitedSince: NOW }, NOW + 12 * MINUTE))).toBe('wait');

    const late = plan({ client: { instanceId: 'i-1', agentStatus: 'ConnectionLost' } }, { clientAwaitedSince: NOW }, NOW + 12 * MINUTE + 1);

    expect(late).toMatchObject({ step: { kind: 'fail', code: 'AdminClientOffline' } });
    const { message } = (late as { step: { message: string } }).step;
    for (const part of [
      'instance i-1 of Auto Scaling group AdminGroup', 'after 12 minutes', 'agent status: ConnectionLost', 'SSM agent runs',
      'AmazonSSMManagedInstanceCore', 'ssm, ssmmessages and ec2messages',
    ]) expect(message).toContain(part);
  });

  test('that was never launched is named by its group', () => {
    expect(plan({ client: {} }, { clientAwaitedSince: NOW }, NOW + 13 * MINUTE)).toMatchObject({
      step: { message: expect.stringMatching(/^Auto Scaling group AdminGroup, which has no instance in service, .* after 13 minutes \(agent status: never heard of\)/) },
    });
  });
});

describe('sending', () => {
  test('is remembered with the act, with a token of the request that fits into a comment', () => {
    const step = plan({ refusedVersions: ['v1', 'v2'] });

    const token = `${REQUEST.requestId}/activate/1`;
    expect(step).toMatchObject({
      step: {
        acts: [{ kind: 'send-command', instanceId: 'i-1', token, command: { documentName: 'Activate', parameters: { ClusterId: CLUSTER_ID, RefusedVersions: 'v1,v2' } } }],
        memory: { command: { name: 'activate', token, instanceId: 'i-1', at: NOW, attempt: 1 } },
      },
    });
    expect(token.length).toBeLessThanOrEqual(100);
  });

  test('tells the script of no refusal by a word, for a parameter is never empty', () => {
    expect(plan()).toMatchObject({ step: { acts: [{ command: { parameters: { RefusedVersions: 'none' } } }] } });
  });

  test.each<[string, number, number, string]>([
    ['is looked for', 1, 59 * SECOND, 'wait'], ['is sent again', 1, 60 * SECOND, 'send-command'], ['is sent a third time', 2, 60 * SECOND, 'send-command'],
    ['is given up', 3, 60 * SECOND, 'CommandLost'],
  ])('whose answer was lost %s (attempt %d, %d ms after): %s', (_, attempt, after, expected) => {
    expect(gist(plan({}, { command: { ...SENT, attempt } }, NOW + after))).toBe(expected);
  });

  test('that was refused fails, with what the service said', () => {
    expect(plan({}, { command: { ...SENT, refused: { code: 'InvalidDocument', message: 'no such document' } } })).toMatchObject({
      step: { kind: 'fail', code: 'CommandRefused', message: expect.stringContaining('no such document (InvalidDocument)') },
    });
  });

  test('of another command begins anew', () => {
    expect(gist(plan({ commandId: 'c-0', result: result('Success') }, { command: { ...SENT, name: 'verify-admin' } }))).toBe('send-command');
  });
});

test.each([[11, 'send-command'], [12, 'CommandLost']])('a delete, which has no way back, sends its script twelve times (%d sent: %s)', (attempt, expected) => {
  const removal = { requestId: REQUEST.requestId, type: 'Delete' as const };
  const observed = { groupName: 'AdminGroup', client: ONLINE, refusedVersions: [] };

  expect(gist(planCommand(COMMAND, removal, observed, { command: { ...SENT, attempt } }, NOW + MINUTE))).toBe(expected);
});

describe('a command that was sent', () => {
  const follow = (given: CommandResult | undefined, after = 0, refusedVersions: string[] = []) =>
    plan({ commandId: 'c-1', result: given, refusedVersions }, { command: SENT }, NOW + after);

  test.each<[string, string]>([
    ['Pending', 'wait'], ['InProgress', 'wait'], ['Delayed', 'wait'], ['Cancelling', 'wait'], ['Success', 'finished'], ['Cancelled', 'ScriptFailed'], ['TimedOut', 'ScriptFailed'],
    ['Failed', 'ScriptFailed'], ['NewStatus', 'ScriptFailed'],
  ])('and is %s: %s', (status, expected) => {
    expect(gist(follow(result(status)))).toBe(expected);
  });

  test('that its instance does not know yet is waited for', () => {
    expect(gist(follow(undefined))).toBe('wait');
  });

  test.each([[119 * SECOND, 2], [120 * SECOND, 15]])('is looked at %d ms after for %d s', (after, seconds) => {
    expect(follow(result('InProgress'), after)).toMatchObject({ step: { seconds } });
  });

  test.each([[15 * MINUTE, 'wait'], [15 * MINUTE + 1, 'ScriptFailed']])('and runs on %d ms after: %s', (after, expected) => {
    expect(gist(follow(result('InProgress'), after))).toBe(expected);
  });

  test('ends with the last JSON line and a memory that knows its id', () => {
    expect(follow(result('Success', { output: 'noise\n{"result":"old"}\n{"result":"created"}\n' }))).toEqual({
      kind: 'finished', output: { result: 'created' }, memory: { command: { ...SENT, commandId: 'c-1' } },
    });
  });

  test('and failed fails with the script\'s own sentence', () => {
    expect(follow(result('Failed', { errorOutput: 'warning\ncloudhsm-error LoginRefused put the right password there\n' }))).toMatchObject({
      step: { kind: 'fail', code: 'LoginRefused', message: 'put the right password there' },
    });
  });

  describe.each(['ClusterUnreadable', 'SecretUnreadable', 'TrustAnchorUnreadable'])('and failed by %s', (code) => {
    const failed = { commandId: 'c-1', result: result('Failed', { errorOutput: `cloudhsm-error ${code} cannot be read` }) };

    test.each<[number, number, string]>([
      [1, 19 * SECOND, 'wait'], [1, 20 * SECOND, 'send-command'], [2, 39 * SECOND, 'wait'], [2, 40 * SECOND, 'send-command'], [3, 0, code],
    ])('the %d. time is, %d ms later: %s', (attempt, after, expected) => {
      expect(gist(plan(failed, { command: { ...SENT, attempt, failedAt: NOW } }, NOW + after))).toBe(expected);
    });

    test('is waited for from when that was seen', () => {
      expect(plan(failed, { command: SENT }, NOW + MINUTE)).toMatchObject({ step: { kind: 'wait', memory: { command: { commandId: 'c-1', failedAt: NOW + MINUTE } } } });
    });

    test('is sent again as another command', () => {
      expect(plan(failed, { command: { ...SENT, failedAt: NOW } }, NOW + MINUTE)).toMatchObject({
        step: { acts: [{ token: `${REQUEST.requestId}/activate/2` }], memory: { command: { attempt: 2, at: NOW + MINUTE } } },
      });
    });

    test('after a refused login writes that down first, so that it is not tried again', () => {
      const refused = { ...failed, result: result('Failed', { errorOutput: `cloudhsm-refused-version v1\ncloudhsm-error ${code} cannot be read` }) };

      expect(gist(plan(refused, { command: { ...SENT, failedAt: NOW } }, NOW + MINUTE))).toBe('record-refusal');
    });
  });

  test('and failed without a sentence names the command to look at', () => {
    expect(follow(result('Failed'))).toMatchObject({ step: { message: 'script activate ended as Failed on i-1; read the output of command c-1 in Systems Manager' } });
  });

  const REFUSED = 'cloudhsm-refused-version v-new\ncloudhsm-refused-version v-newer\ncloudhsm-error LoginRefused no\n';

  test.each(['Failed', 'Success'])('and %s after logins were refused: every one of them is written down before anything else', (status) => {
    expect(follow(result(status, { errorOutput: REFUSED }), 0, ['v-old'])).toMatchObject({
      step: { kind: 'act', acts: [{ kind: 'record-refusal', versions: ['v-old', 'v-new', 'v-newer'] }] },
    });
  });

  test('whose refusals are written down goes on', () => {
    expect(gist(follow(result('Failed', { errorOutput: REFUSED }), 0, ['v-new', 'v-newer']))).toBe('LoginRefused');
    expect(gist(follow(result('Success', { errorOutput: REFUSED }), 0, ['v-new', 'v-newer']))).toBe('finished');
  });

  test('remembers the last twenty, which fit into the parameter of the document', () => {
    const many = Array.from({ length: 25 }, (_, index) => `0a1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`);

    const step = follow(result('Failed', { errorOutput: 'cloudhsm-refused-version last\n' }), 0, many);

    const [{ versions }] = (step as unknown as { step: { acts: Array<{ versions: string[] }> } }).step.acts;
    expect(versions).toEqual([...many.slice(-19), 'last']);
    expect(versions.join(',').length).toBeLessThanOrEqual(1500);
  });
});

describe('the edge', () => {
  const REFUSALS = `/cdk-cloudhsm/${CLUSTER_ID}/refused-logins`;
  const ACT: SendCommandAct = { kind: 'send-command', command: COMMAND, instanceId: 'i-1', token: 'token' };
  const sending = (send: () => Promise<string>) => fakeAws({ commands: { send } });

  test('finds a command whose answer was lost by its token', async () => {
    const find = async (_instance: string, token: string) => (token === 'token' ? 'c-1' : undefined);
    const aws = fakeAws({ commands: { adminClient: async () => ONLINE, find, result: async () => result('InProgress') } });

    expect(await observeCommand(aws, CLUSTER_ID, 'AdminGroup', { command: SENT })).toMatchObject({ commandId: 'c-1', result: { status: 'InProgress' } });
    expect(aws.inputs('commands.find')).toEqual([['i-1', 'token']]);
  });

  test('does not look for what it knows, nor for what was not sent', async () => {
    const aws = fakeAws({ commands: { adminClient: async () => ONLINE, result: async () => result('Success') } }, new FakeParameters({ [REFUSALS]: 'v1,v2' }));

    expect(await observeCommand(aws, CLUSTER_ID, 'AdminGroup', {})).toEqual({ groupName: 'AdminGroup', client: ONLINE, refusedVersions: ['v1', 'v2'] });
    expect(await observeCommand(aws, CLUSTER_ID, 'AdminGroup', { command: { ...SENT, commandId: 'c-1' } })).toMatchObject({ commandId: 'c-1' });
    expect(aws.inputs('commands.find')).toEqual([]);
  });

  test('remembers the id of the command', async () => {
    const aws = sending(async () => 'c-1');

    expect(await actOnCommand(aws, CLUSTER_ID, ACT, { command: SENT })).toEqual({ command: { ...SENT, commandId: 'c-1' } });
    expect(aws.inputs('commands.send')).toEqual([[{ instanceId: 'i-1', documentName: 'Activate', parameters: COMMAND.parameters, token: 'token', timeoutSeconds: 600 }]]);
  });

  test.each<[string, Error, string]>([
    ['refused', serviceError('InvalidInstanceId', 'no such instance'), 'remembered'], ['denied', serviceError('AccessDeniedException', 'not you'), 'thrown'],
    ['lost', lostAnswer(), 'thrown'], ['throttled', serviceError('ThrottlingException', 'slow down'), 'thrown'],
    ['a fault of the service', serviceError('InternalServerError', 'oops', 500), 'thrown'],
  ])('a sending that was %s is %s', async (_, error, outcome) => {
    const sent = actOnCommand(sending(() => Promise.reject(error)), CLUSTER_ID, ACT, { command: SENT });

    if (outcome === 'thrown') await expect(sent).rejects.toBe(error);
    else expect(await sent).toEqual({ command: { ...SENT, refused: { code: 'InvalidInstanceId', message: 'no such instance' } } });
  });

  test('writes refusals down beyond the request', async () => {
    const aws = fakeAws();

    await actOnCommand(aws, CLUSTER_ID, { kind: 'record-refusal', versions: ['v1', 'v2'] }, {});

    expect(aws.parameters.values.get(REFUSALS)).toBe('v1,v2');
  });
});

describe('the output of a script', () => {
  test.each<[string, string, object]>([
    ['no line', '', {}], ['no JSON', 'nothing\n', {}], ['JSON among others', 'a\n{"result":"x"}\nb\n', { result: 'x' }],
  ])('with %s', (_, output, expected) => {
    expect(lastJsonLine(output)).toEqual(expected);
  });

  test('tells errors and refusals by whole lines only', () => {
    expect(scriptError('x cloudhsm-error Code no\n')).toBeUndefined();
    expect(scriptError('cloudhsm-error Code a sentence, with a comma\r\n')?.code).toBe('Code');
    expect(refusedVersionsIn('x cloudhsm-refused-version v1\ncloudhsm-refused-version v2 x\ncloudhsm-refused-version v-3\n')).toEqual(['v-3']);
  });
});
