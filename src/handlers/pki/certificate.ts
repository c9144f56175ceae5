import { X509Certificate } from 'node:crypto';
import { Boolean as Asn1Boolean } from 'asn1js';
import {
  bitsWithPadding, bytesOf, decode, integerOf, isTagged, members, octetsOf, oidOf, sequenceMembers, taggedContent, timeOf,
} from './asn1';
import { derFromPem, pemBlocks } from './pem';
import { reading } from './problem';
import { keyFingerprint, parsePublicKey, type PublicKey } from './public-key';
import { EXTENSION } from './tbs-certificate';
import { iso, type Validity } from './validity';

/** The parts of a certificate that we judge, beside the same certificate as OpenSSL reads it. */
export interface Certificate extends Validity {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  readonly version: number;
  /** Big-endian, two's complement. */
  readonly serialNumber: Uint8Array;
  /** Object identifier of the algorithm it is signed with. */
  readonly signatureAlgorithmOid: string;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: PublicKey;
  readonly extensions: readonly CertificateExtension[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: { readonly signsCertificates: boolean };
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly authorityKeyIdentifier?: Uint8Array;
}

export interface CertificateExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** The one certificate in a text. */
export function parseCertificate(pem: string, what: string): Certificate {
  return fromDer(derFromPem(pem, 'CERTIFICATE', what), what);
}

/** Every certificate in a text, for places where a bundle is welcome. */
export function parseCertificates(pem: string, what: string): Certificate[] {
  return pemBlocks(pem, what).map(({ der }) => fromDer(der, what));
}

function fromDer(der: Uint8Array, what: string): Certificate {
  return reading('CertificateUnreadable', what, () => {
    const x509 = new X509Certificate(der);
    const [tbs, algorithm] = sequenceMembers(decode(der));

    // version [0] DEFAULT v1, serialNumber, signature, issuer, validity, subject, publicKey, [1] [2] unique ids, [3] extensions  (RFC 5280, 4.1)
    const rest = [...sequenceMembers(tbs)];
    const version = isTagged(rest[0], 0) ? (integerOf(members(rest.shift())[0])[0] ?? 0) + 1 : 1;
    const [serialNumber, , issuer, validity, subject, publicKeyInfo, ...optional] = rest;
    const [notBefore, notAfter] = sequenceMembers(validity);
    const tagged = optional.find((block) => isTagged(block, 3));
    const extensions = tagged ? sequenceMembers(members(tagged)[0]).map(parseExtension) : [];
    const value = (oid: string) => extensions.find((extension) => extension.oid === oid)?.value;

    return {
      der,
      x509,
      version,
      serialNumber: integerOf(serialNumber),
      signatureAlgorithmOid: oidOf(sequenceMembers(algorithm)[0]),
      issuer: bytesOf(issuer),
      subject: bytesOf(subject),
      publicKey: parsePublicKey(bytesOf(publicKeyInfo)),
      notBefore: timeOf(notBefore),
      notAfter: timeOf(notAfter),
      extensions,
      basicConstraints: basicConstraints(value(EXTENSION.BASIC_CONSTRAINTS)),
      keyUsage: keyUsage(value(EXTENSION.KEY_USAGE)),
      subjectKeyIdentifier: subjectKeyIdentifier(value(EXTENSION.SUBJECT_KEY_IDENTIFIER)),
      authorityKeyIdentifier: authorityKeyIdentifier(value(EXTENSION.AUTHORITY_KEY_IDENTIFIER)),
    };
  });
}

function parseExtension(block: ReturnType<typeof decode>): CertificateExtension {
  const parts = sequenceMembers(block);
  const critical = parts[1] instanceof Asn1Boolean && parts[1].getValue();
  return { oid: oidOf(parts[0]), critical, value: octetsOf(parts[parts.length - 1]) };
}

function basicConstraints(value: Uint8Array | undefined): Certificate['basicConstraints'] {
  if (!value) return undefined;
  const parts = sequenceMembers(decode(value));
  const ca = parts[0] instanceof Asn1Boolean && parts[0].getValue();
  const pathLength = parts.find((part) => !(part instanceof Asn1Boolean));
  return { ca, pathLength: pathLength && Number(BigInt(`0x${Buffer.from(integerOf(pathLength)).toString('hex')}`)) };
}

function keyUsage(value: Uint8Array | undefined): Certificate['keyUsage'] {
  return value && { signsCertificates: ((bitsWithPadding(decode(value))[0] ?? 0) & 0b0000_0100) !== 0 };
}

function subjectKeyIdentifier(value: Uint8Array | undefined): Uint8Array | undefined {
  return value && octetsOf(decode(value));
}

/** The key identifier only: issuer and serial number in here point to the issuer's issuer, which nobody needs in a chain of two. */
function authorityKeyIdentifier(value: Uint8Array | undefined): Uint8Array | undefined {
  const identifier = value && sequenceMembers(decode(value)).find((part) => isTagged(part, 0));
  return identifier && taggedContent(identifier);
}

/** What is kept of a certificate as evidence: strings only, nothing secret, a few hundred bytes. */
export interface CertificateSummary {
  /** One line, attributes as OpenSSL writes them, special characters escaped by a backslash. */
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 over the certificate, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint: string;
  /** SHA-256 over its SubjectPublicKeyInfo, in lower-case hex. */
  readonly keyFingerprint: string;
}

export function summarize(certificate: Certificate): CertificateSummary {
  const { x509 } = certificate;
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    serialNumber: x509.serialNumber,
    notBefore: iso(certificate.notBefore),
    notAfter: iso(certificate.notAfter),
    fingerprint: x509.fingerprint256,
    keyFingerprint: keyFingerprint(certificate.publicKey),
  };
}

/** node:crypto puts each RDN on a line; a name may also be empty, which it gives as undefined. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').trimEnd().split('\n').join(', ');
}
