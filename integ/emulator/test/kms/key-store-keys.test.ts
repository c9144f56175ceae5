import { keyStoreLab } from './key-store-lab';
import type { KeyShape, KeyStoreLab } from './key-store-lab';
import { outside } from '../_helpers/world';

let lab: KeyStoreLab;
let storeId: string;
beforeEach(async () => {
  lab = await keyStoreLab();
  storeId = await lab.connectedStore();
});
afterEach(() => lab.stop());

const PLAIN = { Plaintext: Buffer.from('secret') };
const UNAVAILABLE = 'KMSInvalidStateException';
const NO_COMMUNICATION = { code: UNAVAILABLE, message: 'KMS cannot communicate with your CloudHSM cluster' };

/** Keys as the HSMs have them under a label, asked in a session of KMS. */
function inHsms(label: string): Array<{ coverage: string }> {
  const { sessionId } = lab.kernel.store.table<{ sessionId: string }>('kms/key-stores@123456789012/us-east-1').get(storeId)!;
  return lab.call<{ keys: Array<{ coverage: string }> }>('cloudhsm-hsm', 'FindKeys', { sessionId, label }).keys;
}

describe('CreateKey', () => {
  const input = (changes: object = {}) => ({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: storeId, ...changes });

  describe('validation', () => {
    test.each([
      ['the origin without a store', { CustomKeyStoreId: undefined }, 'ValidationException'],
      ['a store without the origin', { Origin: undefined }, 'ValidationException'],
      ['a store with imported material', { Origin: 'EXTERNAL' }, 'ValidationException'],
      ['a store that is not there', { CustomKeyStoreId: 'cks-1234567890abcdef0' }, 'CustomKeyStoreNotFoundException'],
      ['an asymmetric key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'UnsupportedOperationException'],
      ['an HMAC key', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, 'UnsupportedOperationException'],
      ['a multi-Region key', { MultiRegion: true }, 'UnsupportedOperationException'],
      ['a key of an external store', { Origin: 'EXTERNAL_KEY_STORE', XksKeyId: 'x' }, 'UnsupportedOperationException'],
    ])('refuses %s', (_title, changes, code) => {
      expect(lab.code('CreateKey', input(changes))).toBe(code);
    });
  });

  describe('behaviour', () => {
    test('demands two active HSMs in two zones', async () => {
      await lab.deleteHsms(lab.clusterId, 1);

      expect(lab.code('CreateKey', input())).toBe('CloudHsmClusterInvalidConfigurationException');
    });

    test('takes policy, description and tags like any other key', () => {
      const { KeyId } = lab.createKey(storeId, { Description: 'd', Tags: [{ TagKey: 'a', TagValue: '1' }] });

      expect(lab.key(KeyId)).toMatchObject({ Description: 'd', KeyManager: 'CUSTOMER', KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] });
      expect(lab.kms('ListResourceTags', { KeyId })).toMatchObject({ Tags: [{ TagKey: 'a', TagValue: '1' }] });
      expect(lab.code('CreateKey', input({ Policy: '{}' }))).toBe('MalformedPolicyDocumentException');
    });

    test('makes the material on every HSM under the key\'s ARN', () => {
      expect(inHsms(lab.createKey(storeId).Arn)).toMatchObject([{ coverage: 'full' }]);
    });

    test('fails and leaves nothing when an HSM refuses the material', () => {
      lab.kernel.faults.add({ service: 'cloudhsm-hsm', operation: 'hsm-key-generate', kind: 'error', nth: 2 });

      expect(lab.code('CreateKey', input())).toBe('KMSInternalException');
      expect(lab.kms('ListKeys')).toMatchObject({ Keys: [] });
    });

    test('an ordinary key in the same account has no store', () => {
      const { KeyMetadata } = lab.kms<{ KeyMetadata: KeyShape }>('CreateKey');

      expect(KeyMetadata).toMatchObject({ Origin: 'AWS_KMS', CustomKeyStoreId: undefined, CloudHsmClusterId: undefined });
    });
  });
});

describe('use', () => {
  let key: KeyShape;
  beforeEach(() => { key = lab.createKey(storeId); });

  test('encrypts under the context that decrypts, and under no other', () => {
    const EncryptionContext = { purpose: 'test' };
    const { CiphertextBlob } = lab.kms('Encrypt', { KeyId: key.Arn, ...PLAIN, EncryptionContext });

    expect(lab.kms('Decrypt', { CiphertextBlob, EncryptionContext })).toMatchObject({ KeyId: key.Arn, ...PLAIN, KeyMaterialId: undefined });
    expect(lab.code('Decrypt', { CiphertextBlob })).toBe('InvalidCiphertextException');
  });

  test('refuses what was changed on the way, and what another key made', () => {
    const ciphertext = lab.encrypt(key.KeyId);
    const changed = Buffer.from(ciphertext);
    changed[changed.length - 1] ^= 1;
    const other = lab.createKey(storeId);

    expect(lab.code('Decrypt', { CiphertextBlob: changed })).toBe('InvalidCiphertextException');
    expect(lab.code('Decrypt', { CiphertextBlob: ciphertext, KeyId: other.KeyId })).toBe('IncorrectKeyException');
    expect(lab.code('Decrypt', { CiphertextBlob: Buffer.from('foreign') })).toBe('InvalidCiphertextException');
  });

  test('a ciphertext whose key was swapped in its header is refused by the HSMs', () => {
    const other = lab.createKey(storeId);
    const forged = Buffer.from(lab.encrypt(key.KeyId).toString('latin1').replace(key.Arn, other.Arn), 'latin1');

    expect(lab.code('Decrypt', { CiphertextBlob: forged })).toBe('InvalidCiphertextException');
  });

  test('generates data keys, with and without their plaintext', () => {
    const made = lab.kms<{ CiphertextBlob: Buffer }>('GenerateDataKeyWithoutPlaintext', { KeyId: key.KeyId, NumberOfBytes: 64 });

    expect(made).not.toHaveProperty('Plaintext');
    expect(lab.kms<{ Plaintext: Buffer }>('Decrypt', { CiphertextBlob: made.CiphertextBlob }).Plaintext).toHaveLength(64);
  });

  test('reencrypts from and to keys outside the store', () => {
    const { KeyMetadata: { KeyId: ordinary } } = lab.kms<{ KeyMetadata: KeyShape }>('CreateKey');
    const { CiphertextBlob: moved } = lab.kms<{ CiphertextBlob: Buffer }>('ReEncrypt', { CiphertextBlob: lab.encrypt(key.KeyId), DestinationKeyId: ordinary });
    const { CiphertextBlob: back } = lab.kms<{ CiphertextBlob: Buffer }>('ReEncrypt', { CiphertextBlob: moved, DestinationKeyId: key.KeyId });

    expect([lab.decrypt(moved), lab.decrypt(back)]).toEqual(['secret', 'secret']);
  });

  test('draws random bytes from the HSMs while one is there', async () => {
    const { Plaintext } = lab.kms<{ Plaintext: Buffer }>('GenerateRandom', { NumberOfBytes: 32, CustomKeyStoreId: storeId });
    expect(Plaintext).toHaveLength(32);

    await lab.deleteHsms();
    expect(lab.code('GenerateRandom', { NumberOfBytes: 32, CustomKeyStoreId: storeId })).toBe('KMSInternalException');
  });

  test.each([
    ['GenerateDataKeyPair', { KeyPairSpec: 'RSA_2048' }],
    ['GenerateDataKeyPairWithoutPlaintext', { KeyPairSpec: 'RSA_2048' }],
    ['EnableKeyRotation', {}],
    ['DisableKeyRotation', {}],
    ['GetKeyRotationStatus', {}],
    ['RotateKeyOnDemand', {}],
    ['ListKeyRotations', {}],
  ])('%s is not supported', (operation, input) => {
    const { code, message } = lab.refusal('kms', operation, { KeyId: key.KeyId, ...input });

    expect(`${code}: ${message}`).toBe(`UnsupportedOperationException: ${key.Arn} origin is AWS_CLOUDHSM which is not valid for this operation.`);
  });

  test('another account uses the key through the same HSMs', () => {
    const Policy = JSON.parse(String(lab.kms('GetKeyPolicy', { KeyId: key.KeyId }).Policy)) as { Statement: object[] };
    Policy.Statement.push({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 'kms:Encrypt', Resource: '*' });
    lab.kms('PutKeyPolicy', { KeyId: key.KeyId, PolicyName: 'default', Policy: JSON.stringify(Policy) });

    const { CiphertextBlob } = lab.call('kms', 'Encrypt', { KeyId: key.Arn, ...PLAIN }, outside('999999999999'));

    expect(lab.kms('Decrypt', { CiphertextBlob })).toMatchObject(PLAIN);
  });

  test('one HSM is enough, and none makes the use fail while state and connection stay', async () => {
    const ciphertext = lab.encrypt(key.KeyId);
    await lab.deleteHsms(lab.clusterId, 1);
    expect(lab.decrypt(ciphertext)).toBe('secret');

    await lab.deleteHsms();
    for (const [operation, input] of [['Decrypt', { CiphertextBlob: ciphertext }], ['Encrypt', PLAIN], ['GenerateDataKey', { KeySpec: 'AES_256' }]] as const) {
      expect(lab.refusal('kms', operation, { ...(operation === 'Decrypt' ? {} : { KeyId: key.KeyId }), ...input })).toMatchObject(NO_COMMUNICATION);
    }
    expect([lab.key(key.KeyId).KeyState, lab.store(storeId).ConnectionState]).toEqual(['Enabled', 'CONNECTED']);

    await lab.hsmReaches(lab.clusterId, lab.addHsm(lab.clusterId), 'ACTIVE');
    expect(lab.decrypt(ciphertext)).toBe('secret');
  });

  test('an HSM that failed is no loss, and its replacement has the keys', async () => {
    const [{ HsmId }] = lab.cluster(lab.clusterId).Hsms;
    lab.call('cloudhsm-hsm', 'EmulatedReplaceHsm', { hsmId: HsmId });
    const ciphertext = lab.encrypt(key.KeyId);
    await lab.until(() => lab.hsm(lab.clusterId, HsmId) === undefined);
    await lab.until(() => lab.cluster(lab.clusterId).Hsms.every(({ State }) => State === 'ACTIVE'));

    expect(lab.decrypt(ciphertext)).toBe('secret');
    expect(inHsms(key.Arn)).toMatchObject([{ coverage: 'full' }]);
  });

  test('a blocked way makes the use fail, and a way again makes it work again', () => {
    const { SecurityGroup: GroupId = '' } = lab.cluster(lab.clusterId);
    const rule = { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId }] }] };
    lab.call('ec2', 'RevokeSecurityGroupIngress', rule);
    expect(lab.refusal('kms', 'Encrypt', { KeyId: key.KeyId, ...PLAIN })).toMatchObject(NO_COMMUNICATION);

    lab.call('ec2', 'AuthorizeSecurityGroupIngress', rule);
    expect(lab.decrypt(lab.encrypt(key.KeyId))).toBe('secret');
  });

  test.each([
    ['kept', 'Enabled'],
    ['unavailable', 'Unavailable'],
  ])('a key whose material was deleted in the HSMs fails; its state, %s, is %s', async (row, state) => {
    lab.stop();
    lab = await keyStoreLab({ rows: { 'kms/state-without-material': row } });
    storeId = await lab.connectedStore();
    key = lab.createKey(storeId);
    expect(lab.key(key.KeyId).KeyState).toBe('Enabled');
    const ciphertext = lab.encrypt(key.KeyId);
    await lab.disconnect(storeId);
    lab.setPassword('SetAnew1');
    lab.cli(lab.clusterId, ['key', 'delete', '--filter', `attr.label=${key.Arn}`], { as: ['crypto-user', 'kmsuser:SetAnew1'] });
    lab.kms('UpdateCustomKeyStore', { CustomKeyStoreId: storeId, KeyStorePassword: 'SetAnew1' });
    await lab.connect(storeId);

    expect(lab.key(key.KeyId).KeyState).toBe(state);
    expect(lab.code('Decrypt', { CiphertextBlob: ciphertext })).toBe(UNAVAILABLE);
  });
});

describe('a store that is not connected', () => {
  let key: KeyShape;
  beforeEach(async () => {
    key = lab.createKey(storeId);
    await lab.disconnect(storeId);
  });

  test.each([
    ['Encrypt', PLAIN],
    ['GenerateDataKey', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyWithoutPlaintext', { KeySpec: 'AES_256' }],
  ])('%s says that the key is unavailable', (operation, input) => {
    expect(lab.refusal('kms', operation, { KeyId: key.KeyId, ...input })).toMatchObject({ code: UNAVAILABLE, message: `${key.Arn} is unavailable.` });
  });

  test.each([
    ['CreateAlias', () => ({ AliasName: 'alias/a', TargetKeyId: key.KeyId })],
    ['CreateGrant', () => ({ KeyId: key.KeyId, GranteePrincipal: 'arn:aws:iam::123456789012:root', Operations: ['Decrypt'] })],
    ['PutKeyPolicy', () => ({ KeyId: key.KeyId, PolicyName: 'default', Policy: String(lab.kms('GetKeyPolicy', { KeyId: key.KeyId }).Policy) })],
    ['TagResource', () => ({ KeyId: key.KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] })],
    ['UpdateKeyDescription', () => ({ KeyId: key.KeyId, Description: 'd' })],
    ['ScheduleKeyDeletion', () => ({ KeyId: key.KeyId, PendingWindowInDays: 7 })],
  ])('%s works all the same', (operation, input) => {
    expect(() => lab.kms(operation, input())).not.toThrow();
  });

  test('its keys are enabled and disabled for later', async () => {
    lab.kms('DisableKey', { KeyId: key.KeyId });
    expect(lab.key(key.KeyId).KeyState).toBe('Unavailable');

    await lab.connect(storeId);
    expect(lab.key(key.KeyId)).toMatchObject({ KeyState: 'Disabled', Enabled: false });
    expect(lab.code('Encrypt', { KeyId: key.KeyId, ...PLAIN })).toBe('DisabledException');
  });

  test('a deletion can be cancelled without connecting', async () => {
    lab.kms('ScheduleKeyDeletion', { KeyId: key.KeyId, PendingWindowInDays: 7 });
    expect(lab.key(key.KeyId).KeyState).toBe('PendingDeletion');
    lab.kms('CancelKeyDeletion', { KeyId: key.KeyId });
    expect(lab.key(key.KeyId).KeyState).toBe('Unavailable');

    await lab.connect(storeId);
    expect(lab.key(key.KeyId).KeyState).toBe('Disabled');
  });

  test('keys are unavailable from the disconnect on, while connecting, and after it failed', async () => {
    lab.kernel.faults.add({ service: 'kms', operation: 'key-store-login', kind: 'error', params: {} });
    lab.kms('ConnectCustomKeyStore', { CustomKeyStoreId: storeId });
    expect(lab.key(key.KeyId).KeyState).toBe('Unavailable');
    await lab.until(() => lab.store(storeId).ConnectionState === 'FAILED');
    expect(lab.key(key.KeyId).KeyState).toBe('Unavailable');
  });
});

describe('the end of a key', () => {
  test('takes its material out of the HSMs when the store is connected', async () => {
    const { KeyId, Arn } = lab.createKey(storeId);
    lab.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    await lab.days(6.9);
    expect(inHsms(Arn)).toHaveLength(1);

    await lab.days(0.1);
    expect(inHsms(Arn)).toEqual([]);
    expect(lab.timeline()).toContain(`BACKING_KEY_DELETED ${KeyId}`);
    expect(lab.code('DescribeKey', { KeyId })).toBe('NotFoundException');
  });

  test('leaves it there when the store is not', async () => {
    const { KeyId, Arn } = lab.createKey(storeId);
    lab.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    await lab.disconnect(storeId);
    await lab.days(7);
    await lab.connect(storeId);

    expect(inHsms(Arn)).toHaveLength(1);
    expect(lab.timeline()).toContain(`BACKING_KEY_LEFT ${KeyId}`);
  });
});
