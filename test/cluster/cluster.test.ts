import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ClientInstance, Cluster, ClusterMode, HsmType, LifecycleProvider, NetworkType } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, clusterTemplate, fixture } from '../_helpers/stacks';

const CUSTOM_RESOURCES = [
  'Custom::CloudHSMPlacement', 'Custom::CloudHSMFirstHsm', 'Custom::CloudHSMInitialization', 'Custom::CloudHSMActivation', 'Custom::CloudHSMFleet',
];

describe('a cluster by default', () => {
  test('is of type hsm2m.medium, in FIPS mode, reached by IPv4', () => {
    const template = clusterTemplate();

    template.resourceCountIs('AWS::CloudHSM::Cluster', 1);
    template.hasResourceProperties('AWS::CloudHSM::Cluster', { HsmType: 'hsm2m.medium', Mode: 'FIPS', NetworkType: 'IPV4' });
  });

  test('leaves the retention of backups to the service', () => {
    clusterTemplate().hasResourceProperties('AWS::CloudHSM::Cluster', { BackupRetentionPolicy: Match.absent() });
  });

  test('is in one private subnet of every zone', () => {
    const { stack, vpc } = clusterFixture();

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds: vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown) });
  });

  test('has two HSMs, spread over the zones that the pre-flight finds', () => {
    const template = clusterTemplate();

    template.hasResourceProperties('Custom::CloudHSMFleet', {
      HsmCount: '2', AvailabilityZones: { 'Fn::GetAtt': [Match.stringLikeRegexp('Placement'), 'AvailabilityZones'] }, Placement: Match.absent(),
    });
  });

  test('keeps its audit log for ever', () => {
    clusterTemplate().hasResourceProperties('Custom::CloudHSMFirstHsm', { AuditLogRetentionDays: '' });
  });

  test('has a trust anchor for twenty years, signed by an RSA 4096 key that KMS made', () => {
    const template = clusterTemplate();

    template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' });
    template.hasResourceProperties('Custom::CloudHSMInitialization', {
      Authority: 'KMS', ValidityYears: '20', AuthorityKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('CertificateAuthorityKey'), 'Arn'] },
    });
  });

  test('encrypts its secrets with a key of its own that is rotated', () => {
    const template = clusterTemplate();

    const [keyId] = Object.keys(template.findResources('AWS::KMS::Key', { Properties: { Description: Match.stringLikeRegexp('passwords') } }));
    template.hasResourceProperties('AWS::KMS::Key', { Description: Match.stringLikeRegexp('passwords'), EnableKeyRotation: true });
    template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } });
  });

  test('generates passwords of 32 letters and digits', () => {
    clusterTemplate().allResourcesProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 32, ExcludePunctuation: true, IncludeSpace: false, GenerateStringKey: 'password' },
    });
  });

  test('gives every custom resource less than an hour', () => {
    const template = clusterTemplate();

    for (const type of CUSTOM_RESOURCES) template.hasResourceProperties(type, { ServiceTimeout: '3480' });
  });

  test('composes its ARN from the id only, because nothing else of the native type is relied on', () => {
    const { stack, cluster } = clusterFixture();

    expect(stack.resolve(cluster.clusterArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudhsm:us-east-1:111122223333:cluster/', { 'Fn::GetAtt': ['ClusterEB0386A7', 'ClusterId'] }]],
    });
    expect(attributesUsed(Template.fromStack(stack).toJSON(), 'ClusterEB0386A7')).toEqual(['ClusterId']);
  });
});

describe('a cluster takes', () => {
  test('subnets of choice', () => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[0], vpc.privateSubnets[1]] } });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', {
      SubnetIds: [vpc.privateSubnets[0], vpc.privateSubnets[1]].map(({ subnetId }) => stack.resolve(subnetId) as unknown),
    });
  });

  test('isolated subnets where there are no other private ones', () => {
    const { stack, vpc } = fixture({ vpc: { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] } });

    new Cluster(stack, 'Cluster', { vpc });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds: vpc.isolatedSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown) });
  });

  test('public subnets if asked for', () => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, allowPublicSubnets: true });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds: vpc.publicSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown) });
  });

  test('another mode, network type, retention of backups and of the audit log', () => {
    const template = clusterTemplate({
      mode: ClusterMode.NON_FIPS,
      networkType: NetworkType.DUALSTACK,
      backupRetention: Duration.days(30),
      auditLogRetention: logs.RetentionDays.ONE_YEAR,
    });

    template.hasResourceProperties('AWS::CloudHSM::Cluster', { Mode: 'NON_FIPS', NetworkType: 'DUALSTACK', BackupRetentionPolicy: { Type: 'DAYS', Value: '30' } });
    template.hasResourceProperties('Custom::CloudHSMPlacement', { Mode: 'NON_FIPS', NetworkType: 'DUALSTACK' });
    template.hasResourceProperties('Custom::CloudHSMFirstHsm', { AuditLogRetentionDays: '365' });
  });

  test('a key for the audit log, which CloudWatch Logs may use for audit logs of CloudHSM and nothing else', () => {
    const { stack, vpc } = fixture();
    const key = new kms.Key(stack, 'Mine');

    new Cluster(stack, 'Cluster', { vpc, auditLogEncryptionKey: key });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::CloudHSMFirstHsm', { AuditLogKeyArn: stack.resolve(key.keyArn) as unknown });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: stack.resolve(`logs.${stack.region}.${stack.urlSuffix}`) as unknown },
          Action: Match.arrayWith(['kms:GenerateDataKey*']),
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':log-group:/aws/cloudhsm/\\*$')])] } } },
        })]),
      },
    });
  });

  test('an HSM type that this version does not know', () => {
    clusterTemplate({ hsmType: HsmType.of('hsm3.large') }).hasResourceProperties('AWS::CloudHSM::Cluster', { HsmType: 'hsm3.large' });
  });

  test('HSMs by subnet', () => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', { vpc, placement: [{ subnet: vpc.privateSubnets[0], count: 1 }, { subnet: vpc.privateSubnets[2], count: 2 }] });

    Template.fromStack(stack).hasResourceProperties('Custom::CloudHSMFleet', {
      HsmCount: '3',
      Placement: [
        { 'Fn::Join': ['', [stack.resolve(vpc.privateSubnets[0].subnetId), '=1']] },
        { 'Fn::Join': ['', [stack.resolve(vpc.privateSubnets[2].subnetId), '=2']] },
      ],
    });
  });

  test('no HSM at all: it is paused', () => {
    clusterTemplate({ hsmCount: 0 }).hasResourceProperties('Custom::CloudHSMFleet', { HsmCount: '0' });
  });

  test('a key for its secrets', () => {
    const { stack, vpc } = fixture();
    const encryptionKey = new kms.Key(stack, 'Mine');

    new Cluster(stack, 'Cluster', { vpc, encryptionKey });

    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: stack.resolve(encryptionKey.keyArn) as unknown });
    expect(Object.keys(template.findResources('AWS::KMS::Key'))).toHaveLength(3);
  });

  test('the secret of an admin who exists, and lets the admin client read and decrypt it', () => {
    const { stack, vpc } = fixture();
    const key = new kms.Key(stack, 'Theirs');
    const adminSecret = new secretsmanager.Secret(stack, 'Admin', { encryptionKey: key });

    const cluster = new Cluster(stack, 'Cluster', { vpc, adminSecret });

    const template = Template.fromStack(stack);
    expect(cluster.adminSecret).toBe(adminSecret);
    template.hasResourceProperties('Custom::CloudHSMActivation', { AdminSecretArn: stack.resolve(adminSecret.secretArn) as unknown });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Admin client of a CloudHSM cluster',
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: Match.arrayWith([stack.resolve(adminSecret.secretArn)]) }),
          Match.objectLike({ Action: 'kms:Decrypt', Resource: Match.arrayWith([stack.resolve(key.keyArn)]) }),
        ]),
      },
    });
  });

  test('an admin secret that is known by its name only, with the suffix that its ARN has', () => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', { vpc, adminSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'hsm/admin') });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Admin client of a CloudHSM cluster',
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
          Resource: Match.arrayWith([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:us-east-1:111122223333:secret:hsm/admin-??????']] }]),
        })]),
      },
    });
  });

  test('a provider of the same stack', () => {
    const { stack, vpc } = fixture();
    const lifecycleProvider = new LifecycleProvider(stack, 'Mine');

    new Cluster(stack, 'Cluster', { vpc, lifecycleProvider });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    template.hasResourceProperties('Custom::CloudHSMFleet', { ServiceToken: stack.resolve(lifecycleProvider.serviceToken) as unknown });
  });

  test('tags', () => {
    const { stack, cluster } = clusterFixture();

    Tags.of(cluster).add('team', 'payments');

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', { Tags: [{ Key: 'team', Value: 'payments' }] });
  });
});

describe('a cluster that is not to be activated', () => {
  test('ends with its first HSM: nothing signs, logs in or scales', () => {
    const template = clusterTemplate({ activate: false, hsmCount: 1 });

    template.resourceCountIs('Custom::CloudHSMFirstHsm', 1);
    for (const type of ['Custom::CloudHSMInitialization', 'Custom::CloudHSMActivation', 'Custom::CloudHSMFleet']) template.resourceCountIs(type, 0);
  });

  test('has no addresses yet', () => {
    const { cluster } = clusterFixture({ activate: false, hsmCount: 1 });

    expect(cluster.hsmAddresses).toEqual([]);
    expect(cluster.networkInterfaceIds).toEqual([]);
  });
});

describe('the order', () => {
  test.each([
    ['AWS::CloudHSM::Cluster', 'Custom::CloudHSMPlacement'],
    ['Custom::CloudHSMFirstHsm', 'AWS::CloudHSM::Cluster'],
    ['Custom::CloudHSMInitialization', 'Custom::CloudHSMFirstHsm'],
    ['Custom::CloudHSMActivation', 'Custom::CloudHSMInitialization'],
    ['Custom::CloudHSMFleet', 'Custom::CloudHSMActivation'],
    ['Custom::CloudHSMUser', 'Custom::CloudHSMFleet'],
    ['AWS::EC2::Instance', 'Custom::CloudHSMFleet'],
  ])('puts %s after %s', (later, earlier) => {
    const { stack, cluster } = clusterFixture();
    cluster.addCryptoUser('App');
    new ClientInstance(stack, 'Web', { cluster });

    const graph = new ResourceGraph(Template.fromStack(stack).toJSON());

    expect(graph.needs(graph.only(later))).toContain(graph.only(earlier));
    expect(graph.needs(graph.only(earlier))).not.toContain(graph.only(later));
  });

  test('lets what belongs to users depend on what comes after activation', () => {
    const { stack, cluster, vpc } = clusterFixture();
    const service = new ec2.SecurityGroup(stack, 'Service', { vpc });
    service.node.addDependency(cluster.ready);

    cluster.allowClientsFrom(service);

    expect(new ResourceGraph(Template.fromStack(stack).toJSON()).circular()).toEqual([]);
  });

  test('lets the rotation of a given admin secret need the cluster', () => {
    const { stack, vpc } = fixture();
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    const cluster = new Cluster(stack, 'Cluster', { vpc, adminSecret });
    const rotation = adminSecret.addRotationSchedule('Rotation', { hostedRotation: secretsmanager.HostedRotation.mysqlSingleUser() });
    rotation.node.addDependency(cluster.ready);

    expect(new ResourceGraph(Template.fromStack(stack).toJSON()).circular()).toEqual([]);
  });
});

describe('the members', () => {
  test('are the trust anchor where the handler writes it', () => {
    const { stack, cluster } = clusterFixture();

    expect(stack.resolve(cluster.trustAnchor.parameterName)).toEqual({ 'Fn::Join': ['', ['/cdk-cloudhsm/', { 'Fn::GetAtt': ['ClusterEB0386A7', 'ClusterId'] }, '/trust-anchor']] });
  });

  test('are the audit log group and the security group that the first HSM tells of', () => {
    const { stack, cluster } = clusterFixture();

    expect(stack.resolve(cluster.auditLogGroup.logGroupName)).toEqual({ 'Fn::GetAtt': ['ClusterFirstHsm7DBDE3A2', 'AuditLogGroupName'] });
    expect(stack.resolve(cluster.securityGroup.securityGroupId)).toEqual({ 'Fn::GetAtt': ['ClusterFirstHsm7DBDE3A2', 'SecurityGroupId'] });
  });

  test('are addresses and interfaces, split into lists in the stack of the cluster', () => {
    const { stack, cluster } = clusterFixture();

    expect(stack.resolve(cluster.hsmAddresses)).toEqual({ 'Fn::Split': [',', { 'Fn::GetAtt': ['ClusterFleetB6F949BD', 'HsmAddresses'] }] });
    expect(stack.resolve(cluster.networkInterfaceIds)).toEqual({ 'Fn::Split': [',', { 'Fn::GetAtt': ['ClusterFleetB6F949BD', 'NetworkInterfaceIds'] }] });
  });

  test('are the removal policy, given or not', () => {
    expect(clusterFixture().cluster.removalPolicy).toBe(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    expect(clusterFixture({ removalPolicy: RemovalPolicy.DESTROY }).cluster.removalPolicy).toBe(RemovalPolicy.DESTROY);
  });
});

/** Attributes of a resource that a template asks for. */
function attributesUsed(template: object, logicalId: string): string[] {
  const found = new Set<string>();
  JSON.stringify(template, (key, value: unknown) => {
    if (key === 'Fn::GetAtt' && Array.isArray(value) && value[0] === logicalId) found.add(String(value[1]));
    if (key === 'Ref' && value === logicalId) found.add('Ref');
    return value;
  });
  return [...found].sort();
}
