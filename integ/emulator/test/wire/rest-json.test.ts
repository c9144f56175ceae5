import * as lambda from '@aws-sdk/client-lambda';
import { decoded, exchange } from './http-request';
import { refusing, useLoopback } from './loopback';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';

describe('serialization', () => {
  test.each([
    ['GET', '/2015-03-31/functions/f', 'GetFunction', { FunctionName: 'f' }],
    ['GET', '/2015-03-31/functions/', 'ListFunctions', {}],
    ['GET', `/2015-03-31/functions/${encodeURIComponent(FUNCTION_ARN)}/configuration`, 'GetFunctionConfiguration', { FunctionName: FUNCTION_ARN }],
    ['DELETE', '/2015-03-31/functions/f/policy/s1', 'RemovePermission', { FunctionName: 'f', StatementId: 's1' }],
    ['GET', '/2018-10-31/layers/l/versions/3', 'GetLayerVersion', { LayerName: 'l', VersionNumber: 3 }],
  ])('decodes %s %s', (method, path, operation, input) => {
    expect(exchange('lambda', { method, path }).decode()).toEqual({ operation, input });
  });

  test('tells operations by what stands in the query', () => {
    const layers = { method: 'GET', path: '/2018-10-31/layers' };
    const arn = 'arn:aws:lambda:eu-west-1:1:layer:l:3';
    expect(exchange('lambda', { ...layers, rawQuery: `find=LayerVersion&Arn=${encodeURIComponent(arn)}` }).decode()).toEqual({
      operation: 'GetLayerVersionByArn', input: { Arn: arn },
    });
    expect(exchange('lambda', { ...layers, rawQuery: 'MaxItems=5' }).decode()).toEqual({ operation: 'ListLayers', input: { MaxItems: 5 } });
  });

  test('refuses paths there are none of, and operations that are not modelled', () => {
    expect(() => exchange('lambda', { method: 'GET', path: '/nonsense' }).decode()).toThrow(expect.objectContaining({ code: 'UnknownOperationException' }));
    const streaming = { path: '/2021-11-15/functions/f/response-streaming-invocations' };
    expect(() => exchange('lambda', streaming).decode()).toThrow('[emulator] lambda InvokeWithResponseStream is not modelled');
  });

  test('an Event invocation is accepted with 202 and no body', () => {
    const answer = decoded('lambda', { path: '/2015-03-31/functions/f/invocations' }).encode({ StatusCode: 202 }, 'id-1');
    expect(answer).toMatchObject({ status: 202, headers: { 'content-length': '0' } });
  });

  test('answers 204 without a body', () => {
    const answer = decoded('lambda', { method: 'DELETE', path: '/2015-03-31/functions/f/aliases/live' }).encode({}, 'id-1');
    expect(answer).toMatchObject({ status: 204, headers: { 'content-length': '0' } });
  });

  test('refuses with type, text and, where the model has one, the side at fault', () => {
    const open = exchange('lambda', { method: 'GET', path: '/' });
    const missing = open.encodeError({ code: 'ResourceNotFoundException', message: 'm' }, 'id-1');
    expect(missing).toMatchObject({ status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } });
    expect(JSON.parse(missing.body.toString())).toEqual({ Type: 'User', Message: 'm' });
    const denied = open.encodeError({ code: 'AccessDeniedException', message: 'm' }, 'id-1');
    expect(denied.status).toBe(403);
    const throttled = open.encodeError({ code: 'TooManyRequestsException', message: 'm', fields: { retryAfterSeconds: '3' } }, 'id-1');
    expect(throttled).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  });
});

describe('with the SDK', () => {
  const loopback = useLoopback();
  const client = (): lambda.LambdaClient => new lambda.LambdaClient(loopback.client);

  test('Invoke: headers, payload and a function error', async () => {
    loopback.answer = () => ({
      StatusCode: 200, FunctionError: 'Unhandled', LogResult: 'bG9n', ExecutedVersion: '$LATEST', Payload: Buffer.from('{"errorMessage":"x"}'),
    });
    const input = { FunctionName: FUNCTION_ARN, Qualifier: 'live', LogType: 'Tail' as const, InvocationType: 'RequestResponse' as const };

    const output = await client().send(new lambda.InvokeCommand({ ...input, Payload: '{"a":1}' }));

    expect(loopback.last).toMatchObject({ service: 'lambda', operation: 'Invoke', protocol: 'rest-json', input: { ...input, Payload: Buffer.from('{"a":1}') } });
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', LogResult: 'bG9n', ExecutedVersion: '$LATEST' });
    expect(output.Payload?.transformToString()).toBe('{"errorMessage":"x"}');
  });

  test('CreateFunction', async () => {
    const input = {
      FunctionName: 'f', Role: 'r', Code: { ZipFile: new Uint8Array([1, 2]) }, Environment: { Variables: { A: 'b' } }, Timeout: 3, Layers: ['l'],
    };
    loopback.answer = () => ({ FunctionName: 'f', State: 'Pending', MemorySize: 128, Environment: { Variables: { A: 'b' } } });

    const created = await client().send(new lambda.CreateFunctionCommand(input));

    expect(loopback.last.input).toEqual({ ...input, Code: { ZipFile: Buffer.from([1, 2]) } });
    expect(created).toMatchObject({ FunctionName: 'f', State: 'Pending', Environment: { Variables: { A: 'b' } }, $metadata: { httpStatusCode: 201 } });
  });

  test('lists in the query', async () => {
    const input = { Resource: FUNCTION_ARN, TagKeys: ['a b', 'c'] };
    await client().send(new lambda.UntagResourceCommand(input));
    expect(loopback.last).toMatchObject({ operation: 'UntagResource', input });
  });

  test('errors', async () => {
    loopback.answer = refusing('ResourceNotFoundException', 'Function not found: f');
    const refusal = client().send(new lambda.GetFunctionCommand({ FunctionName: 'f' }));
    await expect(refusal).rejects.toBeInstanceOf(lambda.ResourceNotFoundException);
    await expect(refusal).rejects.toMatchObject({ message: 'Function not found: f', Type: 'User', $metadata: { httpStatusCode: 404 } });
  });
});
