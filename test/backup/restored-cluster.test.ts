import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CertificateAuthority, Cluster, ClusterBackup, HsmIdentity } from '../../src';
import type { ClusterBackupAttributes, ClusterProps } from '../../src';
import { clusterFixture, ENV, fixture, messageOf } from '../_helpers/stacks';

const CLUSTER_ID = 'cluster-igklspoyj5v';
const BACKUP_ID = 'backup-rtq2dwi2gq6';
const secretArn = `arn:aws:secretsmanager:${ENV.region}:${ENV.account}:secret:Kept-AbCdEf`;
const kept = (stack: Stack) => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Kept', secretArn);

const byId = (attributes: ClusterBackupAttributes) => ClusterBackup.fromId(BACKUP_ID, attributes);

/** A cluster from a backup that nothing in the app has made. */
function restored(props: Partial<ClusterProps> = {}, backup: (attributes: ClusterBackupAttributes) => ClusterBackup = byId) {
  const made = fixture();
  const { stack, vpc } = made;
  const cluster = new Cluster(stack, 'Cluster', { vpc, backup: backup({ adminSecret: kept(stack) }), ...props });
  return { ...made, cluster, template: Template.fromStack(stack) };
}

describe('a cluster from a backup', () => {
  const { template, cluster } = restored();
  const SOURCE = { BackupId: BACKUP_ID, BackupAdminSecretArn: secretArn };

  test('is none of the native type, which cannot be made from one, and is checked before', () => {
    template.resourceCountIs('AWS::CloudHSM::Cluster', 0);
    template.hasResourceProperties('Custom::CloudHSMPlacement', SOURCE);
    const [placement] = Object.keys(template.findResources('Custom::CloudHSMPlacement'));
    template.hasResource('Custom::CloudHSMRestoredCluster', {
      Properties: { ...SOURCE, HsmType: 'hsm2m.medium', Mode: 'FIPS', NetworkType: 'IPV4', BackupRetentionDays: '' },
      DependsOn: Match.arrayWith([placement]),
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('gets an HSM that shows no signing request, no authority and no password of admin', () => {
    template.hasResourceProperties('Custom::CloudHSMFirstHsm', { IsRestored: 'true' });
    template.hasResourceProperties('Custom::CloudHSMInitialization', { Authority: 'NONE', AuthorityKeyArn: '' });
    template.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }, 0);
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    expect(messageOf(() => cluster.sealedAdminSecret)).toMatch(/^AdminOfAdoptedCluster: /);
  });

  test('changes the password of the backup\'s day to one of its own', () => {
    const [own] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    const [made] = Object.keys(template.findResources('Custom::CloudHSMRestoredCluster'));
    template.hasResourceProperties('Custom::CloudHSMActivation', {
      AdminSecretArn: { Ref: own }, SealedAdminSecretArn: '', BackupAdminSecretArn: secretArn,
      BackupAdminSecretVersions: { 'Fn::GetAtt': [made, 'AdminSecretVersionIds'] },
    });
  });

  test('lets its function make and delete clusters, and look at the versions of that secret only', () => {
    const policy = (description: string, ...statements: object[]) => template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: description, PolicyDocument: { Statement: Match.arrayWith(statements.map((statement) => Match.objectLike(statement))) },
    });
    // In a policy of its own, which an update that takes the cluster out deletes after it.
    policy('Lifecycle of CloudHSM clusters: restores', { Action: ['cloudhsm:CreateCluster', 'ec2:DeleteSecurityGroup'], Resource: '*' },
      { Action: 'secretsmanager:ListSecretVersionIds', Resource: secretArn });
    policy('Admin client of a CloudHSM cluster', { Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: Match.arrayWith([secretArn]) });
  });

  test('takes its users over, for they are in the backup', () => {
    const made = fixture();
    const other = new Cluster(made.stack, 'Cluster', { vpc: made.vpc, backup: ClusterBackup.fromId(BACKUP_ID, { adminSecret: kept(made.stack) }) });
    other.addCryptoUser('App');
    other.addCryptoUser('New', { adopt: false });

    const users = Template.fromStack(made.stack).findResources('Custom::CloudHSMUser') as Record<string, { Properties: { UserName: string; Adopt: string } }>;
    expect(Object.values(users).map(({ Properties }) => [Properties.UserName, Properties.Adopt])).toEqual([['app', 'true'], ['new', 'false']]);
  });
});

describe('the newest backup of a cluster', () => {
  test('of the same stack comes after that cluster, with its anchor, and the new admin client may read its admin secret', () => {
    const { stack, vpc, cluster } = clusterFixture();
    new Cluster(stack, 'Restored', { vpc, backup: ClusterBackup.latestOf(cluster) });
    const template = Template.fromStack(stack);

    const [fleet] = Object.keys(template.findResources('Custom::CloudHSMFleet')).filter((id) => id.startsWith('Cluster'));
    template.hasResource('Custom::CloudHSMPlacement', {
      Properties: { SourceClusterId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Cluster'), 'ClusterId'] }, BackupId: Match.absent(), TrustAnchorSource: Match.anyValue() },
      DependsOn: Match.arrayWith([fleet]),
    });
    // One statement of each name: a policy must not have two.
    const readers = [Match.anyValue(), { 'Fn::GetAtt': [Match.stringLikeRegexp('^RestoredAdminClientRole'), 'Arn'] }];
    template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
      ResourcePolicy: {
        Statement: [
          Match.objectLike({ Sid: 'OnlyTheAdminClientReads', Condition: { ArnNotEquals: { 'aws:PrincipalArn': readers } } }),
          Match.objectLike({ Sid: 'TheAdminClientReads' }),
        ],
      },
    });
  });

  test('of another stack: that stack names the new admin client\'s role, and does not need the new stack', () => {
    const { app, stack, vpc, cluster } = clusterFixture();
    const drill = new Stack(app, 'Drill', { env: ENV });
    new Cluster(drill, 'Restored', { vpc, backup: ClusterBackup.latestOf(cluster) });

    expect(stack.dependencies).not.toContain(drill);
    const [name] = Object.values(Template.fromStack(drill).findResources('AWS::IAM::Role', { Properties: { RoleName: Match.anyValue() } }))
      .map(({ Properties }) => (Properties as { RoleName: string }).RoleName);
    expect(name.length).toBeLessThanOrEqual(64);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy'))).toContain(`:iam::${ENV.account}:role/${name}`);
  });

  test('of an imported cluster is read with the attributes that were passed', () => {
    const { stack, vpc } = fixture();
    const old = Cluster.fromClusterAttributes(stack, 'Old', { clusterId: CLUSTER_ID, adminSecret: kept(stack), trustAnchorParameterName: '/mine/anchor' });
    new Cluster(stack, 'Restored', { vpc, backup: ClusterBackup.latestOf(old) });
    const template = Template.fromStack(stack);

    template.hasResourceProperties('Custom::CloudHSMRestoredCluster', { SourceClusterId: CLUSTER_ID, BackupAdminSecretArn: secretArn, TrustAnchorSource: '/mine/anchor' });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Lifecycle of CloudHSM clusters: clusters',
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ssm:GetParameters', Resource: { 'Fn::Join': ['', Match.arrayWith([':parameter/mine/anchor'].map((end) => Match.stringLikeRegexp(`${end}$`)))] } })]) },
    });
  });
});

test('a backup by its ARN is passed as it is: it may be another account\'s', () => {
  const arn = `arn:aws:cloudhsm:${ENV.region}:444455556666:backup/${BACKUP_ID}`;

  restored({}, (attributes) => ClusterBackup.fromArn(arn, attributes)).template.hasResourceProperties('Custom::CloudHSMRestoredCluster', { BackupId: arn });
});

describe('what cannot be restored is refused at synth:', () => {
  test.each<[string, string, (attributes: ClusterBackupAttributes) => ClusterBackup]>([
    ['an id that is none', 'InvalidBackupId', (attributes) => ClusterBackup.fromId('snapshot-1', attributes)],
    ['an ARN for an id', 'InvalidBackupId', (attributes) => ClusterBackup.fromId(`arn:aws:cloudhsm:${ENV.region}:${ENV.account}:backup/${BACKUP_ID}`, attributes)],
    ['an ARN that is none', 'InvalidBackupArn', (attributes) => ClusterBackup.fromArn(BACKUP_ID, attributes)],
    ['another Region', 'BackupOfOtherRegion', (attributes) => ClusterBackup.fromArn(`arn:aws:cloudhsm:eu-west-1:${ENV.account}:backup/${BACKUP_ID}`, attributes)],
    ['an anchor that is no certificate', 'InvalidCertificate', (attributes) => ClusterBackup.fromId(BACKUP_ID, { ...attributes, trustAnchor: 'none' })],
  ])('%s', (_, code, backup) => {
    expect(messageOf(() => restored({}, backup))).toMatch(new RegExp(`^${code}: `));
  });

  test.each<[string, string, Partial<ClusterProps>]>([
    ['a certificate authority', 'RestoreWithAuthority', { certificateAuthority: CertificateAuthority.kms() }],
    ['a proof of the hardware', 'RestoreWithIdentity', { hsmIdentity: HsmIdentity.verify({ awsRoots: [], manufacturerRoots: [] }) }],
    ['activate: false', 'RestoreWithoutActivation', { activate: false, hsmCount: 1 }],
    ['an adoption', 'RestoreAndAdoption', { adoptedClusterId: CLUSTER_ID, adminSecret: kept(new Stack()) }],
  ])('%s', (_, code, props) => {
    expect(messageOf(() => restored(props))).toMatch(new RegExp(`^${code}: `));
  });
});
