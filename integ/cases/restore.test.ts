import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RemovalPolicy } from 'aws-cdk-lib';
import { asUser, asUserOf, onAdminClient } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { mustDeployDirectly } from './_harness/direct';
import { DAY, outputs } from './_harness/key-stores';
import type { Offline } from './_harness/offline';
import { stackSecret } from './_harness/secrets';
import { fromBackup } from '../apps/from-backup';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { ClusterMode } from 'cdk-cloudhsm';

let offline: Offline;

afterEach(() => offline.stop());

const checkValueIn = (text: string) => /"check-value": *"(0x[0-9a-f]+)"/.exec(text)?.[1];
const live = () => offline.report().clusters.filter(({ state }) => state !== 'DELETED');

/** Makes a key as a user of the cluster, and lets the day pass on which it gets into a backup. */
async function keptKey(): Promise<string> {
  const made = await asUser(offline, await stackSecret(offline, /Userapp/), 'key generate-symmetric aes --label kept --key-length-bytes 32');
  await offline.emulator.advance(1.5 * DAY);
  return checkValueIn(made)!;
}

/** An operator gives the automation admin another password, on the HSMs and in the secret. */
async function changeAdminPassword(): Promise<void> {
  const SecretId = await stackSecret(offline, /ClusterAdminSecret/);
  const changed = await onAdminClient(offline, `
secret=$(aws secretsmanager get-secret-value --secret-id '${SecretId}' --query SecretString --output text)
password=$(printf '%s' "$secret" | sed -n 's/.*"password" *: *"\\([^"]*\\)".*/\\1/p')
CLOUDHSM_ROLE=admin CLOUDHSM_PIN="cdk_automation:$password" /opt/cloudhsm/bin/cloudhsm-cli user change-password --username cdk_automation --role admin --password Another1Password`);
  expect(changed.output).toMatch(/"error_code": *0/);
  const SecretString = JSON.stringify({ username: 'cdk_automation', password: 'Another1Password' });
  await new SecretsManagerClient(offline.client).send(new PutSecretValueCommand({ SecretId, SecretString }));
}

/** Logins as the automation admin that HSMs of a cluster refused: what its audit log says. */
async function refusedLogins(clusterId: string): Promise<string[]> {
  const { events = [] } = await new CloudWatchLogsClient(offline.client).send(new FilterLogEventsCommand({ logGroupName: `/aws/cloudhsm/${clusterId}`, limit: 10_000 }));
  return events.map(({ message = '' }) => message).filter((message) => /CN_LOGIN/.test(message) && message.includes('cdk_automation') && !/SUCCESS/.test(message));
}

test('a cluster made from the newest backup is opened by the password of its day, has its keys and users, and stays what it is when there are newer ones', async () => {
  offline = await beginWith(QUICK_START);
  const [original] = live();
  const checkValue = await keptKey();
  await changeAdminPassword();
  const app = quickStart({ and: fromBackup({ removalPolicy: RemovalPolicy.DESTROY }) });
  // The cluster is made, and nobody hears of it.
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'CreateCluster', kind: 'lost-answer' });

  const report = await offline.mustDeploy(app);

  const { RestoredId, RestoredUserArn, RestoredClient } = await outputs(offline);
  const restored = report.clusters.find(({ clusterId }) => clusterId === RestoredId)!;
  expect(report.clusters).toHaveLength(2);
  expect(report.clusters).toContainEqual(expect.objectContaining({ clusterId: original.clusterId, hsms: original.hsms }));
  expect(restored).toMatchObject({ state: 'ACTIVE', hsmType: original.hsmType, mode: original.mode });
  expect(new Set(restored.hsms.map(({ availabilityZone }) => availabilityZone)).size).toBe(2);
  expect(restored.users.filter(({ coverage }) => coverage === 'full').map(({ username }) => username)).toEqual(expect.arrayContaining(['admin', 'cdk_automation', 'app']));
  expect(await refusedLogins(RestoredId)).toEqual([]);
  expect(checkValueIn(await asUserOf(offline, RestoredClient, RestoredUserArn, 'key list --verbose --filter attr.label=kept'))).toBe(checkValue);
  expect([report.denied, report.notBuilt]).toEqual([[], []]);

  await offline.emulator.advance(2 * DAY);
  expect((await offline.deploy(app)).output).toMatch(/no changes/);

  await mustDeployDirectly(offline, quickStart());
  expect(live().map(({ clusterId }) => clusterId)).toEqual([original.clusterId]);
});

test('a backup of another mode is refused before a cluster is made', async () => {
  offline = await beginWith(QUICK_START);

  const { exitCode, output } = await offline.deploy(quickStart({ and: fromBackup({ mode: ClusterMode.NON_FIPS }) }));

  expect(exitCode).toBe(1);
  expect(output.replace(/\s+/g, ' ')).toMatch(/BackupModeDiffers: the newest backup of cluster-\w+ was made in mode FIPS, and mode is NON_FIPS; set mode to FIPS/);
  expect(offline.report().clusters).toHaveLength(1);
});
