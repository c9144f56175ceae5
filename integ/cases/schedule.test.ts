import { CloudHSMV2Client, CreateHsmCommand, DeleteHsmCommand } from '@aws-sdk/client-cloudhsm-v2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { mustDeployDirectly } from './_harness/direct';
import { DAY, outputs, stores } from './_harness/key-stores';
import { Offline } from './_harness/offline';
import { receiveAll } from './_harness/queue';
import { keyStoreApp } from '../apps/key-store';
import { scheduled } from '../apps/scheduled';
import type { Hours } from '../apps/scheduled';

let offline: Offline;

afterEach(() => offline.stop());

const HOUR = 3_600_000;
const NIGHT = { pause: '20', resume: '6' };

const app = (hsmCount: number, hours?: Hours) => keyStoreApp({ cluster: { hsmCount, pauseKeyStores: true }, on: scheduled(hours) });

const hsms = () => offline.report().clusters[0].hsms;

/** Lets the emulated clock, which begins at midnight, run until an hour of the day, and what has begun by then come to rest. */
async function until(hour: number): Promise<void> {
  const sinceMidnight = offline.emulator.kernel.now % DAY;
  await offline.emulator.advance((hour * HOUR - sinceMidnight + DAY) % DAY);
  await offline.emulator.idle();
}

async function reconcile(): Promise<void> {
  const { ClusterId } = await outputs(offline);
  await new EventBridgeClient(offline.client).send(new PutEventsCommand({
    Entries: [{ Source: 'cdk-cloudhsm', DetailType: 'Reconcile', Detail: JSON.stringify({ clusterId: ClusterId }) }],
  }));
  await offline.emulator.idle();
}

/** States of the alarm that were told since this was last asked. */
async function alarms(): Promise<string[]> {
  const { HeardUrl } = await outputs(offline);
  return (await receiveAll(offline, HeardUrl)).map((body) => (JSON.parse(body) as { NewStateValue: string }).NewStateValue);
}

test('HSMs go in the evening and come back in the morning; what is encrypted can then be read; a deploy may end a pause', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await mustDeployDirectly(offline, app(2, NIGHT));
  const kms = new KMSClient(offline.client);
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/orders', Plaintext: Buffer.from('kept') }));
  const decrypted = async () => Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!).toString();

  await until(21);
  expect([hsms(), await stores(offline)]).toEqual([[], ['orders: DISCONNECTED']]);
  await reconcile();
  expect(hsms()).toEqual([]);

  await until(8);
  expect([hsms().length, await stores(offline), await decrypted()]).toEqual([2, ['orders: CONNECTED'], 'kept']);

  await until(21);
  await mustDeployDirectly(offline, app(3, NIGHT));
  expect([hsms().length, await stores(offline)]).toEqual([3, ['orders: CONNECTED']]);
  await until(8);
  expect(hsms()).toHaveLength(3);

  await mustDeployDirectly(offline, app(3));
  await until(21);
  expect([hsms().length, await decrypted()]).toEqual([3, 'kept']);
  expect(await alarms()).toEqual(['OK']);
  expect([offline.report().notBuilt, offline.report().denied]).toEqual([[], []]);
});

test('an event has HSMs brought back to what the template says; what cannot be done rings until it can', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await mustDeployDirectly(offline, app(2));
  const { ClusterId } = await outputs(offline);
  const client = new CloudHSMV2Client(offline.client);
  const [{ hsmId, availabilityZone }] = hsms();
  await client.send(new DeleteHsmCommand({ ClusterId, HsmId: hsmId }));
  await offline.emulator.advance(HOUR);

  offline.emulator.addFault({
    service: 'cloudhsmv2', operation: 'CreateHsm', kind: 'error', params: { code: 'CloudHsmInvalidRequestException', message: 'No capacity today.', status: 400 },
  });
  await reconcile();
  await offline.emulator.advance(HOUR / 6);
  expect([hsms().length, await alarms()]).toEqual([1, ['ALARM']]);

  await reconcile();
  await offline.emulator.advance(HOUR / 6);
  expect([hsms().map((hsm) => hsm.availabilityZone).includes(availabilityZone), hsms().length, await alarms()]).toEqual([true, 2, ['OK']]);

  await client.send(new CreateHsmCommand({ ClusterId, AvailabilityZone: availabilityZone }));
  await offline.emulator.advance(HOUR);
  await reconcile();
  expect([hsms().length, await stores(offline)]).toEqual([2, ['orders: CONNECTED']]);
});
