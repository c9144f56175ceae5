/** What kind of key material a spec means, and what it may be used for. */
export type KeySpec =
  | { readonly kind: 'symmetric'; readonly bytes: number }
  | { readonly kind: 'hmac'; readonly bytes: number; readonly hash: string }
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: string; readonly signing: string };

/** Specs that this emulator has real keys for. */
export const KEY_SPECS: { readonly [spec: string]: KeySpec | undefined } = {
  SYMMETRIC_DEFAULT: { kind: 'symmetric', bytes: 32 },
  HMAC_224: { kind: 'hmac', bytes: 28, hash: 'sha224' },
  HMAC_256: { kind: 'hmac', bytes: 32, hash: 'sha256' },
  HMAC_384: { kind: 'hmac', bytes: 48, hash: 'sha384' },
  HMAC_512: { kind: 'hmac', bytes: 64, hash: 'sha512' },
  RSA_2048: { kind: 'rsa', bits: 2048 },
  RSA_3072: { kind: 'rsa', bits: 3072 },
  RSA_4096: { kind: 'rsa', bits: 4096 },
  ECC_NIST_P256: { kind: 'ec', curve: 'P-256', signing: 'ECDSA_SHA_256' },
  ECC_NIST_P384: { kind: 'ec', curve: 'P-384', signing: 'ECDSA_SHA_384' },
  ECC_NIST_P521: { kind: 'ec', curve: 'P-521', signing: 'ECDSA_SHA_512' },
  ECC_SECG_P256K1: { kind: 'ec', curve: 'secp256k1', signing: 'ECDSA_SHA_256' },
};

const RSA_SIGNING = ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512'];
const RSA_ENCRYPTION = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];

/** Usages that a spec allows; the first is the default where there is only one. */
export function usagesOf(spec: KeySpec): readonly string[] {
  switch (spec.kind) {
    case 'symmetric': return ['ENCRYPT_DECRYPT'];
    case 'hmac': return ['GENERATE_VERIFY_MAC'];
    case 'rsa': return ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'];
    case 'ec': return ['SIGN_VERIFY'];
  }
}

/** The members of the metadata that say which algorithms a key can be used with. */
export interface Algorithms {
  readonly EncryptionAlgorithms?: readonly string[];
  readonly SigningAlgorithms?: readonly string[];
  readonly MacAlgorithms?: readonly string[];
}

export function algorithmsOf(specName: string, usage: string): Algorithms {
  const spec = KEY_SPECS[specName];
  if (!spec) return {};
  switch (spec.kind) {
    case 'symmetric': return { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] };
    case 'hmac': return { MacAlgorithms: [specName.replace('HMAC_', 'HMAC_SHA_')] };
    case 'rsa': return usage === 'SIGN_VERIFY' ? { SigningAlgorithms: RSA_SIGNING } : { EncryptionAlgorithms: RSA_ENCRYPTION };
    case 'ec': return { SigningAlgorithms: [spec.signing] };
  }
}

export function isAsymmetric(specName: string): boolean {
  const kind = KEY_SPECS[specName]?.kind;
  return kind === 'rsa' || kind === 'ec';
}
