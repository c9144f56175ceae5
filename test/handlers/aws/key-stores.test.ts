import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { keyStoreApi } from '../../../src/handlers/aws/key-stores';
import { keyApi } from '../../../src/handlers/aws/keys';
import { deleteCommand, leftBehindName } from '../../../src/handlers/aws/left-behind';
import { secretApi } from '../../../src/handlers/aws/secrets';
import { stackApi } from '../../../src/handlers/aws/stacks';
import { storeKeyApi } from '../../../src/handlers/aws/store-keys';
import { answering } from '../_helpers/answering';
import { serviceError } from '../_helpers/aws';

afterEach(() => {
  jest.restoreAllMocks();
});

const entry = (id: string, cluster?: string, name = `store ${id}`) => ({
  CustomKeyStoreId: id, CustomKeyStoreName: name, CloudHsmClusterId: cluster, ConnectionState: 'DISCONNECTED', TrustAnchorCertificate: 'PEM',
});
const stores = (...CustomKeyStores: object[]) => ({ CustomKeyStores, Truncated: false });
const denied = () => serviceError('AccessDeniedException', 'no');
const gone = () => serviceError('NotFoundException', 'no');

describe('key stores', () => {
  test('are read to the last page, without those that rest on no cluster', async () => {
    const sent = answering(KMSClient as never,
      { CustomKeyStores: [entry('cks-1', 'cluster-a'), entry('cks-2')], Truncated: true, NextMarker: 'more' },
      { CustomKeyStores: [], Truncated: true, NextMarker: 'still more' },
      { CustomKeyStores: [{ ...entry('cks-3', 'cluster-b'), ConnectionState: 'FAILED', ConnectionErrorCode: 'INTERNAL_ERROR' }], Truncated: false, NextMarker: 'not asked for' });

    expect(await keyStoreApi().all()).toEqual([
      { storeId: 'cks-1', name: 'store cks-1', clusterId: 'cluster-a', state: 'DISCONNECTED', errorCode: undefined, trustAnchor: 'PEM' },
      { storeId: 'cks-3', name: 'store cks-3', clusterId: 'cluster-b', state: 'FAILED', errorCode: 'INTERNAL_ERROR', trustAnchor: 'PEM' },
    ]);
    expect(sent.map(({ input }) => input.Marker)).toEqual([undefined, 'more', 'still more']);
  });

  test('are none without an error', async () => {
    answering(KMSClient as never, {});

    expect(await keyStoreApi().all()).toEqual([]);
  });

  test('may not be looked at: that is never taken for "none"', async () => {
    answering(KMSClient as never, denied());

    await expect(keyApi().keyStoresOf('cluster-a')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('of a cluster are told by name, but for one that a rollback left behind', async () => {
    const left = leftBehindName({ name: 'left', storeId: 'cks-3' }, Date.UTC(2026, 11, 7));
    answering(KMSClient as never, stores(entry('cks-1', 'cluster-a', 'orders'), entry('cks-2', 'cluster-b'), entry('cks-3', 'cluster-a', left)));

    expect(await keyApi().keyStoresOf('cluster-a')).toEqual(['orders']);
  });

  test('are given cluster and password in one call, and their name without either', async () => {
    const sent = answering(KMSClient as never);

    await keyStoreApi().give('cks-1', 'cluster-b', 'secret');
    await keyStoreApi().rename('cks-1', 'invoices');

    expect(sent.map(({ input }) => input)).toEqual([
      { CustomKeyStoreId: 'cks-1', CloudHsmClusterId: 'cluster-b', KeyStorePassword: 'secret' }, { CustomKeyStoreId: 'cks-1', NewCustomKeyStoreName: 'invoices' },
    ]);
  });
});

/** Answers by what is asked for, in whatever order. */
function answeringBy(answer: (operation: string, input: Record<string, string>) => unknown): void {
  jest.spyOn(KMSClient.prototype as unknown as { send(command: unknown): unknown }, 'send').mockImplementation((command) => {
    const { constructor, input } = command as { constructor: { name: string }; input: Record<string, string> };
    const result = answer(constructor.name, input);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  });
}

const metadata = (KeyId: string, CustomKeyStoreId?: string, rest: object = {}) => ({ KeyMetadata: { KeyId, Arn: `arn:${KeyId}`, KeyState: 'Enabled', CustomKeyStoreId, ...rest } });

describe('keys', () => {
  test('of a store are looked for on every page, past those that are closed to the function or gone meanwhile', async () => {
    const DeletionDate = new Date('2026-12-07T00:00:00Z');
    const found: Record<string, unknown> = {
      k1: metadata('k1'), k2: metadata('k2', 'cks-1'), k3: denied(), k4: gone(), k5: metadata('k5', 'cks-2'), k6: metadata('k6', 'cks-1', { KeyState: 'PendingDeletion', DeletionDate }),
    };
    const pages: Record<string, object> = {
      undefined: { Keys: ['k1', 'k2', 'k3'].map((KeyId) => ({ KeyId })), Truncated: true, NextMarker: 'more' }, more: { Keys: ['k4', 'k5', 'k6'].map((KeyId) => ({ KeyId })), Truncated: false },
    };
    answeringBy((operation, input) => (operation === 'ListKeysCommand' ? pages[String(input.Marker)] : found[input.KeyId]));

    expect(await storeKeyApi().inStore('cks-1')).toEqual([
      { keyId: 'k2', keyArn: 'arn:k2', state: 'Enabled', deletionAt: undefined }, { keyId: 'k6', keyArn: 'arn:k6', state: 'PendingDeletion', deletionAt: DeletionDate.getTime() },
    ]);
  });

  test('are looked at twenty at a time, and any other error ends it', async () => {
    let now = 0;
    let most = 0;
    const keys = Array.from({ length: 45 }, (_, index) => ({ KeyId: `k${index}` }));
    jest.spyOn(KMSClient.prototype as unknown as { send(command: unknown): unknown }, 'send').mockImplementation(async (command) => {
      const { constructor, input } = command as { constructor: { name: string }; input: Record<string, string> };
      if (constructor.name === 'ListKeysCommand') return { Keys: keys };
      now += 1;
      most = Math.max(most, now);
      await new Promise((soon) => setImmediate(soon));
      now -= 1;
      return metadata(input.KeyId, 'cks-1');
    });

    expect(await storeKeyApi().inStore('cks-1')).toHaveLength(45);
    expect(most).toBe(20);

    answeringBy((operation) => (operation === 'ListKeysCommand' ? { Keys: keys } : serviceError('KMSInternalException', 'no', 500)));
    await expect(storeKeyApi().inStore('cks-1')).rejects.toMatchObject({ name: 'KMSInternalException' });
  });

  test('are found by name and value of a tag, also when other keys may not be read', async () => {
    const tags: Record<string, unknown> = {
      k1: denied(), k2: { Tags: [{ TagKey: 'mine', TagValue: 'other' }] }, k3: { Tags: [{ TagKey: 'other', TagValue: 'x' }, { TagKey: 'mine', TagValue: 'x' }] }, k4: {},
    };
    const answers: Record<string, (keyId: string) => unknown> = {
      ListKeysCommand: () => ({ Keys: Object.keys(tags).map((KeyId) => ({ KeyId })) }), ListResourceTagsCommand: (keyId) => tags[keyId], DescribeKeyCommand: (keyId) => metadata(keyId, 'cks-1'),
    };
    answeringBy((operation, { KeyId }) => answers[operation](KeyId));

    expect(await storeKeyApi().findByTag('mine', 'x')).toMatchObject({ keyId: 'k3' });
    expect(await storeKeyApi().findByTag('mine', 'y')).toBeUndefined();
  });

  test('that are gone are nothing, and those that may not be described are an error', async () => {
    answering(KMSClient as never, gone(), denied());

    expect(await storeKeyApi().describe('k1')).toBeUndefined();
    await expect(storeKeyApi().describe('k1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a temporary secret', () => {
  const secret = { name: 'cdk-cloudhsm/kmsuser/x', description: 'd', userName: 'kmsuser', keyArn: '', reader: 'arn:reader', readers: ['arn:reader', 'arn:provider'] };

  test('is closed before anything is in it, and holds 32 letters and digits', async () => {
    const sent = answering(SecretsManagerClient as never, {}, {}, { RandomPassword: 'pass' }, { ARN: 'arn:x' });

    expect(await secretApi().makeTemporary(secret)).toBe('arn:x');
    expect(sent.map(({ operation }) => operation)).toEqual(['CreateSecretCommand', 'PutResourcePolicyCommand', 'GetRandomPasswordCommand', 'PutSecretValueCommand']);
    expect(sent[0].input).toEqual({ Name: secret.name, Description: 'd', KmsKeyId: undefined });
    const [allow, deny] = (JSON.parse(sent[1].input.ResourcePolicy as string) as { Statement: object[] }).Statement;
    expect([allow, deny]).toMatchObject([
      { Effect: 'Allow', Principal: { AWS: 'arn:reader' } }, { Effect: 'Deny', Principal: '*', Condition: { ArnNotEquals: { 'aws:PrincipalArn': ['arn:reader', 'arn:provider'] } } },
    ]);
    expect(sent[2].input).toEqual({ PasswordLength: 32, ExcludePunctuation: true, IncludeSpace: false, RequireEachIncludedType: true });
  });

  test('that is there already gets another password; one that may not be made is an error', async () => {
    const sent = answering(SecretsManagerClient as never, serviceError('ResourceExistsException', 'no'), {}, { RandomPassword: 'pass' }, { ARN: 'arn:x' }, denied());

    expect(await secretApi().makeTemporary(secret)).toBe('arn:x');
    expect(sent[3].input).toEqual({ SecretId: secret.name, SecretString: '{"username":"kmsuser","password":"pass"}' });
    await expect(secretApi().makeTemporary(secret)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('is destroyed without a way back; what is gone is gone, and a denial is an error', async () => {
    const sent = answering(SecretsManagerClient as never, {}, serviceError('ResourceNotFoundException', 'no'), denied());

    await secretApi().destroyTemporary('x');
    await secretApi().destroyTemporary('x');

    expect(sent.map(({ input }) => input)).toEqual(Array(2).fill({ SecretId: 'x', ForceDeleteWithoutRecovery: true }));
    await expect(secretApi().destroyTemporary('x')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a stack', () => {
  test('says how it is; one of which nothing may be known is an error, never "not rolling back"', async () => {
    answering(CloudFormationClient as never, { Stacks: [{ StackStatus: 'ROLLBACK_IN_PROGRESS' }] }, serviceError('ValidationError', 'Stack does not exist'), {});

    expect(await stackApi().status('arn:stack')).toBe('ROLLBACK_IN_PROGRESS');
    await expect(stackApi().status('arn:stack')).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(stackApi().status('arn:stack')).rejects.toThrow('CloudFormation does not show stack arn:stack');
  });
});

test('the command that finishes a removal names the day in UTC, on which the window is over', () => {
  expect(deleteCommand('cks-1', Date.UTC(2026, 11, 7, 23, 59))).toBe('run aws kms delete-custom-key-store --custom-key-store-id cks-1 after 2026-12-07');
});
