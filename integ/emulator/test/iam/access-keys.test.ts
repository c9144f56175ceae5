import { CreateAccessKeyCommand, CreateUserCommand, DeleteAccessKeyCommand, DeleteUserCommand, IAMClient, ListAccessKeysCommand, PutUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { policy } from './iam';
import { Emulator } from '../../src/emulator';

let emulator: Emulator;
let administrator: IAMClient;

beforeEach(async () => {
  emulator = await Emulator.start({ region: 'us-east-1', bootstrap: ['none'] });
  administrator = new IAMClient({ ...settings(), credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' } });
  await administrator.send(new CreateUserCommand({ UserName: 'alice', Path: '/staff/' }));
});

afterEach(() => emulator.stop());

const settings = () => ({ endpoint: emulator.endpoint, region: 'us-east-1' });

async function keyOfAlice(): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const { AccessKey } = await administrator.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

test('whoever signs with a user\'s key is the user, with the user\'s policies and no more', async () => {
  await administrator.send(new PutUserPolicyCommand({
    UserName: 'alice', PolicyName: 'may', PolicyDocument: policy({ Effect: 'Allow', Action: 'iam:ListAccessKeys', Resource: 'arn:aws:iam::123456789012:user/staff/alice' }),
  }));
  const credentials = await keyOfAlice();
  const alice = new IAMClient({ ...settings(), credentials });
  await emulator.idle();

  expect(credentials.accessKeyId).toMatch(/^AKIA[A-Z0-9]{16}$/);
  expect(credentials.secretAccessKey).toMatch(/^[\w+/]{40}$/);
  expect((await new STSClient({ ...settings(), credentials }).send(new GetCallerIdentityCommand())).Arn).toBe('arn:aws:iam::123456789012:user/staff/alice');
  expect((await alice.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).toMatchObject([{ UserName: 'alice', AccessKeyId: credentials.accessKeyId, Status: 'Active' }]);
  await expect(alice.send(new CreateUserCommand({ UserName: 'bob' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'User: arn:aws:iam::123456789012:user/staff/alice is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::123456789012:user/bob '
      + 'because no identity-based policy allows the iam:CreateUser action',
  });
});

test('a key that is switched off or deleted counts no more, and a user cannot be deleted before his keys', async () => {
  const credentials = await keyOfAlice();
  const key = { UserName: 'alice', AccessKeyId: credentials.accessKeyId };
  const who = () => new STSClient({ ...settings(), credentials }).send(new GetCallerIdentityCommand());

  await administrator.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
  await expect(who()).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await administrator.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
  await who();
  await expect(administrator.send(new DeleteUserCommand({ UserName: 'alice' }))).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await administrator.send(new DeleteAccessKeyCommand(key));
  await expect(who()).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(administrator.send(new DeleteAccessKeyCommand(key))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  await administrator.send(new DeleteUserCommand({ UserName: 'alice' }));
});

test('a user has two keys at most', async () => {
  await keyOfAlice();
  await keyOfAlice();

  await expect(keyOfAlice()).rejects.toMatchObject({ name: 'LimitExceededException', message: 'Cannot exceed quota for AccessKeysPerUser: 2' });
});
