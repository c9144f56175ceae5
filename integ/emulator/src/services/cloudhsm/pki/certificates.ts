import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier, BasicConstraints, Certificate, Extension, Extensions, id_ce_basicConstraints, Name, SubjectPublicKeyInfo, TBSCertificate,
  Validity, Version,
} from '@peculiar/asn1-x509';
import type { Context } from '../../../wire/operation';

/** PEM of a PKCS#8 private key. */
export type PrivateKey = string;

const SHA256_WITH_RSA = new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null });

export function newRsaKey(context: Context): PrivateKey {
  return context.kernel.keyPairs.rsa(2048).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A PKCS#10 request without attributes, signed by the key it is for. */
export function certificateRequest(subject: Name, key: PrivateKey): string {
  const info = new CertificationRequestInfo({ subject, subjectPKInfo: publicKeyInfo(key) });
  const signature = signed(AsnConvert.serialize(info), key);
  return pem('CERTIFICATE REQUEST', AsnConvert.serialize(new CertificationRequest({
    certificationRequestInfo: info, signatureAlgorithm: SHA256_WITH_RSA, signature,
  })));
}

export interface CertificateSpec {
  readonly subject: Name;
  /** Whose public key it certifies: of this key, or this one as it stands in a request. */
  readonly subjectKey?: PrivateKey;
  readonly subjectKeyInfo?: SubjectPublicKeyInfo;
  readonly issuer: Name;
  readonly issuerKey: PrivateKey;
  readonly serial: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly authority: boolean;
}

export function certificate(spec: CertificateSpec): string {
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: positive(spec.serial),
    signature: SHA256_WITH_RSA,
    issuer: spec.issuer,
    validity: new Validity({ notBefore: spec.notBefore, notAfter: spec.notAfter }),
    subject: spec.subject,
    subjectPublicKeyInfo: spec.subjectKeyInfo ?? publicKeyInfo(spec.subjectKey ?? spec.issuerKey),
    extensions: new Extensions([new Extension({
      extnID: id_ce_basicConstraints,
      critical: true,
      extnValue: new OctetString(AsnConvert.serialize(new BasicConstraints({ cA: spec.authority }))),
    })]),
  });
  const signatureValue = signed(AsnConvert.serialize(tbsCertificate), spec.issuerKey);
  return pem('CERTIFICATE', AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: SHA256_WITH_RSA, signatureValue })));
}

function publicKeyDer(key: PrivateKey): Buffer {
  return createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
}

export function requestOf(csr: string): CertificationRequest {
  return AsnConvert.parse(Buffer.from(csr.replace(/-----[^-]+-----|\s/g, ''), 'base64'), CertificationRequest);
}

function publicKeyInfo(key: PrivateKey): SubjectPublicKeyInfo {
  return AsnConvert.parse(publicKeyDer(key), SubjectPublicKeyInfo);
}

function signed(content: ArrayBuffer, key: PrivateKey): ArrayBuffer {
  return plainBuffer(sign('sha256', Buffer.from(content), key));
}

/** A serial number in DER must not read as negative, nor begin with a needless zero. */
function positive(bytes: Buffer): ArrayBuffer {
  const serial = Buffer.from(bytes.subarray(0, 16));
  serial[0] = (serial[0] & 0x3f) | 0x40;
  return plainBuffer(serial);
}

function plainBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
