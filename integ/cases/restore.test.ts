import { CloudHSMV2Client, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { asUser, asUserOf } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { DAY, outputs } from './_harness/key-stores';
import type { Offline } from './_harness/offline';
import { stackSecret } from './_harness/secrets';
import { fromBackup } from '../apps/from-backup';
import { QUICK_START, quickStart } from '../apps/quick-start';

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

test('a cluster made from the newest backup has keys and users of its day, and stays what it is when there are newer ones', async () => {
  offline = await beginWith(QUICK_START);
  const [original] = live();
  const checkValue = await keptKey();

  const report = await offline.mustDeploy(quickStart({ and: fromBackup() }));

  const { RestoredId, RestoredUserArn, RestoredClient } = await outputs(offline);
  const restored = report.clusters.find(({ clusterId }) => clusterId === RestoredId)!;
  expect(report.clusters).toHaveLength(2);
  expect(report.clusters).toContainEqual(expect.objectContaining({ clusterId: original.clusterId, hsms: original.hsms }));
  expect(restored).toMatchObject({ state: 'ACTIVE', hsmType: original.hsmType, mode: original.mode });
  expect(new Set(restored.hsms.map(({ availabilityZone }) => availabilityZone)).size).toBe(2);
  expect(restored.users.filter(({ coverage }) => coverage === 'full').map(({ username }) => username)).toEqual(expect.arrayContaining(['admin', 'cdk_automation', 'app']));
  expect(checkValueIn(await asUserOf(offline, RestoredClient, RestoredUserArn, 'key list --verbose --filter attr.label=kept'))).toBe(checkValue);
  expect([report.denied, report.notBuilt]).toEqual([[], []]);

  await offline.emulator.advance(2 * DAY);
  const again = await offline.deploy(quickStart({ and: fromBackup() }));
  expect(again.output).toMatch(/no changes/);
  const { Backups = [] } = await new CloudHSMV2Client(offline.client).send(new DescribeBackupsCommand({ Filters: { clusterIds: [original.clusterId], states: ['READY'] } }));
  expect(Backups.length).toBeGreaterThan(1);
  expect(live().map(({ clusterId }) => clusterId).sort()).toEqual([original.clusterId, RestoredId].sort());
});
