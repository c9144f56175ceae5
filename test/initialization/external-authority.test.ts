import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { CertificateAuthority, ClientInstance, Cluster, CryptoUser, CustomKeyStore } from '../../src';
import type { CertificateAuthorityConfig, ExternalCertificateAuthorityOptions, ICluster } from '../../src';
import { clusterFixture, clusterTemplate, ENV, fixture, messageOf } from '../_helpers/stacks';
import { rsaKey } from '../handlers/pki/_helpers/keys';
import { basicConstraints, certificatePem, MARVELL_SUBJECT, name, requestPem } from '../handlers/pki/_helpers/x509';

const ROOT = rsaKey('root');
const HSM = rsaKey('hsm');
const ROOT_NAME = name([['CN', 'Company root']]);
const trustAnchor = certificatePem({ subject: ROOT_NAME, key: ROOT, extensions: [basicConstraints(true)] });
const signedCertificate = certificatePem({ subject: MARVELL_SUBJECT, issuer: ROOT_NAME, key: HSM, signedBy: ROOT });
const ofStranger = certificatePem({ subject: ROOT_NAME, key: rsaKey('stranger'), extensions: [basicConstraints(true)] });

const given = (options: ExternalCertificateAuthorityOptions) => ({ certificateAuthority: CertificateAuthority.external(options) });

describe('without certificates', () => {
  const template = clusterTemplate(given({}));

  test('the cluster ends with its request, and says what to do with it', () => {
    template.hasResourceProperties('Custom::CloudHSMInitialization', { Authority: 'EXTERNAL', AuthorityKeyArn: '' });
    template.resourceCountIs('Custom::CloudHSMActivation', 0);
    template.resourceCountIs('Custom::CloudHSMFleet', 0);
    const outputs = Object.values(template.findOutputs('*')).map(({ Value }) => JSON.stringify(Value));
    expect(outputs).toEqual([
      expect.stringMatching(/evidence\/cluster-csr/), expect.stringMatching(/aws ssm get-parameter .*signedCertificate .*trustAnchor.*deploy again/),
    ]);
  });

  test('no key of an authority is made, and no warning is given of its validity', () => {
    template.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }, 0);
  });

  test.each<[string, (stack: Stack, cluster: ICluster) => unknown]>([
    ['a crypto user', (stack, cluster) => new CryptoUser(stack, 'App', { cluster })],
    ['a key store', (stack, cluster) => new CustomKeyStore(stack, 'Store', { cluster })],
    ['a client', (stack, cluster) => new ClientInstance(stack, 'Web', { cluster })],
  ])('%s is refused in the stack of the cluster, and may be in another', (what, make) => {
    const { app, stack, cluster } = clusterFixture(given({}));

    expect(messageOf(() => make(stack, cluster))).toMatch(new RegExp(
      `^ClusterNotActivated: ${what} needs an ACTIVE cluster, and this one awaits signedCertificate and trustAnchor of its external authority; deploy it without this`));
    make(new Stack(app, 'Other', { env: ENV }), cluster);
  });
});

test('with certificates the cluster goes on to the end; its resources get names of parameters, never a certificate', () => {
  const template = clusterTemplate(given({ signedCertificate, trustAnchor }));

  template.resourceCountIs('Custom::CloudHSMFleet', 1);
  const [{ Properties }] = Object.values(template.findResources('Custom::CloudHSMInitialization'));
  const names = [Properties.SignedCertificateSource, Properties.TrustAnchorSource].map(({ Ref }: { Ref: string }) => Ref);
  expect(names.map((id) => template.findResources('AWS::SSM::Parameter')[id].Properties.Value)).toEqual([signedCertificate, trustAnchor]);
  expect(JSON.stringify(Properties)).not.toMatch(/BEGIN/);
});

test('the two deploys share every logical id of the first', () => {
  const ids = (options: ExternalCertificateAuthorityOptions) => Object.keys(clusterTemplate(given(options)).toJSON().Resources as object);
  const first = ids({}).filter((id) => !/Policy|LifecycleProvider/.test(id));

  expect(ids({ signedCertificate, trustAnchor })).toEqual(expect.arrayContaining(first));
});

test.each<[string, ExternalCertificateAuthorityOptions, string]>([
  ['one without the other', { signedCertificate },
    'ExternalCertificateMissing: an external authority gives signedCertificate and trustAnchor together, got signedCertificate only; give trustAnchor too'],
  ['the request in place of the certificate', { signedCertificate: requestPem({ key: HSM }), trustAnchor },
    'InvalidCertificate: signedCertificate must be a CERTIFICATE, got a CERTIFICATE REQUEST; give the certificate that your authority made'],
  ['the name of a file', { signedCertificate, trustAnchor: './root.crt' },
    'InvalidCertificate: trustAnchor must be one PEM block and nothing else, got "./root.crt"; read it from the file that your authority wrote'],
  ['two certificates in one', { signedCertificate: `${signedCertificate}${trustAnchor}`, trustAnchor },
    'InvalidCertificate: signedCertificate must be one PEM block and nothing else, got "-----BEGIN CERTIFICATE-----"; read it from the file that your authority wrote'],
  ['both swapped', { signedCertificate: trustAnchor, trustAnchor: signedCertificate },
    'ExternalCertificatesSwapped: signedCertificate is a root and trustAnchor is not; they seem to be swapped'],
  ['an anchor that somebody else issued', { signedCertificate, trustAnchor: signedCertificate },
    'TrustAnchorNotRoot: trustAnchor must be a self-signed root, got one that "CN=Company root" issued; let a root sign the request directly'],
  ['the root of somebody else', { signedCertificate, trustAnchor: ofStranger },
    'NotSignedByTrustAnchor: trustAnchor did not sign signedCertificate, which "CN=Company root" issued; give the root that signed the request directly'],
])('%s is refused', (_, options, text) => {
  const { stack, vpc } = fixture();

  expect(messageOf(() => new Cluster(stack, 'Cluster', { vpc, ...given(options) }))).toBe(`${text} [Hsm/Cluster]`);
});

test('a certificate that no parameter holds is refused', () => {
  const many = Array.from({ length: 120 }, (_, index): ['OU', string] => ['OU', `unit of the company with the number ${index}`]);
  const long = certificatePem({ subject: name(...many.map((attribute) => [attribute])), key: ROOT, extensions: [basicConstraints(true)] });

  expect(messageOf(() => clusterFixture(given({ signedCertificate, trustAnchor: long })))).toMatch(
    /^CertificateTooLong: trustAnchor must have at most 4096 characters, got \d{4,5}; use an RSA key of 2048 or 4096 bits and fewer extensions/);
});

test('an authority of a user\'s own class may keep the certificates in parameters of its own, which the function may then read', () => {
  class CompanyAuthority extends CertificateAuthority {
    public bind(scope: Construct): CertificateAuthorityConfig {
      const parameter = (of: string) => ssm.StringParameter.fromStringParameterName(Stack.of(scope), of, `/company/${of}`);
      return { kind: 'EXTERNAL', signedCertificate: parameter('leaf'), trustAnchor: parameter('root') };
    }
  }
  const template = clusterTemplate({ certificateAuthority: new CompanyAuthority() });

  template.hasResourceProperties('Custom::CloudHSMInitialization', { SignedCertificateSource: '/company/leaf', TrustAnchorSource: '/company/root' });
  const policies = JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'));
  expect([policies.includes(':parameter/company/leaf'), policies.includes(':parameter/company/root')]).toEqual([true, true]);
});
