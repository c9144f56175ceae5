import { generateKeyPairSync } from 'node:crypto';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { refusal } from './text';
import type { Context } from '../../wire/operation';

const CURVES: Readonly<Record<string, string>> = { EC_prime256v1: 'P-256', EC_secp384r1: 'P-384', EC_secp521r1: 'P-521' };

interface Signing {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly family: 'RSA' | 'EC';
  readonly oid: string;
}

const SIGNING: Readonly<Record<string, Signing>> = {
  SHA256WITHRSA: { hash: 'sha256', family: 'RSA', oid: '1.2.840.113549.1.1.11' },
  SHA384WITHRSA: { hash: 'sha384', family: 'RSA', oid: '1.2.840.113549.1.1.12' },
  SHA512WITHRSA: { hash: 'sha512', family: 'RSA', oid: '1.2.840.113549.1.1.13' },
  SHA256WITHECDSA: { hash: 'sha256', family: 'EC', oid: '1.2.840.10045.4.3.2' },
  SHA384WITHECDSA: { hash: 'sha384', family: 'EC', oid: '1.2.840.10045.4.3.3' },
  SHA512WITHECDSA: { hash: 'sha512', family: 'EC', oid: '1.2.840.10045.4.3.4' },
};

/** PEM of a new PKCS#8 private key. */
export function newKey(context: Context, algorithm: string): string {
  const bits = /^RSA_(\d+)$/.exec(algorithm)?.[1];
  const curve = CURVES[algorithm];
  if (!bits && !curve) throw refusal(context, 'InvalidArgsException', 'text-algorithm', { algorithm });
  const key = bits ? context.kernel.keyPairs.rsa(Number(bits)) : generateKeyPairSync('ec', { namedCurve: curve }).privateKey;
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** How something is signed by a key of this kind. */
export function signingWith(context: Context, algorithm: string, keyAlgorithm: string): Signing {
  const signing = SIGNING[algorithm];
  if (!signing) throw refusal(context, 'InvalidArgsException', 'text-algorithm', { algorithm });
  if (!keyAlgorithm.startsWith(signing.family)) throw refusal(context, 'InvalidArgsException', 'text-other-family', { algorithm, key: keyAlgorithm });
  return signing;
}

/** RSA has parameters, which are nothing; ECDSA has none. */
export function identifierOf({ family, oid }: Signing): AlgorithmIdentifier {
  return new AlgorithmIdentifier(family === 'RSA' ? { algorithm: oid, parameters: null } : { algorithm: oid });
}

export type { Signing };
