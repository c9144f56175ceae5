import { MINUTE, Network } from './network';

let world: Network;
let VpcId: string;
let [subnetA, subnetB]: string[] = [];
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
  world.ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  [subnetA, subnetB] = ['a', 'b'].map((zone, at) => world.subnet(VpcId, `10.0.${at}.0/24`, `us-east-1${zone}`));
});
afterEach(() => world.stop());

const ServiceName = 'com.amazonaws.us-east-1.ssm';

const make = (input: object): { VpcEndpointId: string; State: string } =>
  world.ec2<{ VpcEndpoint: { VpcEndpointId: string; State: string } }>('CreateVpcEndpoint', { VpcId, ...input }).VpcEndpoint;

test('an interface endpoint has an interface in each subnet and becomes available', async () => {
  const { VpcEndpointId, State } = make({ VpcEndpointType: 'Interface', ServiceName, SubnetIds: [subnetA, subnetB] });

  expect(State).toBe('pending');
  await world.advance(3 * MINUTE);

  expect(world.ec2('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] })).toMatchObject({
    VpcEndpoints: [{
      State: 'available', PrivateDnsEnabled: true, NetworkInterfaceIds: { length: 2 }, Groups: [{ GroupName: 'default' }],
      DnsEntries: { 3: { DnsName: 'ssm.us-east-1.amazonaws.com' } },
    }],
  });
  expect(world.ec2('DescribeNetworkInterfaces', { Filters: [{ Name: 'interface-type', Values: ['vpc_endpoint'] }] })).toMatchObject({
    NetworkInterfaces: [{ Description: `VPC Endpoint Interface ${VpcEndpointId}`, Status: 'in-use' }, {}],
  });
});

test('a deleted interface endpoint holds its subnets until its interfaces are gone', async () => {
  const { VpcEndpointId } = make({ VpcEndpointType: 'Interface', ServiceName, SubnetIds: [subnetA] });
  await world.advance(3 * MINUTE);

  world.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] });

  expect(world.ec2Refusal('DeleteSubnet', { SubnetId: subnetA }).code).toBe('DependencyViolation');
  await world.advance(4 * MINUTE);
  expect(world.ec2('DescribeVpcEndpoints')).toMatchObject({ VpcEndpoints: [] });
  world.ec2('DeleteSubnet', { SubnetId: subnetA });
});

test('a gateway endpoint is there at once, as a route that only it can take away', () => {
  const { RouteTables: [{ RouteTableId }] } = world.ec2<{ RouteTables: Array<{ RouteTableId: string }> }>('DescribeRouteTables');
  const { VpcEndpointId, State } = make({ ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] });
  const { PrefixLists: [{ PrefixListId }] } = world.ec2<{ PrefixLists: Array<{ PrefixListId: string }> }>(
    'DescribePrefixLists', { Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }] });
  const routes = (): object[] => world.ec2<{ RouteTables: Array<{ Routes: object[] }> }>('DescribeRouteTables').RouteTables[0].Routes;

  expect(State).toBe('available');
  expect(routes()[1]).toMatchObject({ DestinationPrefixListId: PrefixListId, GatewayId: VpcEndpointId, State: 'active' });
  expect(world.ec2Refusal('DeleteRoute', { RouteTableId, DestinationPrefixListId: PrefixListId }).code).toBe('InvalidParameterValue');
  expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] })).toEqual({
    code: 'RouteAlreadyExists', message: `route table ${RouteTableId} already has a route with destination-prefix-list-id ${PrefixListId}`,
  });

  world.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] });
  expect(routes()).toHaveLength(1);
});

describe('refusals', () => {
  test('an unknown service', () => {
    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.hsm' })).toEqual({
      code: 'InvalidServiceName', message: "The Vpc Endpoint Service 'com.amazonaws.us-east-1.hsm' does not exist",
    });
  });

  test('a type that the service does not have', () => {
    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ServiceName }).message)
      .toBe('Endpoint type (Gateway) does not match available service types ([Interface]).');
  });

  test('two subnets of one zone', () => {
    const sibling = world.subnet(VpcId, '10.0.9.0/24', 'us-east-1a');

    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ServiceName, VpcEndpointType: 'Interface', SubnetIds: [subnetA, sibling] }).code)
      .toBe('DuplicateSubnetsInSameZone');
  });

  test('the first zone for CloudHSM, as long as the table says so', () => {
    const input = { ServiceName: 'com.amazonaws.us-east-1.cloudhsmv2', VpcEndpointType: 'Interface' };

    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ...input, SubnetIds: [subnetA] })).toEqual({
      code: 'InvalidParameter',
      message: `The VPC endpoint service com.amazonaws.us-east-1.cloudhsmv2 does not support the availability zone of the subnet: ${subnetA}.`,
    });
    expect(make({ ...input, SubnetIds: [subnetB] }).State).toBe('pending');
  });

  test('private DNS in a VPC without host names, and twice for one service', () => {
    const plain = world.vpc('10.1.0.0/16');
    make({ ServiceName, VpcEndpointType: 'Interface', SubnetIds: [subnetA] });

    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId: plain, ServiceName, VpcEndpointType: 'Interface' }).message)
      .toBe(`Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${plain}`);
    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ServiceName, VpcEndpointType: 'Interface', SubnetIds: [subnetB] }).message)
      .toBe(`private-dns-enabled cannot be set because there is already a conflicting DNS domain for ssm.us-east-1.amazonaws.com in the VPC ${VpcId}`);
  });

  test('a policy that is no policy', () => {
    expect(world.ec2Refusal('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', PolicyDocument: '{"a":1}' }).code).toBe('InvalidParameter');
  });
});

describe('services', () => {
  const zones = (world_: Network, name: string): string[] =>
    world_.ec2<{ ServiceDetails: Array<{ AvailabilityZones: string[] }> }>('DescribeVpcEndpointServices', { ServiceNames: [name] }).ServiceDetails[0].AvailabilityZones;

  test('are in every zone, CloudHSM in all but the first', () => {
    expect(zones(world, ServiceName)).toHaveLength(6);
    expect(zones(world, 'com.amazonaws.us-east-1.cloudhsmv2')).toEqual(['us-east-1b', 'us-east-1c', 'us-east-1d', 'us-east-1e', 'us-east-1f']);
  });

  test('are where an override says', () => {
    const everywhere = new Network({ overrides: new Map([['ec2/endpoint-service-missing-zones', {}]]) });

    expect(zones(everywhere, 'com.amazonaws.us-east-1.cloudhsmv2')[0]).toBe('us-east-1a');
    everywhere.stop();
  });

  test('that have both types are listed twice, under one name', () => {
    const { ServiceNames, ServiceDetails } = world.ec2<{ ServiceNames: string[]; ServiceDetails: Array<{ ServiceName: string }> }>('DescribeVpcEndpointServices');

    expect(new Set(ServiceNames).size).toBe(ServiceNames.length);
    expect(ServiceDetails.filter(({ ServiceName: name }) => name.endsWith('.s3'))).toHaveLength(2);
    expect(world.ec2Refusal('DescribeVpcEndpointServices', { ServiceNames: ['com.amazonaws.us-east-1.nothing'] }).code).toBe('InvalidServiceName');
  });
});

test('an endpoint is changed: groups, subnets, policy', async () => {
  const group = world.group(VpcId, 'clients');
  const { VpcEndpointId } = make({ VpcEndpointType: 'Interface', ServiceName, SubnetIds: [subnetA] });
  await world.advance(3 * MINUTE);

  world.ec2('ModifyVpcEndpoint', { VpcEndpointId, AddSecurityGroupIds: [group], AddSubnetIds: [subnetB], PrivateDnsEnabled: false });

  const { VpcEndpoints: [endpoint] } = world.ec2<{ VpcEndpoints: Array<{ SubnetIds: string[]; Groups: object[]; NetworkInterfaceIds: string[] }> }>('DescribeVpcEndpoints');
  expect(endpoint).toMatchObject({ SubnetIds: [subnetA, subnetB], Groups: { length: 2 }, PrivateDnsEnabled: false });
  expect(world.ec2Refusal('DeleteSecurityGroup', { GroupId: group }).code).toBe('DependencyViolation');
  expect(world.ec2('DescribeNetworkInterfaces', { NetworkInterfaceIds: endpoint.NetworkInterfaceIds })).toMatchObject({
    NetworkInterfaces: [{ Groups: { length: 2 } }, { Groups: { length: 2 } }],
  });
  await world.advance(3 * MINUTE);
});
