import { MINUTE, Network } from './network';

let world: Network;
let VpcId: string;
let publicSubnet: string;
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
  publicSubnet = world.subnet(VpcId, '10.0.0.0/24');
});
afterEach(() => world.stop());

const gateway = (attached: boolean = true): string => {
  const { InternetGateway: { InternetGatewayId } } = world.ec2<{ InternetGateway: { InternetGatewayId: string } }>('CreateInternetGateway');
  if (attached) world.ec2('AttachInternetGateway', { InternetGatewayId, VpcId });
  return InternetGatewayId;
};

const table = (): string => world.ec2<{ RouteTable: { RouteTableId: string } }>('CreateRouteTable', { VpcId }).RouteTable.RouteTableId;
const allocation = (): string => world.ec2<{ AllocationId: string }>('AllocateAddress').AllocationId;
const nat = (): string => world.ec2<{ NatGateway: { NatGatewayId: string } }>(
  'CreateNatGateway', { SubnetId: publicSubnet, AllocationId: allocation() }).NatGateway.NatGatewayId;

interface Routes {
  readonly RouteTables: Array<{ Routes: Array<{ DestinationCidrBlock?: string; State: string; NatGatewayId?: string }> }>;
}

const routes = (RouteTableId: string): Routes['RouteTables'][0]['Routes'] =>
  world.ec2<Routes>('DescribeRouteTables', { RouteTableIds: [RouteTableId] }).RouteTables[0].Routes;

describe('a route', () => {
  test('is made, replaced and deleted, each destination once', () => {
    const [RouteTableId, GatewayId] = [table(), gateway()];
    const DestinationCidrBlock = '0.0.0.0/0';
    world.ec2('CreateRoute', { RouteTableId, DestinationCidrBlock, GatewayId });

    expect(world.ec2Refusal('CreateRoute', { RouteTableId, DestinationCidrBlock, GatewayId })).toEqual({
      code: 'RouteAlreadyExists', message: 'The route identified by 0.0.0.0/0 already exists.',
    });
    world.ec2('ReplaceRoute', { RouteTableId, DestinationCidrBlock, NatGatewayId: nat() });
    expect(routes(RouteTableId)[1]).toMatchObject({ NatGatewayId: expect.stringMatching(/^nat-/), State: 'blackhole' });
    world.ec2('DeleteRoute', { RouteTableId, DestinationCidrBlock });

    expect(world.ec2Refusal('DeleteRoute', { RouteTableId, DestinationCidrBlock }).code).toBe('InvalidRoute.NotFound');
  });

  test('to a gateway of another network is refused', () => {
    expect(world.ec2Refusal('CreateRoute', { RouteTableId: table(), DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway(false) }).code)
      .toBe('InvalidParameterValue');
  });

  test('that is local cannot be deleted', () => {
    expect(world.ec2Refusal('DeleteRoute', { RouteTableId: table(), DestinationCidrBlock: '10.0.0.0/16' }).code).toBe('InvalidParameterValue');
  });

  test.each([
    [{ NatGatewayId: 'nat-0123456789abcdef0' }, 'NatGatewayNotFound'],
    [{ GatewayId: 'igw-0123456789abcdef0' }, 'InvalidInternetGatewayID.NotFound'],
    [{}, 'MissingParameter'],
    [{ GatewayId: 'igw-0123456789abcdef0', NatGatewayId: 'nat-0123456789abcdef0' }, 'InvalidParameterCombination'],
  ])('to %j is refused', (target, code) => {
    expect(world.ec2Refusal('CreateRoute', { RouteTableId: table(), DestinationCidrBlock: '0.0.0.0/0', ...target }).code).toBe(code);
  });
});

describe('an association', () => {
  test('takes a subnet from the main table, once', () => {
    const RouteTableId = table();
    const { AssociationId } = world.ec2<{ AssociationId: string }>('AssociateRouteTable', { RouteTableId, SubnetId: publicSubnet });

    expect(world.ec2Refusal('AssociateRouteTable', { RouteTableId: table(), SubnetId: publicSubnet }).code).toBe('Resource.AlreadyAssociated');
    expect(world.ec2Refusal('DeleteRouteTable', { RouteTableId })).toEqual({
      code: 'DependencyViolation', message: `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`,
    });
    world.ec2('DisassociateRouteTable', { AssociationId });
    world.ec2('DeleteRouteTable', { RouteTableId });
  });

  test('of the main table stays', () => {
    const { RouteTables } = world.ec2<{ RouteTables: Array<{ Associations: Array<{ RouteTableAssociationId: string }> }> }>('DescribeRouteTables');

    expect(world.ec2Refusal('DisassociateRouteTable', { AssociationId: RouteTables[0].Associations[0].RouteTableAssociationId }).code)
      .toBe('InvalidParameterValue');
  });
});

describe('a NAT gateway', () => {
  test('needs an internet gateway in its VPC', () => {
    expect(world.ec2Refusal('CreateNatGateway', { SubnetId: publicSubnet, AllocationId: allocation() }).code).toBe('Gateway.NotAttached');
  });

  test('is pending, then available, then deleting, then deleted, then forgotten', async () => {
    gateway();
    const NatGatewayId = nat();
    const state = (): string[] => world.ec2<{ NatGateways: Array<{ State: string }> }>('DescribeNatGateways').NatGateways.map(({ State }) => State);

    expect(state()).toEqual(['pending']);
    await world.advance(3 * MINUTE);
    expect(state()).toEqual(['available']);
    world.ec2('DeleteNatGateway', { NatGatewayId });
    expect(state()).toEqual(['deleting']);
    await world.advance(2 * MINUTE);
    expect(state()).toEqual(['deleted']);
    await world.advance(61 * MINUTE);
    expect(state()).toEqual([]);
  });

  test('holds its address, its subnet and the gateway of its VPC until it is gone', async () => {
    const InternetGatewayId = gateway();
    const NatGatewayId = nat();
    const { Addresses: [{ AllocationId }] } = world.ec2<{ Addresses: Array<{ AllocationId: string }> }>('DescribeAddresses');

    expect(world.ec2Refusal('ReleaseAddress', { AllocationId }).code).toBe('InvalidIPAddress.InUse');
    expect(world.ec2Refusal('DeleteSubnet', { SubnetId: publicSubnet }).code).toBe('DependencyViolation');
    expect(world.ec2Refusal('DetachInternetGateway', { InternetGatewayId, VpcId }).code).toBe('DependencyViolation');
    world.ec2('DeleteNatGateway', { NatGatewayId });
    await world.advance(2 * MINUTE);

    world.ec2('ReleaseAddress', { AllocationId });
    world.ec2('DetachInternetGateway', { InternetGatewayId, VpcId });
    world.ec2('DeleteInternetGateway', { InternetGatewayId });
    world.ec2('DeleteSubnet', { SubnetId: publicSubnet });
  });
});

test('a VPC has one internet gateway, and one that is attached is kept', () => {
  const InternetGatewayId = gateway();

  expect(world.ec2Refusal('AttachInternetGateway', { VpcId, InternetGatewayId }).code).toBe('Resource.AlreadyAssociated');
  expect(world.ec2Refusal('AttachInternetGateway', { VpcId, InternetGatewayId: gateway(false) }).code).toBe('InvalidParameterValue');
  expect(world.ec2Refusal('DeleteInternetGateway', { InternetGatewayId }).code).toBe('DependencyViolation');
});

test('the sixth address of a region is refused', () => {
  for (let count = 0; count < 5; count++) allocation();

  expect(world.ec2Refusal('AllocateAddress')).toEqual({ code: 'AddressLimitExceeded', message: 'The maximum number of addresses has been reached.' });
});

test('entries of a network ACL have a number each, below the last', () => {
  const { NetworkAcl: { NetworkAclId } } = world.ec2<{ NetworkAcl: { NetworkAclId: string } }>('CreateNetworkAcl', { VpcId });
  const entry = { NetworkAclId, RuleNumber: 100, Egress: false, Protocol: '6', RuleAction: 'allow', CidrBlock: '10.0.0.0/16', PortRange: { From: 2223, To: 2225 } };
  world.ec2('CreateNetworkAclEntry', entry);

  expect(world.ec2Refusal('CreateNetworkAclEntry', entry).code).toBe('NetworkAclEntryAlreadyExists');
  expect(world.ec2Refusal('CreateNetworkAclEntry', { ...entry, RuleNumber: 32767 }).code).toBe('InvalidParameterValue');
  world.ec2('ReplaceNetworkAclEntry', { ...entry, RuleAction: 'deny' });
  world.ec2('DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 100, Egress: false });
  world.ec2('DeleteNetworkAcl', { NetworkAclId });
});
