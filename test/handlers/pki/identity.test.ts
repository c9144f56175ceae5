import { Null } from 'asn1js';
import { ecKey, rsaKey } from './_helpers/keys';
import { inFolder, testWithOpenssl } from './_helpers/openssl';
import {
  authorityKeyId, basicConstraints, type CertificateOptions, certificatePem, extension, keyUsage, MARVELL_SUBJECT, name, pem, requestPem,
  subjectKeyId,
} from './_helpers/x509';
import { hsmIdentityEvidence, sameKey, verifyHsmIdentity, type VerifyHsmIdentityOptions } from '../../../src/handlers/pki/identity';

const NOW = new Date('2026-11-23T18:49:07Z');

const KEYS = { hsm: rsaKey('hsm'), hardware: rsaKey('hardware'), aws: rsaKey('aws root'), manufacturer: rsaKey('manufacturer root'), other: rsaKey('other') };

const AWS = name([['C', 'US']], [['O', 'Amazon Web Services INC.']], [['CN', 'AWS CloudHSM Root G1']]);
const MANUFACTURER = name([['O', 'Marvell']], [['CN', 'mrvl-ls2-root-AR-v1']]);
const HARDWARE = name([['O', 'Marvell']], [['CN', 'LS2 hardware, number 7']]);
const CA = [basicConstraints(true)];

type Overrides = Partial<CertificateOptions>;

// One key of the hardware, certified by two: this is what "cross-certified" means here.
const hardware = (overrides: Overrides) => certificatePem({ subject: HARDWARE, key: KEYS.hardware, extensions: CA, ...overrides });
const awsHardware = (overrides?: Overrides) => hardware({ issuer: AWS, signedBy: KEYS.aws, ...overrides });
const manufacturerHardware = (overrides?: Overrides) => hardware({ issuer: MANUFACTURER, signedBy: KEYS.manufacturer, ...overrides });
const hsm = (overrides?: Overrides) =>
  certificatePem({ subject: MARVELL_SUBJECT, key: KEYS.hsm, issuer: HARDWARE, signedBy: KEYS.hardware, ...overrides });
const awsRoot = (overrides?: Overrides) => certificatePem({ subject: AWS, key: KEYS.aws, extensions: CA, ...overrides });
const manufacturerRoot = (overrides?: Overrides) => certificatePem({ subject: MANUFACTURER, key: KEYS.manufacturer, ...overrides });

const GENUINE: VerifyHsmIdentityOptions = {
  csr: requestPem({ key: KEYS.hsm }),
  hsmCertificate: hsm(),
  awsHardwareCertificate: awsHardware(),
  manufacturerHardwareCertificate: manufacturerHardware(),
  awsRoots: [awsRoot()],
  manufacturerRoots: [manufacturerRoot()],
  now: NOW,
};

const verify = (overrides: Partial<VerifyHsmIdentityOptions> = {}) => verifyHsmIdentity({ ...GENUINE, ...overrides });
const codes = (overrides: Partial<VerifyHsmIdentityOptions> = {}) => verify(overrides).map(({ code }) => code);

describe('a genuine HSM', () => {
  test('is verified through AWS and through the manufacturer', () => {
    expect(verify()).toEqual([]);
  });

  testWithOpenssl('is verified by openssl as the user guide describes', () => {
    const output = inFolder({
      'aws_chain.crt': `${awsHardware()}${awsRoot()}`,
      'manufacturer_chain.crt': `${manufacturerHardware()}${manufacturerRoot()}`,
      'hsm.crt': hsm(),
    }, ({ run }) => [run('verify -CAfile aws_chain.crt hsm.crt'), run('verify -CAfile manufacturer_chain.crt hsm.crt')]);

    expect(output).toEqual(['hsm.crt: OK', 'hsm.crt: OK']);
  });

  test.each<[string, Partial<VerifyHsmIdentityOptions>]>([
    ['when the right root is one of several', {
      awsRoots: [certificatePem({ subject: name([['CN', 'AWS CloudHSM Root G2']]), key: KEYS.other, extensions: CA }), awsRoot()],
    }],
    ['when an older root of the same name is given first', { awsRoots: [awsRoot({ key: KEYS.other, serial: 9 }), awsRoot()] }],
    ['when roots come in one bundle', { manufacturerRoots: [awsRoot() + manufacturerRoot()] }],
    ['when the given root is not self-signed', { awsRoots: [awsRoot({ issuer: MANUFACTURER, signedBy: KEYS.manufacturer })] }],
    ['when the manufacturer\'s root is v1 without extensions, as that of hsm1 is', { manufacturerRoots: [manufacturerRoot({ version: 1 })] }],
    ['when the hardware has no Basic Constraints, but may sign certificates', {
      awsHardwareCertificate: awsHardware({ extensions: [keyUsage('keyCertSign')] }),
    }],
    ['when key identifiers fit', {
      awsHardwareCertificate: awsHardware({ extensions: [...CA, subjectKeyId('hardware'), authorityKeyId('aws')] }),
      awsRoots: [awsRoot({ extensions: [...CA, subjectKeyId('aws')] })],
    }],
    ['when path lengths allow exactly this chain', {
      awsHardwareCertificate: awsHardware({ extensions: [basicConstraints(true, 0)] }),
      awsRoots: [awsRoot({ extensions: [basicConstraints(true, 1)] })],
    }],
    ['when an extension that nobody here understands is not critical', {
      awsHardwareCertificate: awsHardware({ extensions: [...CA, extension('1.2.3.4', false, new Null())] }),
    }],
    ['when the HSM itself has two certificates, one per issuer', {
      hsmCertificate: hsm({ issuer: AWS, signedBy: KEYS.aws }) + hsm(),
    }],
  ])('is verified %s', (_title, overrides) => {
    expect(verify(overrides)).toEqual([]);
  });
});

describe('refused, with the place', () => {
  const impostor = certificatePem({ subject: HARDWARE, key: KEYS.other, extensions: CA });

  test.each<[string, Partial<VerifyHsmIdentityOptions>, string[]]>([
    ['a request made elsewhere', { csr: requestPem({ key: KEYS.other }) },
      ['the certificate signing request and the HSM certificate have different keys: this HSM did not make the request']],
    ['an HSM certificate that other hardware of that name signed', { hsmCertificate: hsm({ signedBy: KEYS.other }) }, [
      'the HSM certificate is not signed by the key of the AWS hardware certificate',
      'the HSM certificate is not signed by the key of the manufacturer hardware certificate',
    ]],
    ['an HSM certificate of other hardware', { hsmCertificate: hsm({ issuer: AWS }) }, [
      'the HSM certificate was issued by "C=US, O=Amazon Web Services INC., CN=AWS CloudHSM Root G1", ' +
        'which the AWS hardware certificate ("O=Marvell, CN=LS2 hardware\\, number 7") is not',
      'the HSM certificate was issued by "C=US, O=Amazon Web Services INC., CN=AWS CloudHSM Root G1", ' +
        'which the manufacturer hardware certificate ("O=Marvell, CN=LS2 hardware\\, number 7") is not',
    ]],
    ['hardware that AWS did not certify', { awsHardwareCertificate: awsHardware({ signedBy: KEYS.other }) },
      ['the AWS hardware certificate is not signed by the key of the given AWS root']],
    ['hardware that the manufacturer did not certify', { manufacturerHardwareCertificate: manufacturerHardware({ signedBy: KEYS.other }) },
      ['the manufacturer hardware certificate is not signed by the key of the given manufacturer root']],
    ['self-signed hardware', { awsHardwareCertificate: impostor, hsmCertificate: hsm({ signedBy: KEYS.other }) }, [
      'the AWS hardware certificate was issued by "O=Marvell, CN=LS2 hardware\\, number 7", ' +
        'which the given AWS root ("C=US, O=Amazon Web Services INC., CN=AWS CloudHSM Root G1") is not',
      'the HSM certificate is not signed by the key of the manufacturer hardware certificate',
    ]],
    ['a root of another manufacturer', { manufacturerRoots: [awsRoot()] }, [
      'the manufacturer hardware certificate was issued by "O=Marvell, CN=mrvl-ls2-root-AR-v1", ' +
        'which the given manufacturer root ("C=US, O=Amazon Web Services INC., CN=AWS CloudHSM Root G1") is not',
    ]],
    ['hardware that is no authority', { awsHardwareCertificate: awsHardware({ extensions: [basicConstraints(false)] }) },
      ['the AWS hardware certificate must not issue certificates: it is not a certificate authority']],
    ['hardware that does not say that it is an authority', { awsHardwareCertificate: awsHardware({ extensions: [] }) },
      ['the AWS hardware certificate must not issue certificates: it is not a certificate authority']],
    ['a root that says it is no authority', { awsRoots: [awsRoot({ extensions: [basicConstraints(false)] })] },
      ['the given AWS root must not issue certificates: it is not a certificate authority']],
    ['a root whose path ends before the hardware', { awsRoots: [awsRoot({ extensions: [basicConstraints(true, 0)] })] },
      ['the given AWS root allows 0 certificate authorities below it, got 1']],
    ['a critical extension that nobody here understands', { awsHardwareCertificate: awsHardware({ extensions: [...CA, extension('1.2.3.4', true, new Null())] }) },
      ['the AWS hardware certificate has a critical extension that is not known here (1.2.3.4)']],
  ])('%s', (_title, overrides, messages) => {
    expect(verify(overrides).map(({ message }) => message)).toEqual(messages);
  });

  test.each<[string, Partial<VerifyHsmIdentityOptions>, string[]]>([
    ['the HSM certificate', { hsmCertificate: hsm({ notAfter: '2026-11-22T00:00:00Z' }) }, ['Expired', 'Expired']],
    ['the hardware certificate', { awsHardwareCertificate: awsHardware({ notBefore: '2026-11-24T00:00:00Z' }) }, ['NotYetValid']],
    ['the root', { manufacturerRoots: [manufacturerRoot({ notBefore: '2015-11-19T13:55:25Z', notAfter: '2025-11-16T13:55:25Z' })] }, ['Expired']],
  ])('outside of its validity: %s, by a code of its own', (_title, overrides, expected) => {
    expect(codes(overrides)).toEqual(expected);
  });

  test('hardware whose key usage contradicts CA:TRUE', () => {
    expect(codes({ awsHardwareCertificate: awsHardware({ extensions: [...CA, keyUsage('digitalSignature')] }) })).toContain('NotCa');
  });

  test('two HSM certificates of which one is for another key', () => {
    expect(codes({ hsmCertificate: hsm() + hsm({ key: KEYS.other }) })).toEqual(['CsrKeyDiffers']);
  });

  test.each<[string, Partial<VerifyHsmIdentityOptions>, string[]]>([
    ['the HSM certificate', { hsmCertificate: undefined }, ['CertificateMissing']],
    ['both hardware certificates', { awsHardwareCertificate: '', manufacturerHardwareCertificate: undefined }, ['CertificateMissing', 'CertificateMissing']],
    ['any root', { awsRoots: [], manufacturerRoots: [] }, ['RootMissing', 'RootMissing']],
    ['a certificate in the text of the root', { awsRoots: [''] }, ['RootMissing']],
    ['the request', { csr: '' }, ['PemMissing']],
  ])('without %s', (_title, overrides, expected) => {
    expect(codes(overrides)).toEqual(expected);
  });

  test('with a root that cannot be read', () => {
    expect(codes({ awsRoots: [pem('CERTIFICATE', Uint8Array.of(1, 2, 3))] })).toEqual(['CertificateUnreadable']);
  });
});

describe('key comparison', () => {
  test.each([
    ['the request of the HSM', requestPem({ key: KEYS.hsm }), hsm(), true],
    ['the request of another HSM', requestPem({ key: KEYS.other }), hsm(), false],
    ['a request of another kind of key', requestPem({ key: ecKey('hsm') }), hsm(), false],
    ['elliptic curve keys', requestPem({ key: ecKey('hsm') }), hsm({ key: ecKey('hsm') }), true],
    ['no certificate', requestPem({ key: KEYS.hsm }), '', false],
  ])('of %s', (_title, csr, certificate, expected) => {
    expect(sameKey(csr, certificate)).toBe(expected);
  });
});

describe('evidence', () => {
  test('says who, by whom, when, and gives fingerprints', () => {
    const { hsmCertificate, awsHardwareCertificate, manufacturerHardwareCertificate, problems, sameKey: same } = hsmIdentityEvidence(GENUINE);

    expect(problems).toEqual([]);
    expect(same).toBe(true);
    expect(hsmCertificate).toEqual([{
      subject: 'C=US + ST=CA + OU=LS2 + L=SanJose + O=Marvell, CN=HSM:RCN2345B07362:PARTN:25\\, for FIPS mode',
      issuer: 'O=Marvell, CN=LS2 hardware\\, number 7',
      serialNumber: '01',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2036-01-01T00:00:00Z',
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      keyFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    }]);
    expect([awsHardwareCertificate, manufacturerHardwareCertificate].map(([certificate]) => certificate?.issuer))
      .toEqual(['C=US, O=Amazon Web Services INC., CN=AWS CloudHSM Root G1', 'O=Marvell, CN=mrvl-ls2-root-AR-v1']);
  });

  test('shows by equal key fingerprints that one key was certified twice', () => {
    const evidence = hsmIdentityEvidence(GENUINE);
    const [aws] = evidence.awsHardwareCertificate;
    const [manufacturer] = evidence.manufacturerHardwareCertificate;

    expect(aws?.keyFingerprint).toBe(manufacturer?.keyFingerprint);
    expect(aws?.fingerprint).not.toBe(manufacturer?.fingerprint);
    expect(evidence.csr).toEqual({ fingerprint: expect.any(String), keyFingerprint: evidence.hsmCertificate[0]?.keyFingerprint, key: 'RSA 2048' });
  });

  testWithOpenssl('gives the fingerprints that openssl gives', () => {
    const { csr, hsmCertificate } = hsmIdentityEvidence(GENUINE);
    const [certificate, request, key] = inFolder({ 'hsm.crt': hsm(), 'cluster.csr': GENUINE.csr }, ({ run }) => {
      run('req -in cluster.csr -outform DER -out cluster.der');
      run('x509 -in hsm.crt -noout -pubkey -out key.pem');
      run('pkey -pubin -in key.pem -outform DER -out key.der');
      return [run('x509 -in hsm.crt -noout -fingerprint -sha256'), run('dgst -sha256 -c cluster.der'), run('dgst -sha256 key.der')];
    });

    expect(certificate).toContain(hsmCertificate[0]?.fingerprint);
    expect(request?.toUpperCase()).toContain(csr?.fingerprint);
    expect(key).toContain(hsmCertificate[0]?.keyFingerprint);
  });

  test('is kept as far as it goes when parts are missing or damaged', () => {
    const { csr, hsmCertificate, awsHardwareCertificate, problems, sameKey: same } =
      hsmIdentityEvidence({ csr: 'damaged', hsmCertificate: hsm(), manufacturerHardwareCertificate: pem('CERTIFICATE', Uint8Array.of(1)) });

    expect(hsmCertificate).toHaveLength(1);
    expect(csr).toBeUndefined();
    expect(same).toBeUndefined();
    expect(awsHardwareCertificate).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['PemMissing', 'CertificateMissing', 'CertificateUnreadable']);
  });

  test('shows a request that another key made', () => {
    expect(hsmIdentityEvidence({ ...GENUINE, csr: requestPem({ key: KEYS.other }) }).sameKey).toBe(false);
  });

  test('fits a parameter', () => {
    expect(JSON.stringify(hsmIdentityEvidence(GENUINE)).length).toBeLessThan(4096);
  });
});
