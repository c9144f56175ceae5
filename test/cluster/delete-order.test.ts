import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ClientInstance, Cluster, LifecycleProvider } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { ENV, fixture } from '../_helpers/stacks';

/** The worst case: VPC, endpoints, provider inside the VPC, cluster, user and client in one stack. CloudFormation deletes against the arrows. */
function everythingInOneStack(): ResourceGraph {
  const stack = new Stack(fixture().app, 'All', { env: ENV });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle', { vpc });
  const cluster = new Cluster(stack, 'Cluster', { vpc, lifecycleProvider });
  cluster.addCryptoUser('App', { lifecycleProvider });
  new ClientInstance(stack, 'Web', { cluster });
  // After what uses it.
  vpc.addInterfaceEndpoint('Ssm', { service: ec2.InterfaceVpcEndpointAwsService.SSM });
  vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  return new ResourceGraph(Template.fromStack(stack).toJSON());
}

describe('when everything is deleted', () => {
  const graph = everythingInOneStack();
  const custom = ['Placement', 'FirstHsm', 'Initialization', 'Activation', 'Fleet', 'User'].map((name) => graph.only(`Custom::CloudHSM${name}`));
  const commanding = ['Activation', 'Fleet', 'User'].map((name) => graph.only(`Custom::CloudHSM${name}`));

  test('nothing waits for itself', () => {
    expect(graph.circular()).toEqual([]);
  });

  test.each(custom)('%s goes before everything of the provider: function, machine, roles, policies, logs, key', (id) => {
    const provider = graph.ids({ prefix: 'Lifecycle' });

    expect(provider.map((one) => graph.typeOf(one))).toEqual(expect.arrayContaining([
      'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::Logs::LogGroup', 'AWS::KMS::Key',
      'AWS::EC2::SecurityGroup',
    ]));
    expect([...graph.needs(id)]).toEqual(expect.arrayContaining(provider));
  });

  test.each(custom)('%s goes before the routes, NAT and endpoints by which the function reaches AWS', (id) => {
    expect([...graph.needs(id)]).toEqual(expect.arrayContaining(networkOf(graph)));
  });

  test.each(commanding)('%s goes before all of the admin client: group, role, policies, rules, documents', (id) => {
    const adminClient = graph.ids({ prefix: 'ClusterAdminClient' });

    expect(adminClient.map((one) => graph.typeOf(one))).toEqual(expect.arrayContaining([
      'AWS::AutoScaling::AutoScalingGroup', 'AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupEgress',
      'AWS::EC2::SecurityGroupIngress', 'AWS::SSM::Document',
    ]));
    expect([...graph.needs(id)]).toEqual(expect.arrayContaining(adminClient));
  });

  test.each(commanding)('%s goes before the admin secrets, their policies and their key', (id) => {
    const secrets = [...graph.ids({ prefix: 'ClusterAdminSecret' }), ...graph.ids({ prefix: 'ClusterSealedAdminSecret' }), ...graph.ids({ prefix: 'ClusterKey' })];

    expect(secrets).toHaveLength(5);
    expect([...graph.needs(id)]).toEqual(expect.arrayContaining(secrets));
  });

  test('a user goes before his secret and its policy', () => {
    const secret = graph.ids({ prefix: 'ClusterAppSecret' });

    expect(secret).toHaveLength(2);
    expect([...graph.needs(graph.only('Custom::CloudHSMUser'))]).toEqual(expect.arrayContaining(secret));
  });
});

test('the admin client keeps its own way to AWS when it is not in the subnets of the cluster', () => {
  const stack = new Stack(fixture().app, 'All', { env: ENV });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 1,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Egress', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
  });
  new Cluster(stack, 'Cluster', {
    vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, adminClient: { vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } },
  });

  const graph = new ResourceGraph(Template.fromStack(stack).toJSON());

  const routes = graph.ids({ prefix: 'VpcEgressSubnet' }).filter((id) => graph.typeOf(id) === 'AWS::EC2::Route');
  expect(routes).toHaveLength(2);
  expect([...graph.needs(graph.only('Custom::CloudHSMActivation'))]).toEqual(expect.arrayContaining([...routes, graph.only('AWS::EC2::NatGateway')]));
});

/** Default routes of the private subnets, the NAT gateway behind them, and the endpoints with their rules. */
function networkOf(graph: ResourceGraph): string[] {
  const routes = graph.ids({ prefix: 'VpcPrivateSubnet' }).filter((id) => ['AWS::EC2::Route', 'AWS::EC2::SubnetRouteTableAssociation'].includes(graph.typeOf(id)));
  expect(routes).toHaveLength(4);
  return [...routes, graph.only('AWS::EC2::NatGateway'), ...graph.ids({ type: 'AWS::EC2::VPCEndpoint' }), ...graph.ids({ prefix: 'VpcSsmSecurityGroup' })];
}
