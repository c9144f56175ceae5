import { zipSync } from 'fflate';
import { lambda } from '../../src/services/lambda/service';
import { ServiceError } from '../../src/wire/operation';
import type { Service } from '../../src/wire/operation';
import { World } from '../_helpers/world';

const ROLE = 'arn:aws:iam::123456789012:role/function-role';
const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';
const zip = (text: string): Buffer => Buffer.from(zipSync({ 'index.js': [Buffer.from(text), { mtime: new Date(2020, 0, 1) }] }));

const s3: Service = {
  name: 's3',
  operations: {
    GetObject: (_context, { Key }: { Key: string }) => {
      if (Key !== 'code.zip') throw new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
      return { Body: zip('from s3') };
    },
  },
};
const iam: Service = {
  name: 'iam',
  operations: {
    GetRole: (_context, { RoleName }: { RoleName: string }) => {
      if (RoleName !== 'function-role') throw new ServiceError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, { status: 404 });
      return { Role: { RoleName } };
    },
  },
};
const ec2: Service = {
  name: 'ec2',
  operations: {
    DescribeSubnets: (_context, { SubnetIds }: { SubnetIds: string[] }) => {
      if (SubnetIds[0] === 'subnet-missing') throw new ServiceError('InvalidSubnetID.NotFound', 'The subnet ID \'subnet-missing\' does not exist');
      return { Subnets: SubnetIds.map((SubnetId) => ({ SubnetId, VpcId: 'vpc-1' })) };
    },
    DescribeSecurityGroups: () => ({ SecurityGroups: [] }),
  },
};

let world: World;

beforeEach(() => {
  world = new World({ services: [lambda, s3, iam, ec2] });
});

afterEach(() => world.stop());

const INPUT = { FunctionName: 'fn', Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler', Code: { ZipFile: zip('1') } };

async function create(more: object = {}): Promise<void> {
  world.call('lambda', 'CreateFunction', { ...INPUT, ...more });
  await world.advance(5_000);
}

describe('CreateFunction', () => {
  test('walks from Pending to Active with Lambda\'s defaults', async () => {
    const created = world.call('lambda', 'CreateFunction', INPUT);

    expect(created).toMatchObject({
      FunctionName: 'fn', FunctionArn: ARN, State: 'Pending', StateReasonCode: 'Creating', Timeout: 3, MemorySize: 128, Version: '$LATEST',
      Architectures: ['x86_64'], PackageType: 'Zip', EphemeralStorage: { Size: 512 }, TracingConfig: { Mode: 'PassThrough' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/fn' }, LastModified: expect.stringMatching(/^\d{4}-.*\.\d{3}\+0000$/) as string,
    });
    expect(world.refusal('lambda', 'Invoke', { FunctionName: 'fn' })).toMatchObject({
      code: 'ResourceConflictException',
      message: 'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    });

    await world.advance(5_000);

    expect(world.call('lambda', 'GetFunction', { FunctionName: 'fn' })).toMatchObject({ Configuration: { State: 'Active', LastUpdateStatus: 'Successful' } });
  });

  test('takes code from S3', () => {
    const fromS3 = world.call('lambda', 'CreateFunction', { ...INPUT, Code: { S3Bucket: 'bucket', S3Key: 'code.zip' } });
    const direct = world.call('lambda', 'CreateFunction', { ...INPUT, FunctionName: 'direct', Code: { ZipFile: zip('from s3') } });

    expect(fromS3.CodeSha256).toBe(direct.CodeSha256);
    expect(fromS3.CodeSize).toBe(zip('from s3').length);
  });

  test('keeps where the function stands in a VPC', () => {
    const created = world.call('lambda', 'CreateFunction', { ...INPUT, VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } });

    expect(created.VpcConfig).toEqual({ SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1' });
  });

  test.each([
    ['a name that is taken', {}, 'ResourceConflictException', 'Function already exist: fn'],
    ['another language', { FunctionName: 'x', Runtime: 'python3.12' }, 'InvalidParameterValueException',
      '[emulator] functions with the runtime python3.12 are not emulated: only Node.js runs here'],
    ['a retired runtime', { FunctionName: 'x', Runtime: 'nodejs14.x' }, 'InvalidParameterValueException',
      /^The runtime parameter of nodejs14\.x is no longer supported/],
    ['a role that is not there', { FunctionName: 'x', Role: 'arn:aws:iam::123456789012:role/other' }, 'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.'],
    ['an object that is not there', { FunctionName: 'x', Code: { S3Bucket: 'bucket', S3Key: 'other' } }, 'InvalidParameterValueException',
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.'],
    ['what is no zip', { FunctionName: 'x', Code: { ZipFile: Buffer.from('text') } }, 'InvalidParameterValueException',
      'Could not unzip uploaded file. Please check your file, then try to upload again.'],
    ['a zip that reaches outside', { FunctionName: 'x', Code: { ZipFile: Buffer.from(zipSync({ '../x.js': Buffer.from('') })) } },
      'InvalidParameterValueException', '[emulator] the deployment package holds a file outside its folder: ../x.js'],
    ['a subnet that is not there', { FunctionName: 'x', VpcConfig: { SubnetIds: ['subnet-missing'], SecurityGroupIds: ['sg-1'] } },
      'InvalidParameterValueException', /^Error occurred while DescribeSubnets\. EC2 Error Code: InvalidSubnetID\.NotFound\./],
    ['reserved variables', { FunctionName: 'x', Environment: { Variables: { AWS_REGION: 'x' } } }, 'InvalidParameterValueException',
      /Reserved keys used in this request: AWS_REGION$/],
    ['too many variables', { FunctionName: 'x', Environment: { Variables: { NAME: 'x'.repeat(4100) } } }, 'InvalidParameterValueException', /exceeded the 4KB limit/],
  ])('refuses %s', (_title, more, code, message) => {
    world.call('lambda', 'CreateFunction', INPUT);

    const refusal = world.refusal('lambda', 'CreateFunction', { ...INPUT, ...more });

    expect(refusal.code).toBe(code);
    expect(refusal.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});

describe('names', () => {
  test.each([
    ['name', 'fn'], ['partial ARN', '123456789012:function:fn'], ['ARN', ARN],
  ])('finds a function by %s', async (_title, FunctionName) => {
    await create();

    expect(world.call('lambda', 'GetFunctionConfiguration', { FunctionName }).FunctionArn).toBe(ARN);
  });

  test.each([
    ['no such function', { FunctionName: 'other' }, 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:other'],
    ['no such version', { FunctionName: 'fn', Qualifier: '7' }, `Function not found: ${ARN}:7`],
    ['no such alias', { FunctionName: `${ARN}:live` }, `Function not found: ${ARN}:live`],
  ])('says what is missing: %s', async (_title, input, message) => {
    await create();

    expect(world.refusal('lambda', 'GetFunction', input)).toMatchObject({ code: 'ResourceNotFoundException', message });
  });

  test('refuses a qualifier that contradicts the name', async () => {
    await create();

    expect(world.refusal('lambda', 'GetFunction', { FunctionName: `${ARN}:1`, Qualifier: '2' }).message)
      .toBe('The derived qualifier from the function name does not match the specified qualifier.');
  });
});

describe('updates', () => {
  test('shows an update in progress and refuses another meanwhile', async () => {
    await create();

    const updated = world.call('lambda', 'UpdateFunctionCode', { FunctionName: 'fn', ZipFile: zip('2') });

    expect(updated).toMatchObject({ LastUpdateStatus: 'InProgress', State: 'Active' });
    expect(world.refusal('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'fn', Timeout: 5 })).toMatchObject({
      code: 'ResourceConflictException', message: `The operation cannot be performed at this time. An update is in progress for resource: ${ARN}`,
    });
    await world.advance(5_000);
    expect(world.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'fn', Timeout: 5 })).toMatchObject({
      Timeout: 5, CodeSha256: updated.CodeSha256, Handler: 'index.handler',
    });
  });

  test('refuses a revision that is not the latest', async () => {
    await create();

    expect(world.refusal('lambda', 'UpdateFunctionCode', { FunctionName: 'fn', ZipFile: zip('2'), RevisionId: 'old' }).code).toBe('PreconditionFailedException');
  });

  test('takes a function out of its VPC by empty lists', async () => {
    await create({ VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } });
    await world.advance(60_000);

    const updated = world.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'fn', VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } });

    expect(updated.VpcConfig).toBeUndefined();
  });
});

describe('versions and aliases', () => {
  test('publishes a version once for the same code', async () => {
    await create();

    const first = world.call('lambda', 'PublishVersion', { FunctionName: 'fn' });
    const again = world.call('lambda', 'PublishVersion', { FunctionName: 'fn' });
    world.call('lambda', 'UpdateFunctionCode', { FunctionName: 'fn', ZipFile: zip('2') });
    await world.advance(5_000);
    const second = world.call('lambda', 'PublishVersion', { FunctionName: 'fn', Description: 'next' });

    expect([first.Version, again.Version, second.Version]).toEqual(['1', '1', '2']);
    expect(second).toMatchObject({ FunctionArn: `${ARN}:2`, Description: 'next' });
    expect((world.call<{ Versions: Array<{ Version: string }> }>('lambda', 'ListVersionsByFunction', { FunctionName: 'fn' })).Versions
      .map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });

  test('an alias leads to its version until it is changed', async () => {
    await create();
    world.call('lambda', 'PublishVersion', { FunctionName: 'fn' });

    const alias = world.call('lambda', 'CreateAlias', { FunctionName: 'fn', Name: 'live', FunctionVersion: '1' });

    expect(alias).toMatchObject({ AliasArn: `${ARN}:live`, FunctionVersion: '1', Description: '' });
    expect(world.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'fn:live' }).Version).toBe('1');
    expect(world.refusal('lambda', 'CreateAlias', { FunctionName: 'fn', Name: 'live', FunctionVersion: '1' }).message).toBe(`Alias already exists: ${ARN}:live`);
    expect(world.refusal('lambda', 'UpdateAlias', { FunctionName: 'fn', Name: 'live', FunctionVersion: '9' }).code).toBe('ResourceNotFoundException');
    expect(world.refusal('lambda', 'DeleteFunction', { FunctionName: 'fn', Qualifier: '1' }).code).toBe('InvalidParameterValueException');
    world.call('lambda', 'DeleteAlias', { FunctionName: 'fn', Name: 'live' });
    expect(world.refusal('lambda', 'GetAlias', { FunctionName: 'fn', Name: 'live' }).message).toBe(`Cannot find alias arn: ${ARN}:live`);
  });
});

describe('resource policy', () => {
  test('adds and removes statements as CloudFormation and others write them', async () => {
    await create();

    const { Statement } = world.call<{ Statement: string }>('lambda', 'AddPermission', {
      FunctionName: 'fn', StatementId: 'events', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:us-east-1:123456789012:rule/x',
      SourceAccount: '123456789012',
    });

    expect(JSON.parse(Statement)).toEqual({
      Sid: 'events', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction', Resource: ARN,
      Condition: { StringEquals: { 'AWS:SourceAccount': '123456789012' }, ArnLike: { 'AWS:SourceArn': 'arn:aws:events:us-east-1:123456789012:rule/x' } },
    });
    const { Policy } = world.call<{ Policy: string }>('lambda', 'GetPolicy', { FunctionName: 'fn' });
    expect(JSON.parse(Policy)).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [JSON.parse(Statement)] });
    const again = { FunctionName: 'fn', StatementId: 'events', Action: 'lambda:InvokeFunction', Principal: '111122223333' };
    expect(world.refusal('lambda', 'AddPermission', again).code).toBe('ResourceConflictException');
    world.call('lambda', 'RemovePermission', { FunctionName: 'fn', StatementId: 'events' });
    expect(world.refusal('lambda', 'GetPolicy', { FunctionName: 'fn' }).message).toBe('The resource you requested does not exist.');
  });
});

describe('concurrency', () => {
  test('an account with the limit of ten has nothing to reserve', async () => {
    await create();

    expect(world.refusal('lambda', 'PutFunctionConcurrency', { FunctionName: 'fn', ReservedConcurrentExecutions: 1 }).message).toBe(
      'Specified ReservedConcurrentExecutions for function decreases account\'s UnreservedConcurrentExecution below its minimum value of [10].');
    expect(world.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'fn', ReservedConcurrentExecutions: 0 })).toEqual({ ReservedConcurrentExecutions: 0 });
  });

  test('a function with nothing reserved for it is throttled', async () => {
    await create();
    world.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'fn', ReservedConcurrentExecutions: 0 });

    expect(world.refusal('lambda', 'Invoke', { FunctionName: 'fn' })).toMatchObject({
      code: 'TooManyRequestsException', message: 'Rate Exceeded.',
      options: { status: 429, fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' } },
    });
    world.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'fn' });
    expect(world.call('lambda', 'GetFunctionConcurrency', { FunctionName: 'fn' })).toEqual({});
  });
});

describe('Invoke', () => {
  test.each([
    ['what is no JSON', { Payload: Buffer.from('{x') }, 'InvalidRequestContentException', /^Could not parse request body into json: /],
    ['more than 6 MB', { Payload: Buffer.from(JSON.stringify('x'.repeat(6_291_456))) }, 'RequestTooLargeException',
      /^Request must be smaller than 6291456 bytes for the InvokeFunction operation$/],
    ['an event of more than 1 MB', { Payload: Buffer.from(JSON.stringify('x'.repeat(1_048_576))), InvocationType: 'Event' }, 'RequestTooLargeException',
      /^Request must be smaller than 1048576 bytes for the InvokeFunction operation$/],
  ])('refuses %s', async (_title, more, code, message) => {
    await create();

    const refusal = world.refusal('lambda', 'Invoke', { FunctionName: 'fn', ...more });

    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
  });

  test('only looks when told to run dry', async () => {
    await create();

    expect(world.call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'DryRun' })).toEqual({ StatusCode: 204 });
    expect(world.kernel.activities.all()).toEqual([]);
  });
});

describe('lists, tags and deletion', () => {
  test('lists page by page', async () => {
    for (const name of ['a', 'b', 'c']) world.call('lambda', 'CreateFunction', { ...INPUT, FunctionName: name });

    const first = world.call<{ Functions: Array<{ FunctionName: string; State?: string }>; NextMarker: string }>('lambda', 'ListFunctions', { MaxItems: 2 });
    const second = world.call<typeof first>('lambda', 'ListFunctions', { MaxItems: 2, Marker: first.NextMarker });

    expect([...first.Functions, ...second.Functions].map(({ FunctionName }) => FunctionName)).toEqual(['a', 'b', 'c']);
    expect(first.Functions[0].State).toBeUndefined();
    expect(second.NextMarker).toBeUndefined();
  });

  test('tags a function', async () => {
    await create({ Tags: { a: '1', b: '2' } });

    world.call('lambda', 'TagResource', { Resource: ARN, Tags: { c: '3' } });
    world.call('lambda', 'UntagResource', { Resource: ARN, TagKeys: ['a'] });

    expect(world.call('lambda', 'ListTags', { Resource: ARN })).toEqual({ Tags: { b: '2', c: '3' } });
  });

  test('deletes a function with all that belongs to it', async () => {
    await create();
    world.call('lambda', 'PublishVersion', { FunctionName: 'fn' });
    world.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName: 'fn', MaximumRetryAttempts: 0 });

    world.call('lambda', 'DeleteFunction', { FunctionName: 'fn' });

    expect(world.refusal('lambda', 'GetFunction', { FunctionName: 'fn' }).code).toBe('ResourceNotFoundException');
    expect(world.refusal('lambda', 'DeleteFunction', { FunctionName: 'fn' }).message).toBe(`Function not found: ${ARN}`);
    await create();
    expect(world.refusal('lambda', 'GetFunctionEventInvokeConfig', { FunctionName: 'fn' }).message)
      .toBe(`The function ${ARN}:$LATEST doesn't have an EventInvokeConfig`);
  });
});
