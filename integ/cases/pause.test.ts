import { DecryptCommand, DescribeCustomKeyStoresCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { Offline } from './_harness/offline';
import { keyStoreApp } from '../apps/key-store';

let offline: Offline;

afterEach(() => offline.stop());

const withHsms = (hsmCount: number, pauseKeyStores: boolean) => keyStoreApp({ cluster: { hsmCount, pauseKeyStores } });

async function storeStates(): Promise<string[]> {
  const { CustomKeyStores = [] } = await new KMSClient(offline.client).send(new DescribeCustomKeyStoresCommand({}));
  return CustomKeyStores.map(({ ConnectionState }) => ConnectionState!);
}

test('a cluster under a key store is paused with pauseKeyStores only; afterwards what was encrypted before is readable', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(withHsms(2, true));
  const kms = new KMSClient(offline.client);
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/orders', Plaintext: Buffer.from('before') }));
  const decrypted = async () => Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!).toString();

  const refused = await offline.cdk(withHsms(0, false), ['synth', 'Hsm', '--quiet']).catch((error: Error) => error.message);
  const none = await offline.mustDeploy(withHsms(0, true));
  const paused = await storeStates();
  const unreadable = await decrypted().catch((error: Error) => error.name);
  const two = await offline.mustDeploy(withHsms(2, true));

  expect(refused).toMatch(/TooFewHsmsForKeyStore: .* set pauseKeyStores/);
  expect([none.clusters[0].hsms.length, paused, unreadable]).toEqual([0, ['DISCONNECTED'], 'KMSInvalidStateException']);
  expect([two.clusters[0].hsms.length, await storeStates(), await decrypted()]).toEqual([2, ['CONNECTED'], 'before']);
});
