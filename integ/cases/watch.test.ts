import { CloudHSMV2Client, DeleteBackupCommand, DeleteHsmCommand, DescribeBackupsCommand, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { DisconnectCustomKeyStoreCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mustDeployDirectly } from './_harness/direct';
import { outputs } from './_harness/key-stores';
import { Offline } from './_harness/offline';
import { receiveAll } from './_harness/queue';
import { keyStoreApp } from '../apps/key-store';
import { watched } from '../apps/watched';

let offline: Offline;

afterEach(() => offline.stop());

const MINUTE = 60_000;

/** An alarm's message, or an event with CloudTrail's record of a call. */
interface Message {
  readonly AlarmName?: string;
  readonly NewStateValue?: string;
  readonly detail?: { readonly eventName: string; readonly userIdentity: { readonly userName: string } };
}

const ALARM = /HsmUnhealthy|ActiveZones|BackupAge|TrustAnchor|DataKey/;

/** What the topic's subscriber got since it was last asked: alarms as `<alarm>: <state>`, calls as `<operation> by <user>`. Calls come some time later. */
async function heard(queueUrl: string): Promise<string[]> {
  const messages = (await receiveAll(offline, queueUrl)).map((body) => JSON.parse(body) as Message);
  return messages.map(({ AlarmName, NewStateValue, detail }) =>
    detail ? `${detail.eventName} by ${detail.userIdentity.userName}` : `${ALARM.exec(AlarmName!)![0]}: ${NewStateValue}`);
}

test('alarms are quiet while all is well; what somebody takes away is heard of, as a call and by what it does', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const app = keyStoreApp({ keys: {}, and: watched });
  await mustDeployDirectly(offline, app);
  const { Heard, StoreId, ClusterId } = await outputs(offline);

  // An alarm on missing data rings until the first look; then all of them are over.
  await offline.emulator.advance(30 * MINUTE);
  const states = new Map((await heard(Heard)).map((line) => line.split(': ') as [string, string]));
  expect(Object.fromEntries(states)).toEqual({ ActiveZones: 'OK', BackupAge: 'OK', DataKey: 'OK', HsmUnhealthy: 'OK', TrustAnchor: 'OK' });
  await offline.emulator.advance(20 * MINUTE);
  expect(await heard(Heard)).toEqual([]);

  await new KMSClient(offline.client).send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: StoreId }));
  await offline.emulator.advance(30 * MINUTE);
  expect((await heard(Heard)).sort()).toEqual(['DataKey: ALARM', 'DisconnectCustomKeyStore by outside']);

  const hsm = new CloudHSMV2Client(offline.client);
  const { Clusters = [] } = await hsm.send(new DescribeClustersCommand({ Filters: { clusterIds: [ClusterId] } }));
  await hsm.send(new DeleteHsmCommand({ ClusterId, HsmId: Clusters[0].Hsms![0].HsmId }));
  await offline.emulator.advance(30 * MINUTE);
  expect((await heard(Heard)).sort()).toEqual(['ActiveZones: ALARM', 'DeleteHsm by outside']);

  const { Backups = [] } = await hsm.send(new DescribeBackupsCommand({ MaxResults: 1, Filters: { states: ['READY'] } }));
  await hsm.send(new DeleteBackupCommand({ BackupId: Backups[0].BackupId }));
  await new SSMClient(offline.client).send(new DeleteParameterCommand({ Name: `/cdk-cloudhsm/${ClusterId}/trust-anchor` }));
  await offline.emulator.advance(15 * MINUTE);
  expect((await heard(Heard)).sort()).toEqual(['DeleteBackup by outside', 'TrustAnchor: ALARM']);

  expect((await offline.deploy(app)).output).toMatch(/no changes/);
  expect([offline.report().notBuilt, offline.report().denied]).toEqual([[], []]);
});
