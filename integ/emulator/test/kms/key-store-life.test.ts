import { KMS_PASSWORD, keyStoreLab } from './key-store-lab';
import type { KeyStoreLab } from './key-store-lab';
import { ADMIN } from '../cloudhsm/lab';

let lab: KeyStoreLab;
beforeEach(async () => { lab = await keyStoreLab(); });
afterEach(() => lab.stop());

const interfaces = () => lab.call<{ NetworkInterfaces: Array<{ Description: string; SubnetId: string; Groups: Array<{ GroupName: string }> }> }>(
  'ec2', 'DescribeNetworkInterfaces', { Filters: [{ Name: 'description', Values: ['KMS managed ENI*'] }] }).NetworkInterfaces;
const groups = (name: string) => lab.call<{ SecurityGroups: object[] }>('ec2', 'DescribeSecurityGroups', { Filters: [{ Name: 'group-name', Values: [name] }] }).SecurityGroups;

test('a store lives from its creation over a key and its use to its end', async () => {
  const id = lab.createStore();
  expect(id).toMatch(/^cks-[0-9a-f]{17}$/);
  expect(lab.store(id)).toMatchObject({ CustomKeyStoreName: 'store', CloudHsmClusterId: lab.clusterId, ConnectionState: 'DISCONNECTED', CustomKeyStoreType: 'AWS_CLOUDHSM' });
  expect(lab.call('iam', 'GetRole', { RoleName: 'AWSServiceRoleForKeyManagementServiceCustomKeyStores' })).toHaveProperty('Role');

  expect(await lab.connect(id)).toBe('CONNECTED');
  const key = lab.createKey(id, { Description: 'in the HSMs' });
  expect(key).toMatchObject({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: id, CloudHsmClusterId: lab.clusterId, KeyState: 'Enabled', MultiRegion: false });
  expect(key).not.toHaveProperty('CurrentKeyMaterialId', expect.anything());
  const made = lab.kms<{ Plaintext: Buffer; CiphertextBlob: Buffer }>('GenerateDataKey', { KeyId: key.KeyId, KeySpec: 'AES_256' });
  expect(lab.kms('Decrypt', { CiphertextBlob: made.CiphertextBlob })).toMatchObject({ KeyId: key.Arn, Plaintext: made.Plaintext });

  const ciphertext = lab.encrypt(key.KeyId);
  await lab.disconnect(id);
  expect(lab.key(key.KeyId)).toMatchObject({ KeyState: 'Unavailable', Enabled: false });
  expect(lab.refusal('kms', 'Decrypt', { CiphertextBlob: ciphertext })).toMatchObject({ code: 'KMSInvalidStateException', message: `${key.Arn} is unavailable.` });
  expect(await lab.connect(id)).toBe('CONNECTED');
  expect(lab.decrypt(ciphertext)).toBe('secret');

  lab.kms('ScheduleKeyDeletion', { KeyId: key.KeyId, PendingWindowInDays: 7 });
  await lab.days(7);
  await lab.disconnect(id);
  lab.kms('DeleteCustomKeyStore', { CustomKeyStoreId: id });
  expect(lab.stores()).toEqual([]);
});

test('while it is connected KMS has a group and an interface in each subnet of the cluster, and afterwards nothing', async () => {
  const id = await lab.connectedStore();

  expect(interfaces().map(({ SubnetId }) => SubnetId).sort()).toEqual([...lab.subnets].sort());
  expect(interfaces()[0]).toMatchObject({
    Description: `KMS managed ENI for cluster ${lab.clusterId}`, RequesterManaged: true, Status: 'in-use',
  });
  expect(interfaces()[0].Groups.map(({ GroupName }) => GroupName)).toContain(`kms-${id}`);
  expect(groups(`kms-${id}`)).toMatchObject([{
    IpPermissions: [{ UserIdGroupPairs: [{ GroupId: lab.cluster(lab.clusterId).SecurityGroup }] }], IpPermissionsEgress: [],
  }]);

  await lab.disconnect(id);
  expect(interfaces()).toEqual([]);
  expect(groups(`kms-${id}`)).toEqual([]);
});

test('a connected store knows a password of kmsuser that nobody else knows, and holds its login', async () => {
  const id = await lab.connectedStore();

  const login = lab.cli(lab.clusterId, ['key', 'list'], { as: ['crypto-user', `kmsuser:${KMS_PASSWORD}`] });
  expect(login.error_code).toBe(1);
  expect(lab.setPassword('AnotherPassword1')).toMatchObject({ error_code: 1 });
  expect(lab.cli(lab.clusterId, ['user', 'delete', '--username', 'kmsuser', '--role', 'crypto-user'], { as: ADMIN }).error_code).toBe(1);

  await lab.disconnect(id);
  expect(lab.setPassword('AnotherPassword1').error_code).toBe(0);
  expect(await lab.connect(id)).toBe('FAILED INVALID_CREDENTIALS');
});

test('the material of a key is an AES key of kmsuser on every HSM, under the label of its ARN', async () => {
  const id = await lab.connectedStore();
  const { Arn } = lab.createKey(id);
  await lab.disconnect(id);
  lab.setPassword('AnotherPassword1');

  const { data } = lab.cli<{ matched_keys: unknown[] }>(lab.clusterId, ['key', 'list', '--verbose', '--filter', `attr.label=${Arn}`], {
    as: ['crypto-user', 'kmsuser:AnotherPassword1'],
  });

  expect(data.matched_keys).toMatchObject([{
    'key-info': { 'key-owners': [{ 'username': 'kmsuser', 'key-coverage': 'full' }] },
    'attributes': { 'key-type': 'aes', 'label': Arn, 'key-length-bytes': 32, 'extractable': false, 'token': true },
  }]);
});

test('the same seed and the same calls give the same timeline, though keys and passwords are really random', async () => {
  const other = await keyStoreLab();
  const lives = [lab, other].map(async (one) => {
    const { KeyId } = one.createKey(await one.connectedStore());
    return { timeline: one.kernel.timeline.entries(), ciphertext: one.encrypt(KeyId).toString('base64') };
  });
  const [here, there] = await Promise.all(lives);
  other.stop();

  expect(here.timeline).toEqual(there.timeline);
  expect(here.ciphertext).not.toBe(there.ciphertext);
});
