import { createHash } from 'node:crypto';
import { clusterCertificateTbs } from './cluster-certificate';
import { parseCsr } from './csr';
import { pemFromDer } from './pem';
import { PkiError, reading } from './problem';
import { describeKey, parsePublicKey, type PublicKey } from './public-key';
import { isSignatureOf, SHA256_WITH_RSA } from './signature-algorithm';
import { certificateFromTbs } from './tbs-certificate';
import { trustAnchorTbs } from './trust-anchor';
import { addYears, DAY_MILLISECONDS, MAXIMUM_VALIDITY_YEARS, MINIMUM_VALIDITY_YEARS } from './validity';

/**
 * Signs a SHA-256 digest with the certificate authority's key, PKCS#1 v1.5.
 *
 * In KMS: Sign with RSASSA_PKCS1_V1_5_SHA_256 and MessageType DIGEST (RAW ends at 4,096 bytes).
 */
export type SignDigest = (digest: Uint8Array) => Promise<Uint8Array>;

export interface IssueCertificatesOptions {
  readonly csrPem: string;
  /** SubjectPublicKeyInfo in DER, as KMS GetPublicKey answers it. */
  readonly caPublicKeySpki: Uint8Array;
  /** When the cluster was created (DescribeClusters), never the present time: a repeat must give the same bytes. */
  readonly createdAt: Date;
  readonly clusterId: string;
  readonly validityYears: number;
  readonly sign: SignDigest;
}

export interface IssuedCertificates {
  /** Self-signed root: InitializeCluster's TrustAnchor, `customerCA.crt` on clients, KMS's TrustAnchorCertificate. */
  readonly trustAnchorPem: string;
  /** InitializeCluster's SignedCert. */
  readonly signedCertificatePem: string;
}

/**
 * Makes the two certificates that InitializeCluster asks for.
 *
 * A pure function of its options: whoever repeats it, a retry after a crash for example, gets the same two texts. That matters because
 * InitializeCluster happens once, and a second root for the same cluster would be one that nothing trusts.
 */
export async function issueCertificates(options: IssueCertificatesOptions): Promise<IssuedCertificates> {
  const request = parseCsr(options.csrPem);
  const caKey = certificateAuthorityKey(options.caPublicKeySpki);
  checkClusterId(options.clusterId);
  const { root, leaf } = validities(options.createdAt, options.validityYears);

  const common = { caPublicKeySpki: options.caPublicKeySpki, clusterId: options.clusterId };
  const trustAnchor = await signed(trustAnchorTbs({ ...common, ...root }), caKey, options.sign);
  const clusterCertificate = await signed(clusterCertificateTbs({ ...common, ...leaf, request }), caKey, options.sign);
  return {
    trustAnchorPem: pemFromDer('CERTIFICATE', trustAnchor),
    signedCertificatePem: pemFromDer('CERTIFICATE', clusterCertificate),
  };
}

async function signed(tbs: Uint8Array, caKey: PublicKey, sign: SignDigest): Promise<Uint8Array> {
  const signature = await sign(new Uint8Array(createHash('sha256').update(tbs).digest()));
  if (!isSignatureOf(SHA256_WITH_RSA, tbs, caKey, signature)) {
    throw new PkiError('SignatureInvalid', 'the signature that came back does not fit the public key of the certificate authority; ' +
      'sign the digest with that same key and RSASSA_PKCS1_V1_5_SHA_256');
  }
  return certificateFromTbs(tbs, signature);
}

function certificateAuthorityKey(spki: Uint8Array): PublicKey {
  const key = reading('CaKeyUnreadable', 'the public key of the certificate authority', () => parsePublicKey(spki));
  if (key.algorithm !== 'rsa' || key.modulusBits === undefined || key.modulusBits < 2048 || key.modulusBits > 4096) {
    throw new PkiError('CaKeyUnsupported', `the certificate authority must have an RSA key of 2048 to 4096 bits, got ${describeKey(key)}`);
  }
  return key;
}

/** The id becomes part of a name and of what everybody trusts, so nothing but an id gets in. Pattern: CloudHSM API, ClusterId. */
function checkClusterId(clusterId: string): void {
  if (!/^cluster-[2-7a-zA-Z]{11,16}$/.test(clusterId)) {
    throw new PkiError('ClusterIdInvalid', `"${clusterId}" is not the id of a CloudHSM cluster`);
  }
}

/** The leaf ends a day before the root: a verifier must never meet a leaf that outlives its issuer. */
function validities(createdAt: Date, years: number) {
  if (Number.isNaN(createdAt.getTime())) {
    throw new PkiError('CreationTimeInvalid', 'the creation time of the cluster is not a date');
  }
  if (!Number.isInteger(years) || years < MINIMUM_VALIDITY_YEARS || years > MAXIMUM_VALIDITY_YEARS) {
    throw new PkiError('ValidityInvalid',
      `the validity must be ${MINIMUM_VALIDITY_YEARS} to ${MAXIMUM_VALIDITY_YEARS} whole years, got ${years}; ` +
      'clients stop trusting the cluster when its trust anchor ends, and it cannot be replaced');
  }
  const notAfter = addYears(createdAt, years);
  return {
    root: { notBefore: createdAt, notAfter },
    leaf: { notBefore: createdAt, notAfter: new Date(notAfter.getTime() - DAY_MILLISECONDS) },
  };
}
