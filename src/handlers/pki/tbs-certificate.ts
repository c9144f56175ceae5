import { createHash } from 'node:crypto';
import {
  bigInteger, bitString, explicitTag, implicitTag, nullValue, octetString, oid, sequence, smallInteger, time, trueValue,
} from './asn1';
import { keyIdentifier } from './public-key';
import { SHA256_WITH_RSA } from './signature-algorithm';
import type { Validity } from './validity';

/** What a certificate says, but for its serial number. Names and keys are DER and are copied as they are. */
export interface CertificateContent extends Validity {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Uint8Array[];
}

const ALGORITHM = () => sequence(oid(SHA256_WITH_RSA.oid), nullValue());
const VERSION_3 = 2;

/**
 * The bytes to be signed (TBSCertificate, RFC 5280, 4.1).
 *
 * The serial number is a hash of everything else. So equal content gives equal bytes and, PKCS#1 v1.5 being deterministic, an equal
 * certificate however often it is signed; and no two different certificates share a serial number.
 */
export function tbsCertificate(content: CertificateContent): Uint8Array {
  const body = [
    ALGORITHM(),
    content.issuer,
    sequence(time(content.notBefore), time(content.notAfter)),
    content.subject,
    content.publicKeyInfo,
    explicitTag(3, sequence(...content.extensions)),
  ];
  return sequence(explicitTag(0, smallInteger(VERSION_3)), bigInteger(serialNumber(body)), ...body);
}

/** The certificate, once `signature` over the bytes is there. */
export function certificateFromTbs(tbs: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(tbs, ALGORITHM(), bitString(signature));
}

/** 20 bytes that start with bits 01: positive, of constant length, never padded (RFC 5280, 4.1.2.2: at most 20 bytes, never negative). */
function serialNumber(body: readonly Uint8Array[]): Uint8Array {
  const serial = new Uint8Array(createHash('sha256').update(sequence(...body)).digest().subarray(0, 20));
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** Object identifiers of the extensions that are written or read here. */
export const EXTENSION = {
  SUBJECT_KEY_IDENTIFIER: '2.5.29.14',
  KEY_USAGE: '2.5.29.15',
  BASIC_CONSTRAINTS: '2.5.29.19',
  CERTIFICATE_POLICIES: '2.5.29.32',
  AUTHORITY_KEY_IDENTIFIER: '2.5.29.35',
  EXTENDED_KEY_USAGE: '2.5.29.37',
} as const;

const extension = (id: string, value: Uint8Array) => sequence(oid(id), octetString(value));
const criticalExtension = (id: string, value: Uint8Array) => sequence(oid(id), trueValue(), octetString(value));

export const certificateAuthority = () => criticalExtension(EXTENSION.BASIC_CONSTRAINTS, sequence(trueValue()));

/** Bits 5 and 6 of KeyUsage. */
export const signsCertificatesAndLists = () => criticalExtension(EXTENSION.KEY_USAGE, bitString(Uint8Array.of(0b0000_0110), 1));

/** CA:FALSE is the default value, so DER writes an empty SEQUENCE. */
export const endEntity = () => extension(EXTENSION.BASIC_CONSTRAINTS, sequence());

export const subjectKeyIdentifier = (publicKeyInfo: Uint8Array) =>
  extension(EXTENSION.SUBJECT_KEY_IDENTIFIER, octetString(keyIdentifier(publicKeyInfo)));

export const authorityKeyIdentifier = (issuerPublicKeyInfo: Uint8Array) =>
  extension(EXTENSION.AUTHORITY_KEY_IDENTIFIER, sequence(implicitTag(0, keyIdentifier(issuerPublicKeyInfo))));
