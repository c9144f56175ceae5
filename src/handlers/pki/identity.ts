import { createHash } from 'node:crypto';
import { type Certificate, type CertificateSummary, oneLine, parseCertificates, summarize } from './certificate';
import { parseCsr, type CertificateRequest } from './csr';
import { collect, type Problem } from './problem';
import { describeKey, isSameKey, keyFingerprint } from './public-key';
import { EXTENSION } from './tbs-certificate';
import { validityProblems } from './validity';

/**
 * What DescribeClusters shows between the first HSM and initialization, and never again.
 *
 * The HSM's certificate is signed by the key of the hardware it runs on. That one key is certified twice: by AWS (who owns the hardware) and by the
 * manufacturer (who made it). So there are two chains with the same start:
 *
 *     HsmCertificate <- AwsHardwareCertificate          <- AWS CloudHSM root
 *     HsmCertificate <- ManufacturerHardwareCertificate <- manufacturer's root
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/verify-hsm-identity.html
 */
export interface HsmCertificates {
  readonly csr: string;
  readonly hsmCertificate?: string;
  readonly awsHardwareCertificate?: string;
  readonly manufacturerHardwareCertificate?: string;
}

export interface HsmIdentityEvidence {
  readonly csr?: { readonly fingerprint: string; readonly keyFingerprint: string; readonly key: string };
  readonly hsmCertificate: CertificateSummary[];
  readonly awsHardwareCertificate: CertificateSummary[];
  readonly manufacturerHardwareCertificate: CertificateSummary[];
  /** Whether request and HSM certificate have one key; undefined when one of them is missing or unreadable. */
  readonly sameKey?: boolean;
  /** What is missing or cannot be read. Evidence is kept as far as it goes; refusing is up to `verifyHsmIdentity`. */
  readonly problems: Problem[];
}

const NAMES = {
  hsmCertificate: 'the HSM certificate',
  awsHardwareCertificate: 'the AWS hardware certificate',
  manufacturerHardwareCertificate: 'the manufacturer hardware certificate',
} as const;

type CertificateName = keyof typeof NAMES;

/** Fingerprints, names and dates of everything, as a record that can be compared with the hardware's papers years later. */
export function hsmIdentityEvidence(certificates: HsmCertificates): HsmIdentityEvidence {
  const problems: Problem[] = [];
  const request = readRequest(certificates.csr, problems);
  const hsm = readCertificates(certificates, 'hsmCertificate', problems);
  const summaries = (name: CertificateName) => readCertificates(certificates, name, problems).map(summarize);
  return {
    csr: request && { fingerprint: fingerprint(request.der), keyFingerprint: keyFingerprint(request.publicKey), key: describeKey(request.publicKey) },
    hsmCertificate: hsm.map(summarize),
    awsHardwareCertificate: summaries('awsHardwareCertificate'),
    manufacturerHardwareCertificate: summaries('manufacturerHardwareCertificate'),
    sameKey: request && hsm.length > 0 ? hsm.every((certificate) => isSameKey(certificate.publicKey, request.publicKey)) : undefined,
    problems,
  };
}

/** Whether the request was made with the key that the HSM's certificate is about. */
export function sameKey(csrPem: string, hsmCertificatePem: string): boolean {
  const request = parseCsr(csrPem);
  const certificates = parseCertificates(hsmCertificatePem, NAMES.hsmCertificate);
  return certificates.length > 0 && certificates.every((certificate) => isSameKey(certificate.publicKey, request.publicKey));
}

export interface VerifyHsmIdentityOptions extends HsmCertificates {
  /** PEM texts. They are trusted because the user passed them: neither need they be self-signed, nor do their own signatures matter. */
  readonly awsRoots: readonly string[];
  readonly manufacturerRoots: readonly string[];
  readonly now: Date;
}

/** A code says what is wrong, the message also where. */
export type IdentityProblemCode =
  | 'CertificateMissing' | 'RootMissing' | 'CsrKeyDiffers' | 'IssuerDiffers' | 'SignatureInvalid' | 'NotCa' | 'PathTooLong'
  | 'CriticalExtensionUnknown' | 'NotYetValid' | 'Expired';

/**
 * Follows both chains and compares the keys. No problem means: this request was made by an HSM on hardware that AWS owns and the manufacturer made.
 *
 * Expiry is a problem with a code of its own (`Expired`), so that a caller can decide otherwise: Cavium's root for hsm1 ended in November 2025, and
 * AWS's Root G1 ends in April 2027.
 */
export function verifyHsmIdentity(options: VerifyHsmIdentityOptions): Problem[] {
  const problems: Problem[] = [];
  const request = readRequest(options.csr, problems);
  const hsm = readCertificates(options, 'hsmCertificate', problems);
  const aws = readCertificates(options, 'awsHardwareCertificate', problems);
  const manufacturer = readCertificates(options, 'manufacturerHardwareCertificate', problems);
  const awsRoots = readRoots(options.awsRoots, 'an AWS root certificate', problems);
  const manufacturerRoots = readRoots(options.manufacturerRoots, 'a manufacturer root certificate', problems);
  if (problems.length > 0) {
    return problems;
  }

  // DescribeClusters has shown one certificate so far. Should it ever show one per issuer, all must be for the request's key.
  if (request && !hsm.every((certificate) => isSameKey(certificate.publicKey, request.publicKey))) {
    problems.push({
      code: 'CsrKeyDiffers',
      message: `the certificate signing request and ${NAMES.hsmCertificate} have different keys: this HSM did not make the request`,
    });
  }
  problems.push(...chainProblems('AWS', hsm, aws, awsRoots, NAMES.awsHardwareCertificate, options.now));
  problems.push(...chainProblems('manufacturer', hsm, manufacturer, manufacturerRoots, NAMES.manufacturerHardwareCertificate, options.now));
  return problems;
}

interface Link {
  readonly certificate: Certificate;
  readonly what: string;
}

/** The problems of the best chain there is; none when one chain is without fault. */
function chainProblems(
  authority: string, hsm: Certificate[], hardware: Certificate[], roots: Certificate[], hardwareName: string, now: Date,
): Problem<IdentityProblemCode>[] {
  const attempts: Problem<IdentityProblemCode>[][] = [];
  for (const leaf of hsm) {
    for (const middle of hardware) {
      for (const root of roots) {
        attempts.push(pathProblems([
          { certificate: leaf, what: NAMES.hsmCertificate },
          { certificate: middle, what: hardwareName },
          { certificate: root, what: `the given ${authority} root` },
        ], now));
      }
    }
  }
  return attempts.reduce((best, attempt) => attempt.length < best.length ? attempt : best);
}

/** RFC 5280, 6.1, for a chain that is given: from the certificate in question to the trusted one. */
function pathProblems(path: readonly Link[], now: Date): Problem<IdentityProblemCode>[] {
  const problems: Problem<IdentityProblemCode>[] = [];
  path.forEach((link, index) => {
    const issuer = path[index + 1];
    if (issuer) {
      problems.push(...issuanceProblems(link, issuer));
    }
    problems.push(...(index > 0 ? issuerProblems(link, index - 1, issuer === undefined) : []), ...certificateProblems(link, now));
  });
  return problems;
}

function issuanceProblems({ certificate, what }: Link, issuer: Link): Problem<IdentityProblemCode>[] {
  // checkIssued compares names as X.509 does (case, spaces and string type do not matter), key identifiers and the issuer's key usage.
  if (!certificate.x509.checkIssued(issuer.certificate.x509)) {
    return [{
      code: 'IssuerDiffers',
      message: `${what} was issued by "${oneLine(certificate.x509.issuer)}", which ${issuer.what} ("${oneLine(issuer.certificate.x509.subject)}") is not`,
    }];
  }
  if (!certificate.x509.verify(issuer.certificate.x509.publicKey)) {
    return [{ code: 'SignatureInvalid', message: `${what} is not signed by the key of ${issuer.what}` }];
  }
  return [];
}

/** As OpenSSL judges issuers: CA:TRUE, or no Basic Constraints but keyCertSign. A given root is exempt, the LiquidSecurity one is X.509 v1. */
function issuerProblems({ certificate, what }: Link, certificatesBetween: number, isRoot: boolean): Problem<IdentityProblemCode>[] {
  const { basicConstraints, keyUsage } = certificate;
  const isCa = basicConstraints ? basicConstraints.ca : isRoot || keyUsage !== undefined;
  if (!isCa || (keyUsage && !keyUsage.signsCertificates)) {
    return [{ code: 'NotCa', message: `${what} must not issue certificates: it is not a certificate authority` }];
  }
  if (basicConstraints?.pathLength !== undefined && basicConstraints.pathLength < certificatesBetween) {
    return [{ code: 'PathTooLong', message: `${what} allows ${basicConstraints.pathLength} certificate authorities below it, got ${certificatesBetween}` }];
  }
  return [];
}

const UNDERSTOOD: readonly string[] = Object.values(EXTENSION);

function certificateProblems({ certificate, what }: Link, now: Date): Problem<IdentityProblemCode>[] {
  const problems: Problem<IdentityProblemCode>[] = [];
  const unknown = certificate.extensions.find((extension) => extension.critical && !UNDERSTOOD.includes(extension.oid));
  if (unknown) {
    problems.push({ code: 'CriticalExtensionUnknown', message: `${what} has a critical extension that is not known here (${unknown.oid})` });
  }
  return [...problems, ...validityProblems(what, certificate, now)];
}

function readRequest(pem: string, problems: Problem[]): CertificateRequest | undefined {
  return collect(problems, () => parseCsr(pem));
}

function readCertificates(certificates: HsmCertificates, name: CertificateName, problems: Problem[]): Certificate[] {
  const pem = certificates[name];
  const found = pem ? collect(problems, () => parseCertificates(pem, NAMES[name])) : [];
  if (found?.length === 0) {
    problems.push({ code: 'CertificateMissing', message: `${NAMES[name]} is missing; the service shows it between the first HSM and initialization only` });
  }
  return found ?? [];
}

function readRoots(pems: readonly string[], what: string, problems: Problem[]): Certificate[] {
  const found = pems.map((pem) => collect(problems, () => parseCertificates(pem, what)));
  if (found.every((certificates) => certificates?.length === 0)) {
    problems.push({ code: 'RootMissing', message: `${what} is needed to verify the HSM, but none was given` });
  }
  return found.flatMap((certificates) => certificates ?? []);
}

function fingerprint(der: Uint8Array): string {
  const hex = createHash('sha256').update(der).digest('hex').toUpperCase();
  return (hex.match(/../g) ?? []).join(':');
}
