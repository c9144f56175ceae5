import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AdminClient, Cluster, CustomKeyStore, LifecycleProvider, NetworkType } from '../../src';
import type { ClusterProps, CustomKeyStoreOptions } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, ENV, messageOf } from '../_helpers/stacks';

const STORE = 'Custom::KMSCustomKeyStore';

function storeFixture(props: Partial<ClusterProps> = {}, options: CustomKeyStoreOptions = {}) {
  const made = clusterFixture(props);
  const store = new CustomKeyStore(made.stack, 'Store', { cluster: made.cluster, ...options });
  return { ...made, store, template: () => Template.fromStack(made.stack) };
}

describe('a key store', () => {
  test('comes after the fleet of its cluster and says all that its handler needs', () => {
    const { template } = storeFixture({}, { customKeyStoreName: 'orders' });

    template().hasResourceProperties(STORE, {
      CustomKeyStoreName: 'orders',
      TrustAnchorParameterName: Match.anyValue(),
      AdminSecretArn: { Ref: Match.stringLikeRegexp('^ClusterAdminSecret') },
      AdminClientRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClusterAdminClientRole'), 'Arn'] },
      ProviderRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CloudHsmLifecycleRole'), 'Arn'] },
      SecretKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClusterKey'), 'Arn'] },
      ResetKmsUserDocumentName: { Ref: Match.stringLikeRegexp('^ClusterAdminClientResetKmsUser') },
      Paused: 'false',
    });
    const graph = new ResourceGraph(template().toJSON());
    const needs = graph.needs(graph.only(STORE));
    expect([...needs]).toEqual(expect.arrayContaining([graph.only('Custom::CloudHSMFleet'), ...graph.ids({ prefix: 'CloudHsmLifecycle' })]));
    expect(graph.circular()).toEqual([]);
  });

  test('is named after its place when no name is given', () => {
    storeFixture().template().hasResourceProperties(STORE, { CustomKeyStoreName: Match.stringLikeRegexp('^Hsm-Store-[A-Z0-9]+$') });
  });

  test('has no password anywhere in the template', () => {
    const text = JSON.stringify(storeFixture().template().toJSON());

    expect(text).not.toMatch(/resolve:secretsmanager/);
    expect(text).not.toContain('KeyStorePassword');
  });

  test.each([
    ['keeps what its cluster keeps', {}, {}, 'RetainExceptOnCreate'],
    ['goes with its cluster', { removalPolicy: RemovalPolicy.DESTROY }, {}, 'Delete'],
    ['may go although its cluster is kept', {}, { removalPolicy: RemovalPolicy.DESTROY }, 'Delete'],
  ])('%s', (_, props, options, DeletionPolicy) => {
    storeFixture(props, options).template().hasResource(STORE, { DeletionPolicy });
  });

  test('may be in another stack than its cluster', () => {
    const { app, stack, cluster } = clusterFixture();
    const keys = new Stack(app, 'Keys', { env: ENV });

    new CustomKeyStore(keys, 'Store', { cluster });

    Template.fromStack(keys).resourceCountIs(STORE, 1);
    expect(keys.dependencies.map(({ stackName }) => stackName)).toContain('Hsm');
    expect(stack.dependencies.map(({ stackName }) => stackName)).not.toContain('Keys');
  });

  /** A store on a cluster that another app made. */
  function importedStore(trustAnchorParameterName?: string): Template {
    const { app, vpc } = clusterFixture();
    const stack = new Stack(app, 'Keys', { env: ENV });
    const cluster = Cluster.fromClusterAttributes(stack, 'Known', {
      clusterId: 'cluster-igklspoyj5v',
      vpc,
      trustAnchorParameterName,
      adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Admin', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-abcdef'),
      adminClient: AdminClient.fromAdminClientAttributes(stack, 'Client', {
        role: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/Client'), autoScalingGroupName: 'Client', ensureUserDocumentName: 'Ensure',
        deleteUserDocumentName: 'Delete', resetKmsUserDocumentName: 'Reset', tagValue: 'c8',
      }),
    });

    new CustomKeyStore(stack, 'Store', { cluster });
    return Template.fromStack(stack);
  }

  test('may rest on a cluster that another app made', () => {
    importedStore().hasResource(STORE, {
      Properties: { ClusterId: 'cluster-igklspoyj5v', AdminClientGroupName: 'Client', ResetKmsUserDocumentName: 'Reset', SecretKeyArn: '' }, DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('lets its function read a trust anchor that is kept elsewhere, and nothing more where it is kept as usual', () => {
    const readable = (template: Template) => Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Array<{ Action: unknown; Resource: unknown }>)
      .filter(({ Action }) => [Action].flat().includes('ssm:GetParameters')).map(({ Resource }) => JSON.stringify(Resource));

    const ours = expect.stringContaining(':parameter/cdk-cloudhsm/*"') as string;
    expect(readable(importedStore('/team/customer-ca'))).toEqual([ours, expect.stringContaining(':parameter/team/customer-ca"')]);
    expect(readable(importedStore())).toEqual([ours]);
  });

  test.each<[string, Partial<ClusterProps>, string, string | undefined]>([
    ['is paused with a cluster that has fewer HSMs on purpose', { hsmCount: 0, pauseKeyStores: true }, 'true', 'true'],
    ['is not paused with one that has enough', { hsmCount: 2, pauseKeyStores: true }, 'false', 'true'],
  ])('%s', (_, props, Paused, PauseKeyStores) => {
    const { template } = storeFixture(props);

    template().hasResourceProperties(STORE, { Paused });
    template().hasResourceProperties('Custom::CloudHSMFleet', { PauseKeyStores });
  });

  test('gives its function just what a key store takes', () => {
    const { template } = storeFixture();

    const statements = Object.values(template().findResources('AWS::IAM::ManagedPolicy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Array<Record<string, unknown>>);
    const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
    expect(of('kms:ConnectCustomKeyStore')).toEqual([expect.objectContaining({ Resource: '*' })]);
    expect(JSON.stringify(of('secretsmanager:CreateSecret').map(({ Resource }) => Resource))).toContain(':secret:cdk-cloudhsm/kmsuser/*');
    expect(of('iam:CreateServiceLinkedRole')).toEqual([expect.objectContaining({ Condition: { StringEquals: { 'iam:AWSServiceName': 'cks.kms.amazonaws.com' } } })]);
    expect(of('cloudformation:DescribeStacks')).toEqual([expect.objectContaining({ Resource: { Ref: 'AWS::StackId' } })]);
    expect(of('kms:CreateKey')).toEqual([]);
  });
});

describe('a key store fails', () => {
  const refusal = (props: Partial<ClusterProps>, options: CustomKeyStoreOptions = {}) => messageOf(() => storeFixture(props, options));

  test.each<[string, Partial<ClusterProps>, CustomKeyStoreOptions, string]>([
    ['on a cluster of one HSM', { hsmCount: 1 }, {},
      'TooFewHsmsForKeyStore: a key store needs a cluster with 2 HSMs or more in two Availability Zones, got hsmCount 1; raise it, or set pauseKeyStores to disconnect '
      + 'the store while there are fewer [Hsm/Store]'],
    ['on a cluster that is not activated', { activate: false, hsmCount: 1 }, {},
      'ClusterNotActivated: a key store needs an ACTIVE cluster, and this one has activate: false; leave that out [Hsm/Store]'],
    ['on a cluster in IPv6 networks', { networkType: NetworkType.DUALSTACK }, {},
      'NetworkTypeNotSupported: a key store needs a cluster of networkType IPV4, got DUALSTACK: KMS does not reach HSMs by IPv6; make a cluster with NetworkType.IPV4 [Hsm/Store]'],
    ['without a name', {}, { customKeyStoreName: '' }, 'InvalidKeyStoreName: customKeyStoreName must have 1 to 256 characters, got 0; choose a name of that length [Hsm/Store]'],
    ['with a name that is too long', {}, { customKeyStoreName: 'x'.repeat(257) }, 'InvalidKeyStoreName: customKeyStoreName must have 1 to 256 characters, got 257; '],
    ['with SNAPSHOT', {}, { removalPolicy: RemovalPolicy.SNAPSHOT }, 'SnapshotNotSupported: removalPolicy SNAPSHOT is not possible for a key store; '],
    ['when it would be kept longer than its cluster', { removalPolicy: RemovalPolicy.DESTROY }, { removalPolicy: RemovalPolicy.RETAIN },
      'KeptLongerThanCluster: removalPolicy of a key store must be DESTROY when that of its cluster is, got retain; leave it out to use that of the cluster, or keep the '
      + 'cluster too [Hsm/Store]'],
  ])('%s', (_, props, options, text) => {
    expect(refusal(props, options)).toMatch(text);
  });

  test('in one zone', () => {
    const made = clusterFixture();
    const vpc = new ec2.Vpc(made.network, 'Small', { availabilityZones: ['us-east-1b'], natGateways: 1 });
    const cluster = new Cluster(made.stack, 'OneZone', { vpc });

    expect(messageOf(() => new CustomKeyStore(made.stack, 'Store', { cluster }))).toBe(
      'TooFewZonesForKeyStore: a key store needs a cluster with HSMs in 2 Availability Zones, got subnets in us-east-1b only; choose vpcSubnets of the cluster in two zones [Hsm/Store]',
    );
  });

  test('as the second one of a cluster', () => {
    const { stack, cluster } = storeFixture();

    expect(messageOf(() => new CustomKeyStore(stack, 'Second', { cluster }))).toBe(
      'SecondKeyStore: a cluster has one key store, and this one has Hsm/Store; add keys to that, or make another cluster [Hsm/Second]',
    );
  });

  test('with a provider of another stack', () => {
    const { app, stack, cluster } = clusterFixture();
    const lifecycleProvider = new LifecycleProvider(new Stack(app, 'Shared', { env: ENV }), 'Lifecycle');

    expect(messageOf(() => new CustomKeyStore(stack, 'Store', { cluster, lifecycleProvider }))).toMatch(/^ProviderInOtherStack: /);
  });

  test('on an imported admin client that has no document for it', () => {
    const { stack } = clusterFixture();
    const client = AdminClient.fromAdminClientAttributes(stack, 'Client', {
      role: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/Client'), autoScalingGroupName: 'Client', ensureUserDocumentName: 'Ensure',
      deleteUserDocumentName: 'Delete', tagValue: 'c8',
    });

    expect(messageOf(() => client.resetKmsUserDocumentName)).toBe(
      'UnknownAdminClientAttribute: resetKmsUserDocumentName of the imported admin client is not known; pass it to AdminClient.fromAdminClientAttributes [Hsm/Client]',
    );
  });
});
