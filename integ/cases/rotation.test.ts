import { CloudHSMV2Client, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { CancelRotateSecretCommand, DescribeSecretCommand, ListSecretVersionIdsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { asUser } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { mustDeployDirectly } from './_harness/direct';
import type { Build, Offline } from './_harness/offline';
import { holderOf, labelsOf, logged, refusedLogins, rotateNow, secretOf } from './_harness/passwords';
import { stayLoggedIn } from './_harness/sessions';
import { Snapshot } from './_harness/snapshot';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { PasswordRotation } from 'cdk-cloudhsm';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The quick start, with the password of its admin rotated, of its user, and of another who takes turns. */
const rotated = (users: readonly string[] = []): Build => quickStart({
  users,
  adminRotation: PasswordRotation.maintenanceWindow(),
  and: (_stack, cluster) => {
    cluster.addCryptoUser('User-app', { userName: 'app', rotation: PasswordRotation.maintenanceWindow() });
    cluster.addCryptoUser('Turns', { rotation: PasswordRotation.alternatingUsers() });
  },
});

let snapshot: Snapshot;
let offline: Offline;

beforeAll(async () => {
  ({ snapshot } = await Snapshot.of({ region: 'eu-west-1' }, async (made) => mustDeployDirectly(made, rotated()), async () => beginWith(QUICK_START)));
});
afterAll(() => snapshot.remove());
afterEach(() => offline.stop());

/** When the backups of the cluster were made that can be restored. */
async function backupTimes(of: Offline): Promise<number[]> {
  const client = new CloudHSMV2Client(of.client);
  const times: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeBackupsCommand({ NextToken }));
    times.push(...(page.Backups ?? []).map(({ CreateTimestamp }) => CreateTimestamp!.getTime()));
    NextToken = page.NextToken;
  } while (NextToken);
  return times;
}

/** The calendar begins on Thursday, 1 January; windows open on the first Sunday at 3:00. */
async function untilFirstWindow(): Promise<void> {
  await offline.emulator.advance(4 * DAY_MS);
  await offline.emulator.idle();
}

const logsIn = async (secretArn: string) => (await asUser(offline, secretArn, 'key list --max-items 1')).includes('"error_code": 0');

test('in their window all passwords are changed, one after the other and with no login refused, and the next deploy works with them', async () => {
  offline = await snapshot.start();
  const secrets = await Promise.all(['Automation admin', 'Crypto user app', 'Crypto user turns'].map(async (what) => secretOf(offline, what)));
  const before = await Promise.all(secrets.map(async (arn) => holderOf(offline, arn, 'AWSCURRENT')));

  await untilFirstWindow();

  const after = await Promise.all(secrets.map(async (arn) => labelsOf(offline, arn)));
  after.forEach((labels, index) => expect(labels[before[index]!]).toContain('AWSPREVIOUS'));
  expect(JSON.stringify(after)).not.toContain('AWSPENDING');
  expect(await logsIn(secrets[1])).toBe(true);
  expect(await logsIn(secrets[2])).toBe(true);
  expect(await asUser(offline, secrets[2], 'user list')).toContain('turns_alt');
  await mustDeployDirectly(offline, rotated(['later']));
  for (const name of ['app', 'turns', 'cdk_automation']) expect(await refusedLogins(offline, name)).toEqual([0, 0]);
});

test('while something is logged in as the user his password stays and he is not locked; it changes when nothing is any more', async () => {
  offline = await snapshot.start();
  const secretArn = await secretOf(offline, 'Crypto user app');
  const before = await holderOf(offline, secretArn, 'AWSCURRENT');
  const logOut = await stayLoggedIn(offline, secretArn);

  await untilFirstWindow();

  expect(await holderOf(offline, secretArn, 'AWSCURRENT')).toBe(before);
  expect(offline.report().timeline.filter(({ event }) => event === 'RotationFailed').length).toBeGreaterThan(1);
  expect(await refusedLogins(offline, 'app')).toEqual([0, 0]);
  logOut();
  await expect(rotateNow(offline, secretArn)).rejects.toThrow(/will be reattempted/);
  await offline.emulator.idle();
  expect(await holderOf(offline, secretArn, 'AWSPREVIOUS')).toBe(before);
  expect(await logsIn(secretArn)).toBe(true);
});

test('a function that is killed after it has sent the script finds the password set, with one login refused', async () => {
  offline = await snapshot.start();
  const secretArn = await secretOf(offline, 'Crypto user app');
  offline.emulator.addFault({ service: 'lambda', operation: 'invoke', kind: 'kill', nth: 2, params: { afterCalls: 12 } });

  const version = await rotateNow(offline, secretArn);
  const killed = await holderOf(offline, secretArn, 'AWSPENDING');
  await offline.emulator.advance(HOUR_MS);
  await offline.emulator.idle();

  expect(killed).toBe(version);
  expect(await holderOf(offline, secretArn, 'AWSCURRENT')).toBe(version);
  expect(Math.max(...await refusedLogins(offline, 'app'))).toBe(1);
  expect(await logsIn(secretArn)).toBe(true);
});

test('users who take turns: a key that is not shared keeps the one before in use, until it is', async () => {
  offline = await snapshot.start();
  const secretArn = await secretOf(offline, 'Crypto user turns');
  const before = await holderOf(offline, secretArn, 'AWSCURRENT');
  await asUser(offline, secretArn, 'key generate-symmetric aes --label orders --key-length-bytes 32');

  await rotateNow(offline, secretArn);
  const unshared = await holderOf(offline, secretArn, 'AWSCURRENT');
  await asUser(offline, secretArn, 'key share --filter attr.label=orders --username turns_alt --role crypto-user');
  await expect(rotateNow(offline, secretArn)).rejects.toThrow(/will be reattempted/);
  await offline.emulator.idle();
  await offline.emulator.advance(HOUR_MS);
  await offline.emulator.idle();

  expect(unshared).toBe(before);
  expect(await holderOf(offline, secretArn, 'AWSPREVIOUS')).toBe(before);
  expect(await asUser(offline, secretArn, 'key list --filter attr.label=orders')).toContain('"total_key_count": 1');
});

test('after months of rotations the admin\'s password of every backup\'s day is still labelled, and no older one', async () => {
  offline = await snapshot.start();
  const [SecretId, ...others] = await Promise.all(['Automation admin', 'Crypto user app', 'Crypto user turns'].map(async (what) => secretOf(offline, what)));
  const secrets = new SecretsManagerClient(offline.client);
  for (const other of others) await secrets.send(new CancelRotateSecretCommand({ SecretId: other }));

  // Backups are kept for 90 days and wait 7 more: in the sixth window none of the first password's days is left.
  await offline.emulator.advance(160 * DAY_MS);
  await offline.emulator.idle();

  const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }));
  const backups = await backupTimes(offline);
  const byAge = Versions.sort((a, b) => b.CreatedDate!.getTime() - a.CreatedDate!.getTime());
  const needed = backups.map((at) => byAge.find(({ CreatedDate }) => CreatedDate!.getTime() <= at));
  expect(Versions).toHaveLength(7);
  expect(backups.length).toBeGreaterThan(80);
  expect(needed.filter((version) => !version?.VersionStages?.some((label) => label.startsWith('cdk-cloudhsm-kept-')))).toEqual([]);
  expect(byAge.at(-1)!.VersionStages ?? []).toEqual([]);
});

test('where a quorum is needed neither a rotation nor a deploy changes a user, and both say what to do', async () => {
  offline = await snapshot.start();
  const secretArn = await secretOf(offline, 'Crypto user app');
  const before = await holderOf(offline, secretArn, 'AWSCURRENT');
  await asUser(offline, await secretOf(offline, 'Automation admin'), 'quorum token-sign set-quorum-value --service user --value 2', 'admin');

  await rotateNow(offline, secretArn);
  const { exitCode, output } = await offline.deploy(rotated(['later']));

  expect(await holderOf(offline, secretArn, 'AWSCURRENT')).toBe(before);
  expect(await logged(offline, 'Rotation')).toContain('QuorumNeeded');
  expect(exitCode).toBe(1);
  expect(output).toContain('QuorumNeeded: changes of the service user');
  expect(output).toContain('When a quorum is needed');
});

test('a deploy that adds a rotation and fails takes it back: the password is as it was', async () => {
  offline = await beginWith(QUICK_START);

  const { exitCode } = await offline.deploy(quickStart({
    users: [],
    and: (stack, cluster) => {
      const user = cluster.addCryptoUser('User-app', { userName: 'app', rotation: PasswordRotation.maintenanceWindow() });
      // A parameter of that name is there already.
      new ssm.StringParameter(stack, 'Broken', { parameterName: cluster.trustAnchor.parameterName, simpleName: false, stringValue: 'x' }).node.addDependency(user);
    },
  }));

  const secretArn = await secretOf(offline, 'Crypto user app');
  expect(exitCode).toBe(1);
  expect(offline.report().stacks.find(({ name }) => name === 'Hsm')?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await new SecretsManagerClient(offline.client).send(new DescribeSecretCommand({ SecretId: secretArn }))).RotationEnabled).not.toBe(true);
  expect(await logsIn(secretArn)).toBe(true);
});
