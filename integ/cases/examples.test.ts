import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DecryptCommand, DescribeCustomKeyStoresCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { mustDeployDirectly } from './_harness/direct';
import { DAY } from './_harness/key-stores';
import { Offline } from './_harness/offline';
import type { CliResult } from './_harness/offline';
import { packageMirror } from '../apps/package-mirror';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** An account that can reserve concurrency, which `hardened` asks for. */
const QUOTAS = { 'lambda/concurrency': 1_000 };

/** An example that ends before its cluster is ACTIVE, for somebody has to do something first. */
const STATES: Readonly<Record<string, string>> = { 'external-authority': 'UNINITIALIZED' };

/** What an example asks of an account before it is deployed; its header says so. */
const BEFORE: Readonly<Record<string, (offline: Offline) => Promise<unknown>>> = {
  hardened: (offline) => mustDeployDirectly(offline, packageMirror({
    bucketName: 'cloudhsm-client-packages', version: '5.18.0', packages: ['cloudhsm-cli', 'cloudhsm-pkcs11'], architecture: 'aarch64',
  })),
};

/** What else an example's header says to run, and what then must be so. */
const AFTER: Readonly<Record<string, (offline: Offline) => Promise<unknown>>> = {
  hardened: async (offline) => {
    const { logGroups: [auditLog] = [] } = await new CloudWatchLogsClient(offline.client).send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/cloudhsm/' }));
    expect(auditLog).toMatchObject({ retentionInDays: 3653, kmsKeyId: expect.stringMatching(/^arn:aws:kms:/) });
  },
  restore: async (offline) => {
    const kms = new KMSClient(offline.client);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/restore', Plaintext: Buffer.from('before') }));
    const [{ clusterId: original }] = offline.report().clusters;
    // A key is in the backups from the next day on.
    await offline.emulator.advance(1.5 * DAY);

    const drilled = await cdk(offline, 'restore', '-c', 'drill=true');
    const { clusters } = offline.report();
    const ended = await offline.cdkIn(join(EXAMPLES, 'restore'), ['destroy', 'RestoreDrill', '--force', '-c', 'drill=true']);
    const restored = await cdk(offline, 'restore', '-c', 'restore=true');

    expect([drilled, ended, restored].map(({ output }) => /.*_FAILED.*/.exec(output)?.[0])).toEqual([undefined, undefined, undefined]);
    expect([drilled, ended, restored].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(clusters.map(({ hsms }) => hsms.length)).toEqual([2, 0]);
    expect(offline.report().clusters.filter(({ state }) => state !== 'DELETED')).toHaveLength(2);
    const { CustomKeyStores: [store] = [] } = await kms.send(new DescribeCustomKeyStoresCommand({}));
    expect(store).toMatchObject({ CustomKeyStoreName: 'restore', ConnectionState: 'CONNECTED' });
    expect(store.CloudHsmClusterId).not.toBe(original);
    expect(Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!).toString()).toBe('before');
  },
};

let offline: Offline;

afterEach(() => offline.stop());

const examples = readdirSync(EXAMPLES).filter((name) => statSync(join(EXAMPLES, name)).isDirectory());

test.each(examples)('examples/%s is deployed by its run line, and what it asks for is there', async (name) => {
  offline = await Offline.start({ quotas: QUOTAS });
  await BEFORE[name]?.(offline);

  const { exitCode, output } = await cdk(offline, name);

  expect(output).not.toMatch(/_FAILED/);
  expect(exitCode).toBe(0);
  const { clusters, notBuilt } = offline.report();
  expect(clusters.map(({ state }) => state)).toEqual([STATES[name] ?? 'ACTIVE']);
  expect(new Set(clusters[0].hsms.map(({ state }) => state))).toEqual(new Set(['ACTIVE']));
  expect(clusters[0].users.filter(({ coverage }) => coverage !== 'full')).toEqual([]);
  expect(notBuilt).toEqual([]);
  const { Reservations = [] } = await new EC2Client(offline.client).send(new DescribeInstancesCommand({}));
  const withPublicAddress = Reservations.flatMap(({ Instances = [] }) => Instances)
    .filter(({ PublicIpAddress, Tags = [] }) => PublicIpAddress && !Tags.some(({ Value }) => /^Mirror/.test(Value ?? '')));
  expect(withPublicAddress).toEqual([]);
  await AFTER[name]?.(offline);
});

async function cdk(on: Offline, example: string, ...context: string[]): Promise<CliResult> {
  return on.cdkIn(join(EXAMPLES, example), ['deploy', '--all', '--require-approval', 'never', '--progress', 'events', ...context]);
}
