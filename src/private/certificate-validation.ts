import { X509Certificate } from 'crypto';
import type { Problem } from './errors';

/** A standard parameter of Parameter Store takes so many characters. */
const MAX_LENGTH = 4096;

const BLOCK = /^\s*-----BEGIN ([A-Z0-9 ]+)-----\s[A-Za-z0-9+/=\s]+-----END \1-----\s*$/;
const DAYS_PER_YEAR = 365;
const DAY_MS = 86_400_000;

/** One certificate in PEM, as a text that is known at synth. */
export function certificateProblem(what: string, pem: string): Problem | undefined {
  const [, label] = BLOCK.exec(pem) ?? [];
  if (label === undefined) {
    return { code: 'InvalidCertificate', text: `${what} must be one PEM block and nothing else, got ${shown(pem)}; read it from the file that your authority wrote` };
  }
  if (label !== 'CERTIFICATE') {
    return { code: 'InvalidCertificate', text: `${what} must be a CERTIFICATE, got a ${label}; give the certificate that your authority made` };
  }
  if (pem.length > MAX_LENGTH) {
    return {
      code: 'CertificateTooLong',
      text: `${what} must have at most ${MAX_LENGTH} characters, got ${pem.length}; use an RSA key of 2048 or 4096 bits and fewer extensions`,
    };
  }
  try {
    new X509Certificate(pem);
    return undefined;
  } catch (error) {
    return { code: 'InvalidCertificate', text: `${what} cannot be read as a certificate (${(error as Error).message}); pass the file as your authority wrote it` };
  }
}

/** What an external authority gave; texts that synth does not know are `undefined`, and so not checked. */
export interface ExternalWishes {
  readonly hasSignedCertificate: boolean;
  readonly hasTrustAnchor: boolean;
  readonly signedCertificate: string | undefined;
  readonly trustAnchor: string | undefined;
}

/** Whether it was given together and fits together. The cluster's request is held against it when it is deployed. */
export function externalProblems(wishes: ExternalWishes): Array<Problem | undefined> {
  const { hasSignedCertificate, hasTrustAnchor, signedCertificate, trustAnchor } = wishes;
  if (hasSignedCertificate !== hasTrustAnchor) {
    const [given, missing] = hasTrustAnchor ? ['trustAnchor', 'signedCertificate'] : ['signedCertificate', 'trustAnchor'];
    return [{
      code: 'ExternalCertificateMissing',
      text: `an external authority gives signedCertificate and trustAnchor together, got ${given} only; give ${missing} too`,
    }];
  }
  const forms = [
    signedCertificate === undefined ? undefined : certificateProblem('signedCertificate', signedCertificate),
    trustAnchor === undefined ? undefined : certificateProblem('trustAnchor', trustAnchor),
  ];
  if (forms.some((problem) => problem !== undefined) || signedCertificate === undefined || trustAnchor === undefined) return forms;
  const [leaf, anchor] = [new X509Certificate(signedCertificate), new X509Certificate(trustAnchor)];
  if (isSelfSigned(leaf) && !isSelfSigned(anchor)) {
    return [{ code: 'ExternalCertificatesSwapped', text: 'signedCertificate is a root and trustAnchor is not; they seem to be swapped' }];
  }
  if (!isSelfSigned(anchor)) {
    return [{
      code: 'TrustAnchorNotRoot',
      text: `trustAnchor must be a self-signed root, got one that ${oneLine(anchor.issuer)} issued; let a root sign the request directly`,
    }];
  }
  if (!leaf.verify(anchor.publicKey)) {
    return [{
      code: 'NotSignedByTrustAnchor',
      text: `trustAnchor did not sign signedCertificate, which ${oneLine(leaf.issuer)} issued; give the root that signed the request directly`,
    }];
  }
  return [];
}

/** AWS Private CA answers for its own Region only; what synth does not know is not compared. */
export function privateCaRegionProblem(arn: string | undefined, region: string | undefined): Problem | undefined {
  const caRegion = arn?.split(':')[3];
  if (!caRegion || region === undefined || caRegion === region) return undefined;
  return {
    code: 'PrivateCaElsewhere',
    text: `certificate authority must be in the cluster's Region ${region}, got ${arn}; use one of that Region`,
  };
}

/** How long a certificate is valid in all, in whole years. */
export function validityYearsOf(pem: string): number {
  const { validFrom, validTo } = new X509Certificate(pem);
  return Math.floor((Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS / DAYS_PER_YEAR);
}

/** Roots that a hardware's certificates are verified by. */
export function rootsProblems(what: string, pems: readonly string[], known: ReadonlyArray<string | undefined>): Array<Problem | undefined> {
  if (pems.length === 0) {
    return [{ code: 'NoRoots', text: `${what} must hold at least one root certificate, got none; give the ones that are published, or leave hsmIdentity out` }];
  }
  return known.map((pem, index) => pem === undefined ? undefined : certificateProblem(`${what}[${index}]`, pem));
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

function oneLine(name: string): string {
  return JSON.stringify(name.replace(/\n/g, ', '));
}

/** Never more of a text than tells what it is: somebody may have passed a key. */
function shown(text: string): string {
  const [first = ''] = text.trim().split('\n');
  return JSON.stringify(first.slice(0, 40));
}
