import { Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Annotations as Seen, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CertificateAuthority, Cluster, HsmType } from '../../src';
import type { ClusterProps } from '../../src';
import { ENV, fixture, messageOf } from '../_helpers/stacks';

const CLUSTER_ID = 'cluster-igklspoyj5v';
const KEY_ARN = `arn:aws:kms:${ENV.region}:${ENV.account}:key/kept`;
const secretArn = (name: string) => `arn:aws:secretsmanager:${ENV.region}:${ENV.account}:secret:${name}-AbCdEf`;

function kept(stack: Stack, name: string): secretsmanager.ISecret {
  return secretsmanager.Secret.fromSecretAttributes(stack, name, {
    secretCompleteArn: secretArn(name), encryptionKey: kms.Key.fromKeyArn(stack, `${name}Key`, KEY_ARN),
  });
}

/** A cluster that is taken over, with a user that is taken over. */
function adopted(props: Partial<ClusterProps> = {}, context: Record<string, string> = {}) {
  const made = fixture({ app: { context } });
  const { stack, vpc } = made;
  const cluster = new Cluster(stack, 'Cluster', {
    vpc, adoptedClusterId: CLUSTER_ID, adminSecret: kept(stack, 'Admin'), encryptionKey: kms.Key.fromKeyArn(stack, 'KeptKey', KEY_ARN), ...props,
  });
  cluster.addCryptoUser('App', { adopt: true, secret: kept(stack, 'App') });
  return { ...made, cluster, template: Template.fromStack(stack) };
}

describe('an adopted cluster', () => {
  const { template, cluster, stack } = adopted();

  test('is made known to what checks it before anything else is made', () => {
    template.hasResourceProperties('Custom::CloudHSMPlacement', { AdoptedClusterId: CLUSTER_ID });
    template.hasResourceProperties('Custom::CloudHSMFirstHsm', { AdoptedClusterId: CLUSTER_ID });
  });

  test('gets no certificate authority, no password of admin and no key of its own', () => {
    template.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }, 0);
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.hasResourceProperties('Custom::CloudHSMInitialization', { Authority: 'NONE', AuthorityKeyArn: '' });
    template.hasResourceProperties('Custom::CloudHSMActivation', { AdminSecretArn: secretArn('Admin'), SealedAdminSecretArn: '', AuthorityKeyArn: '' });
  });

  test('says that the password of admin is with whoever activated it', () => {
    expect(messageOf(() => cluster.sealedAdminSecret)).toBe(
      'AdminOfAdoptedCluster: sealedAdminSecret of an adopted cluster is not known: the password of admin is with whoever activated it; use the secret it was kept '
      + 'in [Hsm/Cluster]',
    );
  });

  test('lets its admin client read the secrets that were kept, and decrypt them', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Admin client of a CloudHSM cluster',
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: [secretArn('Admin'), secretArn('App')] }),
          Match.objectLike({ Action: 'kms:Decrypt', Resource: KEY_ARN }),
        ]),
      },
    });
    Seen.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('importedUserSecret'));
  });

  test('may be of a type of which no new ones are made', () => {
    expect(() => adopted({ hsmType: HsmType.HSM1_MEDIUM })).not.toThrow();
  });
});

describe('the cluster waits for its pre-flight', () => {
  const needs = (context: Record<string, string>) => Object.values(adopted({}, context).template.findResources('AWS::CloudHSM::Cluster'))[0].DependsOn as unknown;

  test.each<[string, Record<string, string>]>([['without the context of an import', {}], ['when that is false', { 'cdk-cloudhsm:import': 'false' }]])('%s', (_, context) => {
    expect(needs(context)).toEqual([expect.stringMatching(/^ClusterPlacement/)]);
  });

  test('but not while it is imported: in an import everything it waits for would have to be imported too', () => {
    expect(needs({ 'cdk-cloudhsm:import': 'true' })).toBeUndefined();
  });

  test('of which a warning tells, with what to import', () => {
    const { stack, template } = adopted({}, { 'cdk-cloudhsm:import': 'true' });
    const [logicalId] = Object.keys(template.findResources('AWS::CloudHSM::Cluster'));

    Seen.fromStack(stack).hasWarning('/Hsm/Cluster', Match.stringLikeRegexp(`use it for cdk import only. The resource to import is ${logicalId}, by its Arn`));
  });
});

describe('an adoption is refused', () => {
  test.each<[string, Partial<ClusterProps>, string]>([
    ['without the secret of an admin', { adminSecret: undefined },
      'AdoptionWithoutAdminSecret: adoptedClusterId needs adminSecret, got none; give the secret with name and password of an admin of that cluster [Hsm/Cluster]'],
    ['with a certificate authority', { certificateAuthority: CertificateAuthority.kms() },
      'AdoptionWithAuthority: adoptedClusterId and certificateAuthority exclude each other: that cluster has its trust anchor for ever; leave certificateAuthority out '
      + '[Hsm/Cluster]'],
    ['without activation', { activate: false, hsmCount: 1 },
      'AdoptionWithoutActivation: adoptedClusterId and activate: false exclude each other: only an ACTIVE cluster is adopted; leave activate out [Hsm/Cluster]'],
    ['by an ARN', { adoptedClusterId: `arn:aws:cloudhsm:us-east-1:111122223333:cluster/${CLUSTER_ID}` },
      `InvalidAdoptedClusterId: adoptedClusterId must be the id of a cluster, such as cluster-igklspoyj5v, got "arn:aws:cloudhsm:us-east-1:111122223333:cluster/${CLUSTER_ID}"; `
      + 'look it up by aws cloudhsmv2 describe-clusters [Hsm/Cluster]'],
  ])('%s', (_, props, text) => {
    expect(messageOf(() => adopted(props))).toBe(text);
  });

  test('never because of an id that only CloudFormation knows', () => {
    expect(() => adopted({ adoptedClusterId: Token.asString({ Ref: 'ClusterId' }) })).not.toThrow();
  });
});
