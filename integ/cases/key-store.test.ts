import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DecryptCommand, DescribeCustomKeyStoresCommand, DescribeKeyCommand, EncryptCommand,
  KMSClient, ListKeysCommand, ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, ListSecretsCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Offline } from './_harness/offline';
import { sendAndReceive } from './_harness/queue';
import { keyStoreApp } from '../apps/key-store';
import { failingSibling } from '../apps/sibling';

let offline: Offline;

afterEach(() => offline.stop());

const DAY = 86_400_000;

async function outputs(stack = 'Hsm'): Promise<Record<string, string>> {
  const { Stacks = [] } = await new CloudFormationClient(offline.client).send(new DescribeStacksCommand({ StackName: stack }));
  return Object.fromEntries((Stacks[0].Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}

async function stores(): Promise<string[]> {
  const { CustomKeyStores = [] } = await new KMSClient(offline.client).send(new DescribeCustomKeyStoresCommand({}));
  return CustomKeyStores.map(({ CustomKeyStoreName, ConnectionState }) => `${CustomKeyStoreName}: ${ConnectionState}`);
}

/** Keys of any key store. */
async function storeKeys(): Promise<Array<{ state: string; days: number }>> {
  const kms = new KMSClient(offline.client);
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
  const described = await Promise.all(Keys.map(async ({ KeyId }) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!));
  return described.filter(({ CustomKeyStoreId }) => CustomKeyStoreId)
    .map(({ KeyState, DeletionDate }) => ({ state: KeyState!, days: DeletionDate ? Math.round((DeletionDate.getTime() - Date.now()) / DAY) : 0 }));
}

async function secretNames(): Promise<string[]> {
  const client = new SecretsManagerClient(offline.client);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true, MaxResults: 100 }));
  return SecretList.map(({ Name }) => Name!);
}

const clusterStates = () => offline.report().clusters.filter(({ state }) => state !== 'DELETED').map(({ state }) => state);

test('from nothing to a CONNECTED store whose key encrypts a bucket, a queue and a secret; then nothing to do; then changes in place', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const report = await offline.mustDeploy(keyStoreApp());

  const { KeyArn, BucketName, SecretArn, QueueUrl } = await outputs();
  expect(await stores()).toEqual(['orders: CONNECTED']);
  const kms = new KMSClient(offline.client);
  expect((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/orders' }))).KeyMetadata).toMatchObject({ Arn: KeyArn, KeyState: 'Enabled', Origin: 'AWS_CLOUDHSM' });
  expect((await secretNames()).filter((name) => name.includes('kmsuser'))).toEqual([]);
  expect([report.notBuilt, report.denied]).toEqual([[], []]);
  expect(report.criticalPath.overhead).toBeLessThanOrEqual(0.05);

  const s3 = new S3Client({ ...offline.client, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: BucketName, Key: 'order', Body: 'one' }));
  expect(await (await s3.send(new GetObjectCommand({ Bucket: BucketName, Key: 'order' }))).Body!.transformToString()).toBe('one');
  expect((await s3.send(new HeadObjectCommand({ Bucket: BucketName, Key: 'order' }))).SSEKMSKeyId).toBe(KeyArn);
  expect(await sendAndReceive(offline, QueueUrl, 'two')).toEqual(['two']);
  const secrets = new SecretsManagerClient(offline.client);
  await secrets.send(new PutSecretValueCommand({ SecretId: SecretArn, SecretString: 'three' }));
  expect((await secrets.send(new GetSecretValueCommand({ SecretId: SecretArn }))).SecretString).toBe('three');
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: KeyArn, Plaintext: Buffer.from('four') }));

  const again = await offline.deploy(keyStoreApp());
  expect(again.output).toMatch(/no changes/);

  await offline.mustDeploy(keyStoreApp({
    store: { customKeyStoreName: 'invoices' }, keys: { Key: { alias: 'orders', description: 'Orders', pendingWindow: Duration.days(7) } },
    and: (stack) => Tags.of(stack).add('team', 'payments'),
  }));
  expect(await stores()).toEqual(['invoices: CONNECTED']);
  expect((await kms.send(new DescribeKeyCommand({ KeyId: KeyArn }))).KeyMetadata).toMatchObject({ Description: 'Orders', KeyState: 'Enabled' });
  expect((await kms.send(new ListResourceTagsCommand({ KeyId: KeyArn }))).Tags).toEqual(expect.arrayContaining([{ TagKey: 'team', TagValue: 'payments' }]));

  expect((await offline.cdk(keyStoreApp(), ['destroy', 'Hsm', '--force'])).exitCode).toBe(0);
  expect(await stores()).toEqual(['invoices: CONNECTED']);
  expect(Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!).toString()).toBe('four');
});

test('with DESTROY the store stays connected while a key is pending, and goes with the HSMs when its window is over', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const app = keyStoreApp({ cluster: { removalPolicy: RemovalPolicy.DESTROY }, keys: { Key: { pendingWindow: Duration.days(7) } } });
  await offline.mustDeploy(app);

  const early = await offline.cdk(app, ['destroy', 'Hsm', '--force']);

  expect(early.output).toMatch(/KeyStoreHasKeys: key store orders \(cks-\w+\) stays connected, for it holds key \S+ \(deleted on 20\d\d-\d\d-\d\d\): delete again after 20/s);
  expect([await stores(), clusterStates()]).toEqual([['orders: CONNECTED'], ['ACTIVE']]);

  await offline.emulator.advance(8 * DAY);
  const later = await offline.cdk(app, ['destroy', 'Hsm', '--force']);

  expect(later.exitCode).toBe(0);
  expect([await stores(), await storeKeys(), clusterStates()]).toEqual([[], [], []]);
});

test('a sibling that fails after the key was made leaves one renamed store and its unused key for a week, and no HSM', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const { exitCode } = await offline.deploy(keyStoreApp({ and: failingSibling(5_400) }));

  expect(exitCode).toBe(1);
  expect(offline.report().stacks.find(({ name }) => name === 'Hsm')!.status).toBe('ROLLBACK_COMPLETE');
  expect(await stores()).toEqual([expect.stringMatching(/^orders \(rolled back: run aws kms delete-custom-key-store --custom-key-store-id cks-\w+ after 20\d\d-\d\d-\d\d\): DISCONNECTED$/)]);
  expect(await storeKeys()).toEqual([{ state: 'PendingDeletion', days: 7 }]);
  expect(clusterStates()).toEqual([]);
  expect((await secretNames()).filter((name) => name.includes('kmsuser'))).toEqual([]);
});

test('a connect that fails shows its code and what to do, and leaves nothing; a store in another stack than its cluster then connects', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const app = keyStoreApp({ storeElsewhere: true });

  for (const [code, remedy] of [['USER_LOCKED_OUT', /USER_LOCKED_OUT: kmsuser is locked/], ['NETWORK_ERRORS', /NETWORK_ERRORS: KMS did not reach the HSMs/]] as const) {
    offline.emulator.addFault({ service: 'kms', operation: 'key-store-login', kind: 'error', params: { code } });
    const { exitCode, output } = await offline.deploy(app);

    expect(exitCode).toBe(1);
    expect(output.replace(/\s+/g, ' ')).toMatch(remedy);
    expect([await stores(), (await secretNames()).filter((name) => name.includes('kmsuser'))]).toEqual([[], []]);
  }
  await offline.mustDeploy(app);
  expect(await stores()).toEqual(['orders: CONNECTED']);
});
