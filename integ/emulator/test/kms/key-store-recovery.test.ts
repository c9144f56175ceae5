import { cpSync } from 'node:fs';
import { KeyStoreLab, keyStoreLab } from './key-store-lab';
import { newFolder } from '../cloudhsm/lab';

/** What happens to a store when its cluster changes, goes, or comes again from a backup: CloudHSM does not ask KMS, and KMS does not notice. */
let lab: KeyStoreLab;
let storeId: string;
let keyId: string;
let ciphertext: Buffer;

beforeEach(async () => {
  lab = await keyStoreLab();
  storeId = await lab.connectedStore();
  keyId = lab.createKey(storeId).KeyId;
  ciphertext = lab.encrypt(keyId);
});

afterEach(() => lab.stop());

/** Points the store at another cluster. */
async function repoint(clusterId: string, password?: string): Promise<string> {
  await lab.disconnect(storeId);
  lab.kms('UpdateCustomKeyStore', { CustomKeyStoreId: storeId, CloudHsmClusterId: clusterId, ...(password ? { KeyStorePassword: password } : {}) });
  return lab.connect(storeId);
}

/** A backup of the cluster as it is now: deleting an HSM makes one. */
async function backup(): Promise<string> {
  const [{ HsmId }] = lab.cluster(lab.clusterId).Hsms;
  const before = new Set(lab.backups(lab.clusterId).map(({ BackupId }) => BackupId));
  lab.hsm2('DeleteHsm', { ClusterId: lab.clusterId, HsmId });
  const { BackupId } = lab.backups(lab.clusterId).find((other) => !before.has(other.BackupId))!;
  await lab.until(() => lab.backups(lab.clusterId).some((other) => other.BackupId === BackupId && other.BackupState === 'READY'));
  return BackupId;
}

test('a cluster restored from a backup after the connect takes the store as it is, old ciphertexts readable', async () => {
  const restored = await lab.restored(await backup());

  expect(await repoint(restored)).toBe('CONNECTED');
  expect(lab.decrypt(ciphertext)).toBe('secret');
  expect(lab.key(keyId)).toMatchObject({ KeyState: 'Enabled', CloudHsmClusterId: restored });
});

test('a backup older than the last connect has the password from before, which must be set anew', async () => {
  const old = await backup();
  await lab.disconnect(storeId);
  await lab.connect(storeId);
  const restored = await lab.restored(old);

  expect(await repoint(restored)).toBe('FAILED INVALID_CREDENTIALS');
  lab.setPassword('SetAnew1', restored);
  expect(await repoint(restored, 'SetAnew1')).toBe('CONNECTED');
  expect(lab.decrypt(ciphertext)).toBe('secret');
});

test('a key made after the backup exists without its material', async () => {
  const restored = await lab.restored(await backup());
  await lab.until(() => lab.cluster(lab.clusterId).Hsms.length === 1);
  const other = lab.cluster(lab.clusterId).Hsms[0] as unknown as { AvailabilityZone: string };
  await lab.hsmReaches(lab.clusterId, lab.addHsm(lab.clusterId, other.AvailabilityZone === 'us-east-1b' ? 'us-east-1c' : 'us-east-1b'), 'ACTIVE');
  const late = lab.encrypt(lab.createKey(storeId).KeyId);

  expect(await repoint(restored)).toBe('CONNECTED');
  expect(lab.decrypt(ciphertext)).toBe('secret');
  expect(lab.refusal('kms', 'Decrypt', { CiphertextBlob: late })).toMatchObject({ code: 'KMSInvalidStateException' });
});

test('the login of a connected store is no login on the cluster restored beside it', async () => {
  const restored = await lab.restored(await backup());

  expect(lab.setPassword('SetAnew1').error_code).toBe(1);
  expect(lab.setPassword('SetAnew1', restored).error_code).toBe(0);
});

test('the cluster is deleted under its connected store: nobody refuses, and the network of KMS stays until the disconnect', async () => {
  await lab.deleteHsms();
  lab.hsm2('DeleteCluster', { ClusterId: lab.clusterId });
  await lab.until(() => lab.cluster(lab.clusterId)?.State === 'DELETED');
  const groups = () => lab.call<{ SecurityGroups: Array<{ GroupName: string }> }>('ec2', 'DescribeSecurityGroups').SecurityGroups.map(({ GroupName }) => GroupName);
  expect(groups()).toEqual(expect.arrayContaining([`kms-${storeId}`, `cloudhsm-${lab.clusterId}-sg`]));
  expect(lab.code('Decrypt', { CiphertextBlob: ciphertext })).toBe('KMSInvalidStateException');

  await lab.disconnect(storeId);
  expect(groups()).not.toContain(`kms-${storeId}`);
  expect(await lab.connect(storeId)).toBe('FAILED CLUSTER_NOT_FOUND');
});

test('subnets of a connected store\'s cluster cannot be deleted, and can after the disconnect', async () => {
  await lab.deleteHsms();
  expect(lab.refusal('ec2', 'DeleteSubnet', { SubnetId: lab.subnets[0] }).code).toBe('DependencyViolation');

  await lab.disconnect(storeId);
  expect(() => lab.call('ec2', 'DeleteSubnet', { SubnetId: lab.subnets[0] })).not.toThrow();
});

test('a state folder that is opened again goes on: connected, and in the middle of a connect', async () => {
  const reopen = () => {
    const folder = newFolder();
    cpSync(lab.folder, folder, { recursive: true, filter: (file) => !file.endsWith('lock') });
    lab.stop();
    lab = new KeyStoreLab({ folder }, lab.clusterId);
  };
  reopen();
  expect(lab.decrypt(ciphertext)).toBe('secret');

  await lab.disconnect(storeId);
  lab.kms('ConnectCustomKeyStore', { CustomKeyStoreId: storeId });
  reopen();
  await lab.until(() => lab.store(storeId).ConnectionState === 'CONNECTED');
  expect(lab.decrypt(ciphertext)).toBe('secret');
});
