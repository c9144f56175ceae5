import { sign } from 'node:crypto';
import {
  type BaseBlock, BitString, Boolean as Asn1Boolean, Constructed, fromBER, GeneralizedTime, Integer, Null, ObjectIdentifier, OctetString, Primitive,
  PrintableString, Sequence, Set as Asn1Set, UTCTime, Utf8String,
} from 'asn1js';
import type { KeyPair } from './keys';

/*
 * Certificates and requests as others make them. Written apart from the code under test, so that a mistake there is not repeated here, and
 * willing to make what the code under test must refuse.
 */

type Attribute = readonly [type: keyof typeof ATTRIBUTES, value: string];

const ATTRIBUTES = { C: '2.5.4.6', ST: '2.5.4.8', L: '2.5.4.7', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const;

const SIGNATURES = {
  'sha1/rsa': '1.2.840.113549.1.1.5',
  'sha256/rsa': '1.2.840.113549.1.1.11',
  'sha384/rsa': '1.2.840.113549.1.1.12',
  'sha512/rsa': '1.2.840.113549.1.1.13',
  'sha256/ec': '1.2.840.10045.4.3.2',
} as const;

type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

function der(block: BaseBlock): Uint8Array {
  return new Uint8Array(block.toBER());
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A name, one array per RDN. The members of an RDN are a SET, which DER sorts by their encoding. */
export function name(...rdns: readonly (readonly Attribute[])[]): Uint8Array {
  return der(new Sequence({
    value: rdns.map((attributes) => {
      const members = attributes.map(([type, value]) => new Sequence({
        value: [new ObjectIdentifier({ value: ATTRIBUTES[type] }), type === 'C' ? new PrintableString({ value }) : new Utf8String({ value })],
      }));
      return new Asn1Set({ value: members.sort((one, other) => Buffer.compare(der(one), der(other))) });
    }),
  }));
}

/** hsm2m.medium, as measured: five attributes in the first RDN, and a comma in the common name. */
export const MARVELL_SUBJECT = name(
  [['C', 'US'], ['ST', 'CA'], ['OU', 'LS2'], ['L', 'SanJose'], ['O', 'Marvell']],
  [['CN', 'HSM:RCN2345B07362:PARTN:25, for FIPS mode']],
);

/** hsm1.medium, as AWS's user guide shows it. */
export const CAVIUM_SUBJECT = name(
  [['C', 'US']], [['ST', 'CA']], [['O', 'Cavium']], [['OU', 'N3FIPS']], [['L', 'SanJose']],
  [['CN', 'HSM:EXAMPLE:PARTN:12, for FIPS mode']],
);

export interface RequestOptions {
  readonly key: KeyPair;
  readonly subject?: Uint8Array;
  readonly signedBy?: KeyPair;
  readonly hash?: Hash;
  readonly signatureOid?: string;
}

export function requestPem({ key, subject = MARVELL_SUBJECT, signedBy = key, hash = 'sha256', signatureOid }: RequestOptions): string {
  const info = new Sequence({
    value: [new Integer({ value: 0 }), parsed(subject), parsed(key.spki), new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [] })],
  });
  return pem('CERTIFICATE REQUEST', signedSequence(info, signedBy, hash, signatureOid));
}

export interface CertificateOptions {
  readonly subject: Uint8Array;
  readonly key: Pick<KeyPair, 'spki'>;
  readonly issuer?: Uint8Array;
  readonly signedBy?: KeyPair;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly serial?: number;
  readonly version?: 1 | 3;
  readonly extensions?: readonly Sequence[];
  readonly hash?: Hash;
}

export function certificatePem(options: CertificateOptions): string {
  const { subject, key, issuer = subject, serial = 1, hash = 'sha256', extensions = [] } = options;
  const signedBy = options.signedBy ?? key as KeyPair;
  const version = options.version ?? (extensions.length > 0 ? 3 : 1);
  const tbs = new Sequence({
    value: [
      ...(version === 3 ? [new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [new Integer({ value: 2 })] })] : []),
      new Integer({ value: serial }),
      algorithm(signedBy, hash),
      parsed(issuer),
      new Sequence({ value: [time(options.notBefore ?? '2026-01-01T00:00:00Z'), time(options.notAfter ?? '2036-01-01T00:00:00Z')] }),
      parsed(subject),
      parsed(key.spki),
      ...(extensions.length > 0
        ? [new Constructed({ idBlock: { tagClass: 3, tagNumber: 3 }, value: [new Sequence({ value: [...extensions] })] })]
        : []),
    ],
  });
  return pem('CERTIFICATE', signedSequence(tbs, signedBy, hash));
}

export function extension(oid: string, critical: boolean, value: BaseBlock): Sequence {
  return new Sequence({
    value: [
      new ObjectIdentifier({ value: oid }), ...(critical ? [new Asn1Boolean({ value: true })] : []), new OctetString({ valueHex: der(value) }),
    ],
  });
}

export function basicConstraints(ca: boolean, pathLength?: number): Sequence {
  return extension('2.5.29.19', true, new Sequence({
    value: [
      ...(ca ? [new Asn1Boolean({ value: true })] : []), ...(pathLength === undefined ? [] : [new Integer({ value: pathLength })]),
    ],
  }));
}

export function keyUsage(usage: 'keyCertSign' | 'digitalSignature'): Sequence {
  const [bits, unusedBits] = usage === 'keyCertSign' ? [0b0000_0100, 2] : [0b1000_0000, 7];
  return extension('2.5.29.15', true, new BitString({ valueHex: Uint8Array.of(bits), unusedBits }));
}

export function subjectKeyId(id: string): Sequence {
  return extension('2.5.29.14', false, new OctetString({ valueHex: Buffer.from(id) }));
}

export function authorityKeyId(id: string): Sequence {
  return extension('2.5.29.35', false, new Sequence({ value: [new Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: Buffer.from(id) })] }));
}

export function pem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

export function unpem(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64'));
}

function signedSequence(content: BaseBlock, signedBy: KeyPair, hash: Hash, signatureOid?: string): Uint8Array {
  const signature = sign(hash, der(content), signedBy.privateKey);
  return der(new Sequence({ value: [content, algorithm(signedBy, hash, signatureOid), new BitString({ valueHex: signature })] }));
}

function algorithm(key: KeyPair, hash: Hash, oid?: string): Sequence {
  const isRsa = key.publicKey.asymmetricKeyType === 'rsa';
  const known = `${hash}/${isRsa ? 'rsa' : 'ec'}` as keyof typeof SIGNATURES;
  return new Sequence({ value: [new ObjectIdentifier({ value: oid ?? SIGNATURES[known] }), ...(isRsa ? [new Null()] : [])] });
}

function time(text: string): UTCTime | GeneralizedTime {
  const valueDate = new Date(text);
  return valueDate.getUTCFullYear() < 2050 ? new UTCTime({ valueDate }) : new GeneralizedTime({ valueDate });
}

function parsed(bytes: Uint8Array): BaseBlock {
  return fromBER(bytes).result;
}
