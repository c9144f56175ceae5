import { generateKeyPairSync } from 'node:crypto';
import { Authority } from './authority';
import { Lab } from './lab';
import { requestOf } from '../../src/services/cloudhsm/pki/certificates';
import { certificateProblem } from '../../src/services/cloudhsm/pki/initialization';
import type { InitializationRules } from '../../src/services/cloudhsm/pki/initialization';
import { hsmSubject, name } from '../../src/services/cloudhsm/pki/names';

const DAY = 86_400_000;
const RULES: InitializationRules = { maxLength: 5000, keyBits: [2048, 3072, 4096], chainAllowed: false, subjectMustMatch: true };

let lab: Lab;
let clusterId: string;
let csr: string;

beforeAll(async () => {
  lab = new Lab();
  clusterId = await lab.withFirstHsm();
  csr = lab.cluster(clusterId).Certificates.ClusterCsr;
});

afterAll(() => lab.stop());

function problem(signedCert: string, trustAnchor: string, rules: Partial<InitializationRules> = {}, now: Date = new Date()): string {
  const found = certificateProblem({ signedCert, trustAnchor, csr, now }, { ...RULES, ...rules });
  return found ? `${found.which}: ${found.problem}` : 'none';
}

/** Made by `openssl req -x509` with an EC key, for which nobody signs here. */
function rsa(bits: number): string {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('the request', () => {
  const texts = (rdns: ReturnType<typeof hsmSubject>): string[] => rdns.map((rdn) => rdn.map(({ value }) => value.toString()).join(' + '));

  test('has the hsm2m subject: five attributes in its first name, a comma in its second', () => {
    const { certificationRequestInfo: { subject } } = requestOf(csr);

    const [first, second, ...none] = texts(subject);
    expect(first).toBe('US + CA + LS2 + SanJose + Marvell');
    expect(second).toMatch(/^HSM:RCN\d{4}B\d{5}:PARTN:\d+, for FIPS mode$/);
    expect(none).toEqual([]);
  });

  test('says so in NON_FIPS mode', async () => {
    const other = new Lab();
    const nonFips = await other.withFirstHsm({ Mode: 'NON_FIPS' });

    const { certificationRequestInfo: { subject } } = requestOf(other.cluster(nonFips).Certificates.ClusterCsr);
    expect(texts(subject)[1]).toMatch(/, for NON-FIPS mode$/);
    other.stop();
  });

  test('has single-valued names on hsm1', () => {
    expect(texts(hsmSubject('hsm1.medium', '1', 2, ', for FIPS mode'))).toEqual(['US', 'CA', 'Cavium', 'N3FIPS', 'SanJose', 'HSM:1:PARTN:2, for FIPS mode']);
  });

  test('is for an RSA key of 2048 bits', () => {
    const { subjectPKInfo } = requestOf(csr).certificationRequestInfo;
    expect(subjectPKInfo.algorithm.algorithm).toBe('1.2.840.113549.1.1.1');
    expect(subjectPKInfo.subjectPublicKey.byteLength).toBe(270);
  });
});

describe('InitializeCluster', () => {
  test('takes a leaf that the anchor signed', () => {
    expect(problem(lab.authority.sign(csr), lab.authority.anchor)).toBe('none');
  });

  test('takes PEM with Windows line ends', () => {
    expect(problem(lab.authority.sign(csr).replace(/\n/g, '\r\n'), lab.authority.anchor.replace(/\n/g, '\r\n'))).toBe('none');
  });

  test.each([
    ['text before the certificate with forbidden characters', () => [lab.authority.sign(csr), `# my CA!\n${lab.authority.anchor}`], /^TrustAnchor: it contains characters/],
    ['something that is not PEM', () => ['abc', lab.authority.anchor], /^SignedCert: it is not a certificate/],
    ['a certificate that cannot be decoded', () => ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', lab.authority.anchor], /^SignedCert: it cannot be read/],
    ['the request in place of the certificate', () => [csr, lab.authority.anchor], /^SignedCert: it is not a certificate/],
    ['a leaf of another authority', () => [new Authority().sign(csr), lab.authority.anchor], /^SignedCert: it was not signed by the trust anchor/],
    ['a leaf of another authority with the same key, but another name', () =>
      [new Authority(lab.authority.key, 3650, 'Other CA').sign(csr), lab.authority.anchor], /^SignedCert: it was not signed by the trust anchor/],
    ['a leaf for another key', () => [lab.authority.sign(csr, { subjectKeyInfo: undefined, subjectKey: rsa(2048) }), lab.authority.anchor], /^SignedCert: its public key/],
    ['a leaf with a rebuilt subject', () => [lab.authority.sign(csr, { subject: name([['CN', 'HSM']]) }), lab.authority.anchor], /^SignedCert: its subject/],
    ['a leaf as anchor', () => [lab.authority.sign(csr), lab.authority.sign(csr)], /^TrustAnchor: its extensions do not make it a certificate authority/],
    ['an anchor with a short key', () => {
      const weak = new Authority(rsa(1024));
      return [weak.sign(csr), weak.anchor];
    }, /^TrustAnchor: its key must be RSA/],
    ['two certificates as anchor', () => [lab.authority.sign(csr), lab.authority.anchor.repeat(2)], /^TrustAnchor: it holds more than one/],
    ['an anchor that is too long', () => [lab.authority.sign(csr), `${lab.authority.anchor}${' '.repeat(5000)}`], /^TrustAnchor: it is longer than 5000/],
    ['a leaf that has expired', () => [lab.authority.sign(csr, { notAfter: new Date(Date.now() - DAY) }), lab.authority.anchor], /^SignedCert: it has expired/],
    ['a leaf that is not valid yet', () => [lab.authority.sign(csr, { notBefore: new Date(Date.now() + DAY) }), lab.authority.anchor], /^SignedCert: it is not valid yet/],
  ])('refuses %s', (_title, certificates, expected) => {
    const [signedCert, trustAnchor] = certificates();

    expect(problem(signedCert, trustAnchor)).toMatch(expected);
    expect(lab.refused('InitializeCluster', { ClusterId: clusterId, SignedCert: signedCert, TrustAnchor: trustAnchor }))
      .toMatch(/^CloudHsmInvalidRequestException: /);
    expect(lab.cluster(clusterId).State).toBe('UNINITIALIZED');
  });

  test('refuses an anchor that has expired', () => {
    const old = new Authority(lab.authority.key, -1);
    expect(problem(lab.authority.sign(csr), old.anchor)).toBe('TrustAnchor: it has expired');
  });

  test.each([[3072, [2048, 3072, 4096], 'none'], [3072, [2048, 4096], 'TrustAnchor: its key must be RSA of 2048, 4096 bits']])(
    'judges an anchor of %d bits by the allowed ones %j', (bits, keyBits, expected) => {
      const authority = Authority.withKeyOf(bits);
      expect(problem(authority.sign(csr), authority.anchor, { keyBits })).toBe(expected);
    });

  test('takes a chain in the variant that allows one', () => {
    const { authority } = lab;
    // An anchor followed by itself is the shortest chain there is.
    expect(problem(authority.sign(csr), authority.anchor.repeat(2), { chainAllowed: true })).toBe('none');
  });

  test('is refused while no HSM has made a request', async () => {
    const empty = await lab.uninitialized();

    expect(lab.refused('InitializeCluster', { ClusterId: empty, SignedCert: lab.authority.sign(csr), TrustAnchor: lab.authority.anchor }))
      .toMatch(/^CloudHsmInvalidRequestException: .*no certificate signing request/);
  });

  test('works once', async () => {
    const other = new Lab();
    const once = await other.withFirstHsm();
    const input = {
      ClusterId: once, SignedCert: other.authority.sign(other.cluster(once).Certificates.ClusterCsr), TrustAnchor: other.authority.anchor,
    };

    expect(other.hsm2('InitializeCluster', input)).toEqual({
      State: 'INITIALIZE_IN_PROGRESS', StateMessage: 'Cluster is initializing. State will change to INITIALIZED upon completion.',
    });
    expect(other.refused('InitializeCluster', input)).toMatch(/^CloudHsmInvalidRequestException: .*INITIALIZE_IN_PROGRESS/);
    await other.reaches(once, 'INITIALIZED');
    expect(other.refused('InitializeCluster', input)).toMatch(/^CloudHsmInvalidRequestException: .*INITIALIZED/);
    expect(other.cluster(once).Certificates).toEqual({ ClusterCertificate: input.SignedCert });
    other.stop();
  });
});
