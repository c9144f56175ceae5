import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudHSMV2Client, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { asUser } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { hsmNetwork } from './_harness/inventory';
import type { Offline } from './_harness/offline';
import { QUICK_START, quickStart } from '../apps/quick-start';
import type { Cluster } from 'cdk-cloudhsm';

let offline: Offline;

afterEach(() => offline.stop());

async function secretOf(logicalId: RegExp): Promise<string> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(offline.client).send(new ListStackResourcesCommand({ StackName: 'Hsm' }));
  return StackResourceSummaries.find(({ LogicalResourceId, ResourceType }) => ResourceType === 'AWS::SecretsManager::Secret'
    && logicalId.test(LogicalResourceId!))!.PhysicalResourceId!;
}

test('a second deploy changes nothing, also after a newer image was published, and the diff is empty', async () => {
  offline = await beginWith(QUICK_START);
  const before = offline.report();
  offline.emulator.publishImages();

  const again = await offline.deploy(quickStart());
  const diff = await offline.cdk(quickStart(), ['diff', '--fail']);

  expect(again.output).toMatch(/no changes/);
  expect(again.exitCode).toBe(0);
  expect(diff.exitCode).toBe(0);
  expect(offline.report().clusters).toEqual(before.clusters);
});

test('2 → 3 → 0 → 2 HSMs in place, with keys and users kept, and a user made in the deploy that ends the pause', async () => {
  offline = await beginWith(QUICK_START);
  const secret = await secretOf(/Userapp/);
  const made = await asUser(offline, secret, 'key generate-symmetric aes --label kept --key-length-bytes 32');
  const checkValue = /"check-value": *"(0x[0-9a-f]+)"/.exec(made)![1];

  const three = await offline.mustDeploy(quickStart({ hsmCount: 3 }));
  const none = await offline.mustDeploy(quickStart({ hsmCount: 0 }));
  const two = await offline.mustDeploy(quickStart({ hsmCount: 2, users: ['app', 'late'] }));

  expect([three, none, two].map(({ clusters }) => clusters[0].hsms.length)).toEqual([3, 0, 2]);
  expect(new Set([three, none, two].map(({ clusters }) => clusters[0].clusterId)).size).toBe(1);
  expect(two.clusters[0].users.filter(({ coverage }) => coverage === 'full').map(({ username }) => username)).toEqual(
    expect.arrayContaining(['admin', 'cdk_automation', 'app', 'late']));
  await asUser(offline, secret, 'user list');
  const listed = await asUser(offline, secret, 'key list --verbose --filter attr.label=kept');
  expect(listed).toContain(checkValue);
});

test('a pause keeps the last HSM while no backup newer than the removal of the first is READY, and its rollback brings the other back', async () => {
  offline = await beginWith(QUICK_START);
  const { clusters: [before] } = offline.report();
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'backup-ready', kind: 'never', times: 0 });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 0 }));

  const { clusters: [after] } = offline.report();
  expect(exitCode).toBe(1);
  expect(output.replace(/\s+/g, ' ')).toMatch(/NoBackupBeforeLastHsm: HSM hsm-\w+ is the last one of cluster-\w+ and stays, billed/);
  expect(offline.report().stacks.find(({ name }) => name === 'Hsm')!.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(after.hsms).toHaveLength(2);
  expect(after.hsms.filter(({ hsmId }) => before.hsms.some((hsm) => hsm.hsmId === hsmId))).toHaveLength(1);
  expect(after.users).toEqual(before.users);
});

test('of users who leave the stack with DESTROY, one who owns a key stays, and the update is well', async () => {
  offline = await beginWith(QUICK_START);
  const removalPolicy = RemovalPolicy.DESTROY;
  const leaving = (_: Stack, cluster: Cluster) => {
    ['owner', 'guest'].forEach((userName) => cluster.addCryptoUser(`User-${userName}`, { userName, removalPolicy }));
    cluster.addAdminUser('User-ops', { userName: 'ops', removalPolicy });
  };
  await mustDeployDirectly(offline, quickStart({ users: [], and: leaving }));
  expect(offline.report().clusters[0].users).toContainEqual({ username: 'ops', role: 'admin', coverage: 'full' });
  await asUser(offline, await secretOf(/Userops/), 'user create --username byhand --role crypto-user --password Password1', 'admin');
  await asUser(offline, await secretOf(/Userowner/), 'key generate-symmetric aes --label owned --key-length-bytes 32');

  const { clusters: [cluster] } = await offline.mustDeploy(quickStart({ users: [] }));

  expect(cluster.users).toContainEqual({ username: 'owner', role: 'crypto-user', coverage: 'full' });
  expect(cluster.users.map(({ username }) => username).sort()).toEqual(['admin', 'app', 'app_user', 'byhand', 'cdk_automation', 'owner']);
});

test('a crypto user does not become an admin: the update rolls back and the user stays what he is', async () => {
  offline = await beginWith(QUICK_START);
  const { clusters: [before] } = offline.report();

  const { stacks } = await deployDirectly(offline, offline.synth(quickStart({
    and: (_, cluster) => cluster.addAdminUser('Admin', { userName: 'app', adopt: true }),
  })));

  expect(stacks.find(({ name }) => name === 'Hsm')!.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await failures(offline, 'Hsm')).toMatch(/UserIsNoAdmin: user app of cluster-\w+ has the role crypto-user, not admin; choose another userName/);
  expect(offline.report().clusters[0].users).toEqual(before.users);
});

test('destroy with the default keeps cluster, HSMs, secrets, anchor and key, all usable', async () => {
  offline = await beginWith(QUICK_START);
  const { clusters: [before] } = offline.report();
  const secret = await secretOf(/Userapp/);

  const { exitCode } = await offline.cdk(quickStart(), ['destroy', 'Hsm', '--force']);

  const { clusters: [after] } = offline.report();
  expect(exitCode).toBe(0);
  expect(after).toEqual(before);
  const value = await new SecretsManagerClient(offline.client).send(new GetSecretValueCommand({ SecretId: secret }));
  expect(JSON.parse(value.SecretString!)).toMatchObject({ username: 'app' });
  const anchor = await new SSMClient(offline.client).send(new GetParameterCommand({ Name: `/cdk-cloudhsm/${before.clusterId}/trust-anchor` }));
  expect(anchor.Parameter!.Value).toContain('BEGIN CERTIFICATE');
});

test('destroy with DESTROY leaves no HSM, cluster, interface or group, and backups remain', async () => {
  offline = await beginWith(QUICK_START);
  const app = quickStart({ removalPolicy: RemovalPolicy.DESTROY });
  const { clusters: [before] } = await mustDeployDirectly(offline, app);

  const { exitCode, output } = await offline.destroy(app);
  await offline.emulator.advance(3_600_000);

  expect(output).not.toMatch(/DELETE_FAILED/);
  expect(exitCode).toBe(0);
  expect(offline.report().clusters.filter(({ state }) => state !== 'DELETED')).toEqual([]);
  expect(await hsmNetwork(offline)).toEqual({ interfaces: [], groups: [] });
  const cloudHsm = new CloudHSMV2Client(offline.client);
  const { Backups = [] } = await cloudHsm.send(new DescribeBackupsCommand({ Filters: { clusterIds: [before.clusterId] } }));
  expect(Backups.length).toBeGreaterThan(0);
});
