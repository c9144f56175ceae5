import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ClientInstance, Cluster, EndpointUse, IsolatedEndpoints, LifecycleProvider } from '../../src';
import type { IsolatedEndpointsProps } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { ENV, fixture, messageOf } from '../_helpers/stacks';

const ISOLATED: ec2.VpcProps = {
  natGateways: 0, createInternetGateway: false, subnetConfiguration: [{ name: 'Hsm', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
};

function isolated(props: Partial<IsolatedEndpointsProps> = {}) {
  const made = fixture({ vpc: ISOLATED });
  return { ...made, endpoints: new IsolatedEndpoints(made.network, 'Endpoints', { vpc: made.vpc, ...props }) };
}

interface Endpoint {
  readonly PolicyDocument: { readonly Statement: ReadonlyArray<{ readonly Action: string; readonly Resource: unknown }> };
  readonly SubnetIds?: unknown[];
  readonly RouteTableIds?: unknown[];
  readonly SecurityGroupIds?: unknown[];
}

const made = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties as Endpoint);
test('clients alone need five services', () => {
  const { network, endpoints } = isolated();

  expect(Object.keys(endpoints.interfaceEndpoints)).toEqual(['cloudhsmv2', 'secretsmanager', 'ssm', 'ssmmessages']);
  expect(endpoints.s3Endpoint).toBeDefined();
  expect(made(network)).toHaveLength(5);
});

test('a lifecycle function in the VPC needs more, and key stores CloudFormation as well', () => {
  const { endpoints } = isolated({ uses: [EndpointUse.CLIENTS, EndpointUse.KEY_STORES] });

  expect(Object.keys(endpoints.interfaceEndpoints)).toEqual([
    'autoscaling', 'cloudformation', 'cloudhsmv2', 'ec2', 'kms', 'logs', 'secretsmanager', 'servicequotas', 'ssm', 'ssmmessages', 'states', 'xray',
  ]);
});

test('what the VPC has already is not made again', () => {
  const { endpoints } = isolated({ except: ['s3', 'ssm'] });

  expect(endpoints.s3Endpoint).toBeUndefined();
  expect(Object.keys(endpoints.interfaceEndpoints)).toEqual(['cloudhsmv2', 'secretsmanager', 'ssmmessages']);
});

test('an exception that is none is refused with what there is', () => {
  expect(messageOf(() => isolated({ except: ['kms'] }))).toBe(
    'UnneededEndpoint: except names \'kms\', but what is made is cloudhsmv2, s3, secretsmanager, ssm, ssmmessages; name one of these, or leave it out [Network/Endpoints]');
});

test('interfaces are in each zone, behind one group that takes HTTPS from the VPC alone, or from whom is named', () => {
  const { network } = isolated();

  const interfaces = made(network).filter(({ SubnetIds }) => SubnetIds);
  expect(interfaces.map(({ SubnetIds, SecurityGroupIds }) => [SubnetIds!.length, SecurityGroupIds!.length])).toEqual(Array(4).fill([3, 1]));
  Template.fromStack(network).hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [{ CidrIp: { 'Fn::GetAtt': [Match.anyValue(), 'CidrBlock'] }, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'Who uses the endpoints' }],
  });
  Template.fromStack(isolated({ peers: [ec2.Peer.ipv4('10.1.0.0/24')] }).network).hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.1.0.0/24', FromPort: 443 })],
  });
});

test('principals of other accounts are let through by none', () => {
  const { network } = isolated({ uses: [EndpointUse.CLIENTS, EndpointUse.LIFECYCLE_FUNCTION] });

  for (const { PolicyDocument: { Statement } } of made(network)) {
    expect(Statement[0]).toMatchObject({ Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': ENV.account } } });
  }
});

test('S3 hands out the packages of AWS, and takes the answers for CloudFormation only where a function gives them', () => {
  const beyond = (uses: EndpointUse[]) => {
    const { PolicyDocument } = made(isolated({ uses }).network).find(({ RouteTableIds }) => RouteTableIds)!;
    return PolicyDocument.Statement.slice(1).map(({ Action, Resource }) => [Action, JSON.stringify(Resource)]);
  };

  expect(beyond([EndpointUse.CLIENTS])).toEqual([['s3:GetObject', expect.stringMatching(/al2023-repos-us-east-1-de612dc2\/\*.*cloudhsmv2-software\/\*/)]]);
  expect(beyond([EndpointUse.LIFECYCLE_FUNCTION])).toEqual([['s3:PutObject', expect.stringMatching(/:s3:::cloudformation-custom-resource-response-\*\/\*/)]]);
});

test('function, admin client and client wait for the endpoints of their own stack, also for those that come later', () => {
  const { stack } = fixture();
  const vpc = new ec2.Vpc(stack, 'Vpc', ISOLATED);
  const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle', { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
  const cluster = new Cluster(stack, 'Cluster', { vpc, lifecycleProvider });
  new ClientInstance(stack, 'Client', { cluster });
  new IsolatedEndpoints(stack, 'Endpoints', { vpc, uses: [EndpointUse.CLIENTS, EndpointUse.LIFECYCLE_FUNCTION] });

  const graph = new ResourceGraph(Template.fromStack(stack).toJSON());

  expect(graph.circular()).toEqual([]);
  const endpoints = graph.ids({ type: 'AWS::EC2::VPCEndpoint' });
  expect(endpoints).toHaveLength(12);
  for (const user of [...graph.ids({ type: 'AWS::Lambda::Function' }), ...graph.ids({ prefix: 'ClusterActivation' }), ...graph.ids({ type: 'AWS::EC2::Instance' })]) {
    expect(endpoints.filter((endpoint) => !graph.needs(user).has(endpoint))).toEqual([]);
  }
});

test('endpoints in a stack that needs the cluster make no circle', () => {
  const { app, vpc, stack } = fixture({ vpc: ISOLATED });
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  const later = new Stack(app, 'Later', { env: ENV });
  const endpoints = new IsolatedEndpoints(later, 'Endpoints', { vpc });
  endpoints.connections.allowDefaultPortFrom(cluster.adminClient);

  app.synth();

  expect(later.dependencies.map(({ node }) => node.path)).toContain('Hsm');
  expect(stack.dependencies.map(({ node }) => node.path)).toEqual(['Network']);
});
