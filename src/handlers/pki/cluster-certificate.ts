import type { CertificateRequest } from './csr';
import { authorityKeyIdentifier, endEntity, subjectKeyIdentifier, tbsCertificate } from './tbs-certificate';
import { trustAnchorSubject } from './trust-anchor';
import type { Validity } from './validity';

export interface ClusterCertificateOptions extends Validity {
  readonly request: CertificateRequest;
  readonly caPublicKeySpki: Uint8Array;
  readonly clusterId: string;
}

/**
 * The cluster's certificate (InitializeCluster's SignedCert), ready to be signed: subject and key are the request's, byte for byte.
 *
 * Extensions are what known good initializations have in common: `openssl x509 -req` writes none or the two key identifiers, AWS Private CA adds
 * CA:FALSE. No key usage: what the HSM does with this key is not documented, and a usage could only forbid it.
 */
export function clusterCertificateTbs(options: ClusterCertificateOptions): Uint8Array {
  const { spki } = options.request.publicKey;
  return tbsCertificate({
    issuer: trustAnchorSubject(options.clusterId),
    subject: options.request.subject,
    publicKeyInfo: spki,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    extensions: [endEntity(), subjectKeyIdentifier(spki), authorityKeyIdentifier(options.caPublicKeySpki)],
  });
}
