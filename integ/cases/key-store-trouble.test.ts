import { CreateCustomKeyStoreCommand, DeleteCustomKeyStoreCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteResourcePolicyCommand, GetResourcePolicyCommand, GetSecretValueCommand, PutResourcePolicyCommand, SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { RemovalPolicy } from 'aws-cdk-lib';
import { deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { kmsUserSecrets, outputs, refusedKmsLogins, storeKeys, stores } from './_harness/key-stores';
import { everythingReadable } from './_harness/leaks';
import { Offline } from './_harness/offline';
import { Snapshot } from './_harness/snapshot';
import { keyStoreApp } from '../apps/key-store';
import { failingSibling } from '../apps/sibling';
import { sharedCluster, storeElsewhere, storeOnImported } from '../apps/store-on-imported';
import type { SharedCluster } from '../apps/store-on-imported';

/** An ACTIVE cluster that no store rests on. */
let snapshot: Snapshot;
let shared: SharedCluster;
let offline: Offline;

const THROWN_AWAY = { removalPolicy: RemovalPolicy.DESTROY };

beforeAll(async () => {
  ({ snapshot, made: shared } = await Snapshot.of({ region: 'eu-west-1' }, async (fresh) => {
    await mustDeployDirectly(fresh, sharedCluster(THROWN_AWAY));
    return await outputs(fresh) as unknown as SharedCluster;
  }));
});

afterEach(() => offline.stop());

afterAll(() => snapshot.remove());

/** Deploys a store on the imported cluster, and tells why that failed; nothing when it did not. */
async function whyNot(stackName: string): Promise<string> {
  const { stacks: [{ status }] } = await deployDirectly(offline, offline.synth(storeOnImported(shared, stackName)));
  expect(status).toMatch(/^(CREATE|ROLLBACK)_COMPLETE$/);
  return status === 'CREATE_COMPLETE' ? '' : failures(offline, stackName);
}

const calls = (operation: string) => offline.emulator.calls.records.filter((record) => record.service === 'kms' && record.operation === operation).length;

test.each([
  ['CLUSTER_NOT_FOUND', 'key-store-network', /the cluster does not exist any more; restore one from a backup of it/],
  ['INSUFFICIENT_CLOUDHSM_HSMS', 'key-store-network', /no active HSM; set hsmCount to 2 or more, then deploy again/],
  ['INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET', 'key-store-network', /free two addresses in each, then deploy again/],
  ['INTERNAL_ERROR', 'key-store-network', /KMS had an error of its own; deploy again/],
  ['INVALID_CREDENTIALS', 'key-store-login', /stop what does, then deploy again: every deploy sets a new one/],
  ['NETWORK_ERRORS', 'key-store-network', /let TCP 2223 to 2225 through, wait a few minutes, then deploy again/],
  ['SUBNET_NOT_FOUND', 'key-store-network', /restore a cluster from a backup into other subnets/],
  ['USER_LOGGED_IN', 'key-store-login', /log out everywhere \(another program, or another key store of this cluster\), then deploy again/],
  ['USER_NOT_FOUND', 'key-store-login', /delete kmsuser if its coverage is inconsistent, then deploy again/],
])('a connect that fails with %s shows it in the failed deploy, with what to do, and leaves nothing', async (code, operation, remedy) => {
  offline = await snapshot.start();
  offline.emulator.addFault({ service: 'kms', operation, kind: 'error', params: { code } });

  const why = await whyNot('Keys');

  expect(why).toMatch(`KeyStoreNotConnected: key store orders could not be connected: ${code}: `);
  expect(why).toMatch(remedy);
  expect([await stores(offline), await kmsUserSecrets(offline)]).toEqual([[], []]);
});

test('a kmsuser who is missing on one HSM never reaches KMS', async () => {
  offline = await snapshot.start();
  const [{ hsms: [, { hsmId }] }] = offline.report().clusters;
  offline.emulator.addFault({ service: 'cloudhsm-hsm', operation: 'hsm-user-create', kind: 'error', resource: hsmId, times: 0 });

  const why = await whyNot('Keys');

  expect(why).toMatch(/CoverageInconsistent: user kmsuser is not on every HSM of cluster cluster-\w+; delete him with cloudhsm-cli if he owns no keys, then deploy again/);
  expect([calls('CreateCustomKeyStore'), calls('ConnectCustomKeyStore'), await kmsUserSecrets(offline)]).toEqual([0, 0, []]);
});

/** The passwords that are in temporary secrets right now. Nobody may read them but two roles, so an administrator opens them by force. */
async function temporaryPasswords(): Promise<string[]> {
  const client = new SecretsManagerClient(offline.client);
  const found: string[] = [];
  for (const SecretId of await kmsUserSecrets(offline)) {
    await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { ResourcePolicy } = await client.send(new GetResourcePolicyCommand({ SecretId }));
    await client.send(new DeleteResourcePolicyCommand({ SecretId }));
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    await client.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    found.push((JSON.parse(SecretString!) as { password: string }).password);
  }
  return found;
}

test('whatever answers are lost, no HSM sees a wrong password of kmsuser; and once the store is CONNECTED none of his is to be found anywhere', async () => {
  offline = await snapshot.start({ clock: { kind: 'manual' } });
  const { emulator } = offline;
  emulator.addFault({ service: 'kms', operation: 'CreateCustomKeyStore', kind: 'lost-answer' });
  // The first connect is not carried out, the second is; of neither anything is heard.
  emulator.addFault({ service: 'kms', operation: 'ConnectCustomKeyStore', kind: 'error', params: { code: 'KMSInternalException', status: 500 } });
  emulator.addFault({ service: 'kms', operation: 'ConnectCustomKeyStore', kind: 'lost-answer', nth: 2 });
  // A client makes a call three times: the first password is destroyed by the next act.
  emulator.addFault({ service: 'secretsmanager', operation: 'DeleteSecret', kind: 'error', params: { code: 'ThrottlingException', status: 400 }, times: 4 });
  const seen = new Set<string>();
  const watched = async () => {
    while (emulator.kernel.busy) {
      await emulator.advance(5_000);
      (await temporaryPasswords()).forEach((password) => seen.add(password));
    }
  };

  const { stacks } = await deployDirectly(offline, offline.synth(storeOnImported(shared)), watched);

  expect([stacks.map(({ status }) => status), await stores(offline)]).toEqual([['CREATE_COMPLETE'], ['orders: CONNECTED']]);
  expect([...seen]).toEqual([expect.stringMatching(/^[A-Za-z0-9]{32}$/), expect.stringMatching(/^[A-Za-z0-9]{32}$/)]);
  expect([await refusedKmsLogins(offline, shared.ClusterId), await kmsUserSecrets(offline)]).toEqual([[], []]);
  const readable = await everythingReadable(offline);
  expect(readable).toMatch(/cdk-cloudhsm\/kmsuser\//);
  expect([...seen].filter((password) => readable.includes(password))).toEqual([]);
});

test('a store in another stack of the app shows in the CLI why it could not be connected; deployed again it connects', async () => {
  offline = await snapshot.start();
  const app = sharedCluster(THROWN_AWAY, storeElsewhere);
  offline.emulator.addFault({ service: 'kms', operation: 'key-store-login', kind: 'error', params: { code: 'USER_LOCKED_OUT' } });

  const failed = await offline.deploy(app);
  const left = await stores(offline);
  await offline.mustDeploy(app);

  expect(failed.exitCode).toBe(1);
  expect(failed.output.replace(/\s+/g, ' ')).toMatch(/KeyStoreNotConnected: .*USER_LOCKED_OUT: kmsuser is locked .* every deploy sets a new password, which unlocks the user/);
  expect([left, await stores(offline)]).toEqual([[], ['orders: CONNECTED']]);
});

test('a store that was made by hand stops the removal of HSMs and of the cluster, by its name; when it is gone they go', async () => {
  offline = await snapshot.start();
  const kms = new KMSClient(offline.client);
  const { Parameter } = await new SSMClient(offline.client).send(new GetParameterCommand({ Name: `/cdk-cloudhsm/${shared.ClusterId}/trust-anchor` }));
  const { CustomKeyStoreId } = await kms.send(new CreateCustomKeyStoreCommand({
    CustomKeyStoreName: 'by-hand', CloudHsmClusterId: shared.ClusterId, KeyStorePassword: 'ByHand123', TrustAnchorCertificate: Parameter!.Value,
  }));

  const shrunk = await offline.deploy(sharedCluster({ ...THROWN_AWAY, hsmCount: 1 }));
  const destroyed = await offline.cdk(sharedCluster(THROWN_AWAY), ['destroy', 'Hsm', '--force']);
  const [{ hsms }] = offline.report().clusters;
  await kms.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId }));
  const again = await offline.cdk(sharedCluster(THROWN_AWAY), ['destroy', 'Hsm', '--force']);

  expect(shrunk.output.replace(/\s+/g, ' ')).toMatch(new RegExp(`KeyStoreUsesCluster: key store by-hand needs two HSMs in two Availability Zones and rests on ${shared.ClusterId}`));
  expect(destroyed.output.replace(/\s+/g, ' ')).toMatch(/KeyStoreUsesCluster: HSMs of cluster-\w+ are kept: key store by-hand rests on them; disconnect and delete it first/);
  expect([hsms.map(({ state }) => state), again.exitCode]).toEqual([['ACTIVE', 'ACTIVE'], 0]);
});

test('a sibling that fails after the key was made leaves one renamed store and its unused key for a week, and no HSM', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  await deployDirectly(offline, offline.synth(keyStoreApp({ and: failingSibling(5_400) })));

  expect(offline.report().stacks.find(({ name }) => name === 'Hsm')!.status).toBe('ROLLBACK_COMPLETE');
  expect(await stores(offline)).toEqual([expect.stringMatching(/^orders \(rolled back: run aws kms delete-custom-key-store --custom-key-store-id cks-\w+ after 20\d\d-\d\d-\d\d\): DISCONNECTED$/)]);
  expect(await storeKeys(offline)).toEqual([{ state: 'PendingDeletion', days: 7 }]);
  expect(offline.report().clusters.filter(({ state }) => state !== 'DELETED')).toEqual([]);
  expect(await kmsUserSecrets(offline)).toEqual([]);
});
