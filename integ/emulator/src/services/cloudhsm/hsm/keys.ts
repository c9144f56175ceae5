import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AttributeValue, HsmKey } from './partition';
import type { Context } from '../../../wire/operation';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Attributes in the order in which the client prints them. */
const USAGE = {
  'encrypt': false,
  'decrypt': false,
  'token': true,
  'always-sensitive': true,
  'derive': false,
  'destroyable': true,
  'extractable': true,
  'local': true,
  'modifiable': true,
  'never-extractable': false,
  'private': true,
  'sensitive': true,
  'sign': false,
  'trusted': false,
  'unwrap': false,
  'verify': false,
  'wrap': false,
  'wrap-with-trusted': false,
} as const;

export interface KeySpec {
  readonly owner: string;
  readonly clusterId: string;
  readonly label: string;
  readonly attributes?: Attributes;
  readonly sharedWith?: readonly string[];
}

/** A secret key: AES or a generic secret. Material is really random; only its reference is drawn from the seed. */
export function newSecretKey(context: Context, spec: KeySpec, type: 'aes' | 'generic-secret', bytes: number): HsmKey {
  const material = randomBytes(bytes);
  return newKey(context, spec, material.toString('base64'), { ...secretAttributes(spec, type, material), ...spec.attributes, 'key-length-bytes': bytes });
}

function secretAttributes(spec: KeySpec, type: 'aes' | 'generic-secret', material: Buffer): Attributes {
  return {
    'key-type': type,
    'label': spec.label,
    'id': '',
    ...(type === 'aes' ? { 'check-value': checkValue(material) } : {}),
    'class': 'secret-key',
    ...USAGE,
    'sign': true,
    'verify': true,
  };
}

export interface PairSpec {
  readonly publicKey: KeySpec;
  readonly privateKey: KeySpec;
}

const USUAL_EXPONENT = 65_537;

export function newRsaPair(context: Context, spec: PairSpec, bits: number, exponent: number): { publicKey: HsmKey; privateKey: HsmKey } {
  const privateKey = exponent === USUAL_EXPONENT
    ? context.kernel.keyPairs.rsa(bits)
    : generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent }).privateKey;
  const pair = { privateKey, publicKey: createPublicKey(privateKey) };
  return pairOf(context, spec, 'rsa', {
    publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }, rsaNumbers(pair.publicKey));
}

function rsaNumbers(key: KeyObject): Attributes {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return { 'key-length-bytes': Math.ceil(bits / 8), 'public-exponent': hex(e), 'modulus': hex(n), 'modulus-size-bits': bits };
}

/** OpenSSL's names of the curves that the client knows. */
export const CURVES: Readonly<Record<string, string>> = {
  secp224r1: 'secp224r1', secp256r1: 'prime256v1', prime256v1: 'prime256v1', secp384r1: 'secp384r1', secp256k1: 'secp256k1', secp521r1: 'secp521r1',
};

export function newEcPair(context: Context, spec: PairSpec, curve: string): { publicKey: HsmKey; privateKey: HsmKey } {
  const pair = generateKeyPairSync('ec', { namedCurve: CURVES[curve] });
  return pairOf(context, spec, 'ec', {
    publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }, ecNumbers(pair.publicKey, curve));
}

function ecNumbers(key: KeyObject, curve: string): Attributes {
  const der = key.export({ type: 'spki', format: 'der' });
  const bytes = Math.ceil(Number(/\d{3}/.exec(curve)![0]) / 8);
  // The point is the tail of the encoding: an uncompressed point begins with 4.
  const point = der.subarray(der.length - 1 - 2 * bytes);
  return { 'key-length-bytes': bytes, 'ec-point': `0x04${point.length.toString(16).padStart(2, '0')}${point.toString('hex')}`, curve };
}

/** The client's own name of a key's curve. */
function curveOf(key: KeyObject): string {
  const named = key.asymmetricKeyDetails?.namedCurve;
  const found = Object.entries(CURVES).find(([, name]) => name === named);
  if (!found) throw new Error('unknown curve');
  return found[0];
}

/** Key types and classes that come into an HSM from outside. */
export type ImportedType = 'aes' | 'generic-secret' | 'rsa-private' | 'ec-private' | 'rsa-public' | 'ec-public';

/** A key that was not made here. @throws Error when the bytes are no key of that type */
export function importedKey(context: Context, spec: KeySpec, type: ImportedType, bytes: Buffer): HsmKey {
  const foreign = { 'local': false, 'always-sensitive': false };
  if (type === 'aes' || type === 'generic-secret') {
    if (type === 'aes' && ![16, 24, 32].includes(bytes.length)) throw new Error('no AES key');
    return newKey(context, spec, bytes.toString('base64'), {
      ...secretAttributes(spec, type, bytes), ...foreign, ...spec.attributes, 'key-length-bytes': bytes.length,
    }, false);
  }
  const [algorithm, half] = type.split('-') as ['rsa' | 'ec', 'private' | 'public'];
  const priv = half === 'private' ? createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }) : undefined;
  const pub = createPublicKey(priv ?? (bytes.includes('-----BEGIN') ? bytes.toString('utf8') : { key: bytes, format: 'der', type: 'spki' }));
  if (pub.asymmetricKeyType !== algorithm) throw new Error(`no ${algorithm} key`);
  const publicPem = pub.export({ type: 'spki', format: 'pem' }).toString();
  const numbers = algorithm === 'rsa' ? rsaNumbers(pub) : ecNumbers(pub, curveOf(pub));
  return newKey(context, spec, priv?.export({ type: 'pkcs8', format: 'pem' }).toString() ?? publicPem, {
    ...halfAttributes(spec, algorithm, `${half}-key`, half === 'private', checkText(publicPem)), ...foreign, ...spec.attributes, ...numbers,
  }, false);
}

/** What a key's owner may carry out of the HSM under another key: the secret itself, or PKCS #8. */
export function payloadOf({ material, attributes }: HsmKey): Buffer {
  if (attributes.class === 'secret-key') return Buffer.from(material, 'base64');
  return createPrivateKey(material).export({ type: 'pkcs8', format: 'der' });
}

function pairOf(
  context: Context, spec: PairSpec, type: string, material: { publicPem: string; privatePem: string }, numbers: Attributes,
): { publicKey: HsmKey; privateKey: HsmKey } {
  const check = checkText(material.publicPem);
  const half = (of: KeySpec, keyClass: string, secret: boolean): Attributes => ({
    ...halfAttributes(of, type, keyClass, secret, check), ...of.attributes, ...numbers,
  });
  return {
    publicKey: newKey(context, spec.publicKey, material.publicPem, half(spec.publicKey, 'public-key', false)),
    privateKey: newKey(context, spec.privateKey, material.privatePem, half(spec.privateKey, 'private-key', true)),
  };
}

function halfAttributes(of: KeySpec, type: string, keyClass: string, secret: boolean, check: string): Attributes {
  return {
    'key-type': type,
    'label': of.label,
    'id': '',
    'check-value': check,
    'class': keyClass,
    ...USAGE,
    'always-sensitive': secret,
    'sensitive': secret,
  };
}

/** A key that came from outside has been extractable somewhere. */
function newKey(context: Context, spec: KeySpec, material: string, attributes: Attributes, madeHere = true): HsmKey {
  const handle = context.id('key', spec.clusterId).toString('hex').slice(0, 6);
  return {
    reference: `0x${handle.padStart(16, '0')}`,
    owner: spec.owner,
    sharedWith: spec.sharedWith ?? [],
    attributes: { ...attributes, 'never-extractable': madeHere && attributes.extractable === false },
    material,
  };
}

/** AES-GCM under a secret key: nonce, tag and ciphertext in one. */
export function seal(key: HsmKey, plaintext: Buffer, associated: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithmOf(key), Buffer.from(key.material, 'base64'), nonce).setAAD(associated);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** `undefined` when it was not sealed by this key with this associated data. */
export function open(key: HsmKey, sealed: Buffer, associated: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv(algorithmOf(key), Buffer.from(key.material, 'base64'), sealed.subarray(0, 12))
      .setAAD(associated)
      .setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function algorithmOf(key: HsmKey): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' {
  return `aes-${8 * Number(key.attributes['key-length-bytes'])}-gcm` as 'aes-256-gcm';
}

/** First three bytes of a zero block under the key, by which two copies of it can be compared. */
function checkValue(material: Buffer): string {
  const cipher = createCipheriv(`aes-${8 * material.length}-ecb`, material, null).setAutoPadding(false);
  return `0x${cipher.update(Buffer.alloc(16)).toString('hex').slice(0, 6)}`;
}

function checkText(text: string): string {
  return `0x${createHash('sha1').update(text).digest('hex').slice(0, 6)}`;
}

function hex(base64url: string): string {
  return `0x${Buffer.from(base64url, 'base64url').toString('hex')}`;
}
