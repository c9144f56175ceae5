import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CertificateAuthority, Cluster } from '../../src';
import type { CertificateAuthorityConfig } from '../../src';
import { clusterTemplate, fixture } from '../_helpers/stacks';

describe('CertificateAuthority.kms()', () => {
  test('makes a key that signs, and never leaves KMS', () => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.kms() });

    Template.fromStack(stack).resourcePropertiesCountIs('AWS::KMS::Key', { KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' }, 1);
  });

  test('signs with a key of yours', () => {
    const { stack, vpc } = fixture();
    const key = new kms.Key(stack, 'Mine', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY });

    new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.kms({ key }) });

    const template = Template.fromStack(stack);
    template.resourcePropertiesCountIs('AWS::KMS::Key', { KeySpec: 'RSA_4096' }, 0);
    template.hasResourceProperties('Custom::CloudHSMInitialization', { AuthorityKeyArn: stack.resolve(key.keyArn) as unknown });
  });

  test.each([[365, '1'], [729, '1'], [730, '2'], [3650, '10'], [36_500, '100']])('is valid for whole years: %d days are %s', (days, years) => {
    clusterTemplate({ certificateAuthority: CertificateAuthority.kms({ validity: Duration.days(days) }) })
      .hasResourceProperties('Custom::CloudHSMInitialization', { ValidityYears: years });
  });

  test('takes a validity that is not whole days', () => {
    clusterTemplate({ certificateAuthority: CertificateAuthority.kms({ validity: Duration.hours(365 * 24 * 10 + 5) }) })
      .hasResourceProperties('Custom::CloudHSMInitialization', { ValidityYears: '10' });
  });

  test('lets the provider sign with its key, and disable it', () => {
    clusterTemplate().hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['kms:GetPublicKey', 'kms:Sign', 'kms:EnableKey', 'kms:DisableKey'], Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('CertificateAuthorityKey'), 'Arn'] },
        })]),
      },
    });
  });
});

test('an authority of a user\'s own class is asked with the cluster as its scope, and does what it says', () => {
  class CompanyAuthority extends CertificateAuthority {
    public bind(scope: Construct): CertificateAuthorityConfig {
      return { kind: 'KMS', validityYears: 30, key: new kms.Key(scope, 'CompanyKey', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY }) };
    }
  }
  const { stack, vpc } = fixture();

  new Cluster(stack, 'Cluster', { vpc, certificateAuthority: new CompanyAuthority() });

  const template = Template.fromStack(stack);
  const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('ClusterCompanyKey'), 'Arn'] };
  template.hasResourceProperties('Custom::CloudHSMInitialization', { Authority: 'KMS', ValidityYears: '30', AuthorityKeyArn: key });
  template.hasResourceProperties('Custom::CloudHSMActivation', { AuthorityKeyArn: key });
});
