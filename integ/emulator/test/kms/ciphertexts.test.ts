import { kms } from '../../src/services/kms/service';
import { World } from '../_helpers/world';

let world: World;
beforeEach(() => { world = new World({ services: [kms] }); });
afterEach(() => world.stop());

const key = (input: object = {}): string =>
  world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey', input).KeyMetadata.KeyId;
const arn = (id: string) => `arn:aws:kms:us-east-1:123456789012:key/${id}`;
const encrypt = (KeyId: string, text: string, more: object = {}): Buffer =>
  world.call<{ CiphertextBlob: Buffer }>('kms', 'Encrypt', { KeyId, Plaintext: Buffer.from(text), ...more }).CiphertextBlob;
const decrypt = (CiphertextBlob: Buffer, more: object = {}): { Plaintext: Buffer; KeyId: string } => world.call('kms', 'Decrypt', { CiphertextBlob, ...more });

test('a ciphertext says itself which key it needs', () => {
  const id = key();
  const answer = decrypt(encrypt(id, 'hello'));
  expect(answer.Plaintext.toString()).toBe('hello');
  expect(answer.KeyId).toBe(arn(id));
});

test('the ciphertext does not contain the plaintext, and is another one each time', () => {
  const id = key();
  const [one, two] = [encrypt(id, 'the same words'), encrypt(id, 'the same words')];
  expect(one.includes('the same words')).toBe(false);
  expect(one.equals(two)).toBe(false);
});

test('the encryption context must be the same, in any order', () => {
  const id = key();
  const sealed = encrypt(id, 'hello', { EncryptionContext: { a: '1', b: '2' } });
  expect(decrypt(sealed, { EncryptionContext: { b: '2', a: '1' } }).Plaintext.toString()).toBe('hello');
  expect(world.refusal('kms', 'Decrypt', { CiphertextBlob: sealed, EncryptionContext: { a: '1' } })).toMatchObject({ code: 'InvalidCiphertextException', message: '' });
});

test('a changed byte anywhere makes a ciphertext invalid', () => {
  const sealed = encrypt(key(), 'hello');
  for (const at of [0, sealed.length - 1, sealed.length - 10]) {
    const changed = Buffer.from(sealed);
    changed[at] ^= 1;
    expect(world.refusal('kms', 'Decrypt', { CiphertextBlob: changed }).code).toBe('InvalidCiphertextException');
  }
});

test('naming another key than the one of the ciphertext is an incorrect key', () => {
  const [one, two] = [key(), key()];
  expect(world.refusal('kms', 'Decrypt', { CiphertextBlob: encrypt(one, 'x'), KeyId: two }).code).toBe('IncorrectKeyException');
  expect(decrypt(encrypt(one, 'x'), { KeyId: one }).Plaintext.toString()).toBe('x');
});

test('re-encryption moves a plaintext to another key and context', () => {
  const [one, two] = [key(), key()];
  const moved = world.call<{ CiphertextBlob: Buffer; SourceKeyId: string }>('kms', 'ReEncrypt', {
    CiphertextBlob: encrypt(one, 'hello', { EncryptionContext: { a: '1' } }), SourceEncryptionContext: { a: '1' },
    DestinationKeyId: two, DestinationEncryptionContext: { b: '2' },
  });
  expect(moved.SourceKeyId).toBe(arn(one));
  const answer = decrypt(moved.CiphertextBlob, { EncryptionContext: { b: '2' } });
  expect([answer.Plaintext.toString(), answer.KeyId]).toEqual(['hello', arn(two)]);
});

test('a data key opens again, and has the size asked for', () => {
  const KeyId = key();
  const made = world.call<{ Plaintext: Buffer; CiphertextBlob: Buffer }>('kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_128' });
  expect(made.Plaintext).toHaveLength(16);
  expect(decrypt(made.CiphertextBlob).Plaintext.equals(made.Plaintext)).toBe(true);
  expect(world.call('kms', 'GenerateDataKeyWithoutPlaintext', { KeyId, NumberOfBytes: 7 })).not.toHaveProperty('Plaintext');
  expect(world.refusal('kms', 'GenerateDataKey', { KeyId }).message).toBe('Please specify either number of bytes or key spec.');
});

test('rotation changes the material of new ciphertexts, and old ones still open', () => {
  const KeyId = key();
  const old = encrypt(KeyId, 'old');
  world.call('kms', 'RotateKeyOnDemand', { KeyId });
  const fresh = encrypt(KeyId, 'new');
  const material = (blob: Buffer) => world.call<{ KeyMaterialId: string }>('kms', 'Decrypt', { CiphertextBlob: blob }).KeyMaterialId;
  expect(material(old)).not.toBe(material(fresh));
  expect(decrypt(old).Plaintext.toString()).toBe('old');
});

test('RSA ciphertexts need the key and the algorithm to be named', () => {
  const KeyId = key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
  const sealed = encrypt(KeyId, 'hello', { EncryptionAlgorithm });
  expect(decrypt(sealed, { KeyId, EncryptionAlgorithm }).Plaintext.toString()).toBe('hello');
  expect(world.refusal('kms', 'Decrypt', { CiphertextBlob: sealed, EncryptionAlgorithm }).code).toBe('ValidationException');
  expect(world.refusal('kms', 'Decrypt', { CiphertextBlob: sealed, KeyId, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }).code).toBe('InvalidCiphertextException');
  expect(world.refusal('kms', 'Encrypt', { KeyId, Plaintext: Buffer.alloc(191), EncryptionAlgorithm }).message)
    .toBe('Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.');
});

test('keys of one kind of use refuse the other', () => {
  const KeyId = key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  expect(world.refusal('kms', 'Encrypt', { KeyId, Plaintext: Buffer.from('x') })).toMatchObject({
    code: 'InvalidKeyUsageException', message: `${arn(KeyId)} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
  });
});

test('a dry run does nothing and says that it would have', () => {
  const KeyId = key();
  expect(world.refusal('kms', 'Encrypt', { KeyId, Plaintext: Buffer.from('x'), DryRun: true }).code).toBe('DryRunOperationException');
});

test('a key in a custom key store is refused, for there is no such store', () => {
  expect(world.refusal('kms', 'CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-1234567890abcdef0' }).code).toBe('CustomKeyStoreNotFoundException');
  expect(world.call('kms', 'DescribeCustomKeyStores')).toEqual({ CustomKeyStores: [], Truncated: false });
  expect(world.refusal('kms', 'DescribeCustomKeyStores', { CustomKeyStoreName: 'store' }).code).toBe('CustomKeyStoreNotFoundException');
});
