import { oid, sequence, setOfOne, utf8 } from './asn1';
import { certificateAuthority, signsCertificatesAndLists, subjectKeyIdentifier, tbsCertificate } from './tbs-certificate';
import type { Validity } from './validity';

export interface TrustAnchorOptions extends Validity {
  /** Public key of the certificate authority: SubjectPublicKeyInfo in DER, as KMS GetPublicKey answers it. */
  readonly caPublicKeySpki: Uint8Array;
  readonly clusterId: string;
}

const ORGANIZATION = '2.5.4.10';
const COMMON_NAME = '2.5.4.3';

/** Names the cluster, because the anchor ends up in places (clients, KMS) where nothing else says whose it is. */
export function trustAnchorSubject(clusterId: string): Uint8Array {
  return sequence(
    setOfOne(sequence(oid(ORGANIZATION), utf8('cdk-cloudhsm'))),
    setOfOne(sequence(oid(COMMON_NAME), utf8(`${clusterId} trust anchor`))),
  );
}

/**
 * The self-signed root that becomes the cluster's trust anchor, ready to be signed.
 *
 * The profile is the one a public lab initialized an hsm2m cluster with: critical CA:TRUE without a path length, critical keyCertSign and cRLSign.
 * A path length of 0 would be true as well, but nobody has reported on it, and an anchor cannot be replaced.
 */
export function trustAnchorTbs(options: TrustAnchorOptions): Uint8Array {
  const subject = trustAnchorSubject(options.clusterId);
  return tbsCertificate({
    issuer: subject,
    subject,
    publicKeyInfo: options.caPublicKeySpki,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    extensions: [certificateAuthority(), signsCertificatesAndLists(), subjectKeyIdentifier(options.caPublicKeySpki)],
  });
}
