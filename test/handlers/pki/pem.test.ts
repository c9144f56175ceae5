import { derFromPem, normalizePem, pemBlocks, pemFromDer } from '../../../src/handlers/pki/pem';

const DER = new Uint8Array(Array.from({ length: 100 }, (_, index) => index * 7 % 256));
const PEM = pemFromDer('CERTIFICATE', DER);
const BASE64 = Buffer.from(DER).toString('base64');

describe('writing', () => {
  test('breaks lines after 64 columns and ends with a line feed', () => {
    const lines = PEM.split('\n');

    expect(lines).toEqual(['-----BEGIN CERTIFICATE-----', BASE64.slice(0, 64), BASE64.slice(64, 128), BASE64.slice(128), '-----END CERTIFICATE-----', '']);
  });

  test('does not add an empty line after a full last line', () => {
    expect(pemFromDer('CERTIFICATE', DER.slice(0, 48))).toMatch(/^-----BEGIN CERTIFICATE-----\n[^\n]{64}\n-----END CERTIFICATE-----\n$/);
  });
});

describe('reading', () => {
  test.each([
    ['as it was written', PEM],
    ['with Windows line ends', PEM.replace(/\n/g, '\r\n')],
    ['without a line feed at the end', PEM.trimEnd()],
    ['in one long line', `-----BEGIN CERTIFICATE-----\n${BASE64}\n-----END CERTIFICATE-----`],
    ['with 76 columns', `-----BEGIN CERTIFICATE-----\n${BASE64.replace(/.{76}/g, '$&\n')}\n-----END CERTIFICATE-----\n`],
    ['without any line break, as a console may return it', PEM.replace(/\n/g, ' ')],
    ['with the text that openssl puts before it', `Certificate:\n    Data:\n        Version: 3 (0x2)\n${PEM}`],
    ['with a byte order mark', `\uFEFF${PEM}`],
    ['with the older label', PEM.replace(/CERTIFICATE/g, 'X509 CERTIFICATE')],
  ])('gives the same text for a certificate %s', (_title, text) => {
    expect(normalizePem(text, 'CERTIFICATE', 'it')).toBe(PEM);
  });

  test('takes the older label of requests', () => {
    const text = pemFromDer('CERTIFICATE REQUEST', DER).replace(/CERTIFICATE/g, 'NEW CERTIFICATE');

    expect(derFromPem(text, 'CERTIFICATE REQUEST', 'the request')).toEqual(DER);
  });

  test('gives every block of a bundle in order', () => {
    const bundle = PEM + pemFromDer('CERTIFICATE', DER.slice(1));

    expect(pemBlocks(bundle, 'the bundle').map(({ der }) => der)).toEqual([DER, DER.slice(1)]);
  });

  test.each([
    ['an empty text', '', 'PemMissing', 'the anchor is not PEM: no line "-----BEGIN CERTIFICATE-----" was found'],
    ['bare base64', BASE64, 'PemMissing', 'the anchor is not PEM: no line "-----BEGIN CERTIFICATE-----" was found'],
    ['two certificates', PEM + PEM, 'PemSeveralBlocks', 'the anchor must hold one CERTIFICATE, but holds 2; pass just the one'],
    ['a private key', PEM.replace(/CERTIFICATE/g, 'PRIVATE KEY'), 'PemUnexpectedLabel', 'the anchor must hold a CERTIFICATE, but holds a PRIVATE KEY'],
    ['a certificate and its key', PEM + PEM.replace(/CERTIFICATE/g, 'RSA PRIVATE KEY'), 'PemUnexpectedLabel',
      'the anchor must hold a CERTIFICATE, but holds a RSA PRIVATE KEY'],
    ['a request', PEM.replace(/CERTIFICATE/g, 'CERTIFICATE REQUEST'), 'PemUnexpectedLabel', 'the anchor must hold a CERTIFICATE, but holds a CERTIFICATE REQUEST'],
    ['a certificate with OpenSSL\'s trust settings', PEM.replace(/CERTIFICATE/g, 'TRUSTED CERTIFICATE'), 'PemUnexpectedLabel',
      'the anchor must hold a CERTIFICATE, but holds a TRUSTED CERTIFICATE'],
  ])('refuses %s', (_title, text, code, message) => {
    expect(() => derFromPem(text, 'CERTIFICATE', 'the anchor')).toThrow(expect.objectContaining({ code, message }));
  });

  test.each([
    ['a stray character', PEM.replace('\n', '\n*')],
    ['a missing character', PEM.replace(BASE64.slice(0, 5), BASE64.slice(1, 5))],
    ['no content', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['another label at the end', PEM.replace('END CERTIFICATE', 'END CERTIFICATE REQUEST')],
    ['no end', PEM.replace('-----END CERTIFICATE-----', '')],
    ['a second block without an end', `${PEM}-----BEGIN CERTIFICATE-----\nAAAA`],
    ['a header inside', PEM.replace('\n', '\nDEK-Info: AES-128-CBC,00\n\n')],
  ])('refuses a block with %s', (_title, text) => {
    expect(() => derFromPem(text, 'CERTIFICATE', 'the anchor')).toThrow(expect.objectContaining({ code: 'PemDamaged' }));
  });

  test('never repeats what it was given in a message', () => {
    const secret = PEM.replace(/CERTIFICATE/g, 'PRIVATE KEY').replace('\n', '\n!');

    let message = '';
    try {
      derFromPem(secret, 'CERTIFICATE', 'the anchor');
    } catch (error) {
      message = (error as Error).message;
    }

    expect(message).not.toBe('');
    expect(message).not.toContain(BASE64.slice(0, 8));
  });
});
