import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import { CertificateAuthority, Cluster } from '../../src';
import type { PrivateCertificateAuthorityOptions } from '../../src';
import { fixture, messageOf } from '../_helpers/stacks';

const ARN = 'arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/11112222-3333-4444-5555-666677778888';

function make(arn = ARN, options: PrivateCertificateAuthorityOptions = {}): Template {
  const { stack, vpc } = fixture();
  const ca = acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Ca', arn);
  new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.privateCa(ca, options) });
  return Template.fromStack(stack);
}

test('the authority is looked at before there is a cluster, and asked by one template; no key is made', () => {
  const template = make();

  template.hasResourceProperties('Custom::CloudHSMPlacement', { PrivateCaArn: ARN, PrivateCaYears: Match.absent() });
  template.hasResourceProperties('Custom::CloudHSMInitialization', {
    Authority: 'PRIVATE_CA', AuthorityKeyArn: '', PrivateCaArn: ARN, ValidityYears: '',
    PrivateCaTemplateArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':acm-pca:::template/EndEntityCertificate/V1']] },
  });
  template.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }, 0);
  template.resourceCountIs('Custom::CloudHSMFleet', 1);
});

test('the function may have certificates issued by this authority and this template only', () => {
  make().hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: ['acm-pca:DescribeCertificateAuthority', 'acm-pca:GetCertificate'], Resource: ARN }),
        Match.objectLike({
          Action: 'acm-pca:IssueCertificate', Resource: ARN,
          Condition: {
            StringEquals: { 'acm-pca:TemplateArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':acm-pca:::template/EndEntityCertificate/V1']] } },
          },
        }),
      ]),
    },
  });
});

test('validity is given to both in whole years', () => {
  const template = make(ARN, { validity: Duration.days(3660) });

  template.hasResourceProperties('Custom::CloudHSMPlacement', { PrivateCaYears: '10' });
  template.hasResourceProperties('Custom::CloudHSMInitialization', { ValidityYears: '10' });
});

test.each<[string, string, PrivateCertificateAuthorityOptions, RegExp]>([
  ['an authority of another Region', ARN.replace('us-east-1', 'eu-west-1'), {}, /^PrivateCaElsewhere: .*Region us-east-1, got arn:aws:acm-pca:eu-west-1/],
  ['a validity of a few days', ARN, { validity: Duration.days(7) }, /^InvalidAuthorityValidity: .* 1 to 100 whole years, got 0/],
])('%s is refused', (_, arn, options, message) => {
  expect(messageOf(() => make(arn, options))).toMatch(message);
});

test('an authority of the same stack, named by its activation, comes first', () => {
  const { stack, vpc } = fixture();
  const activation = new acmpca.CfnCertificateAuthorityActivation(stack, 'Activation', { certificateAuthorityArn: ARN, certificate: 'PEM' });
  const ca = acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Ca', activation.ref);
  new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.privateCa(ca) });

  Template.fromStack(stack).hasResourceProperties('Custom::CloudHSMPlacement', { PrivateCaArn: { Ref: 'Activation' } });
});
