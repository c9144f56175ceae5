import { createHash, createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier, BasicConstraints, Certificate, ExtendedKeyUsage, Extension, Extensions, id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints, id_ce_extKeyUsage, id_ce_keyUsage, id_ce_subjectKeyIdentifier, KeyIdentifier, KeyUsage, Name, SubjectKeyIdentifier,
  SubjectPublicKeyInfo, TBSCertificate, Validity, Version,
} from '@peculiar/asn1-x509';
import { identifierOf } from './keys';
import type { Signing } from './keys';

/** What a template puts into a certificate. */
export interface Template {
  readonly authority: boolean;
  readonly pathLength?: number;
  /** Bits of KeyUsage, the first bit being 1. */
  readonly keyUsage: number;
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
}

/** A request without attributes, signed by the key it is for. */
export function certificateRequest(subject: Name, key: string, signing: Signing): string {
  const info = new CertificationRequestInfo({ subject, subjectPKInfo: publicKeyInfo(key) });
  return pem('CERTIFICATE REQUEST', AsnConvert.serialize(new CertificationRequest({
    certificationRequestInfo: info, signatureAlgorithm: identifierOf(signing), signature: signed(AsnConvert.serialize(info), key, signing),
  })));
}

/** `undefined` for what is no request, or is not signed by the key it is for. */
export function requestIn(text: string): CertificationRequest | undefined {
  const [, body] = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----/.exec(text) ?? [];
  if (body === undefined) return undefined;
  try {
    const request = AsnConvert.parse(Buffer.from(body, 'base64'), CertificationRequest);
    const hash = HASHES[request.signatureAlgorithm.algorithm];
    const spki = Buffer.from(AsnConvert.serialize(request.certificationRequestInfo.subjectPKInfo));
    const key = createPublicKey({ key: spki, type: 'spki', format: 'der' });
    const content = Buffer.from(AsnConvert.serialize(request.certificationRequestInfo));
    return hash && verify(hash, content, key, Buffer.from(request.signature)) ? request : undefined;
  } catch {
    return undefined;
  }
}

const HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

export interface CertificateSpec {
  readonly request: CertificationRequest;
  readonly issuer: Name;
  readonly issuerKey: string;
  readonly signing: Signing;
  readonly serial: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly template: Template;
}

export function certificate({ request, issuer, issuerKey, signing, serial, notBefore, notAfter, template }: CertificateSpec): string {
  const { subject, subjectPKInfo } = request.certificationRequestInfo;
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: buffer(serial),
    signature: identifierOf(signing),
    issuer,
    validity: new Validity({ notBefore, notAfter }),
    subject,
    subjectPublicKeyInfo: subjectPKInfo,
    extensions: new Extensions(extensions(template, subjectPKInfo, publicKeyInfo(issuerKey))),
  });
  return pem('CERTIFICATE', AsnConvert.serialize(new Certificate({
    tbsCertificate, signatureAlgorithm: identifierOf(signing), signatureValue: signed(AsnConvert.serialize(tbsCertificate), issuerKey, signing),
  })));
}

/** The name that a certificate is made out to, as it stands there. */
export function subjectOf(certificatePem: string): Name {
  return AsnConvert.parse(new X509Certificate(certificatePem).raw, Certificate).tbsCertificate.subject;
}

export function isKeyOf(key: string, certificatePem: X509Certificate): boolean {
  return certificatePem.checkPrivateKey(createPrivateKey(key));
}

export function isSameKey(key: string, request: CertificationRequest): boolean {
  return spkiOf(key).equals(Buffer.from(AsnConvert.serialize(request.certificationRequestInfo.subjectPKInfo)));
}

function extensions(template: Template, own: SubjectPublicKeyInfo, issuers: SubjectPublicKeyInfo): Extension[] {
  const { authority, pathLength, keyUsage, extendedKeyUsage } = template;
  const constraints = new BasicConstraints({ cA: authority, pathLenConstraint: pathLength });
  return [
    extension(id_ce_basicConstraints, constraints, authority),
    extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(identifier(issuers)) })),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(identifier(own))),
    extension(id_ce_keyUsage, new KeyUsage(keyUsage), true),
    ...extendedKeyUsage ? [extension(id_ce_extKeyUsage, new ExtendedKeyUsage([...extendedKeyUsage]))] : [],
  ];
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function identifier(key: SubjectPublicKeyInfo): ArrayBuffer {
  return buffer(createHash('sha1').update(Buffer.from(key.subjectPublicKey)).digest());
}

function spkiOf(key: string): Buffer {
  return createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
}

function publicKeyInfo(key: string): SubjectPublicKeyInfo {
  return AsnConvert.parse(spkiOf(key), SubjectPublicKeyInfo);
}

function signed(content: ArrayBuffer, key: string, { hash }: Signing): ArrayBuffer {
  return buffer(sign(hash, Buffer.from(content), key));
}

function buffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}
