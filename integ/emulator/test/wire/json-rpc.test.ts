import * as cloudhsm from '@aws-sdk/client-cloudhsm-v2';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as kms from '@aws-sdk/client-kms';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import { decoded, exchange, target } from './http-request';
import { outcome, refusing, useLoopback } from './loopback';

const at = new Date('2026-09-20T10:11:12.345Z');

describe('serialization', () => {
  test('decodes bytes, moments and null', () => {
    const { input } = exchange('kms', target('TrentService.ImportKeyMaterial', {
      KeyId: 'k', ImportToken: 'aGk=', EncryptedKeyMaterial: '', ValidTo: 1502423370.069, ExpirationModel: null, Unknown: 1,
    })).decode();
    expect(input).toEqual({ KeyId: 'k', ImportToken: Buffer.from('hi'), EncryptedKeyMaterial: Buffer.alloc(0), ValidTo: new Date(1502423370069) });
  });

  test('takes no body for an empty object', () => {
    const request = { headers: { 'x-amz-target': 'BaldrApiService.DescribeClusters' } };
    expect(exchange('cloudhsmv2', request).decode()).toEqual({ operation: 'DescribeClusters', input: {} });
  });

  test('a key named __proto__ is a key like any other', () => {
    const body = '{"Filters": {"__proto__": ["x"], "constructor": ["y"]}}';
    const { input } = exchange('cloudhsmv2', { headers: { 'x-amz-target': 'BaldrApiService.DescribeClusters' }, body }).decode();
    expect(Object.keys(input.Filters as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(input.Filters)).toBe(Object.prototype);
  });

  test.each([
    ['a number for text', { ClusterId: 5 }, 'NUMBER_VALUE can not be converted to a String'],
    ['a list for text', { ClusterId: [] }, 'Start of list found where not expected'],
    ['an object for text', { ClusterId: {} }, 'Start of structure or map found where not expected.'],
    ['text for an object', { BackupRetentionPolicy: 'x' }, 'Expected map or null'],
    ['a list as the whole', [], 'Start of list found where not expected'],
  ])('refuses %s', (_title, body, message) => {
    const open = exchange('cloudhsmv2', target('BaldrApiService.ModifyCluster', body));
    expect(() => open.decode()).toThrow(expect.objectContaining({ code: 'SerializationException', message }));
  });

  test.each([
    ['digits in quotes for a number', '5', undefined],
    ['a number with decimals, which are cut off', 5.9, 5],
  ])('%s', (_title, MaxResults, read) => {
    const open = exchange('cloudhsmv2', target('BaldrApiService.DescribeClusters', { MaxResults }));

    if (read === undefined) expect(() => open.decode()).toThrow(expect.objectContaining({ code: 'SerializationException', message: 'STRING_VALUE can not be converted to an Integer' }));
    else expect(open.decode().input).toEqual({ MaxResults: read });
  });

  test('refuses a body that is not JSON, and operations there are none of', () => {
    const headers = { 'x-amz-target': 'BaldrApiService.DescribeClusters' };
    expect(() => exchange('cloudhsmv2', { headers, body: '{' }).decode()).toThrow(expect.objectContaining({ code: 'SerializationException' }));
    expect(() => exchange('cloudhsmv2', target('BaldrApiService.Nonsense')).decode()).toThrow(expect.objectContaining({ code: 'UnknownOperationException' }));
    expect(() => exchange('cloudhsmv2', target('TrentService.DescribeKey')).decode()).toThrow(expect.objectContaining({ code: 'UnknownOperationException' }));
    expect(() => exchange('logs', target('Logs_20140328.StartLiveTail')).decode()).toThrow('[emulator] logs StartLiveTail is not modelled');
  });

  test('answers with epoch seconds, and with nothing where nothing is modelled', () => {
    const answer = decoded('cloudhsmv2', target('BaldrApiService.DeleteCluster', { ClusterId: 'c' })).encode({
      Cluster: { ClusterId: 'c', CreateTimestamp: new Date(1502423370069), Hsms: [], StateMessage: undefined },
    }, 'id-1');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'id-1' } });
    expect(answer.body.toString()).toBe('{"Cluster":{"ClusterId":"c","CreateTimestamp":1502423370.069,"Hsms":[]}}');
    expect(decoded('kms', target('TrentService.EnableKey', { KeyId: 'k' })).encode({}, 'id').body).toHaveLength(0);
  });

  test.each([
    ['cloudhsmv2', 'CloudHsmInvalidRequestException', 400, { __type: 'CloudHsmInvalidRequestException', Message: 'm' }],
    ['cloudhsmv2', 'CloudHsmInternalFailureException', 500, { __type: 'CloudHsmInternalFailureException', Message: 'm' }],
    ['kms', 'NotFoundException', 400, { __type: 'NotFoundException', message: 'm' }],
    ['kms', 'AccessDeniedException', 400, { __type: 'AccessDeniedException', message: 'm' }],
    ['secretsmanager', 'ResourceNotFoundException', 400, { __type: 'ResourceNotFoundException', Message: 'm' }],
    ['stepfunctions', 'ExecutionDoesNotExist', 400, { __type: 'ExecutionDoesNotExist', message: 'm' }],
  ])('%s refuses with %s', (service, code, status, body) => {
    const answer = exchange(service, target('X.Y')).encodeError({ code, message: 'm' }, 'id-1');
    expect(answer).toMatchObject({ status, headers: { 'x-amzn-errortype': code } });
    expect(JSON.parse(answer.body.toString())).toEqual(body);
  });

  test('SQS keeps its old codes in a header, whichever name the service used', () => {
    for (const code of ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']) {
      const answer = exchange('sqs', target('AmazonSQS.GetQueueUrl')).encodeError({ code, message: 'm' }, 'id-1');
      expect(answer.headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
      expect(JSON.parse(answer.body.toString())).toEqual({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'm' });
    }
  });

  test('refuses to send an epoch number for a moment', () => {
    const open = decoded('cloudhsmv2', target('BaldrApiService.DeleteCluster', { ClusterId: 'c' }));
    const problem = '[emulator] cloudhsmv2.DeleteCluster.Cluster.CreateTimestamp should be a Date, is the number 5';
    expect(() => open.encode({ Cluster: { CreateTimestamp: 5 } }, 'id')).toThrow(problem);
  });
});

describe('with the SDK', () => {
  const loopback = useLoopback();

  test('CloudHSM: signing name, target and the shapes of a cluster', async () => {
    const cluster = {
      ClusterId: 'cluster-igklspoyj5v',
      CreateTimestamp: at,
      Hsms: [{ HsmId: 'hsm-ted36yp5b2x', State: 'ACTIVE' }],
      HsmType: 'hsm2m.medium',
      BackupRetentionPolicy: { Type: 'DAYS', Value: '90' },
      State: 'ACTIVE',
      SubnetMapping: { 'us-east-1a': 'subnet-1' },
      Certificates: {},
    };
    loopback.answer = () => ({ Clusters: [cluster] });
    const input = { Filters: { clusterIds: ['cluster-igklspoyj5v'] }, MaxResults: 25 };

    const output = await outcome(new cloudhsm.CloudHSMV2Client(loopback.client).send(new cloudhsm.DescribeClustersCommand(input)));

    expect(loopback.last).toMatchObject({ service: 'cloudhsmv2', operation: 'DescribeClusters', protocol: 'json', input, addressee: { asked: 'cloudhsm' } });
    expect(output).toEqual({ Clusters: [cluster] });
  });

  test('CloudHSM: errors have a capital Message', async () => {
    loopback.answer = refusing('CloudHsmInvalidRequestException', 'Provided HsmType is not supported.');
    const client = new cloudhsm.CloudHSMV2Client(loopback.client);
    const refusal = client.send(new cloudhsm.CreateClusterCommand({ HsmType: 'hsm1.medium', SubnetIds: ['subnet-00000000'] }));
    await expect(refusal).rejects.toBeInstanceOf(cloudhsm.CloudHsmInvalidRequestException);
    await expect(refusal).rejects.toMatchObject({ message: 'Provided HsmType is not supported.', $metadata: { httpStatusCode: 400 } });
  });

  test('KMS: bytes both ways', async () => {
    const Plaintext = new Uint8Array([0, 1, 254, 255]);
    loopback.answer = () => ({ CiphertextBlob: Buffer.from([9, 8, 7]), KeyId: 'k', EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    const command = new kms.EncryptCommand({ KeyId: 'k', Plaintext, EncryptionContext: { a: 'b' } });

    const output = await outcome(new kms.KMSClient(loopback.client).send(command));

    expect(loopback.last.input).toEqual({ KeyId: 'k', Plaintext: Buffer.from(Plaintext), EncryptionContext: { a: 'b' } });
    expect(output).toEqual({ CiphertextBlob: new Uint8Array([9, 8, 7]), KeyId: 'k', EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
  });

  test('SSM', async () => {
    const Parameter = { Name: '/p', Value: 'v', Version: 3, LastModifiedDate: at };
    loopback.answer = () => ({ Parameter });
    const output = await outcome(new ssm.SSMClient(loopback.client).send(new ssm.GetParameterCommand({ Name: '/p', WithDecryption: true })));
    expect(loopback.last).toMatchObject({ service: 'ssm', input: { Name: '/p', WithDecryption: true } });
    expect(output).toEqual({ Parameter });
  });

  test('Secrets Manager', async () => {
    const secret = { ARN: 'arn', Name: 'n', SecretBinary: new Uint8Array([1]), CreatedDate: at, VersionStages: ['AWSCURRENT'] };
    loopback.answer = () => secret;
    const client = new secretsmanager.SecretsManagerClient(loopback.client);
    expect(await outcome(client.send(new secretsmanager.GetSecretValueCommand({ SecretId: 'n' })))).toEqual(secret);
    expect(loopback.last).toMatchObject({ service: 'secretsmanager', input: { SecretId: 'n' } });
  });

  test('CloudWatch Logs', async () => {
    const events = { events: [{ timestamp: 1_790_000_000_000, message: 'm' }], searchedLogStreams: [] };
    loopback.answer = () => events;
    const client = new logs.CloudWatchLogsClient(loopback.client);
    expect(await outcome(client.send(new logs.FilterLogEventsCommand({ logGroupName: 'g', startTime: 5 })))).toEqual(events);
    expect(loopback.last).toMatchObject({ service: 'logs', input: { logGroupName: 'g', startTime: 5 } });
  });

  test('Step Functions', async () => {
    loopback.answer = () => ({ executionArn: 'arn', startDate: at });
    const client = new sfn.SFNClient(loopback.client);
    expect(await outcome(client.send(new sfn.StartExecutionCommand({ stateMachineArn: 'a', input: '{}' })))).toEqual({ executionArn: 'arn', startDate: at });
    expect(loopback.last).toMatchObject({ service: 'stepfunctions', input: { stateMachineArn: 'a', input: '{}' }, addressee: { asked: 'states' } });
  });
});
