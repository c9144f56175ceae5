import { createHash, X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { ecKey, kmsSign, publicRsaKey, rsaKey, rsaPssKey } from './_helpers/keys';
import { inFolder, testWithOpenssl } from './_helpers/openssl';
import { CAVIUM_SUBJECT, hex, MARVELL_SUBJECT, requestPem, unpem } from './_helpers/x509';
import { parseCertificate } from '../../../src/handlers/pki/certificate';
import { checkCertificates } from '../../../src/handlers/pki/certificate-checks';
import { issueCertificates, type IssueCertificatesOptions } from '../../../src/handlers/pki/issue';

const CREATED_AT = new Date('2026-11-23T18:49:07.843Z');
const CLUSTER_ID = 'cluster-fhtbm47tsjo';

const HSM = rsaKey('hsm');
const CA = rsaKey('ca');

const request = (overrides: Partial<IssueCertificatesOptions> = {}): IssueCertificatesOptions => ({
  csrPem: requestPem({ key: HSM }),
  caPublicKeySpki: CA.spki,
  createdAt: CREATED_AT,
  clusterId: CLUSTER_ID,
  validityYears: 10,
  sign: kmsSign(CA),
  ...overrides,
});

async function issue(overrides: Partial<IssueCertificatesOptions> = {}) {
  const pems = await issueCertificates(request(overrides));
  return {
    ...pems,
    anchor: new X509Certificate(pems.trustAnchorPem),
    leaf: new X509Certificate(pems.signedCertificatePem),
    parsedAnchor: parseCertificate(pems.trustAnchorPem, 'the anchor'),
    parsedLeaf: parseCertificate(pems.signedCertificatePem, 'the leaf'),
  };
}

describe('the trust anchor', () => {
  test('is self-signed by the key of the certificate authority', async () => {
    const { anchor } = await issue();

    expect(anchor.verify(CA.publicKey)).toBe(true);
    expect(anchor.checkIssued(anchor)).toBe(true);
    expect(anchor.publicKey.equals(CA.publicKey)).toBe(true);
  });

  test('names the cluster', async () => {
    const { anchor } = await issue();

    expect(anchor.subject).toBe('O=cdk-cloudhsm\nCN=cluster-fhtbm47tsjo trust anchor');
    expect(anchor.issuer).toBe(anchor.subject);
  });

  test('is a v3 certificate authority with critical constraints and usage, and nothing else but a key identifier', async () => {
    const { anchor, parsedAnchor } = await issue();

    expect(anchor.ca).toBe(true);
    expect(parsedAnchor).toMatchObject({ version: 3, basicConstraints: { ca: true, pathLength: undefined }, keyUsage: { signsCertificates: true } });
    expect(parsedAnchor.extensions.map(({ oid, critical, value }) => [oid, critical, hex(value)])).toEqual([
      ['2.5.29.19', true, '30030101ff'],
      ['2.5.29.15', true, '03020106'],
      ['2.5.29.14', false, `0414${hex(parsedAnchor.subjectKeyIdentifier ?? Uint8Array.of())}`],
    ]);
  });

  test('holds the public key byte for byte', async () => {
    const { parsedAnchor } = await issue();

    expect(hex(parsedAnchor.publicKey.spki)).toBe(hex(CA.spki));
  });
});

describe('the cluster certificate', () => {
  test('is signed by the trust anchor directly', async () => {
    const { anchor, leaf, parsedAnchor, parsedLeaf } = await issue();

    expect(leaf.verify(anchor.publicKey)).toBe(true);
    expect(leaf.checkIssued(anchor)).toBe(true);
    expect(hex(parsedLeaf.issuer)).toBe(hex(parsedAnchor.subject));
  });

  test.each([
    ['hsm2m', MARVELL_SUBJECT],
    ['hsm1', CAVIUM_SUBJECT],
    ['an HSM that has no name', Uint8Array.of(0x30, 0x00)],
  ])('has the subject of the request byte for byte (%s)', async (_title, subject) => {
    const { parsedLeaf, signedCertificatePem } = await issue({ csrPem: requestPem({ key: HSM, subject }) });

    expect(hex(parsedLeaf.subject)).toBe(hex(subject));
    expect(hex(unpem(signedCertificatePem))).toContain(hex(subject));
  });

  test('has the public key of the request byte for byte', async () => {
    const { leaf, parsedLeaf } = await issue();

    expect(hex(parsedLeaf.publicKey.spki)).toBe(hex(HSM.spki));
    expect(leaf.publicKey.equals(HSM.publicKey)).toBe(true);
  });

  test('is no certificate authority and says nothing about what its key may do', async () => {
    const { leaf, parsedAnchor, parsedLeaf } = await issue();

    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toBeUndefined();
    expect(parsedLeaf).toMatchObject({ version: 3, basicConstraints: { ca: false }, keyUsage: undefined });
    expect(parsedLeaf.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([['2.5.29.19', false], ['2.5.29.14', false], ['2.5.29.35', false]]);
    expect(parsedLeaf.authorityKeyIdentifier).toEqual(parsedAnchor.subjectKeyIdentifier);
  });

  test('may be for an elliptic curve key', async () => {
    const { anchor, leaf } = await issue({ csrPem: requestPem({ key: ecKey('hsm') }) });

    expect(leaf.verify(anchor.publicKey)).toBe(true);
    expect(leaf.publicKey.equals(ecKey('hsm').publicKey)).toBe(true);
  });
});

describe('validity', () => {
  test('starts when the cluster was created, in whole seconds', async () => {
    const { parsedAnchor, parsedLeaf } = await issue();

    expect(parsedAnchor.notBefore).toEqual(new Date('2026-11-23T18:49:07Z'));
    expect(parsedLeaf.notBefore).toEqual(new Date('2026-11-23T18:49:07Z'));
  });

  test('ends for the cluster certificate a day before it ends for the anchor', async () => {
    const { parsedAnchor, parsedLeaf } = await issue();

    expect(parsedAnchor.notAfter).toEqual(new Date('2036-11-23T18:49:07Z'));
    expect(parsedLeaf.notAfter).toEqual(new Date('2036-11-22T18:49:07Z'));
  });

  test('is never shorter than asked for after a leap day', async () => {
    const { parsedAnchor } = await issue({ createdAt: new Date('2028-02-29T12:00:00Z') });

    expect(parsedAnchor.notAfter).toEqual(new Date('2038-03-01T12:00:00Z'));
  });

  test.each([
    // tags: 0x17 UTCTime of 13 characters, 0x18 GeneralizedTime of 15
    ['before 2050 in two digits', '2039-12-31T23:59:59Z', '170d3439313233313233353935395a', 'Dec 31 23:59:59 2049 GMT'],
    ['from 2050 on in four', '2040-01-01T00:00:00Z', '180f32303530303130313030303030305a', 'Jan  1 00:00:00 2050 GMT'],
    ['far after it', '2060-06-15T01:02:03Z', '180f32303730303631353031303230335a', 'Jun 15 01:02:03 2070 GMT'],
  ])('is written %s', async (_title, createdAt, encoded, text) => {
    const { trustAnchorPem, anchor } = await issue({ createdAt: new Date(createdAt) });

    expect(hex(unpem(trustAnchorPem))).toContain(encoded);
    expect(anchor.validTo).toBe(text);
  });

  test('of root and cluster certificate may fall on different sides of 2050', async () => {
    const { anchor, leaf } = await issue({ createdAt: new Date('2040-01-01T10:00:00Z') });

    expect(anchor.validTo).toBe('Jan  1 10:00:00 2050 GMT');
    expect(leaf.validTo).toBe('Dec 31 10:00:00 2049 GMT');
  });

  test.each([9, 101, 10.5, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])('of %p years is refused', async (validityYears) => {
    await expect(issue({ validityYears })).rejects.toMatchObject({
      code: 'ValidityInvalid',
      message: `the validity must be 10 to 100 whole years, got ${validityYears}; ` +
        'clients stop trusting the cluster when its trust anchor ends, and it cannot be replaced',
    });
  });
});

describe('a repeat', () => {
  test('gives the same two texts', async () => {
    const first = await issueCertificates(request());
    const second = await issueCertificates(request());

    expect(second).toEqual(first);
  });

  test('signs the same two digests, each of what is in the certificate', async () => {
    const digests: string[][] = [[], []];
    const runs = digests.map((seen) => issueCertificates(request({
      sign: (digest) => {
        seen.push(hex(digest));
        return kmsSign(CA)(digest);
      },
    })));
    const [{ trustAnchorPem, signedCertificatePem } = { trustAnchorPem: '', signedCertificatePem: '' }] = await Promise.all(runs);

    expect(digests[1]).toEqual(digests[0]);
    expect(digests[0]).toEqual([trustAnchorPem, signedCertificatePem].map((text) => createHash('sha256').update(signedPart(unpem(text))).digest('hex')));
  });

  test.each([2026, 2060])('within the second of the cluster\'s creation gives the same, as clients round times differently (%d)', async (year) => {
    const first = await issueCertificates(request({ createdAt: new Date(`${year}-11-23T18:49:07.000Z`) }));
    const second = await issueCertificates(request({ createdAt: new Date(`${year}-11-23T18:49:07.999Z`) }));

    expect(second).toEqual(first);
  });

  test.each<[string, Partial<IssueCertificatesOptions>]>([
    ['another cluster', { clusterId: 'cluster-abcdefg2345' }],
    ['another creation time', { createdAt: new Date('2026-11-23T18:49:08Z') }],
    ['another validity', { validityYears: 11 }],
    ['another certificate authority', { caPublicKeySpki: rsaKey('other').spki, sign: kmsSign(rsaKey('other')) }],
  ])('for %s gives other serial numbers', async (_title, overrides) => {
    const [one, other] = await Promise.all([issue(), issue(overrides)]);

    expect(other.anchor.serialNumber).not.toBe(one.anchor.serialNumber);
    expect(other.leaf.serialNumber).not.toBe(one.leaf.serialNumber);
  });

  test('with another request changes the cluster certificate, not the anchor', async () => {
    const [one, other] = await Promise.all([issue(), issue({ csrPem: requestPem({ key: rsaKey('second hsm') }) })]);

    expect(other.trustAnchorPem).toBe(one.trustAnchorPem);
    expect(other.leaf.serialNumber).not.toBe(one.leaf.serialNumber);
  });
});

test('any cluster, date, validity and key gives two certificates that verify, pass every check and come out the same again', async () => {
  const hsms = [HSM, rsaKey('second hsm'), ecKey('hsm')];
  const authorities = [CA, rsaKey('other')];
  const subjects = [MARVELL_SUBJECT, CAVIUM_SUBJECT];
  const letters = [...'234567abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];

  await fc.assert(fc.asyncProperty(
    fc.record({
      hsm: fc.constantFrom(...hsms),
      ca: fc.constantFrom(...authorities),
      subject: fc.constantFrom(...subjects),
      createdAt: fc.date({ min: new Date('2017-08-01T00:00:00Z'), max: new Date('2120-01-01T00:00:00Z'), noInvalidDate: true }),
      validityYears: fc.integer({ min: 10, max: 100 }),
      id: fc.array(fc.constantFrom(...letters), { minLength: 11, maxLength: 16 }),
    }),
    async ({ hsm, ca, subject, createdAt, validityYears, id }) => {
      const options = {
        csrPem: requestPem({ key: hsm, subject }),
        caPublicKeySpki: ca.spki,
        createdAt,
        validityYears,
        clusterId: `cluster-${id.join('')}`,
        sign: kmsSign(ca),
      };

      const issued = await issueCertificates(options);

      const { trustAnchorPem, signedCertificatePem } = issued;
      const [anchor, leaf] = [new X509Certificate(trustAnchorPem), new X509Certificate(signedCertificatePem)];
      expect(anchor.verify(ca.publicKey) && leaf.verify(ca.publicKey) && leaf.checkIssued(anchor) && leaf.publicKey.equals(hsm.publicKey)).toBe(true);
      for (const { serialNumber } of [anchor, leaf]) {
        expect(serialNumber).toMatch(/^[4-7][0-9A-F]{39}$/); // 20 bytes, positive, no padding
      }
      expect(anchor.serialNumber).not.toBe(leaf.serialNumber);
      expect(checkCertificates({ ...issued, csrPem: options.csrPem, now: createdAt })).toEqual({ problems: [], warnings: [] });
      // Another request for the same key: ECDSA signs with a random number, so this text differs where the key is of that kind.
      expect(await issueCertificates({ ...options, csrPem: requestPem({ key: hsm, subject }) })).toEqual(issued);
    },
  ), { numRuns: 60 });
});

describe('size', () => {
  test('of the largest certificates stays far below what a standard parameter takes', async () => {
    const large = rsaKey('large', 4096);
    const { trustAnchorPem, signedCertificatePem } = await issueCertificates(request({
      clusterId: 'cluster-abcdefghijklmnop', caPublicKeySpki: large.spki, sign: kmsSign(large),
    }));

    expect(trustAnchorPem.length).toBeLessThan(2200);
    expect(signedCertificatePem.length).toBeLessThan(2200);
  });

  test('leaves no character that the service refuses', async () => {
    const { trustAnchorPem, signedCertificatePem } = await issueCertificates(request());

    expect(trustAnchorPem + signedCertificatePem).toMatch(/^[a-zA-Z0-9+-/=\s]*$/);
  });
});

describe('a certificate authority', () => {
  test('that answers with a signature of another key is found out before anybody relies on it', async () => {
    await expect(issue({ sign: kmsSign(rsaKey('other')) })).rejects.toMatchObject({
      code: 'SignatureInvalid',
      message: 'the signature that came back does not fit the public key of the certificate authority; ' +
        'sign the digest with that same key and RSASSA_PKCS1_V1_5_SHA_256',
    });
  });

  test('that cannot sign passes its own error on', async () => {
    const failure = new Error('AccessDeniedException');

    await expect(issue({ sign: async () => { throw failure; } })).rejects.toBe(failure);
  });

  test('is asked for nothing when something else is wrong', async () => {
    const sign = jest.fn();

    await expect(issueCertificates(request({ sign, csrPem: 'no request' }))).rejects.toMatchObject({ code: 'PemMissing' });

    expect(sign).not.toHaveBeenCalled();
  });

  test.each([
    ['an elliptic curve', ecKey('ca').spki, 'EC'],
    ['1024 bits', rsaKey('small', 1024).spki, 'RSA 1024'],
    ['5120 bits', publicRsaKey(5120).spki, 'RSA 5120'],
    ['a key for RSA-PSS only', rsaPssKey('ca').spki, 'RSA-PSS 2048'],
  ])('with %s is refused', async (_title, caPublicKeySpki, got) => {
    await expect(issue({ caPublicKeySpki })).rejects.toMatchObject({
      code: 'CaKeyUnsupported',
      message: `the certificate authority must have an RSA key of 2048 to 4096 bits, got ${got}`,
    });
  });

  test.each([
    ['is empty', Uint8Array.of()],
    ['is noise', Uint8Array.of(1, 2, 3)],
    ['has bytes after its end', Uint8Array.from([...CA.spki, 0])],
  ])('whose public key %s is refused', async (_title, caPublicKeySpki) => {
    await expect(issue({ caPublicKeySpki })).rejects.toMatchObject({ code: 'CaKeyUnreadable' });
  });
});

test.each(['', 'cluster-', 'cluster-fhtbm47tsjo,O=Amazon', 'cluster-fhtbm47ts1o', 'fhtbm47tsjo', 'cluster-fhtbm47tsjo\n'])(
  'refuses %j as a cluster id', async (clusterId) => {
    await expect(issue({ clusterId })).rejects.toMatchObject({ code: 'ClusterIdInvalid' });
  },
);

test('refuses a creation time that is none', async () => {
  await expect(issue({ createdAt: new Date('yesterday') })).rejects.toMatchObject({ code: 'CreationTimeInvalid' });
});

describe('openssl', () => {
  testWithOpenssl.each([
    ['hsm2m', MARVELL_SUBJECT, 2048],
    ['hsm1', CAVIUM_SUBJECT, 3072],
    ['hsm2m with the largest authority', MARVELL_SUBJECT, 4096],
  ])('verifies the chain strictly (%s)', async (_title, subject, bits) => {
    const ca = rsaKey('large', bits);
    const { trustAnchorPem, signedCertificatePem } = await issueCertificates(request({
      csrPem: requestPem({ key: HSM, subject }), caPublicKeySpki: ca.spki, sign: kmsSign(ca), createdAt: new Date('2024-01-01T00:00:00Z'), validityYears: 30,
    }));

    const output = inFolder({ 'ca.crt': trustAnchorPem, 'leaf.crt': signedCertificatePem }, ({ run }) => [
      run('verify -x509_strict -check_ss_sig -purpose sslserver -CAfile ca.crt leaf.crt'),
      run('verify -x509_strict -check_ss_sig -CAfile ca.crt ca.crt'),
      run('verify -CAfile leaf.crt leaf.crt'),
    ]);

    expect(output.slice(0, 2)).toEqual(['leaf.crt: OK', 'ca.crt: OK']);
    expect(output[2]).toContain('unable to get local issuer certificate'); // so the two OKs mean something
  });

  testWithOpenssl('shows what was meant', async () => {
    const { trustAnchorPem, signedCertificatePem } = await issueCertificates(request());

    const [anchor, leaf] = inFolder({ 'ca.crt': trustAnchorPem, 'leaf.crt': signedCertificatePem }, ({ run }) =>
      ['ca.crt', 'leaf.crt'].map((file) => run(`x509 -in ${file} -noout -text`)));

    expect(anchor).toMatch(/Basic Constraints: critical\s+CA:TRUE\n/);
    expect(anchor).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(anchor).toContain('Signature Algorithm: sha256WithRSAEncryption');
    expect(leaf).toMatch(/Basic Constraints:\s+CA:FALSE\n/);
    expect(leaf).toMatch(/Subject: C ?= ?US \+ ST ?= ?CA \+ OU ?= ?LS2 \+ L ?= ?SanJose \+ O ?= ?Marvell, CN ?= ?"?HSM:RCN2345B07362:PARTN:25, for FIPS mode/);
  });

  testWithOpenssl('reads the public key out of request and certificate as the same text', async () => {
    const csrPem = requestPem({ key: HSM });
    const { signedCertificatePem } = await issueCertificates(request({ csrPem }));

    const [fromRequest, fromCertificate] = inFolder({ 'cluster.csr': csrPem, 'leaf.crt': signedCertificatePem }, ({ run }) =>
      [run('req -in cluster.csr -noout -pubkey'), run('x509 -in leaf.crt -noout -pubkey')]);

    expect(fromCertificate).toBe(fromRequest);
  });
});

/** The first member of a Certificate, which is what the signature is over. */
function signedPart(der: Uint8Array): Uint8Array {
  const length = Buffer.from(der).readUInt16BE(6);
  return der.slice(4, 8 + length);
}
