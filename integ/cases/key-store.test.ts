import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeCustomKeyStoresCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, ListSecretsCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Offline } from './_harness/offline';
import { keyStoreApp } from '../apps/key-store';

let offline: Offline;

afterEach(() => offline.stop());

async function outputs(stack = 'Hsm'): Promise<Record<string, string>> {
  const { Stacks = [] } = await new CloudFormationClient(offline.client).send(new DescribeStacksCommand({ StackName: stack }));
  return Object.fromEntries((Stacks[0].Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}

async function stores(): Promise<Array<{ name: string; state: string; storeId: string }>> {
  const { CustomKeyStores = [] } = await new KMSClient(offline.client).send(new DescribeCustomKeyStoresCommand({}));
  return CustomKeyStores.map(({ CustomKeyStoreName, ConnectionState, CustomKeyStoreId }) => ({ name: CustomKeyStoreName!, state: ConnectionState!, storeId: CustomKeyStoreId! }));
}

test('from nothing to a CONNECTED store whose key encrypts a bucket, a queue and a secret', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const report = await offline.mustDeploy(keyStoreApp());

  const { KeyArn, BucketName, SecretArn } = await outputs();
  expect((await stores()).map(({ name, state }) => [name, state])).toEqual([['orders', 'CONNECTED']]);
  const kms = new KMSClient(offline.client);
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/orders' }));
  expect(KeyMetadata).toMatchObject({ Arn: KeyArn, KeyState: 'Enabled', Origin: 'AWS_CLOUDHSM' });
  const s3 = new S3Client({ ...offline.client, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: BucketName, Key: 'order', Body: 'one' }));
  expect(await (await s3.send(new GetObjectCommand({ Bucket: BucketName, Key: 'order' }))).Body!.transformToString()).toBe('one');
  expect((await s3.send(new HeadObjectCommand({ Bucket: BucketName, Key: 'order' }))).SSEKMSKeyId).toBe(KeyArn);
  const secrets = new SecretsManagerClient(offline.client);
  await secrets.send(new PutSecretValueCommand({ SecretId: SecretArn, SecretString: 'two' }));
  expect((await secrets.send(new GetSecretValueCommand({ SecretId: SecretArn }))).SecretString).toBe('two');
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true }));
  expect(SecretList.filter(({ Name }) => Name!.includes('kmsuser'))).toEqual([]);
  expect(report.notBuilt).toEqual([]);
  expect(report.denied).toEqual([]);
  expect(report.criticalPath.overhead).toBeLessThanOrEqual(0.05);
});
