import { Constructed, OctetString, Primitive, Sequence } from 'asn1js';
import { ecKey, kmsSign, publicRsaKey, rsaKey, rsaPssKey } from './_helpers/keys';
import { inFolder, testWithOpenssl } from './_helpers/openssl';
import {
  authorityKeyId, basicConstraints, type CertificateOptions, certificatePem, extension, keyUsage, MARVELL_SUBJECT, name, pem, requestPem,
  subjectKeyId, unpem,
} from './_helpers/x509';
import { checkCertificates, type CertificateCheckOptions } from '../../../src/handlers/pki/certificate-checks';
import { issueCertificates } from '../../../src/handlers/pki/issue';

const NOW = new Date('2026-11-23T18:49:07Z');

const HSM = rsaKey('hsm');
const CA = rsaKey('ca');
const CSR = requestPem({ key: HSM });
const CA_SUBJECT = name([['O', 'Example Bank']], [['CN', 'HSM root']]);

const CA_EXTENSIONS = [basicConstraints(true), keyUsage('keyCertSign'), subjectKeyId('ca')];

const anchor = (overrides: Partial<CertificateOptions> = {}) => certificatePem({
  subject: CA_SUBJECT,
  key: CA,
  extensions: CA_EXTENSIONS,
  notBefore: '2026-11-23T00:00:00Z',
  notAfter: '2036-11-23T00:00:00Z',
  ...overrides,
});

const leaf = (overrides: Partial<CertificateOptions> = {}) => certificatePem({
  subject: MARVELL_SUBJECT,
  key: HSM,
  issuer: CA_SUBJECT,
  signedBy: CA,
  serial: 2,
  notBefore: '2026-11-23T00:00:00Z',
  notAfter: '2036-11-22T00:00:00Z',
  ...overrides,
});

const check = (overrides: Partial<CertificateCheckOptions> = {}) =>
  checkCertificates({ csrPem: CSR, trustAnchorPem: anchor(), signedCertificatePem: leaf(), now: NOW, ...overrides });

const codes = (overrides: Partial<CertificateCheckOptions> = {}) => {
  const { problems, warnings } = check(overrides);
  return { problems: problems.map(({ code }) => code), warnings: warnings.map(({ code }) => code) };
};

const FINE = { problems: [], warnings: [] };

describe('passes', () => {
  test('certificates made here', async () => {
    const issued = await issueCertificates({
      csrPem: CSR, caPublicKeySpki: CA.spki, createdAt: NOW, clusterId: 'cluster-fhtbm47tsjo', validityYears: 10, sign: kmsSign(CA),
    });

    expect(check({ ...issued, now: new Date('2026-11-23T19:10:00Z') })).toEqual(FINE);
  });

  test('a v3 root with a v1 leaf, which older OpenSSL makes', () => {
    expect(check()).toEqual(FINE);
  });

  test('a v3 leaf with key identifiers, which newer OpenSSL makes', () => {
    expect(check({ signedCertificatePem: leaf({ extensions: [subjectKeyId('hsm'), authorityKeyId('ca')] }) })).toEqual(FINE);
  });

  test('a v3 leaf like that of AWS Private CA', () => {
    const extensions = [
      basicConstraints(false), authorityKeyId('ca'), subjectKeyId('hsm'), keyUsage('digitalSignature'),
      extension('2.5.29.37', false, new OctetString({ valueHex: Uint8Array.of(1) })),
    ];

    expect(check({ signedCertificatePem: leaf({ extensions }) })).toEqual(FINE);
  });

  test('a leaf that names its authority by issuer and serial number instead of a key identifier', () => {
    const byIssuer = extension('2.5.29.35', false, new Sequence({
      value: [
        new Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value: [] }),
        new Primitive({ idBlock: { tagClass: 3, tagNumber: 2 }, valueHex: Uint8Array.of(1) }),
      ],
    }));

    expect(check({ signedCertificatePem: leaf({ extensions: [byIssuer] }) })).toEqual(FINE);
  });

  test('a v1 root: only v3 must have Basic Constraints', () => {
    expect(check({ trustAnchorPem: anchor({ extensions: [] }) })).toEqual(FINE);
  });

  test('a root that allows no further authority below it', () => {
    expect(check({ trustAnchorPem: anchor({ extensions: [basicConstraints(true, 0)] }) })).toEqual(FINE);
  });

  test('a root without key usage', () => {
    expect(check({ trustAnchorPem: anchor({ extensions: [basicConstraints(true)] }) })).toEqual(FINE);
  });

  test('the first and the last second of validity', () => {
    const start = codes({ now: new Date('2026-11-23T00:00:00Z') });
    const end = codes({ now: new Date('2036-11-22T00:00:00.900Z') });

    expect(start.problems).toEqual([]);
    expect(end.problems).toEqual([]);
  });

  testWithOpenssl('what AWS\'s user guide tells people to type, with a warning about minutes', () => {
    const made = inFolder({ 'cluster.csr': CSR }, ({ run, read }) => {
      run('genrsa -out customerCA.key 2048');
      run('req -new -x509 -days 3652 -key customerCA.key -subj /C=US/O=Example/CN=root -out customerCA.crt');
      const start = Date.now();
      while (Date.now() - start < 1100); // the guide's two commands never run within one second
      run('x509 -req -days 3652 -in cluster.csr -CA customerCA.crt -CAkey customerCA.key -CAcreateserial -out signed.crt');
      return { trustAnchorPem: read('customerCA.crt'), signedCertificatePem: read('signed.crt') };
    });

    expect(codes({ ...made, now: new Date() })).toEqual({ problems: [], warnings: ['LeafOutlivesAnchor'] });
  });
});

describe('refuses a text', () => {
  test.each([
    ['is empty', '', 'PemMissing'],
    ['holds two certificates', anchor() + anchor(), 'PemSeveralBlocks'],
    ['is a request', CSR, 'PemUnexpectedLabel'],
    ['is damaged', anchor().replace('\n', '\n!'), 'PemDamaged'],
    ['is PEM of something else', pem('CERTIFICATE', Uint8Array.of(0x30, 0x00)), 'CertificateUnreadable'],
    ['has bytes after the certificate', pem('CERTIFICATE', Uint8Array.from([...unpem(anchor()), 0])), 'CertificateUnreadable'],
  ])('that %s, for both certificates', (_title, text, code) => {
    expect(codes({ trustAnchorPem: text }).problems).toContain(code);
    expect(codes({ signedCertificatePem: text }).problems).toContain(code);
  });

  test('with characters that the service does not allow, naming the first', () => {
    const { problems } = check({ trustAnchorPem: `Certificate:\n    Data:\n${anchor()}` });

    expect(problems).toEqual([{
      code: 'PemCharacters',
      message: 'the trust anchor contains ":", which CloudHSM refuses; pass only the PEM block, without text before or after it',
    }]);
  });

  test.each([
    ['4096 characters is kept', 4096, []],
    ['4097 characters would not fit a parameter', 4097, ['PemTooLongToKeep']],
    ['5000 characters would not fit a parameter', 5000, ['PemTooLongToKeep']],
    ['5001 characters is too long for the service as well', 5001, ['PemTooLong']],
  ])('of the wrong length: %s', (_title, length, expected) => {
    expect(codes({ trustAnchorPem: anchor().padEnd(length, '\n') }).problems).toEqual(expected);
    expect(codes({ signedCertificatePem: leaf().padEnd(length, '\n') }).problems).toEqual(expected);
  });

  test('that is no usable request', () => {
    expect(codes({ csrPem: '' }).problems).toEqual(['PemMissing']);
    expect(codes({ csrPem: requestPem({ key: HSM, signedBy: CA }) }).problems).toEqual(['CsrSignatureInvalid']);
  });

  test('and names everything that cannot be read in one go', () => {
    expect(codes({ csrPem: '', trustAnchorPem: '', signedCertificatePem: CSR }).problems).toEqual(['PemMissing', 'PemMissing', 'PemUnexpectedLabel']);
  });
});

describe('refuses a trust anchor', () => {
  const intermediate = name([['CN', 'intermediate']]);

  test.each<[string, string, string]>([
    ['with an RSA key of 1024 bits', anchorOf(rsaKey('small', 1024)), 'AnchorKeyUnsupported'],
    ['with an RSA key of 5120 bits', anchor({ key: publicRsaKey(5120), signedBy: CA }), 'AnchorKeyUnsupported'],
    ['with an elliptic curve key', anchorOf(ecKey('ca')), 'AnchorKeyUnsupported'],
    ['with a key for RSA-PSS only', anchor({ key: rsaPssKey('ca'), signedBy: CA }), 'AnchorKeyUnsupported'],
    ['signed with an elliptic curve key', anchorOf(ecKey('ca')), 'AnchorSignatureUnsupported'],
    ['that somebody else issued', anchor({ issuer: intermediate, signedBy: rsaKey('other') }), 'AnchorNotSelfSigned'],
    ['that has its own name as issuer but another key\'s signature', anchor({ signedBy: rsaKey('other') }), 'AnchorNotSelfSigned'],
    ['that is v3 without Basic Constraints', anchor({ extensions: [keyUsage('keyCertSign')] }), 'AnchorWithoutBasicConstraints'],
    ['that is v3 without any extension', anchor({ extensions: [], version: 3 }), 'AnchorWithoutBasicConstraints'],
    ['that says CA:FALSE', anchor({ extensions: [basicConstraints(false)] }), 'AnchorNotCa'],
    ['whose key usage contradicts CA:TRUE', anchor({ extensions: [basicConstraints(true), keyUsage('digitalSignature')] }), 'AnchorKeyUsage'],
    ['whose key identifiers contradict each other', anchor({ extensions: [...CA_EXTENSIONS, authorityKeyId('another')] }), 'AnchorKeyIdentifiers'],
    ['that repeats an extension', anchor({ extensions: [...CA_EXTENSIONS, subjectKeyId('ca')] }), 'ExtensionRepeated'],
    ['that has extensions but no v3', anchor({ version: 1 }), 'ExtensionsBeforeVersion3'],
    ['signed with SHA-1', anchor({ hash: 'sha1' }), 'AnchorSignatureUnsupported'],
  ])('%s', (_title, trustAnchorPem, code) => {
    expect(codes({ trustAnchorPem }).problems).toContain(code);
  });

  test('that is not self-signed with the name of who issued it', () => {
    const { problems } = check({ trustAnchorPem: anchor({ issuer: intermediate, signedBy: rsaKey('other') }) });

    expect(problems).toContainEqual({
      code: 'AnchorNotSelfSigned',
      message: 'the trust anchor must be a self-signed root, but "CN=intermediate" issued it; pass the root that signed the request directly',
    });
  });

  function anchorOf(key: ReturnType<typeof rsaKey>) {
    return anchor({ key, signedBy: key });
  }
});

describe('refuses a signed certificate', () => {
  const reordered = name(
    [['C', 'US']], [['ST', 'CA']], [['OU', 'LS2']], [['L', 'SanJose']], [['O', 'Marvell']], [['CN', 'HSM:RCN2345B07362:PARTN:25, for FIPS mode']],
  );
  const split = name([['C', 'US'], ['ST', 'CA'], ['OU', 'LS2'], ['L', 'SanJose'], ['O', 'Marvell']], [['CN', 'HSM:RCN2345B07362:PARTN:25']]);

  test.each<[string, string, string[]]>([
    ['for the key of an earlier request', leaf({ key: rsaKey('second hsm') }), ['LeafKeyDiffers']],
    ['whose subject has one attribute per RDN, as tools write that parse the name', leaf({ subject: reordered }), ['LeafSubjectDiffers']],
    ['whose common name ends at the comma', leaf({ subject: split }), ['LeafSubjectDiffers']],
    ['that another authority issued', leaf({ issuer: name([['CN', 'another']]), signedBy: rsaKey('other') }), ['LeafIssuerDiffers']],
    ['that another key of an authority of the same name signed', leaf({ signedBy: rsaKey('other') }), ['LeafNotSignedByAnchor']],
    ['that names another key of its authority', leaf({ extensions: [authorityKeyId('another')] }), ['LeafKeyIdentifiers']],
    ['signed with SHA-1', leaf({ hash: 'sha1' }), ['LeafSignatureUnsupported']],
    ['that repeats an extension', leaf({ extensions: [subjectKeyId('a'), subjectKeyId('a')] }), ['ExtensionRepeated']],
    ['that is the trust anchor once more', anchor(), ['LeafKeyDiffers', 'LeafSubjectDiffers']],
  ])('%s', (_title, signedCertificatePem, expected) => {
    expect(codes({ signedCertificatePem }).problems).toEqual(expected);
  });

  test('for another key with what to do about it', () => {
    expect(check({ signedCertificatePem: leaf({ key: rsaKey('second hsm') }) }).problems).toEqual([{
      code: 'LeafKeyDiffers',
      message: 'the signed certificate is for another key than the request of the cluster; sign the request that the cluster shows now',
    }]);
  });

  test('when it was swapped with the trust anchor, and says just that', () => {
    expect(codes({ trustAnchorPem: leaf(), signedCertificatePem: anchor() }).problems).toEqual(['CertificatesSwapped']);
  });
});

describe('refuses a time', () => {
  test.each<[string, Partial<CertificateCheckOptions>, string]>([
    ['before the anchor', { trustAnchorPem: anchor({ notBefore: '2026-11-24T00:00:00Z' }) }, 'the trust anchor is not valid before 2026-11-24T00:00:00Z'],
    ['after the anchor', { trustAnchorPem: anchor({ notAfter: '2026-11-23T18:49:06Z' }) }, 'the trust anchor expired at 2026-11-23T18:49:06Z'],
    ['before the leaf', { signedCertificatePem: leaf({ notBefore: '2026-11-24T00:00:00Z' }) }, 'the signed certificate is not valid before 2026-11-24T00:00:00Z'],
    ['after the leaf', { signedCertificatePem: leaf({ notAfter: '2026-11-23T18:49:06Z' }) }, 'the signed certificate expired at 2026-11-23T18:49:06Z'],
  ])('%s', (_title, overrides, message) => {
    expect(check(overrides).problems.map((problem) => problem.message)).toEqual([message]);
  });
});

describe('warns about', () => {
  test.each<[string, Partial<CertificateCheckOptions>, string[]]>([
    ['an anchor that ends in five years', { trustAnchorPem: anchor({ notAfter: '2031-11-23T00:00:00Z' }) }, ['ValidityShort', 'LeafOutlivesAnchor']],
    ['a leaf that ends in half a year', { signedCertificatePem: leaf({ notAfter: '2027-05-01T00:00:00Z' }) }, ['ValidityShort']],
    ['nothing, when both were signed for ten years a month ago', { now: new Date('2026-12-22T00:00:00Z') }, []],
    ['both, when they were signed for ten years a quarter ago', { now: new Date('2027-02-23T00:00:00Z') }, ['ValidityShort']],
    ['five years, when ten times as many are expected', { expectedYears: 50 }, ['ValidityShort']],
    ['a leaf that begins before its anchor', { signedCertificatePem: leaf({ notBefore: '2026-11-22T00:00:00Z' }) }, ['LeafOutlivesAnchor']],
    ['a leaf that is an authority', { signedCertificatePem: leaf({ extensions: [basicConstraints(true)] }) }, ['LeafIsCa']],
    ['SHA-512', { trustAnchorPem: anchor({ hash: 'sha512' }) }, ['HashUndocumented']],
    ['SHA-384 in the leaf', { signedCertificatePem: leaf({ hash: 'sha384' }) }, ['HashUndocumented']],
  ])('%s, and lets it pass', (_title, overrides, expected) => {
    expect(codes(overrides)).toEqual({ problems: [], warnings: expected });
  });

  test('an RSA key of 3072 bits: it has worked, but is not documented', () => {
    const key = rsaKey('ca', 3072);

    const { problems, warnings } = check({ trustAnchorPem: anchor({ key, signedBy: key }), signedCertificatePem: leaf({ signedBy: key }) });

    expect(problems).toEqual([]);
    expect(warnings).toEqual([{ code: 'AnchorKeySizeUndocumented', message: 'the trust anchor has an RSA 3072 key; AWS documents 2048 and 4096 bits' }]);
  });

  test('the end of trust with its date', () => {
    const { warnings } = check({ signedCertificatePem: leaf({ notAfter: '2027-05-01T00:00:00Z' }) });

    expect(warnings[0]?.message).toBe(
      'trust in the cluster ends at 2027-05-01T00:00:00Z, in less than 10 years; clients stop connecting then, and the anchor cannot be replaced',
    );
  });
});

test('reports all problems at once', () => {
  const found = codes({
    trustAnchorPem: anchor({ extensions: [basicConstraints(false), keyUsage('digitalSignature')], notAfter: '2026-11-23T00:00:01Z' }),
    signedCertificatePem: leaf({ key: rsaKey('second hsm'), signedBy: rsaKey('other'), subject: CA_SUBJECT }),
  });

  expect(found.problems).toEqual(['AnchorNotCa', 'AnchorKeyUsage', 'LeafKeyDiffers', 'LeafSubjectDiffers', 'LeafNotSignedByAnchor', 'Expired']);
});
