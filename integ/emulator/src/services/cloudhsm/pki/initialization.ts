import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, id_ce_basicConstraints, Name } from '@peculiar/asn1-x509';
import { requestOf } from './certificates';

export interface InitializationRules {
  readonly maxLength: number;
  readonly keyBits: readonly number[];
  readonly chainAllowed: boolean;
  readonly subjectMustMatch: boolean;
}

export interface CertificateProblem {
  readonly which: 'SignedCert' | 'TrustAnchor';
  readonly problem: string;
}

const CHARACTERS = /^[a-zA-Z0-9+-/=\s]*$/;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** What is wrong with the two certificates that InitializeCluster is given; the first finding only. `now` is host time. */
export function certificateProblem(
  { signedCert, trustAnchor, csr, now }: { signedCert: string; trustAnchor: string; csr: string; now: Date },
  rules: InitializationRules,
): CertificateProblem | undefined {
  const anchors = parse(trustAnchor, rules);
  if (typeof anchors === 'string') return { which: 'TrustAnchor', problem: anchors };
  const leaves = parse(signedCert, rules);
  if (typeof leaves === 'string') return { which: 'SignedCert', problem: leaves };
  const anchorProblem = anchorsProblem(anchors, rules, now);
  if (anchorProblem) return { which: 'TrustAnchor', problem: anchorProblem };
  if (leaves.length > 1) return { which: 'SignedCert', problem: 'it holds more than one certificate' };
  const leafFinding = leafProblem(leaves[0], anchors[0], csr, rules, now);
  return leafFinding ? { which: 'SignedCert', problem: leafFinding } : undefined;
}

function parse(text: string, rules: InitializationRules): X509Certificate[] | string {
  if (text.length > rules.maxLength) return `it is longer than ${rules.maxLength} characters`;
  if (!CHARACTERS.test(text)) return 'it contains characters outside [a-zA-Z0-9+-/=\\s]';
  const found = text.match(PEM) ?? [];
  if (found.length === 0) return 'it is not a certificate in PEM form';
  try {
    return found.map((pem) => new X509Certificate(pem));
  } catch {
    return 'it cannot be read as a certificate';
  }
}

function anchorsProblem(anchors: readonly X509Certificate[], rules: InitializationRules, now: Date): string | undefined {
  if (anchors.length > 1 && !rules.chainAllowed) return 'it holds more than one certificate';
  for (const [index, anchor] of anchors.entries()) {
    const problem = authorityProblem(anchor, rules, now);
    if (problem) return problem;
    const issuer = anchors[index + 1] ?? anchor;
    if (!issuedBy(anchor, issuer)) return issuer === anchor ? 'it is not self-signed' : 'its certificates do not form a chain';
  }
  return undefined;
}

function authorityProblem(anchor: X509Certificate, rules: InitializationRules, now: Date): string | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = anchor.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (asymmetricKeyType !== 'rsa' || !rules.keyBits.includes(bits)) return `its key must be RSA of ${rules.keyBits.join(', ')} bits`;
  const { tbsCertificate: { extensions } } = decoded(anchor);
  // A certificate without extensions, as plain `openssl x509 -req` makes it, need not say that it is an authority.
  if (extensions && extensions.length > 0) {
    if (!extensions.some(({ extnID }) => extnID === id_ce_basicConstraints)) return 'it has extensions but no Basic Constraints';
    if (!anchor.ca) return 'its extensions do not make it a certificate authority';
  }
  return validityProblem(anchor, now);
}

function leafProblem(
  leaf: X509Certificate, anchor: X509Certificate, csr: string, rules: InitializationRules, now: Date,
): string | undefined {
  if (!issuedBy(leaf, anchor)) return 'it was not signed by the trust anchor';
  const { certificationRequestInfo: request } = requestOf(csr);
  const { tbsCertificate } = decoded(leaf);
  if (!sameBytes(AsnConvert.serialize(tbsCertificate.subjectPublicKeyInfo), AsnConvert.serialize(request.subjectPKInfo))) {
    return 'its public key is not that of the certificate signing request';
  }
  if (rules.subjectMustMatch && !sameBytes(encoded(tbsCertificate.subject), encoded(request.subject))) {
    return 'its subject is not that of the certificate signing request';
  }
  return validityProblem(leaf, now);
}

function validityProblem(certificate: X509Certificate, now: Date): string | undefined {
  if (now < new Date(certificate.validFrom)) return 'it is not valid yet';
  return now > new Date(certificate.validTo) ? 'it has expired' : undefined;
}

function issuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function decoded(certificate: X509Certificate): Certificate {
  return AsnConvert.parse(certificate.raw, Certificate);
}

function encoded(subject: Name): ArrayBuffer {
  return AsnConvert.serialize(subject);
}

function sameBytes(a: ArrayBuffer, b: ArrayBuffer): boolean {
  return Buffer.from(a).equals(Buffer.from(b));
}
