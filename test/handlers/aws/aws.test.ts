import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { isAccessDenied, isNamed, isRefusal, refusalOf } from '../../../src/handlers/aws/errors';
import { logApi } from '../../../src/handlers/aws/logs';
import { machineApi } from '../../../src/handlers/aws/machine';
import { parameterApi } from '../../../src/handlers/aws/parameters';
import { answering } from '../_helpers/answering';
import { lostAnswer, serviceError } from '../_helpers/aws';

afterEach(() => {
  jest.restoreAllMocks();
});

const page = (names: string[], NextToken?: string) => ({ Parameters: names.map((Name) => ({ Name, Value: `value of ${Name}` })), NextToken });

describe('parameters under a path', () => {
  test('are read to the last page, also past an empty one', async () => {
    const sent = answering(SSMClient as never, page(['/x/1', '/x/2'], 'a'), page([], 'b'), page(['/x/lease/3']));

    const found = await parameterApi().under('/x');

    expect([...found.keys()]).toEqual(['/x/1', '/x/2', '/x/lease/3']);
    expect(sent.map(({ input }) => input)).toEqual([undefined, 'a', 'b'].map((NextToken) => ({ Path: '/x', Recursive: true, NextToken })));
  });

  test('are none without an error', async () => {
    answering(SSMClient as never, { });

    expect((await parameterApi().under('/x')).size).toBe(0);
  });
});

describe('a parameter', () => {
  test('that is not there is nothing, alone or among others', async () => {
    const sent = answering(SSMClient as never, { InvalidParameters: ['/x'] }, { Parameters: [{ Name: '/y', Value: '1' }], InvalidParameters: ['/x'] });

    expect(await parameterApi().get('/x')).toBeUndefined();
    expect([...await parameterApi().all(['/x', '/y'])]).toEqual([['/y', '1']]);
    expect(sent.map(({ input }) => input)).toEqual([{ Names: ['/x'] }, { Names: ['/x', '/y'] }]);
  });

  test('is created only when it is not there', async () => {
    const sent = answering(SSMClient as never, {}, serviceError('ParameterAlreadyExists', 'no'), serviceError('AccessDeniedException', 'no'));

    expect(await parameterApi().create('/x', '1')).toBe(true);
    expect(await parameterApi().create('/x', '2')).toBe(false);
    await expect(parameterApi().create('/x', '3')).rejects.toThrow('no');
    expect(sent[0].input).toMatchObject({ Overwrite: false, Type: 'String' });
  });

  test('goes with others ten at a time', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `/x/${index}`);
    const sent = answering(SSMClient as never);

    await parameterApi().delete(names);

    expect(sent.map(({ input }) => (input.Names as string[]).length)).toEqual([10, 10, 3]);
    expect(sent.flatMap(({ input }) => input.Names)).toEqual(names);
  });
});

describe('executions', () => {
  test('that run are read to the last page', async () => {
    const sent = answering(SFNClient as never, { executions: [{ name: 'a', executionArn: 'arn:a' }], nextToken: 'more' }, { executions: [{ name: 'b', executionArn: 'arn:b' }] });

    expect(await machineApi().running('arn:machine')).toEqual([{ name: 'a', arn: 'arn:a' }, { name: 'b', arn: 'arn:b' }]);
    expect(sent.map(({ input }) => input)).toEqual([undefined, 'more'].map((nextToken) => ({ stateMachineArn: 'arn:machine', statusFilter: 'RUNNING', nextToken })));
  });
});

describe('an error', () => {
  test.each<[string, unknown, boolean, boolean]>([
    ['bad request', serviceError('CloudHsmInvalidRequestException', ''), true, false],
    ['access denied', serviceError('CloudHsmAccessDeniedException', ''), true, true],
    ['EC2\'s access denied', serviceError('UnauthorizedOperation', '', 403), true, true],
    ['throttled', serviceError('ThrottlingException', ''), false, false],
    ['too many requests by number', serviceError('Whatever', '', 429), false, false],
    ['too many requests by name', serviceError('TooManyRequestsException', ''), false, false],
    ['a fault of the service', serviceError('CloudHsmInternalFailureException', '', 500), false, false],
    ['a request that timed out', serviceError('RequestTimeout', ''), false, false],
    ['a lost answer', lostAnswer(), false, false],
    ['no error', 'text', false, false],
  ])('"%s": refused %s, denied %s', (_, error, refused, denied) => {
    expect([isRefusal(error), isAccessDenied(error)]).toEqual([refused, denied]);
  });

  test('is known by its exact name', () => {
    expect(isNamed(serviceError('NotFoundException', ''), 'NotFound', 'NotFoundException')).toBe(true);
    expect(isNamed(serviceError('NotFoundException', ''), 'NotFound')).toBe(false);
  });

  test('of a connection that did not come about says what a function in a VPC needs', () => {
    const error = Object.assign(new Error('the request socket did not establish a connection with the server within the configured timeout of 3100 ms.'), { name: 'TimeoutError' });

    expect(refusalOf(error)).toEqual({ code: 'TimeoutError', message: expect.stringMatching(/^the lifecycle function gets no connection to a service of AWS; its subnets need NAT or an endpoint/) });
  });

  test.each(['socket hang up', 'the request socket timed out after 5000 ms of inactivity'])('of an answer that did not come (%s) does not send anybody to look at the network', (text) => {
    expect(refusalOf(Object.assign(new Error(text), { name: 'TimeoutError' }))).toEqual({ code: 'TimeoutError', message: text });
  });

  test('of a system that gave up connecting says it too', () => {
    expect(refusalOf(Object.assign(new Error('connect ETIMEDOUT 10.0.0.1:443'), { name: 'TimeoutError' })).message).toMatch(/^the lifecycle function gets no connection/);
  });

  test('is kept short and without what it quotes of a certificate, whole or cut off', () => {
    const quoting = (pem: string) => refusalOf(serviceError('Invalid', `Value '${pem}' at 'signedCert' failed`));

    expect(quoting('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----')).toEqual({ code: 'Invalid', message: 'Value \'[PEM]\' at \'signedCert\' failed' });
    expect(quoting('-----BEGIN RSA PRIVATE KEY-----\nMIIB').message).toBe('Value \'[PEM]');
    expect(quoting('x'.repeat(5_000)).message).toHaveLength(500);
  });
});

describe('the audit log group', () => {
  const EXISTS = serviceError('ResourceAlreadyExistsException', 'there');
  const group = { name: '/aws/cloudhsm/cluster-1' };

  test.each<[string, Parameters<ReturnType<typeof logApi>['ensure']>[0], string[]]>([
    ['gets the key that is given', { ...group, keyArn: 'arn:key' }, ['CreateLogGroupCommand', 'AssociateKmsKeyCommand', 'DeleteRetentionPolicyCommand']],
    ['loses the key that was given and is not any more', { ...group, hadKey: true }, ['CreateLogGroupCommand', 'DisassociateKmsKeyCommand', 'DeleteRetentionPolicyCommand']],
    ['keeps a key that is not ours', group, ['CreateLogGroupCommand', 'DeleteRetentionPolicyCommand']],
  ])('that is there %s', async (_, wanted, commands) => {
    const sent: string[] = [];
    jest.spyOn(CloudWatchLogsClient.prototype, 'send').mockImplementation(async (command: object) => {
      sent.push(command.constructor.name);
      if (command instanceof CreateLogGroupCommand) throw EXISTS;
    });

    await logApi().ensure(wanted);

    expect(sent).toEqual(commands);
  });
});
