import { sign } from 'node:crypto';
import { ecKey, rsaKey } from './_helpers/keys';
import { inFolder, testWithOpenssl } from './_helpers/openssl';
import { CAVIUM_SUBJECT, hex, MARVELL_SUBJECT, pem, requestPem, unpem } from './_helpers/x509';
import { parseCsr } from '../../../src/handlers/pki/csr';

const KEY = rsaKey('hsm');

test('the Marvell fixture is the subject that was measured', () => {
  // The first RDN is one SET of five attributes, in DER's order, which is also the order the measured text shows.
  const text = Buffer.from(MARVELL_SUBJECT).toString('latin1');

  expect(hex(MARVELL_SUBJECT.slice(0, 4))).toBe('30783142'); // SEQUENCE, then one SET of 66 bytes
  expect(text.match(/US|CA|LS2|SanJose|Marvell|HSM:RCN2345B07362:PARTN:25, for FIPS mode/g))
    .toEqual(['US', 'CA', 'LS2', 'SanJose', 'Marvell', 'HSM:RCN2345B07362:PARTN:25, for FIPS mode']);
});

testWithOpenssl('openssl shows the fixtures as the sources show the real requests', () => {
  const [marvell, cavium] = [MARVELL_SUBJECT, CAVIUM_SUBJECT].map((subject) => {
    const output = inFolder({ 'cluster.csr': requestPem({ key: KEY, subject }) }, ({ run }) => run('req -in cluster.csr -noout -verify -subject'));
    return output.replace(/ = /g, '=').replace(/"/g, ''); // releases differ in spaces and quotes
  });

  expect(marvell).toContain('subject=C=US + ST=CA + OU=LS2 + L=SanJose + O=Marvell, CN=HSM:RCN2345B07362:PARTN:25, for FIPS mode');
  expect(marvell).toContain('verify OK');
  expect(cavium).toContain('subject=C=US, ST=CA, O=Cavium, OU=N3FIPS, L=SanJose, CN=HSM:EXAMPLE:PARTN:12, for FIPS mode');
});

describe('a request that can be used', () => {
  test.each([
    ['hsm2m (several attributes in one RDN)', MARVELL_SUBJECT],
    ['hsm1', CAVIUM_SUBJECT],
  ])('gives the subject of %s byte for byte', (_title, subject) => {
    const request = parseCsr(requestPem({ key: KEY, subject }));

    expect(hex(request.subject)).toBe(hex(subject));
  });

  test('gives the public key byte for byte, with algorithm and size', () => {
    const { publicKey } = parseCsr(requestPem({ key: KEY }));

    expect(hex(publicKey.spki)).toBe(hex(KEY.spki));
    expect(publicKey).toMatchObject({ algorithm: 'rsa', modulusBits: 2048 });
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('may be signed with RSA and %s', (hash) => {
    expect(parseCsr(requestPem({ key: KEY, hash })).signatureAlgorithm).toMatch(/ with RSA$/);
  });

  test('may have an elliptic curve key: what the HSM makes is its own business', () => {
    const request = parseCsr(requestPem({ key: ecKey('hsm') }));

    expect(request.publicKey).toMatchObject({ algorithm: 'ec', modulusBits: undefined });
  });

  test('keeps bytes that DER would write differently', () => {
    // The length of the SEQUENCE with leading zeros: BER, but a copy must not tidy it up (asn1js would).
    const untidy = Uint8Array.from([0x30, 0x82, 0x00, MARVELL_SUBJECT[1] ?? 0, ...MARVELL_SUBJECT.slice(2)]);

    const { subject } = parseCsr(requestOf({ subject: untidy }));

    expect(hex(subject)).toBe(hex(untidy));
  });
});

describe('a request that cannot be used', () => {
  const good = unpem(requestPem({ key: KEY }));

  test.each([
    ['the end is cut off', good.slice(0, -10)],
    ['bytes follow after it', Uint8Array.from([...good, 0, 0])],
    ['it is a number', Uint8Array.of(0x02, 0x01, 0x05)],
    ['it is an empty SEQUENCE', Uint8Array.of(0x30, 0x00)],
    ['it is noise', Uint8Array.from({ length: 64 }, (_, index) => index * 37 % 251)],
    ['its key is noise', withoutKey(good)],
  ])('is refused by name when %s', (_title, der) => {
    expect(() => parseCsr(pem('CERTIFICATE REQUEST', der))).toThrow(expect.objectContaining({
      code: 'CsrUnreadable',
      message: expect.stringMatching(/^the certificate signing request of the cluster cannot be read: ./),
    }));
  });

  test.each([
    ['a subject that is a number', { subject: Uint8Array.of(0x02, 0x01, 0x05) }, 'a SEQUENCE was expected'],
    ['a version that is no number', { version: Uint8Array.of(0x05, 0x00) }, 'an INTEGER was expected'],
    ['a signature of broken bytes', { unusedBits: 3 }, 'a BIT STRING of whole bytes was expected'],
  ])('is refused with the reason when it has %s, although its signature is right', (_title, parts, reason) => {
    expect(() => parseCsr(requestOf(parts))).toThrow(expect.objectContaining({
      code: 'CsrUnreadable',
      message: `the certificate signing request of the cluster cannot be read: ${reason}`,
    }));
  });

  test('is refused when it is not PEM', () => {
    expect(() => parseCsr('')).toThrow(expect.objectContaining({ code: 'PemMissing' }));
  });

  test('is refused when another key signed it', () => {
    expect(() => parseCsr(requestPem({ key: KEY, signedBy: rsaKey('other') }))).toThrow(expect.objectContaining({
      code: 'CsrSignatureInvalid',
      message: 'the certificate signing request of the cluster is not signed by its own key; get it from the cluster again',
    }));
  });

  test('is refused when one bit of its subject was changed', () => {
    const changed = Uint8Array.from(good);
    const position = Buffer.from(changed).indexOf('Marvell');
    changed[position] = (changed[position] ?? 0) ^ 1;

    expect(() => parseCsr(pem('CERTIFICATE REQUEST', changed))).toThrow(expect.objectContaining({ code: 'CsrSignatureInvalid' }));
  });

  test('is refused when its signature algorithm belongs to another kind of key', () => {
    expect(() => parseCsr(requestPem({ key: KEY, signatureOid: '1.2.840.10045.4.3.2' }))).toThrow(expect.objectContaining({ code: 'CsrSignatureInvalid' }));
  });

  test('is refused with the identifier when its signature algorithm is unknown', () => {
    expect(() => parseCsr(requestPem({ key: KEY, signatureOid: '1.2.3.4' }))).toThrow(expect.objectContaining({
      code: 'CsrSignatureAlgorithmUnknown',
      message: 'the certificate signing request of the cluster is signed with an algorithm that is not known here (1.2.3.4)',
    }));
  });
});

/** A request around parts as they are: the other helpers would decode and encode them. */
function requestOf({ version = Uint8Array.of(0x02, 0x01, 0x00), subject = MARVELL_SUBJECT, unusedBits = 0 }): string {
  const signed = tlv(0x30, version, subject, KEY.spki, Uint8Array.of(0xa0, 0x00));
  const algorithm = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
  const signature = sign('sha256', signed, KEY.privateKey);
  return pem('CERTIFICATE REQUEST', tlv(0x30, signed, algorithm, tlv(0x03, Uint8Array.of(unusedBits), signature)));
}

function tlv(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, 0x82, body.length >> 8, body.length & 0xff), body]));
}

function withoutKey(request: Uint8Array): Uint8Array {
  const changed = Buffer.from(request);
  const start = changed.indexOf(Buffer.from('2a864886f70d010101', 'hex')) + 16;
  changed.fill(0xff, start, start + 20);
  return new Uint8Array(changed);
}
