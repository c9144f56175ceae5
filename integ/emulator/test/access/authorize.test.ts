import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf } from '../../src/access/authorize/action-facts';
import { cloudhsmServices } from '../../src/services/cloudhsm';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { kms } from '../../src/services/kms/service';
import { lambda } from '../../src/services/lambda/service';
import { logs } from '../../src/services/logs/service';
import { s3 } from '../../src/services/s3/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { sns } from '../../src/services/sns/service';
import { ssm } from '../../src/services/ssm/service';
import { sts } from '../../src/services/sts/service';
import { loadModel } from '../../src/wire/model';
import type { Caller } from '../../src/wire/operation';
import { outside, roleSession, World } from '../_helpers/world';

let world: World;
beforeEach(() => {
  world = new World({ services: [...cloudhsmServices(), ec2, iam, kms, lambda, logs, s3, secretsmanager, sns, ssm, { ...sts, start: undefined }] });
});
afterEach(() => world.stop());

const APP = roleSession('app', 'me');
const ME = 'User: arn:aws:sts::123456789012:assumed-role/app/me is not authorized to perform:';

type StatementText = Readonly<Record<string, unknown>>;
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*', more: StatementText = {}): StatementText => ({ Effect: 'Allow', Action, Resource, ...more });
const may = (...statements: StatementText[]): void => world.empower('app', ...statements);

/** `allowed`, or the refusal. */
function attempt(service: string, operation: string, input: object, caller: Caller = APP): string {
  try {
    world.call(service, operation, input, caller);
    return 'allowed';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return /not authorized|does not have permission/.test(message) ? `${code}: ${message}` : 'allowed';
  }
}

describe('AWS\'s own words', () => {
  test.each([
    ['ssm', 'GetParameter', { Name: '/a/b' }, 'AccessDeniedException', 'ssm:GetParameter on resource: arn:aws:ssm:us-east-1:123456789012:parameter/a/b because no identity-based policy allows the ssm:GetParameter action'],
    ['s3', 'ListObjectsV2', { Bucket: 'data' }, 'AccessDenied', 's3:ListBucket on resource: "arn:aws:s3:::data" because no identity-based policy allows the s3:ListBucket action'],
    ['s3', 'HeadObject', { Bucket: 'data', Key: 'a/b' }, 'AccessDenied', 's3:GetObject on resource: "arn:aws:s3:::data/a/b" because no identity-based policy allows the s3:GetObject action'],
    ['logs', 'CreateLogGroup', { logGroupName: '/x' }, 'AccessDeniedException', 'logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:123456789012:log-group:/x:log-stream: because no identity-based policy allows the logs:CreateLogGroup action'],
    ['iam', 'GetRole', { RoleName: 'app' }, 'AccessDenied', 'iam:GetRole on resource: arn:aws:iam::123456789012:role/app because no identity-based policy allows the iam:GetRole action'],
    ['secretsmanager', 'GetSecretValue', { SecretId: 'none' }, 'AccessDeniedException', 'secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:none because no identity-based policy allows the secretsmanager:GetSecretValue action'],
    ['sns', 'ListTopics', {}, 'AuthorizationError', 'SNS:ListTopics on resource: * because no identity-based policy allows the SNS:ListTopics action'],
    ['lambda', 'Invoke', { FunctionName: 'f' }, 'AccessDeniedException', 'lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:f because no identity-based policy allows the lambda:InvokeFunction action'],
  ])('%s %s', (service, operation, input, code, text) => {
    may(allow('cloudwatch:PutMetricData'));

    expect(attempt(service, operation, input)).toBe(`${code}: ${ME} ${text}`);
  });

  test('EC2 has a code of its own, and a message that only AWS can read for what changes something', () => {
    may(allow('cloudwatch:PutMetricData'));

    expect(attempt('ec2', 'DescribeVpcs', {})).toBe(`UnauthorizedOperation: You are not authorized to perform this operation. ${ME} ec2:DescribeVpcs on resource: * `
      + 'because no identity-based policy allows the ec2:DescribeVpcs action');
    expect(attempt('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).toMatch(/allows the ec2:CreateVpc action\. Encoded authorization failure message: [\w-]{40,}$/);
  });

  test('CloudHSM keeps to its own sentence', () => {
    may(allow('cloudwatch:PutMetricData'));

    expect(attempt('cloudhsmv2', 'DescribeClusters', {})).toBe(
      'CloudHsmAccessDeniedException: The request was rejected because the requester does not have permission to perform the requested operation.');
  });

  test('a boundary and an explicit deny are named', () => {
    may(allow('ssm:*'), { Effect: 'Deny', Action: 'ssm:PutParameter', Resource: '*' });
    const { Policy } = world.call<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', { PolicyName: 'edge', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allow('s3:*') }) });
    expect(attempt('ssm', 'PutParameter', { Name: 'a', Value: 'b', Type: 'String' })).toMatch(/ with an explicit deny in an identity-based policy$/);
    world.call('iam', 'PutRolePermissionsBoundary', { RoleName: 'app', PermissionsBoundary: Policy.Arn });

    expect(attempt('ssm', 'GetParameter', { Name: 'a' })).toMatch(/ because no permissions boundary allows the ssm:GetParameter action$/);
  });
});

describe('what a call needs', () => {
  test('a name stands for its ARN, whatever way it is given', () => {
    may(allow('ssm:GetParameter', 'arn:aws:ssm:us-east-1:123456789012:parameter/mine/*'), allow('s3:GetObject', 'arn:aws:s3:::data/a/*'));

    expect(['/mine/x', '/mine/x:3', 'arn:aws:ssm:us-east-1:123456789012:parameter/mine/x'].map((Name) => attempt('ssm', 'GetParameter', { Name }))).toEqual(['allowed', 'allowed', 'allowed']);
    expect(attempt('ssm', 'GetParameter', { Name: '/other/x' })).not.toBe('allowed');
    expect(attempt('s3', 'GetObject', { Bucket: 'data', Key: 'b/x' })).not.toBe('allowed');
  });

  test('of several things each counts', () => {
    may(allow('ssm:GetParameters', 'arn:aws:ssm:us-east-1:123456789012:parameter/a'));

    expect(attempt('ssm', 'GetParameters', { Names: ['/a', '/b'] })).toContain('parameter/b');
  });

  test('a secret is known by name, ARN and the ARN without its end; its policy and tags count', () => {
    const { ARN } = world.call<{ ARN: string }>('secretsmanager', 'CreateSecret', { Name: 'db', SecretString: 's', Tags: [{ Key: 'team', Value: 'red' }] });
    may(allow('secretsmanager:GetSecretValue', ARN, { Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } } }));
    const read = () => ['db', ARN, ARN.slice(0, -7)].map((SecretId) => attempt('secretsmanager', 'GetSecretValue', { SecretId }));
    expect(read()).toEqual(['allowed', 'allowed', 'allowed']);

    world.call('secretsmanager', 'TagResource', { SecretId: 'db', Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(read()[0]).toMatch(/no identity-based policy/);
    world.call('secretsmanager', 'PutResourcePolicy', {
      SecretId: 'db', ResourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement: allow('secretsmanager:GetSecretValue', '*', { Principal: { AWS: 'arn:aws:iam::123456789012:role/app' } }) }),
    });
    expect(read()[0]).toBe('allowed');
  });

  test('a key has to let its account in, and a grant lets in by itself', () => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: allow('kms:*', '*', { Principal: { AWS: 'arn:aws:iam::123456789012:user/outside' } }) });
    const { KeyMetadata: { KeyId } } = world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey', { Policy });
    const { CiphertextBlob } = world.call<{ CiphertextBlob: Buffer }>('kms', 'Encrypt', { KeyId, Plaintext: Buffer.from('x'), EncryptionContext: { a: '1' } });
    may(allow('kms:*'));
    const decrypt = (EncryptionContext: object) => attempt('kms', 'Decrypt', { CiphertextBlob, EncryptionContext });
    expect(decrypt({ a: '1' })).toMatch(/because no resource-based policy allows the kms:Decrypt action$/);

    world.call('kms', 'CreateGrant', { KeyId, GranteePrincipal: 'arn:aws:iam::123456789012:role/app', Operations: ['Decrypt'], Constraints: { EncryptionContextSubset: { a: '1' } } });
    expect([decrypt({ a: '1' }), decrypt({ b: '1' })].map((answer) => answer.slice(0, 7))).toEqual(['allowed', 'AccessD']);
  });

  test('AWS\'s own key of a service lets everybody in who comes through that service', () => {
    may(allow('ssm:*'));

    expect(attempt('ssm', 'PutParameter', { Name: 's', Value: 'v', Type: 'SecureString' })).toBe('allowed');
    expect(attempt('kms', 'Encrypt', { KeyId: 'alias/aws/ssm', Plaintext: Buffer.from('x') })).toMatch(/no resource-based policy/);
  });

  test('tags given with a new thing need the action that tags, and are what conditions see', () => {
    const tagged = { Tags: [{ TagKey: 'team', TagValue: 'red' }] };
    may(allow('kms:CreateKey', '*', { Condition: { StringEquals: { 'aws:RequestTag/team': 'red', 'kms:KeyOrigin': 'AWS_KMS' } } }));
    expect(attempt('kms', 'CreateKey', tagged)).toMatch(/kms:TagResource/);

    world.call('iam', 'PutRolePolicy', { RoleName: 'app', PolicyName: 'tag', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allow('kms:TagResource') }) });
    expect(attempt('kms', 'CreateKey', tagged)).toBe('allowed');
    expect(attempt('kms', 'CreateKey', {})).toMatch(/kms:CreateKey/);
  });

  test('whoever gives tags to a cluster as he makes it from a backup needs leave to tag clusters, not that backup', () => {
    const input = { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-11111111'], SourceBackupId: 'backup-rtq2dwi2gq6', TagList: [{ Key: 'team', Value: 'red' }] };
    const others = ['cloudhsm:CreateCluster', 'ec2:*', 'iam:CreateServiceLinkedRole'];

    may(allow(others), allow('cloudhsm:TagResource', 'arn:aws:cloudhsm:us-east-1:123456789012:backup/*'));
    expect(attempt('cloudhsmv2', 'CreateCluster', input)).toMatch(/CloudHsmAccessDeniedException/);
    const Statement = allow('cloudhsm:TagResource', 'arn:aws:cloudhsm:us-east-1:123456789012:cluster/*');
    world.call('iam', 'PutRolePolicy', { RoleName: 'app', PolicyName: 'tag', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) });
    expect(attempt('cloudhsmv2', 'CreateCluster', input)).toBe('allowed');
  });

  test('a role is passed only by those who may, and to whom they may', () => {
    world.empower('worker');
    const create = { FunctionName: 'f', Runtime: 'nodejs22.x', Role: 'arn:aws:iam::123456789012:role/worker', Handler: 'index.handler', Code: { ZipFile: Buffer.from('') } };
    may(allow('lambda:CreateFunction'), allow('iam:PassRole', '*', { Condition: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } } }));
    expect(attempt('lambda', 'CreateFunction', create)).toContain('iam:PassRole on resource: arn:aws:iam::123456789012:role/worker');

    world.call('iam', 'PutRolePolicy', { RoleName: 'app', PolicyName: 'pass', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allow('iam:PassRole', 'arn:aws:iam::123456789012:role/worker') }) });
    expect(attempt('lambda', 'CreateFunction', create)).toBe('allowed');
  });

  test('CloudHSM does nothing in EC2 that its caller may not', () => {
    may(allow('cloudhsm:*'));

    expect(attempt('cloudhsmv2', 'CreateHsm', { ClusterId: 'cluster-aaaaaaaaaaa', AvailabilityZone: 'us-east-1b' })).not.toBe('allowed');
    expect(world.calls.records.at(-1)!.denied).toMatchObject({ action: 'ec2:CreateNetworkInterface' });
  });

  test('what is not there is refused as what is not there, where KMS says so to everybody', () => {
    may(allow('s3:*'));

    expect(world.refusal('kms', 'Encrypt', { KeyId: 'alias/none', Plaintext: Buffer.from('x') }, APP).code).toBe('NotFoundException');
  });

  test('a role that is not there may do nothing, nor an instance without one', () => {
    const nobody: Caller = { ...outside(), principal: { kind: 'user', account: '123456789012', arn: 'arn:aws:iam::123456789012:user/nobody-on-i-1' } };

    expect([attempt('s3', 'ListBuckets', {}), attempt('s3', 'ListBuckets', {}, nobody)].map((answer) => answer.slice(0, 12))).toEqual(['AccessDenied', 'AccessDenied']);
  });
});

test('a call says which statements let it through, and those that decisions needed are counted', () => {
  may(allow(['s3:ListAllMyBuckets', 's3:GetObject'], '*', { Sid: 'Mine' }));
  world.call('s3', 'ListBuckets', {}, APP);

  expect(world.calls.records.at(-1)!.allowedBy).toBe('identity policy may, statement Mine: s3:ListAllMyBuckets');
  const used = world.calls.use.all().filter(({ principal }) => principal === 'arn:aws:iam::123456789012:role/app').map(({ action, allowed, needed }) => ({ action, allowed, needed }));
  expect(used).toEqual([{ action: 's3:ListAllMyBuckets', allowed: 1, needed: 1 }, { action: 's3:GetObject', allowed: 0, needed: 0 }]);
});

test('every operation in models/ has an action that AWS lists, or is on the list of those that have not', () => {
  const { row } = { row: <T>(id: string): T => world.kernel.tables.value<T>('access', id) };
  const [prefixes, renamed] = [row<Record<string, string>>('prefixes'), row<Record<string, string[]>>('actions')];
  const services = readdirSync(join(__dirname, '..', '..', 'models')).filter((file) => file.endsWith('.json') && !['index.json', 'cfn-types.json'].includes(file));
  const unknown = services.flatMap((file) => {
    const service = file.replace('.json', '');
    return [...loadModel(service).operations.keys()].flatMap((operation) => {
      const name = `${prefixes[service] ?? service}:${operation}`;
      return (renamed[name] ?? [name]).filter((action) => factsOf(action) === undefined);
    });
  });

  expect(unknown.sort()).toEqual([...row<string[]>('actions-unlisted')].sort());
});
