import { byCloudHsm, MINUTE, Network } from './network';
import type { Position } from '../../src/wire/operation';

interface Path {
  readonly allowed: boolean;
  readonly hops: string[];
  readonly missing?: string;
}

let world: Network;
let VpcId: string;
let [near, far]: string[] = [];
let [clients, hsms]: string[] = [];
let hsm: { id: string; address: string };
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
  near = world.subnet(VpcId, '10.0.0.0/24', 'us-east-1a');
  far = world.subnet(VpcId, '10.0.1.0/24', 'us-east-1b');
  [clients, hsms] = [world.group(VpcId, 'clients'), world.group(VpcId, 'hsms')];
  const { NetworkInterface } = world.ec2<{ NetworkInterface: { NetworkInterfaceId: string; PrivateIpAddress: string } }>(
    'CreateNetworkInterface', { SubnetId: far, Groups: [hsms] }, byCloudHsm(world));
  hsm = { id: NetworkInterface.NetworkInterfaceId, address: NetworkInterface.PrivateIpAddress };
});
afterEach(() => world.stop());

const position = (more: object = {}): Position => ({ kind: 'vpc', vpcId: VpcId, subnetId: near, securityGroupIds: [clients], address: '10.0.0.9', ...more });
const path = (from: Position = position(), to: object = { toAddress: hsm.address }): Path => world.ec2<Path & Record<string, unknown>>('EmulatedNetworkPath', { from, port: 2223, ...to });
const open = (permission: object = { UserIdGroupPairs: [{ GroupId: clients }] }): void => {
  world.ec2('AuthorizeSecurityGroupIngress', { GroupId: hsms, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, ...permission }] });
};

test('a connection needs an ingress rule of the destination', () => {
  expect(path()).toMatchObject({ allowed: false, missing: `no ingress rule of ${hsms} allows tcp 2223 from 10.0.0.9` });

  open();

  expect(path().allowed).toBe(true);
  expect(path().hops).toEqual([
    expect.stringMatching(new RegExp(`^${clients} egress sgr-`)),
    expect.stringMatching(/^rtb-.* 10\.0\.0\.0\/16 → local$/),
    expect.stringMatching(/^acl-.* outbound 100$/),
    expect.stringMatching(/^acl-.* inbound 100$/),
    expect.stringMatching(/^acl-.* outbound 100$/),
    expect.stringMatching(/^acl-.* inbound 100$/),
    expect.stringMatching(new RegExp(`^${hsms} ingress sgr-`)),
  ]);
});

test.each([
  ['a block around the caller', { IpRanges: [{ CidrIp: '10.0.0.0/24' }] }, true],
  ['a block beside the caller', { IpRanges: [{ CidrIp: '10.0.5.0/24' }] }, false],
])('%s decides by address', (_, permission, allowed) => {
  open(permission);

  expect(path().allowed).toBe(allowed);
});

test('a caller whose address is not known is let in by a block around its whole subnet only', () => {
  open({ IpRanges: [{ CidrIp: '10.0.0.0/25' }] });
  expect(path(position({ address: undefined })).allowed).toBe(false);

  open({ IpRanges: [{ CidrIp: '10.0.0.0/16' }] });
  expect(path(position({ address: undefined })).allowed).toBe(true);
});

test('a port outside the rule is not let through', () => {
  open();

  expect(path(position(), { toAddress: hsm.address, port: 22 })).toMatchObject({ allowed: false });
});

test('a connection needs an egress rule of the source', () => {
  open();
  world.ec2('RevokeSecurityGroupEgress', { GroupId: clients, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
  expect(path()).toMatchObject({ allowed: false, missing: `no egress rule of ${clients} allows tcp 2223 to ${hsm.address}` });

  world.ec2('AuthorizeSecurityGroupEgress', { GroupId: clients, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId: hsms }] }] });
  expect(path().allowed).toBe(true);
});

test('an interface is reached by its id as by its address', () => {
  open();

  expect(path(position(), { toNetworkInterfaceId: hsm.id }).allowed).toBe(true);
});

test.each<[string, Position, boolean]>([
  ['a caller from outside', { kind: 'outside' }, false],
  ['a function outside VPCs', { kind: 'lambda', functionArn: 'arn' }, false],
  ['an AWS service', { kind: 'service', service: 'kms' }, true],
])('%s reaches an interface: %s', (_, from, allowed) => {
  open();

  expect(path(from).allowed).toBe(allowed);
});

test('an address that no interface has is not reached', () => {
  expect(path(position(), { toAddress: '10.0.1.99' })).toMatchObject({ allowed: false, missing: 'no network interface has the address 10.0.1.99' });
});

test('a network ACL between subnets stops what it denies, and what it does not let back', () => {
  open();
  const { NetworkAcls: [{ NetworkAclId }] } = world.ec2<{ NetworkAcls: Array<{ NetworkAclId: string }> }>('DescribeNetworkAcls');
  const entry = { NetworkAclId, RuleNumber: 50, Protocol: '6', RuleAction: 'deny', CidrBlock: '10.0.0.0/16' };
  world.ec2('CreateNetworkAclEntry', { ...entry, Egress: false, PortRange: { From: 2223, To: 2223 } });
  expect(path()).toMatchObject({ allowed: false, missing: `${NetworkAclId} inbound does not allow tcp 2223 from 10.0.0.9` });

  world.ec2('DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 50, Egress: false });
  world.ec2('CreateNetworkAclEntry', { ...entry, Egress: true, PortRange: { From: 1024, To: 65535 } });
  expect(path()).toMatchObject({ allowed: false });
});

describe('another VPC', () => {
  let other: string;
  let there: string;
  let visitors: string;
  beforeEach(() => {
    other = world.vpc('10.1.0.0/16');
    there = world.subnet(other, '10.1.0.0/24');
    visitors = world.group(other, 'visitors');
    open({ IpRanges: [{ CidrIp: '10.1.0.0/16' }] });
  });

  const from = (): Position => ({ kind: 'vpc', vpcId: other, subnetId: there, securityGroupIds: [visitors], address: '10.1.0.9' });
  const mainTable = (id: string): string => world.ec2<{ RouteTables: Array<{ RouteTableId: string }> }>(
    'DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [id] }] }).RouteTables[0].RouteTableId;

  test('has no way in by itself', () => {
    expect(path(from())).toMatchObject({ allowed: false, missing: expect.stringContaining(`has no route to ${hsm.address}`) });
  });

  test('is joined by a peering connection with routes on both sides', () => {
    const { VpcPeeringConnection: { VpcPeeringConnectionId } } = world.ec2<{ VpcPeeringConnection: { VpcPeeringConnectionId: string } }>(
      'CreateVpcPeeringConnection', { VpcId: other, PeerVpcId: VpcId });
    world.ec2('AcceptVpcPeeringConnection', { VpcPeeringConnectionId });
    world.ec2('CreateRoute', { RouteTableId: mainTable(other), DestinationCidrBlock: '10.0.0.0/16', VpcPeeringConnectionId });
    expect(path(from()).allowed).toBe(false);

    world.ec2('CreateRoute', { RouteTableId: mainTable(VpcId), DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId });
    expect(path(from()).allowed).toBe(true);
  });
});

describe('an AWS service', () => {
  const reach = (service: string, from: Position = position()): Path => world.ec2<Path & Record<string, unknown>>('EmulatedServicePath', { from, service });

  test('is out of reach of an isolated subnet', () => {
    expect(reach('ssm')).toMatchObject({ allowed: false, missing: expect.stringContaining('has no route to the internet') });
  });

  test('is reached from outside VPCs', () => {
    expect(reach('ssm', { kind: 'outside' }).allowed).toBe(true);
  });

  test('is reached by an interface endpoint whose group lets the caller in', async () => {
    const endpointGroup = world.group(VpcId, 'endpoint');
    world.ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
    world.ec2('CreateVpcEndpoint', {
      VpcId, ServiceName: 'com.amazonaws.us-east-1.ssm', VpcEndpointType: 'Interface', SubnetIds: [far], SecurityGroupIds: [endpointGroup],
    });
    await world.advance(3 * MINUTE);
    expect(reach('ssm')).toMatchObject({ allowed: false, missing: expect.stringContaining(`no ingress rule of ${endpointGroup}`) });

    world.ec2('AuthorizeSecurityGroupIngress', { GroupId: endpointGroup, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }] });
    expect(reach('ssm').allowed).toBe(true);
    expect(reach('kms').allowed).toBe(false);
  });

  test('is reached by a gateway endpoint on the caller\'s route table', () => {
    const { RouteTables: [{ RouteTableId }] } = world.ec2<{ RouteTables: Array<{ RouteTableId: string }> }>('DescribeRouteTables');
    world.ec2('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] });

    expect(reach('s3').allowed).toBe(true);
    expect(reach('dynamodb').allowed).toBe(false);
  });

  test('is reached by an address in AWS\'s prefix list through a rule for that list alone', () => {
    const { RouteTables: [{ RouteTableId }] } = world.ec2<{ RouteTables: Array<{ RouteTableId: string }> }>('DescribeRouteTables');
    world.ec2('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] });
    const { PrefixLists } = world.ec2<{ PrefixLists: Array<{ PrefixListId: string; PrefixListName: string }> }>('DescribePrefixLists');
    const list = PrefixLists.find(({ PrefixListName }) => PrefixListName.endsWith('.s3'))!.PrefixListId;
    world.ec2('RevokeSecurityGroupEgress', { GroupId: clients, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
    expect(reach('s3')).toMatchObject({
      allowed: false, missing: `no egress rule of ${clients} allows tcp 443 to ${list}`, remedy: `add an egress rule for tcp 443 to ${list} to ${clients}`,
    });

    world.ec2('AuthorizeSecurityGroupEgress', { GroupId: clients, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: list }] }] });
    expect(reach('s3').allowed).toBe(true);
  });

  test.each([
    ['s3.us-east-1.amazonaws.com', true], ['bucket.s3.us-east-1.amazonaws.com', true], ['bucket.s3.dualstack.us-east-1.amazonaws.com', true],
    ['bucket.s3.amazonaws.com', true], ['s3.amazonaws.com', true], ['s3.eu-west-1.amazonaws.com', false], ['sts.amazonaws.com', false],
  ])('has a gateway endpoint that carries %s: %s', (host, allowed) => {
    const { RouteTables: [{ RouteTableId }] } = world.ec2<{ RouteTables: Array<{ RouteTableId: string }> }>('DescribeRouteTables');
    world.ec2('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] });

    expect(world.ec2('EmulatedServicePath', { from: position(), host })).toMatchObject({ allowed });
  });

  test('goes the public way when the endpoint has no private name, and by the endpoint\'s own name', async () => {
    const group = world.group(VpcId, 'endpoint');
    world.ec2('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }] });
    const { VpcEndpoint } = world.ec2<{ VpcEndpoint: { VpcEndpointId: string; DnsEntries: Array<{ DnsName: string }> } }>('CreateVpcEndpoint', {
      VpcId, ServiceName: 'com.amazonaws.us-east-1.ssm', VpcEndpointType: 'Interface', SubnetIds: [far], SecurityGroupIds: [group], PrivateDnsEnabled: false,
    });
    await world.advance(10 * MINUTE);

    expect(reach('ssm')).toMatchObject({ allowed: false, missing: expect.stringContaining('has no route to the internet') });
    expect(world.ec2('EmulatedServicePath', { from: position(), host: VpcEndpoint.DnsEntries[0].DnsName })).toMatchObject({ allowed: true, endpointId: VpcEndpoint.VpcEndpointId });
  });

  test('names have no address in a VPC without DNS', () => {
    world.ec2('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: false } });

    expect(reach('ssm')).toMatchObject({ allowed: false, unresolved: true });
  });

  test('is reached through a NAT gateway in a public subnet', async () => {
    const { InternetGateway: { InternetGatewayId } } = world.ec2<{ InternetGateway: { InternetGatewayId: string } }>('CreateInternetGateway');
    world.ec2('AttachInternetGateway', { InternetGatewayId, VpcId });
    const [open_, closed] = [1, 2].map(() => world.ec2<{ RouteTable: { RouteTableId: string } }>('CreateRouteTable', { VpcId }).RouteTable.RouteTableId);
    world.ec2('AssociateRouteTable', { RouteTableId: open_, SubnetId: far });
    world.ec2('AssociateRouteTable', { RouteTableId: closed, SubnetId: near });
    const { AllocationId } = world.ec2<{ AllocationId: string }>('AllocateAddress');
    const { NatGateway: { NatGatewayId } } = world.ec2<{ NatGateway: { NatGatewayId: string } }>('CreateNatGateway', { SubnetId: far, AllocationId });
    world.ec2('CreateRoute', { RouteTableId: closed, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId });
    expect(reach('ssm')).toMatchObject({ allowed: false, missing: `NAT gateway ${NatGatewayId} is not available` });
    await world.advance(3 * MINUTE);
    expect(reach('ssm').allowed).toBe(false);

    world.ec2('CreateRoute', { RouteTableId: open_, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId });
    expect(reach('ssm').allowed).toBe(true);
    const { decisions } = world.ec2<{ decisions: Array<{ to: string; allowed: boolean; needed: string[] }> }>('EmulatedNetworkDecisions');
    expect(decisions.find(({ allowed }) => allowed)).toMatchObject({
      to: 'ssm.us-east-1.amazonaws.com:443', needed: [expect.stringMatching(/^sgr-/), `${closed} 0.0.0.0/0`, `${open_} 0.0.0.0/0`],
    });
    expect(reach('ssm', position({ subnetId: far }))).toMatchObject({ allowed: false, missing: 'the caller has no public address' });
  });

  test('is out of reach when the list of the NAT gateway\'s subnet does not let answers in', async () => {
    const { InternetGateway: { InternetGatewayId } } = world.ec2<{ InternetGateway: { InternetGatewayId: string } }>('CreateInternetGateway');
    world.ec2('AttachInternetGateway', { InternetGatewayId, VpcId });
    const [open_, closed] = [1, 2].map(() => world.ec2<{ RouteTable: { RouteTableId: string } }>('CreateRouteTable', { VpcId }).RouteTable.RouteTableId);
    world.ec2('AssociateRouteTable', { RouteTableId: open_, SubnetId: far });
    world.ec2('AssociateRouteTable', { RouteTableId: closed, SubnetId: near });
    const { AllocationId } = world.ec2<{ AllocationId: string }>('AllocateAddress');
    const { NatGateway: { NatGatewayId } } = world.ec2<{ NatGateway: { NatGatewayId: string } }>('CreateNatGateway', { SubnetId: far, AllocationId });
    world.ec2('CreateRoute', { RouteTableId: closed, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId });
    world.ec2('CreateRoute', { RouteTableId: open_, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId });
    await world.advance(3 * MINUTE);
    const { NetworkAcls: [{ NetworkAclId }] } = world.ec2<{ NetworkAcls: Array<{ NetworkAclId: string }> }>('DescribeNetworkAcls');

    world.ec2('CreateNetworkAclEntry', { NetworkAclId, RuleNumber: 50, Protocol: '6', RuleAction: 'deny', CidrBlock: '0.0.0.0/0', Egress: false, PortRange: { From: 1024, To: 65535 } });

    expect(reach('ssm')).toMatchObject({ allowed: false, missing: expect.stringMatching(/^acl-\w+ inbound does not allow tcp 49152 from 192\.0\.2\.1$/), remedy: 'rule 50 denies it: put a rule with a lower number before it' });
  });
});
