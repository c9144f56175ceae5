import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { nameOf } from '../../src/services/acm-pca/names';
import { acmPca } from '../../src/services/acm-pca/service';
import { certificateRequest, subjectOf } from '../../src/services/acm-pca/x509';
import { World } from '../_helpers/world';

let world: World;
beforeEach(() => {
  world = new World({ services: [acmPca], region: 'eu-west-1' });
});
afterEach(() => world.stop());

const SECOND = 1000;
const DAY = 86_400;
const call = (operation: string, input: object) => world.call('acm-pca', operation, input);
const refusal = (operation: string, input: object) => world.refusal('acm-pca', operation, input);
const Subject = { Organization: 'Company', CommonName: 'Root' };
const status = (CertificateAuthorityArn: string) => (call('DescribeCertificateAuthority', { CertificateAuthorityArn }).CertificateAuthority as { Status: string }).Status;

interface Wanted {
  readonly KeyAlgorithm?: string;
  readonly SigningAlgorithm?: string;
  readonly CertificateAuthorityType?: string;
  readonly UsageMode?: string;
  /** How long its certificate is valid. */
  readonly days?: number;
}

function created(options: Wanted = {}): string {
  const { KeyAlgorithm = 'RSA_2048', SigningAlgorithm = 'SHA256WITHRSA', CertificateAuthorityType = 'ROOT', UsageMode } = options;
  const { CertificateAuthorityArn } = call('CreateCertificateAuthority', {
    CertificateAuthorityConfiguration: { KeyAlgorithm, SigningAlgorithm, Subject }, CertificateAuthorityType, ...UsageMode && { UsageMode },
  });
  return CertificateAuthorityArn as string;
}

interface Issued {
  readonly body: string;
  readonly chain?: string;
  readonly arn: string;
}

async function issued(CertificateAuthorityArn: string, csr: string, template: string, days: number, options: object = {}): Promise<Issued> {
  const CertificateArn = call('IssueCertificate', {
    CertificateAuthorityArn, Csr: Buffer.from(csr), SigningAlgorithm: 'SHA256WITHRSA', TemplateArn: `arn:aws:acm-pca:::template/${template}`,
    Validity: { Type: 'DAYS', Value: days }, ...options,
  }).CertificateArn as string;
  await world.advance(60 * SECOND);
  const { Certificate, CertificateChain } = call('GetCertificate', { CertificateAuthorityArn, CertificateArn });
  return { body: Certificate as string, chain: CertificateChain as string | undefined, arn: CertificateArn };
}

async function active(options: Wanted = {}): Promise<string> {
  const arn = created(options);
  await world.advance(5 * SECOND);
  const csr = call('GetCertificateAuthorityCsr', { CertificateAuthorityArn: arn }).Csr as string;
  const { body } = await issued(arn, csr, 'RootCACertificate/V1', options.days ?? 3650, { SigningAlgorithm: options.SigningAlgorithm ?? 'SHA256WITHRSA' });
  call('ImportCertificateAuthorityCertificate', { CertificateAuthorityArn: arn, Certificate: Buffer.from(body) });
  return arn;
}

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const CSR = certificateRequest(nameOf({ CommonName: 'leaf, with a comma' }), KEY.export({ type: 'pkcs8', format: 'pem' }).toString(), {
  hash: 'sha256', family: 'RSA', oid: '1.2.840.113549.1.1.11',
});

/** The same request for another name. */
function tampered(csr: string): string {
  const der = Buffer.from(csr.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  der[der.indexOf('leaf')] = 'L'.charCodeAt(0);
  return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
}

test('an authority has a request when it is made, is ACTIVE when it has its certificate, and goes only after it was disabled', async () => {
  const arn = created();
  expect(refusal('GetCertificateAuthorityCsr', { CertificateAuthorityArn: arn }).code).toBe('RequestInProgressException');
  await world.advance(5 * SECOND);
  expect(status(arn)).toBe('PENDING_CERTIFICATE');

  const other = await active();

  expect([status(arn), status(other)]).toEqual(['PENDING_CERTIFICATE', 'ACTIVE']);
  expect(refusal('DeleteCertificateAuthority', { CertificateAuthorityArn: other }).code).toBe('InvalidStateException');
  call('UpdateCertificateAuthority', { CertificateAuthorityArn: other, Status: 'DISABLED' });
  call('DeleteCertificateAuthority', { CertificateAuthorityArn: other, PermanentDeletionTimeInDays: 7 });
  expect(status(other)).toBe('DELETED');
  call('RestoreCertificateAuthority', { CertificateAuthorityArn: other });
  expect(status(other)).toBe('DISABLED');
  call('DeleteCertificateAuthority', { CertificateAuthorityArn: other, PermanentDeletionTimeInDays: 7 });
  await world.advance(8 * DAY * SECOND);
  expect(refusal('DescribeCertificateAuthority', { CertificateAuthorityArn: other }).code).toBe('ResourceNotFoundException');
});

test.each([
  ['RSA_3072', 'SHA512WITHRSA'], ['EC_prime256v1', 'SHA256WITHECDSA'], ['EC_secp384r1', 'SHA384WITHECDSA'],
])('a root of %s signs by %s what verifies, with the subject byte for byte and the extensions of the template', async (KeyAlgorithm, SigningAlgorithm) => {
  const arn = await active({ KeyAlgorithm, SigningAlgorithm });

  const { body, chain } = await issued(arn, CSR, 'EndEntityCertificate/V1', 365, { SigningAlgorithm });

  const [leaf, root] = [new X509Certificate(body), new X509Certificate(chain!)];
  expect([root, leaf].map((one) => one.verify(root.publicKey))).toEqual([true, true]);
  expect([leaf.checkIssued(root), root.ca, leaf.ca]).toEqual([true, true, false]);
  expect(Buffer.from(AsnConvert.serialize(subjectOf(body)))).toEqual(Buffer.from(AsnConvert.serialize(nameOf({ CommonName: 'leaf, with a comma' }))));
  expect(leaf.checkPrivateKey(KEY)).toBe(true);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(Date.parse(root.validTo)).toBeGreaterThan(Date.parse(leaf.validTo));
});

test('a subordinate is signed by its root, takes the chain, and hands it on', async () => {
  const root = await active();
  const arn = created({ CertificateAuthorityType: 'SUBORDINATE' });
  await world.advance(5 * SECOND);
  const csr = call('GetCertificateAuthorityCsr', { CertificateAuthorityArn: arn }).Csr as string;
  const { body, chain } = await issued(root, csr, 'SubordinateCACertificate_PathLen0/V1', 1000);
  const withoutChain = (of: string) => ({ CertificateAuthorityArn: of, Certificate: Buffer.from(body) });
  expect(refusal('ImportCertificateAuthorityCertificate', withoutChain(arn)).code).toBe('InvalidRequestException');
  expect(refusal('ImportCertificateAuthorityCertificate', withoutChain(root)).code).toBe('CertificateMismatchException');
  call('ImportCertificateAuthorityCertificate', { CertificateAuthorityArn: arn, Certificate: Buffer.from(body), CertificateChain: Buffer.from(chain!) });

  const leaf = await issued(arn, CSR, 'EndEntityCertificate/V1', 10);

  expect(leaf.chain!.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(new X509Certificate(leaf.body).verify(new X509Certificate(body).publicKey)).toBe(true);
});

test('a token asks for one certificate within five minutes and for another one after them; without it each call is a new one', async () => {
  const CertificateAuthorityArn = await active();
  const input = { CertificateAuthorityArn, Csr: Buffer.from(CSR), SigningAlgorithm: 'SHA256WITHRSA', Validity: { Type: 'DAYS', Value: 1 } };
  const ask = (token?: string) => call('IssueCertificate', { ...input, ...token && { IdempotencyToken: token } }).CertificateArn;

  const first = ask('one');
  const [again, another, free] = [ask('one'), ask('two'), ask()];
  await world.advance(301 * SECOND);

  expect(again).toBe(first);
  expect(new Set([first, another, free, ask('one')]).size).toBe(4);
});

test.each<[string, object, string, RegExp]>([
  ['longer than its authority lives', { Validity: { Type: 'DAYS', Value: 4000 } }, 'ValidationException', /exceeds the certificate authority validity/],
  ['already over', { Validity: { Type: 'ABSOLUTE', Value: 1_000_000 } }, 'ValidationException', /expired/],
  ['by an algorithm of the other family', { SigningAlgorithm: 'SHA256WITHECDSA' }, 'InvalidArgsException', /cannot be used/],
  ['for a request that was tampered with', { Csr: Buffer.from(tampered(CSR)) }, 'MalformedCSRException', /signature is wrong/],
  ['by the root template for somebody else', { TemplateArn: 'arn:aws:acm-pca:::template/RootCACertificate/V1' }, 'InvalidArgsException', /its own request/],
])('refuses a certificate %s', async (_what, changed, code, text) => {
  const CertificateAuthorityArn = await active();
  const input = { CertificateAuthorityArn, Csr: Buffer.from(CSR), SigningAlgorithm: 'SHA256WITHRSA', Validity: { Type: 'DAYS', Value: 1 } };

  expect(refusal('IssueCertificate', { ...input, ...changed })).toMatchObject({ code, message: expect.stringMatching(text) });
});

test('one that is not ACTIVE, has expired, or is for short-lived certificates does not issue what it must not', async () => {
  const Csr = Buffer.from(CSR);
  const ask = (CertificateAuthorityArn: string, Value: number) => ({ CertificateAuthorityArn, Csr, SigningAlgorithm: 'SHA256WITHRSA', Validity: { Type: 'DAYS', Value } });
  const [disabled, brief, short] = [await active(), await active({ days: 2 }), await active({ UsageMode: 'SHORT_LIVED_CERTIFICATE' })];
  call('UpdateCertificateAuthority', { CertificateAuthorityArn: disabled, Status: 'DISABLED' });

  expect(refusal('IssueCertificate', ask(disabled, 1)).code).toBe('InvalidStateException');
  expect(refusal('IssueCertificate', ask(short, 8))).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/7 days/) });
  expect(call('IssueCertificate', ask(short, 6)).CertificateArn).toMatch(/\/certificate\/[0-9a-f]{32}$/);
  await world.advance(3 * DAY * SECOND);
  expect(status(brief)).toBe('EXPIRED');
});

test('a certificate is revoked once, by its serial number as tools write it', async () => {
  const CertificateAuthorityArn = await active();
  const { body } = await issued(CertificateAuthorityArn, CSR, 'EndEntityCertificate/V1', 10);
  const input = { CertificateAuthorityArn, CertificateSerial: new X509Certificate(body).serialNumber.match(/../g)!.join(':'), RevocationReason: 'SUPERSEDED' };

  call('RevokeCertificate', input);

  expect(refusal('RevokeCertificate', input).code).toBe('RequestAlreadyProcessedException');
});

test('permissions and tags are kept, and taken away by name', async () => {
  const CertificateAuthorityArn = await active();
  const permission = { CertificateAuthorityArn, Principal: 'acm.amazonaws.com', Actions: ['IssueCertificate', 'GetCertificate'] };
  call('CreatePermission', permission);
  call('TagCertificateAuthority', { CertificateAuthorityArn, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] });
  call('UntagCertificateAuthority', { CertificateAuthorityArn, Tags: [{ Key: 'a' }, { Key: 'b', Value: 'other' }] });

  expect(refusal('CreatePermission', permission).code).toBe('PermissionAlreadyExistsException');
  expect(call('ListPermissions', { CertificateAuthorityArn })).toMatchObject({ Permissions: [{ Principal: 'acm.amazonaws.com', SourceAccount: '123456789012' }] });
  expect(call('ListTags', { CertificateAuthorityArn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  call('DeletePermission', { CertificateAuthorityArn, Principal: 'acm.amazonaws.com' });
  expect(call('ListPermissions', { CertificateAuthorityArn })).toEqual({ Permissions: [] });
});

test('a subject is written in the model\'s order', () => {
  const Name = AsnConvert.serialize(nameOf({ CommonName: 'c', Country: 'US' }));
  expect(Buffer.from(Name).toString('hex')).toMatch(/^301[0-9a-f]31[0-9a-f]{2}3009060355040613025553/);
});
