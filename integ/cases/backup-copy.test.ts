import { CloudHSMV2Client, CopyBackupToRegionCommand, paginateDescribeBackups } from '@aws-sdk/client-cloudhsm-v2';
import type { Backup } from '@aws-sdk/client-cloudhsm-v2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { asUser, asUserOf, onAdminClient } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { bootstrapDirectly, mustDeployDirectly } from './_harness/direct';
import { DAY, outputs } from './_harness/key-stores';
import type { Offline } from './_harness/offline';
import { stackSecret } from './_harness/secrets';
import { CARRIED, copied, elsewhere } from '../apps/copied';
import { QUICK_START, quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

const THERE = 'eu-central-1';
const checkValueIn = (text: string) => /"check-value": *"(0x[0-9a-f]+)"/.exec(text)?.[1];
const app = (hsmCount = 2) => quickStart({ hsmCount, and: (stack, cluster) => copied(stack, cluster, THERE) });

/** In the other Region, the oldest first. */
async function copies(states: readonly string[] = ['READY']): Promise<Backup[]> {
  const client = new CloudHSMV2Client(offline.in(THERE).client);
  const found: Backup[] = [];
  const asked = { Filters: { states: [...states] }, SortAscending: true };
  for await (const { Backups = [] } of paginateDescribeBackups({ client }, asked)) found.push(...Backups);
  return found;
}

/** The README's commands, by which an operator carries the admin's password to another Region. */
async function carryPassword(): Promise<string> {
  const { status, output, errorOutput } = await onAdminClient(offline, `
umask 077; carried=$(mktemp)
aws secretsmanager get-secret-value --secret-id '${await stackSecret(offline, /ClusterAdminSecret/)}' --query SecretString --output text > "$carried" &&
  aws secretsmanager create-secret --region ${THERE} --name ${CARRIED} --secret-string "file://$carried" --query ARN --output text
rm -f "$carried"`);
  expect([status, errorOutput]).toEqual(['Success', '']);
  return output.trim();
}

test('the newest backup is copied with its anchor, old copies go, foreign ones stay; a cluster made of a copy has the keys', async () => {
  offline = await beginWith(QUICK_START);
  const { clusters: [{ clusterId }] } = offline.report();
  const checkValue = checkValueIn(await asUser(offline, await stackSecret(offline, /Userapp/), 'key generate-symmetric aes --label kept --key-length-bytes 32'));
  await mustDeployDirectly(offline, app());

  await offline.emulator.advance(1.5 * DAY);
  const [first] = await copies();
  expect(first).toMatchObject({ SourceCluster: clusterId, SourceRegion: 'eu-west-1', TagList: [{ Key: 'cdk-cloudhsm:copy-of', Value: clusterId }] });
  const home = new CloudHSMV2Client(offline.client);
  await home.send(new CopyBackupToRegionCommand({ BackupId: first.SourceBackup, DestinationRegion: THERE }));
  const anchor = await new SSMClient(offline.in(THERE).client).send(new GetParameterCommand({ Name: `/cdk-cloudhsm/${clusterId}/trust-anchor` }));
  expect(anchor.Parameter!.Value).toContain('BEGIN CERTIFICATE');

  await offline.emulator.advance(10 * DAY);
  const kept = await copies();
  const ages = kept.filter(({ TagList }) => TagList?.length).map(({ CreateTimestamp }) => (Date.now() - CreateTimestamp!.getTime()) / DAY);
  expect(Math.max(...ages)).toBeLessThan(8);
  expect(kept.filter(({ TagList }) => !TagList?.length)).toHaveLength(1);
  expect((await copies(['PENDING_DELETION'])).length).toBeGreaterThan(0);
  // One after the other, once each.
  expect(new Set(kept.map(({ SourceBackup }) => SourceBackup)).size).toBe(kept.length);

  const adminSecretArn = await carryPassword();
  await mustDeployDirectly(offline, app(0));
  await offline.emulator.advance(0.5 * DAY);
  const newest = (await copies()).at(-1)!;
  const there = offline.in(THERE);
  await bootstrapDirectly(there);
  const { accessKeyId: account } = there.client.credentials;
  await mustDeployDirectly(there, elsewhere({ account, region: THERE, backupId: newest.BackupId!, adminSecretArn }));
  const { UserArn, Client } = await outputs(there, 'Elsewhere');
  expect(checkValueIn(await asUserOf(there, Client, UserArn, 'key list --verbose --filter attr.label=kept'))).toBe(checkValue);
  expect([offline.report().denied, offline.report().notBuilt]).toEqual([[], []]);
});
