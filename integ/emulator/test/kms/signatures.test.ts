import { createHash, createPublicKey, sign as nodeSign, constants, verify as nodeVerify } from 'node:crypto';
import { kms } from '../../src/services/kms/service';
import { World } from '../_helpers/world';

let world: World;
beforeAll(() => { world = new World({ services: [kms] }); });
afterAll(() => world.stop());

const MESSAGE = Buffer.from('what is to be signed');

interface Signed { Signature: Buffer }

/** Checks with Node alone, from the public key that KMS gives out. */
function opens(KeyId: string, algorithm: string, signature: Buffer): boolean {
  const { PublicKey } = world.call<{ PublicKey: Buffer }>('kms', 'GetPublicKey', { KeyId });
  const key = createPublicKey({ key: PublicKey, type: 'spki', format: 'der' });
  const padding = algorithm.startsWith('RSASSA_PSS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return nodeVerify(hash(algorithm), MESSAGE, { key, ...padding }, signature);
}

const hash = (algorithm: string) => `sha${algorithm.slice(-3)}`;
const digest = (algorithm: string) => createHash(hash(algorithm)).update(MESSAGE).digest();
const key = (KeySpec: string) => world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey', { KeySpec, KeyUsage: 'SIGN_VERIFY' }).KeyMetadata.KeyId;

describe.each([
  ['RSA_2048', ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_512', 'RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512']],
  ['ECC_NIST_P256', ['ECDSA_SHA_256']],
  ['ECC_NIST_P384', ['ECDSA_SHA_384']],
  ['ECC_NIST_P521', ['ECDSA_SHA_512']],
  ['ECC_SECG_P256K1', ['ECDSA_SHA_256']],
])('%s', (spec, algorithms) => {
  let KeyId: string;
  beforeAll(() => { KeyId = key(spec); });

  test.each(algorithms)('%s over a message and over its digest holds outside KMS', (SigningAlgorithm) => {
    const raw = world.call<Signed>('kms', 'Sign', { KeyId, Message: MESSAGE, SigningAlgorithm }).Signature;
    const over = world.call<Signed>('kms', 'Sign', { KeyId, Message: digest(SigningAlgorithm), MessageType: 'DIGEST', SigningAlgorithm }).Signature;
    expect([opens(KeyId, SigningAlgorithm, raw), opens(KeyId, SigningAlgorithm, over)]).toEqual([true, true]);
  });

  test.each(algorithms)('%s verifies by message and by digest, and nothing else', (SigningAlgorithm) => {
    const { Signature } = world.call<Signed>('kms', 'Sign', { KeyId, Message: MESSAGE, SigningAlgorithm });
    const byDigest = { KeyId, Message: digest(SigningAlgorithm), MessageType: 'DIGEST', SigningAlgorithm };
    expect(world.call('kms', 'Verify', { KeyId, Message: MESSAGE, Signature, SigningAlgorithm }).SignatureValid).toBe(true);
    expect(world.call('kms', 'Verify', { ...byDigest, Signature }).SignatureValid).toBe(true);
    const changed = Buffer.from(Signature);
    changed[changed.length - 1] ^= 1;
    expect(world.refusal('kms', 'Verify', { KeyId, Message: MESSAGE, Signature: changed, SigningAlgorithm }).code).toBe('KMSInvalidSignatureException');
    expect(world.refusal('kms', 'Verify', { ...byDigest, Signature: changed }).code).toBe('KMSInvalidSignatureException');
    const other = createHash(hash(SigningAlgorithm)).update('something else').digest();
    expect(world.refusal('kms', 'Verify', { ...byDigest, Message: other, Signature }).code).toBe('KMSInvalidSignatureException');
  });
});

test('a digest of the wrong length is refused', () => {
  const KeyId = key('ECC_NIST_P256');
  expect(world.refusal('kms', 'Sign', { KeyId, Message: Buffer.alloc(31), MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' })).toMatchObject({
    code: 'ValidationException', message: 'Digest is invalid length for algorithm ECDSA_SHA_256.',
  });
});

test('a message of more than 4096 bytes is refused', () => {
  const KeyId = key('ECC_NIST_P256');
  expect(world.refusal('kms', 'Sign', { KeyId, Message: Buffer.alloc(4097), SigningAlgorithm: 'ECDSA_SHA_256' }).code).toBe('ValidationException');
  expect(world.call('kms', 'Sign', { KeyId, Message: Buffer.alloc(4096), SigningAlgorithm: 'ECDSA_SHA_256' })).toHaveProperty('Signature');
});

test('an algorithm of another key spec is refused', () => {
  const KeyId = key('ECC_NIST_P256');
  expect(world.refusal('kms', 'Sign', { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_384' }).code).toBe('InvalidKeyUsageException');
});

test('a data key pair: the private key that opens signs for the public one', () => {
  const KeyId = world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey').KeyMetadata.KeyId;
  const made = world.call<{ PrivateKeyCiphertextBlob: Buffer; PrivateKeyPlaintext: Buffer; PublicKey: Buffer }>('kms', 'GenerateDataKeyPair', { KeyId, KeyPairSpec: 'ECC_NIST_P256' });
  const opened = world.call<{ Plaintext: Buffer }>('kms', 'Decrypt', { CiphertextBlob: made.PrivateKeyCiphertextBlob }).Plaintext;
  const signature = nodeSign('sha256', MESSAGE, { key: opened, type: 'pkcs8', format: 'der' });
  expect(nodeVerify('sha256', MESSAGE, { key: made.PublicKey, type: 'spki', format: 'der' }, signature)).toBe(true);
});

test('a MAC verifies, and a changed one does not', () => {
  const KeyId = world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }).KeyMetadata.KeyId;
  const { Mac } = world.call<{ Mac: Buffer }>('kms', 'GenerateMac', { KeyId, Message: MESSAGE, MacAlgorithm: 'HMAC_SHA_256' });
  expect(world.call('kms', 'VerifyMac', { KeyId, Message: MESSAGE, Mac, MacAlgorithm: 'HMAC_SHA_256' }).MacValid).toBe(true);
  expect(world.refusal('kms', 'VerifyMac', { KeyId, Message: Buffer.from('x'), Mac, MacAlgorithm: 'HMAC_SHA_256' }).code).toBe('KMSInvalidMacException');
});
