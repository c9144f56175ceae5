import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Cluster, ClusterBackup, CryptoUser, CustomKeyStore, CustomKeyStoreKey, LifecycleProvider } from '../../src';
import type { LifecycleProviderProps } from '../../src';
import { clusterFixture, ENV, fixture } from '../_helpers/stacks';

/** What IAM allows for one managed policy, whitespace not counted. */
const POLICY_CHARACTERS = 6_144;
/** What a role may have attached in an account that has not asked for more. */
const POLICIES_PER_ROLE = 10;

/** To encrypt and to seal, which no deletion does. */
const CHANGED = ['keys'];

interface Policy {
  readonly Properties: {
    readonly Description: string;
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    readonly Roles: readonly unknown[];
  };
}
interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function providerTemplate(props?: LifecycleProviderProps): Template {
  const { stack } = fixture();
  new LifecycleProvider(stack, 'Lifecycle', props);
  return Template.fromStack(stack);
}

/** Policies that are attached to the role of the function. */
function functionPolicies(template: Template): Policy[] {
  const [role] = Object.keys(template.findResources('AWS::IAM::Role', { Properties: { Description: 'Brings CloudHSM clusters to their desired state' } }));
  return (Object.values(template.findResources('AWS::IAM::ManagedPolicy')) as Policy[]).filter(({ Properties: { Roles } }) => JSON.stringify(Roles).includes(role));
}

/** As long as it can be once CloudFormation has put values in: ids of 12 digits, names as long as they are made. */
function lengthOf({ Properties: { PolicyDocument } }: Policy): number {
  const deployed = JSON.stringify(PolicyDocument)
    .replace(/\{"Ref":"AWS::Partition"\}/g, 'aws-us-gov')
    .replace(/\{"Fn::GetAtt":\["([A-Za-z0-9]+)","Arn"\]\}/g, (_, id: string) => `"arn:aws-us-gov:service:us-gov-west-1:111122223333:kind/stack-${id}-ABCDEFGHIJKL"`)
    .replace(/\{"(?:Ref|Fn::ImportValue)":"([^"]+)"\}/g, (_, id: string) => `arn:aws-us-gov:service:us-gov-west-1:111122223333:kind/${id}-ABCDEFGHIJKL`)
    .replace(/\{"Fn::Join":\["",\[([^\]]*)\]\]\}/g, (_, parts: string) => `"${parts.replace(/","|","?|"?,"|"/g, '')}"`);
  return deployed.length;
}

describe('the function', () => {
  const template = providerTemplate();

  test('is one, with the newest Node.js of the Region, on arm64, traced, and with limits of its own', () => {
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: lambda.determineLatestNodeRuntime(fixture().stack).name, Architectures: ['arm64'], MemorySize: 512, Timeout: 60, TracingConfig: { Mode: 'Active' },
    });
  });

  test('uses a runtime that Lambda still supports', () => {
    const runtime = lambda.Runtime.ALL.find(({ name }) => name === lambda.determineLatestNodeRuntime(fixture().stack).name);

    expect(runtime!.family).toBe(lambda.RuntimeFamily.NODEJS);
    expect(Number(/\d+/.exec(runtime!.name)![0])).toBeGreaterThanOrEqual(22);
  });

  test('has no inline policy and none of AWS\'s', () => {
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
  });

  test('logs to a group of its own, encrypted and kept for a year', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365, KmsKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('LifecycleLog') } } });
  });

  test('does not know the machine, which knows it: the ARN comes with each request', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function')) as [{ Properties: { Environment: { Variables: object } } }];

    expect(Object.keys(Properties.Environment.Variables).sort()).toEqual(['FUNCTION_TIMEOUT_SECONDS', 'PROVIDER_KEY_ARN']);
  });

  test('is not in a VPC, has no reserved concurrency and no dead-letter topic unless asked', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.absent(), ReservedConcurrentExecutions: Match.absent(), DeadLetterConfig: Match.absent(),
    });
  });
});

test('the machine is a standard one that logs everything but data, and is traced', () => {
  providerTemplate().hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineType: Match.absent(), LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false }, TracingConfiguration: { Enabled: true },
  });
});

describe('a provider takes', () => {
  test('a VPC, and may then attach the function to it', () => {
    const { stack, vpc } = fixture();

    new LifecycleProvider(stack, 'Lifecycle', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[0]] } });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [stack.resolve(vpc.privateSubnets[0].subnetId) as unknown] } });
    expect(JSON.stringify(functionPolicies(template))).toContain('ec2:AssignPrivateIpAddresses');
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('security groups', () => {
    const { stack, vpc } = fixture();

    new LifecycleProvider(stack, 'Lifecycle', { vpc, securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-00000000000000001')] });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: ['sg-00000000000000001'] } });
  });

  test('a permissions boundary for both of its roles', () => {
    const { stack } = fixture();
    const permissionsBoundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');

    new LifecycleProvider(stack, 'Lifecycle', { permissionsBoundary });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: stack.resolve(permissionsBoundary.managedPolicyArn) as unknown });
  });

  test('runtime, memory, concurrency, architecture and how long logs are kept', () => {
    const template = providerTemplate({
      runtime: lambda.Runtime.NODEJS_22_X,
      memorySize: 1024,
      reservedConcurrentExecutions: 10,
      architecture: lambda.Architecture.X86_64,
      logRetention: logs.RetentionDays.TEN_YEARS,
    });

    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs22.x', MemorySize: 1024, ReservedConcurrentExecutions: 10, Architectures: ['x86_64'],
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3653 });
  });

  test('a dead-letter topic, encrypted or not, and may then write to it', () => {
    const { stack } = fixture();
    const masterKey = new kms.Key(stack, 'TopicKey');
    const deadLetterTopic = new sns.Topic(stack, 'Topic', { masterKey });

    new LifecycleProvider(stack, 'Lifecycle', { deadLetterTopic });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: stack.resolve(deadLetterTopic.topicArn) as unknown } });
    const statements = functionPolicies(template).flatMap(({ Properties: { PolicyDocument: { Statement } } }) => Statement);
    expect(statements).toContainEqual({ Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(deadLetterTopic.topicArn) as unknown });
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [{ 'Fn::GetAtt': ['LifecycleKeyF891EF6A', 'Arn'] }, stack.resolve(masterKey.keyArn)],
    });
  });

  test('a key for its logs', () => {
    const { stack } = fixture();
    const encryptionKey = new kms.Key(stack, 'Mine');

    new LifecycleProvider(stack, 'Lifecycle', { encryptionKey });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn) as unknown });
  });

  test('a role that is made in the app, and gives it what it needs', () => {
    const { stack } = fixture();
    const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

    new LifecycleProvider(stack, 'Lifecycle', { role });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', { Roles: [stack.resolve(role.roleName) as unknown] });
  });

  test('an imported role, and leaves it as it is', () => {
    const { stack, vpc } = fixture();
    const role = iam.Role.fromRoleArn(stack, 'Theirs', 'arn:aws:iam::111122223333:role/lifecycle');

    new Cluster(stack, 'Cluster', { vpc, lifecycleProvider: new LifecycleProvider(stack, 'Lifecycle', { role }) }).addCryptoUser('App');

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/lifecycle' });
    expect(JSON.stringify([template.findResources('AWS::IAM::ManagedPolicy'), template.findResources('AWS::IAM::Policy')])).not.toContain('role/lifecycle');
  });
});

describe('one provider', () => {
  test('serves a stack', () => {
    const { stack, vpc } = fixture();
    const one = new Cluster(stack, 'One', { vpc });
    const two = new Cluster(stack, 'Two', { vpc });
    two.addCryptoUser('App');

    expect(one.lifecycleProvider).toBe(two.lifecycleProvider);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('has a fixed place in its stack: its logical ids are contract', () => {
    const { cluster } = clusterFixture();

    expect(cluster.lifecycleProvider.node.path).toBe('Hsm/CloudHsmLifecycle');
  });
});

describe.each([true, false])('policies, with @aws-cdk/aws-iam:minimizePolicies %s', (minimize) => {
  const context = { '@aws-cdk/aws-iam:minimizePolicies': minimize };

  test('fit their limits with five clusters, one of them restored, fifty users and a key store in one stack', () => {
    const { stack, vpc } = fixture({ app: { context } });
    const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle', { vpc, deadLetterTopic: new sns.Topic(stack, 'Topic') });
    const clusters = [1, 2, 3, 4].map((index) => new Cluster(stack, `ClusterWithAQuiteLongName${index}`, { vpc, lifecycleProvider }));
    for (let index = 0; index < 50; index++) new CryptoUser(stack, `User${index}`, { cluster: clusters[index % 4], lifecycleProvider, userName: `user_${index}` });

    const store = new CustomKeyStore(stack, 'Store', { cluster: clusters[0], lifecycleProvider });
    new CustomKeyStoreKey(stack, 'Key', { keyStore: store, lifecycleProvider });
    new Cluster(stack, 'Restored', { vpc, lifecycleProvider, backup: ClusterBackup.latestOf(clusters[1]) });

    const policies = functionPolicies(Template.fromStack(stack));

    expect(policies.length).toBeLessThanOrEqual(POLICIES_PER_ROLE);
    const tooLong = policies.filter((policy) => lengthOf(policy) > POLICY_CHARACTERS);
    expect(tooLong.map(({ Properties: { Description } }) => Description)).toEqual([]);
  });

  test.each<[string, (fixed: ReturnType<typeof clusterFixture>) => unknown]>([
    ['a key store and a key', ({ cluster }) => cluster.addKeyStore('Store').addKey('Key')],
    ['another cluster', ({ stack, vpc }) => new Cluster(stack, 'Second', { vpc }).addCryptoUser('App')],
  ])('are left alone by %s, for a rollback takes back what was added to a policy before it deletes what was made', (_, add) => {
    const policies = (fixed: ReturnType<typeof clusterFixture>) => new Map(
      functionPolicies(Template.fromStack(fixed.stack)).map(({ Properties }) => [Properties.Description.replace(/.*: /, ''), JSON.stringify(Properties)]));
    const before = policies(clusterFixture());
    const fixed = clusterFixture();
    add(fixed);
    const after = policies(fixed);

    expect([...before].filter(([subject, policy]) => after.get(subject) !== policy).map(([subject]) => subject)).toEqual(CHANGED);
    expect(after.size).toBeGreaterThan(before.size);
  });

  test('fit their limits with fifty users of another stack\'s cluster', () => {
    const { app, cluster } = clusterFixture();
    const users = new Stack(app, 'Users', { env: ENV });
    for (let index = 0; index < 50; index++) new CryptoUser(users, `User${index}`, { cluster, userName: `user_${index}` });

    for (const policy of functionPolicies(Template.fromStack(users))) expect(lengthOf(policy)).toBeLessThanOrEqual(POLICY_CHARACTERS);
  });
});

test('`*` as a resource is in one policy only, where each action has no narrower one', () => {
  const { stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App');

  const open = functionPolicies(Template.fromStack(stack)).filter(({ Properties: { PolicyDocument: { Statement } } }) => Statement.some(({ Resource }) => Resource === '*'));

  expect(open.map(({ Properties: { Description } }) => Description)).toEqual(['Lifecycle of CloudHSM clusters: unscoped']);
  expect(open.flatMap(({ Properties: { PolicyDocument: { Statement } } }) => Statement.flatMap(({ Action }) => Action)).sort()).toEqual([
    'autoscaling:DescribeAutoScalingGroups', 'cloudhsm:DeleteHsm', 'cloudhsm:DescribeBackups', 'cloudhsm:DescribeClusters', 'ec2:AuthorizeSecurityGroupEgress',
    'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateNetworkInterface', 'ec2:CreateSecurityGroup', 'ec2:CreateTags', 'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaceAttribute', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcEndpointServices',
    'ec2:DescribeVpcs', 'ec2:DetachNetworkInterface', 'ec2:RevokeSecurityGroupEgress', 'kms:DescribeCustomKeyStores', 'servicequotas:GetServiceQuota',
    'ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation', 'ssm:ListCommands', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
  ]);
});

test('no policy names a thing that a custom resource makes: those depend on the policies', () => {
  const { stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App');
  const template = Template.fromStack(stack);
  const made = Object.keys(template.findResources('AWS::CloudHSM::Cluster')).concat(Object.entries(template.toJSON().Resources as Record<string, { Type: string }>)
    .filter(([, { Type }]) => Type.startsWith('Custom::')).map(([id]) => id));

  for (const policy of functionPolicies(template)) for (const id of made) expect(JSON.stringify(policy)).not.toContain(`"${id}"`);
});
