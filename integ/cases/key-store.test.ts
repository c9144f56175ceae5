import { CloudFormationClient, ContinueUpdateRollbackCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  ConnectCustomKeyStoreCommand, DecryptCommand, DescribeCustomKeyStoresCommand, DescribeKeyCommand, DisconnectCustomKeyStoreCommand, EncryptCommand,
  GetKeyPolicyCommand, KMSClient, ListAliasesCommand, ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { mustDeployDirectly } from './_harness/direct';
import { DAY, kmsUserSecrets, outputs, refusedKmsLogins, storeKeys, stores } from './_harness/key-stores';
import type { Offline } from './_harness/offline';
import { sendAndReceive } from './_harness/queue';
import { loseHsms, restoreNewest } from './_harness/restore';
import { Snapshot } from './_harness/snapshot';
import { keyStoreApp } from '../apps/key-store';
import type { KeyStoreAppOptions } from '../apps/key-store';
import { restored } from '../apps/restored';
import { failingSibling } from '../apps/sibling';
import { Cluster } from 'cdk-cloudhsm';
import type { Report } from 'cloudhsm-emulator';

/** A store that is CONNECTED on a cluster of the same stack, with a key that a bucket, a queue and a secret use. */
let snapshot: Snapshot;
let first: Report;
let offline: Offline;

const WINDOW = Duration.days(7);
const THROWN_AWAY = { removalPolicy: RemovalPolicy.DESTROY, pauseKeyStores: true };

const app = (options: KeyStoreAppOptions = {}) => keyStoreApp({ cluster: THROWN_AWAY, keys: { Key: { alias: 'orders', pendingWindow: WINDOW } }, ...options });

beforeAll(async () => {
  ({ snapshot, made: first } = await Snapshot.of({ region: 'eu-west-1' }, (fresh) => fresh.mustDeploy(app())));
});

beforeEach(async () => {
  offline = await snapshot.start();
});

afterEach(() => offline.stop());

afterAll(() => snapshot.remove());

const liveClusters = () => offline.report().clusters.filter(({ state }) => state !== 'DELETED');
const clusterStates = () => liveClusters().map(({ state }) => state);
const stackStatus = () => offline.report().stacks.find(({ name }) => name === 'Hsm')!.status;

async function encrypted(): Promise<() => Promise<string>> {
  const kms = new KMSClient(offline.client);
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/orders', Plaintext: Buffer.from('before') }));
  return async () => Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!).toString();
}

async function storeOf(): Promise<{ CustomKeyStoreId?: string; CloudHsmClusterId?: string; CustomKeyStoreName?: string; ConnectionState?: string }> {
  const { CustomKeyStores: [only] = [] } = await new KMSClient(offline.client).send(new DescribeCustomKeyStoresCommand({}));
  return only;
}

async function disconnectByHand(): Promise<string> {
  const { CustomKeyStoreId } = await storeOf();
  await new KMSClient(offline.client).send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));
  await offline.emulator.idle();
  return CustomKeyStoreId!;
}

/** Logical id of the store's resource, on which the rollback stopped. */
async function stoppedOn(): Promise<string> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(offline.client).send(new ListStackResourcesCommand({ StackName: 'Hsm' }));
  const failed = StackResourceSummaries.filter(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED');
  expect(failed.map(({ ResourceType }) => ResourceType)).toEqual(['Custom::KMSCustomKeyStore']);
  return failed[0].LogicalResourceId!;
}

test('from nothing to a CONNECTED store whose key encrypts a bucket, a queue and a secret; then nothing to do', async () => {
  const { KeyArn, BucketName, SecretArn, QueueUrl } = await outputs(offline);
  expect(await stores(offline)).toEqual(['orders: CONNECTED']);
  const kms = new KMSClient(offline.client);
  expect((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/orders' }))).KeyMetadata).toMatchObject({ Arn: KeyArn, KeyState: 'Enabled', Origin: 'AWS_CLOUDHSM' });
  expect(await kmsUserSecrets(offline)).toEqual([]);
  expect([first.notBuilt, first.denied]).toEqual([[], []]);
  expect(first.criticalPath.overhead).toBeLessThanOrEqual(0.05);

  const s3 = new S3Client({ ...offline.client, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: BucketName, Key: 'order', Body: 'one' }));
  expect(await (await s3.send(new GetObjectCommand({ Bucket: BucketName, Key: 'order' }))).Body!.transformToString()).toBe('one');
  expect((await s3.send(new HeadObjectCommand({ Bucket: BucketName, Key: 'order' }))).SSEKMSKeyId).toBe(KeyArn);
  expect(await sendAndReceive(offline, QueueUrl, 'two')).toEqual(['two']);
  const secrets = new SecretsManagerClient(offline.client);
  await secrets.send(new PutSecretValueCommand({ SecretId: SecretArn, SecretString: 'three' }));
  expect((await secrets.send(new GetSecretValueCommand({ SecretId: SecretArn }))).SecretString).toBe('three');

  expect((await offline.deploy(app())).output).toMatch(/no changes/);
});

test('every property of store and key changes in place, also of a store that an operator disconnected; a stack that retains leaves all usable', async () => {
  const kms = new KMSClient(offline.client);
  const before = await encrypted();
  const { KeyArn, StoreId } = await outputs(offline);
  const policy = () => new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ sid: 'Mine', principals: [new iam.AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] })],
  });
  const changed = (enabled: boolean, customKeyStoreName: string): KeyStoreAppOptions => ({
    cluster: { pauseKeyStores: true },
    store: { customKeyStoreName },
    keys: { Key: { alias: 'invoices', description: 'Invoices', enabled, policy: policy(), pendingWindow: Duration.days(30) } },
    and: (stack) => Tags.of(stack).add('team', 'payments'),
  });

  await offline.mustDeploy(app(changed(false, 'invoices')));

  expect(await stores(offline)).toEqual(['invoices: CONNECTED']);
  expect((await kms.send(new DescribeKeyCommand({ KeyId: KeyArn }))).KeyMetadata).toMatchObject({ Description: 'Invoices', KeyState: 'Disabled' });
  expect((await kms.send(new ListResourceTagsCommand({ KeyId: KeyArn }))).Tags).toEqual(expect.arrayContaining([{ TagKey: 'team', TagValue: 'payments' }]));
  expect((await kms.send(new GetKeyPolicyCommand({ KeyId: KeyArn }))).Policy).toMatch(/"Mine".*"TheLifecycleFunctionManages"/s);
  expect((await kms.send(new ListAliasesCommand({ KeyId: KeyArn }))).Aliases!.map(({ AliasName }) => AliasName)).toEqual(['alias/invoices']);
  await expect(before()).rejects.toMatchObject({ name: 'DisabledException' });

  await disconnectByHand();
  // Both calls are carried out, and nobody hears of it.
  offline.emulator.addFault({ service: 'kms', operation: 'UpdateCustomKeyStore', kind: 'lost-answer' });
  offline.emulator.addFault({ service: 'kms', operation: 'ConnectCustomKeyStore', kind: 'lost-answer' });
  await mustDeployDirectly(offline, app(changed(true, 'bills')));

  expect(await stores(offline)).toEqual(['bills: CONNECTED']);
  expect(await before()).toBe('before');
  expect(await refusedKmsLogins(offline, liveClusters()[0].clusterId)).toEqual([]);
  expect(await kmsUserSecrets(offline)).toEqual([]);

  const { exitCode } = await offline.cdk(app(changed(true, 'bills')), ['destroy', 'Hsm', '--force']);
  expect(exitCode).toBe(0);
  expect(await storeOf()).toMatchObject({ CustomKeyStoreId: StoreId, CustomKeyStoreName: 'bills', ConnectionState: 'CONNECTED' });
  expect(await before()).toBe('before');
});

test('with DESTROY the store stays connected while a key is pending, and goes with the HSMs when its window is over', async () => {
  const early = await offline.cdk(app(), ['destroy', 'Hsm', '--force']);

  expect(early.output).toMatch(/KeyStoreHasKeys: key store orders \(cks-\w+\) stays connected, for it holds key \S+ \(deleted on 20\d\d-\d\d-\d\d\): delete again after 20/s);
  expect([await stores(offline), clusterStates()]).toEqual([['orders: CONNECTED'], ['ACTIVE']]);

  await offline.emulator.advance(8 * DAY);
  const later = await offline.cdk(app(), ['destroy', 'Hsm', '--force']);

  expect(later.exitCode).toBe(0);
  expect([await stores(offline), await storeKeys(offline), clusterStates()]).toEqual([[], [], []]);
});

test('a cluster under a key store is paused with pauseKeyStores only; afterwards what was encrypted before is readable', async () => {
  const withHsms = (hsmCount: number, pauseKeyStores: boolean) => app({ cluster: { ...THROWN_AWAY, hsmCount, pauseKeyStores } });
  const before = await encrypted();

  const refused = await offline.cdk(withHsms(0, false), ['synth', 'Hsm', '--quiet']).catch((error: Error) => error.message);
  const none = await mustDeployDirectly(offline, withHsms(0, true));
  const paused = await stores(offline);
  const unreadable = await before().catch((error: Error) => error.name);
  const two = await offline.mustDeploy(withHsms(2, true));

  expect(refused).toMatch(/TooFewHsmsForKeyStore: .* set pauseKeyStores/);
  expect([none.clusters[0].hsms.length, paused, unreadable]).toEqual([0, ['orders: DISCONNECTED'], 'KMSInvalidStateException']);
  expect([two.clusters[0].hsms.length, await stores(offline), await before()]).toEqual([2, ['orders: CONNECTED'], 'before']);
});

test('a store moves to a cluster that was restored from a backup older than its last connect; never to a stranger, and a rollback cannot take it where no HSM is', async () => {
  const before = await encrypted();
  const [{ clusterId: original }] = liveClusters();
  await offline.emulator.advance(1.5 * DAY);
  // KMS sets another password: the one in the backup is of no use any more.
  const CustomKeyStoreId = await disconnectByHand();
  await new KMSClient(offline.client).send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
  await offline.emulator.idle();
  const ids = await restoreNewest(offline, original);

  const stranger = await offline.deploy(app({ on: (stack, { vpc }) => new Cluster(stack, 'Stranger', { vpc, removalPolicy: RemovalPolicy.DESTROY }) }));

  expect(stranger.exitCode).toBe(1);
  expect(stranger.output.replace(/\s+/g, ' ')).toMatch(
    new RegExp(`ClusterNotRelated: cluster cluster-\\w+ does not have the certificate of ${original}, on which key store orders stays; give a cluster that was restored from a backup of it`));
  expect([stackStatus(), await stores(offline), await before()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['orders: CONNECTED'], 'before']);

  await loseHsms(offline, original);
  const moved = (seconds?: number) => app({
    on: restored(ids), and: (stack, store) => {
      store.node.addDependency(store.cluster);
      if (seconds) failingSibling(seconds, store)(stack);
    },
  });
  const rolledBack = await offline.deploy(moved(60));

  expect(rolledBack.exitCode).toBe(1);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_FAILED');
  expect(rolledBack.output.replace(/\s+/g, ' ')).toMatch(new RegExp(`TooFewHsms: cluster ${original} has 0 active HSMs in no Availability Zone`));
  expect(await storeOf()).toMatchObject({ CustomKeyStoreId, CloudHsmClusterId: ids.clusterId, ConnectionState: 'CONNECTED' });
  expect(await before()).toBe('before');

  await new CloudFormationClient(offline.client).send(new ContinueUpdateRollbackCommand({ StackName: 'Hsm', ResourcesToSkip: [await stoppedOn()] }));
  await offline.emulator.idle();
  await mustDeployDirectly(offline, moved());

  expect(await storeOf()).toMatchObject({ CustomKeyStoreId, CloudHsmClusterId: ids.clusterId, ConnectionState: 'CONNECTED' });
  expect([await before(), await refusedKmsLogins(offline, ids.clusterId), await kmsUserSecrets(offline)]).toEqual(['before', [], []]);
});
