import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KEY_SPECS } from './specs';
import type { KeySpec } from './specs';
import type { KeyRecord, Material } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

/** New, real key material. Its name repeats from run to run; its bytes do not, and are never on a timeline. */
export function makeMaterial(context: Context, keyId: string, spec: string, madeBy: Material['madeBy']): Material {
  return {
    id: idFormat.hex(context.id('material', keyId), 64),
    secret: secretBytes(context, KEY_SPECS[spec]!).toString('base64'),
    madeAt: context.now,
    madeBy,
  };
}

function secretBytes(context: Context, spec: KeySpec): Buffer {
  if (spec.kind === 'symmetric' || spec.kind === 'hmac') return randomBytes(spec.bytes);
  return makeKeyPair(context, spec).export({ type: 'pkcs8', format: 'der' });
}

export function makeKeyPair(context: Context, spec: Extract<KeySpec, { kind: 'rsa' | 'ec' }>): KeyObject {
  return spec.kind === 'rsa'
    ? context.kernel.keyPairs.rsa(spec.bits)
    : generateKeyPairSync('ec', { namedCurve: spec.curve }).privateKey;
}

/** The material in use. */
export function currentMaterial(key: KeyRecord): Material {
  return key.materials[key.materials.length - 1];
}

/** As answers tell it: nothing of a key whose material is not in KMS. */
export function currentMaterialId(key: KeyRecord): string | undefined {
  return key.materials.at(-1)?.id;
}

export function secretOf(material: Material): Buffer {
  return Buffer.from(material.secret, 'base64');
}

export function privateKeyOf(key: KeyRecord): KeyObject {
  return createPrivateKey({ key: secretOf(currentMaterial(key)), type: 'pkcs8', format: 'der' });
}

export function publicKeyOf(key: KeyRecord): KeyObject {
  return createPublicKey(privateKeyOf(key));
}

/** SubjectPublicKeyInfo. */
export function publicKeyDer(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}
