import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, DeletePublicAccessBlockCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { Emulator } from '../../src';
import { raw, signedFor } from '../control/raw';

let emulator: Emulator;
const credentials = { accessKeyId: '123456789012', secretAccessKey: 'x' };
const settings = () => ({ endpoint: emulator.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });

beforeEach(async () => {
  emulator = await Emulator.start({
    region: 'us-east-1', bootstrap: ['none'], variants: ['iam/spread=at-once'], organization: { id: 'o-abcdefghij', levels: [{ name: 'Root', policies: ['FullAWSAccess'] }] },
  });
});
afterEach(() => emulator.stop());

describe('a request without a signature', () => {
  const json = { 'content-type': 'application/x-amz-json-1.1' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test.each([
    ['json', { headers: { ...json, 'x-amz-target': 'BaldrApiService.DescribeClusters' }, body: '{}' }, 400, 'MissingAuthenticationTokenException'],
    ['query', { headers: form, body: 'Action=CreateRole&Version=2010-05-08&RoleName=r&AssumeRolePolicyDocument=%7B%7D' }, 403, 'MissingAuthenticationToken'],
    ['rest-json', { method: 'GET', path: '/2015-03-31/functions/', headers: { host: 'lambda.us-east-1.amazonaws.com' } }, 403, 'MissingAuthenticationTokenException'],
    ['sns', { headers: form, body: 'Action=CreateTopic&Version=2010-03-31&Name=nobodys' }, 403, 'MissingAuthenticationToken'],
  ])('is nobody\'s and refused: %s', async (_protocol, sent, status, code) => {
    const answer = await raw(emulator.endpoint, sent);

    expect(answer.status).toBe(status);
    expect(`${String(answer.headers['x-amzn-errortype'])} ${answer.text}`).toContain(code);
  });

  const bucket = (path: string, method = 'GET', body?: string) => raw(emulator.endpoint, { method, path, body, headers: { host: 'open-to-all.s3.us-east-1.amazonaws.com' } });

  test('makes and reads nothing in S3, but what a bucket\'s policy opens to everybody', async () => {
    const s3 = new S3Client(settings());
    expect((await bucket('/', 'PUT')).text).toMatch(/<Code>AccessDenied<\/Code><Message>Access Denied</);
    await s3.send(new CreateBucketCommand({ Bucket: 'open-to-all' }));
    await s3.send(new PutObjectCommand({ Bucket: 'open-to-all', Key: 'open/a', Body: 'hello' }));
    expect((await bucket('/open/a')).status).toBe(403);
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket: 'open-to-all' }));
    const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::open-to-all/open/*' };
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'open-to-all', Policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }) }));

    expect(await bucket('/open/a')).toMatchObject({ status: 200, text: 'hello' });
    expect((await bucket('/closed')).status).toBe(403);
    expect((await bucket('/open/b', 'PUT', 'x')).status).toBe(403);
  });

  test('is not of the account that a policy opens to', async () => {
    const s3 = new S3Client(settings());
    await s3.send(new CreateBucketCommand({ Bucket: 'open-to-all' }));
    await s3.send(new PutObjectCommand({ Bucket: 'open-to-all', Key: 'a', Body: 'hello' }));
    const statement = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::open-to-all/*' };
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'open-to-all', Policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }) }));

    expect((await bucket('/a')).status).toBe(403);
  });

  test('takes back a subscription, as the link in a mail does', async () => {
    const sns = async (body: string) => (await raw(emulator.endpoint, { headers: { ...form, ...signedFor('sns') }, body: `${body}&Version=2010-03-31` })).text;
    const [topic] = /arn:aws:sns:[^<]+/.exec(await sns('Action=CreateTopic&Name=news'))!;
    const [subscription] = /arn:aws:sns:[^<]+/.exec(await sns(`Action=Subscribe&TopicArn=${topic}&Protocol=sms&Endpoint=%2B15555550100&ReturnSubscriptionArn=true`))!;
    expect(await sns('Action=ListSubscriptions')).toContain(subscription);

    const answer = await raw(emulator.endpoint, { method: 'GET', path: `/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=${subscription}` });

    expect(answer.status).toBe(200);
    expect(await sns('Action=ListSubscriptions')).not.toContain(subscription);
  });
});

test('an address that was signed for S3 by version 2 is its signer\'s', async () => {
  const s3 = new S3Client(settings());
  await s3.send(new CreateBucketCommand({ Bucket: 'shared' }));
  await s3.send(new PutObjectCommand({ Bucket: 'shared', Key: 'a', Body: 'hello' }));

  expect(await raw(emulator.endpoint, { method: 'GET', path: '/shared/a?AWSAccessKeyId=123456789012&Signature=x%3D&Expires=4102444800' })).toMatchObject({ status: 200, text: 'hello' });
});

describe('a session of a role', () => {
  const RoleName = 'app';
  const RoleArn = `arn:aws:iam::123456789012:role/${RoleName}`;

  const permit = async (Condition?: object, Effect = 'Allow') => new IAMClient(settings()).send(new PutRolePolicyCommand({
    RoleName, PolicyName: Effect, PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect, Action: 'sqs:ListQueues', Resource: '*', Condition } }),
  }));

  const session = async (DurationSeconds = 900) => {
    const { Credentials } = await new STSClient(settings()).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds }));
    return { accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! };
  };

  const list = async (keys: object) => new SQSClient({ ...settings(), credentials: keys as never }).send(new ListQueuesCommand({})).then(() => 'allowed', ({ name }: Error) => name);

  beforeEach(async () => {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' } });
    await new IAMClient(settings()).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  });

  test('is over when its time is', async () => {
    await permit();
    const keys = await session(900);
    await emulator.advance(899_000);
    expect(await list(keys)).toBe('allowed');

    await emulator.advance(1_000);

    expect(await list(keys)).toMatch(/^ExpiredToken/);
    await expect(new STSClient({ ...settings(), credentials: keys }).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken', $metadata: { httpStatusCode: 403 } });
    expect(await list(await session())).toBe('allowed');
  });

  test('of a user is over when its time is, too', async () => {
    const { Credentials } = await new STSClient(settings()).send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const keys = { accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! };
    expect(await list(keys)).toBe('allowed');

    await emulator.advance(900_000);

    expect(await list(keys)).toMatch(/^ExpiredToken/);
  });

  test('goes on over hours that are passed over while something is in progress: its client cannot see them, and renew it', async () => {
    await permit();
    const keys = await session(900);
    const before = emulator.kernel.now;
    emulator.kernel.on('test.done', () => undefined);
    emulator.kernel.transaction(() => emulator.kernel.after(7_200_000, { kind: 'test.done', args: {} }));
    await emulator.idle();

    expect(emulator.kernel.now - before).toBe(7_200_000);
    expect(await list(keys)).toBe('allowed');
  });

  test.each([
    ['aws:MultiFactorAuthPresent', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, 'AccessDenied'],
    ['aws:MultiFactorAuthPresent', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'allowed'],
    ['aws:userid', { StringLike: { 'aws:userid': 'AROA*:me' } }, 'allowed'],
    ['aws:TokenIssueTime', { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }, 'allowed'],
    ['aws:TokenIssueTime', { DateGreaterThan: { 'aws:TokenIssueTime': '2999-01-01T00:00:00Z' } }, 'AccessDenied'],
    ['aws:UserAgent', { StringLike: { 'aws:UserAgent': '*aws-sdk-js*' } }, 'allowed'],
    ['aws:PrincipalOrgID', { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }, 'allowed'],
    ['aws:ResourceOrgID', { StringEquals: { 'aws:ResourceOrgID': 'o-abcdefghij' } }, 'allowed'],
  ])('has %s: %j', async (_key, condition, outcome) => {
    await permit(condition);

    expect(await list(await session())).toMatch(new RegExp(`^${outcome}`));
  });
});

test('keys that stay have neither a second factor nor an hour of issue', async () => {
  const s3 = new S3Client(settings());
  await s3.send(new CreateBucketCommand({ Bucket: 'guarded' }));
  const statement = {
    Effect: 'Deny', Principal: '*', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::guarded', Condition: { Null: { 'aws:TokenIssueTime': 'false', 'aws:MultiFactorAuthPresent': 'false' } },
  };
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'guarded', Policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }) }));

  expect((await raw(emulator.endpoint, { method: 'GET', path: '/guarded?list-type=2', headers: signedFor('s3') })).status).toBe(200);
});
