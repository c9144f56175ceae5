import { Network } from './network';

let world: Network;
beforeEach(() => { world = new Network(); });
afterEach(() => world.stop());

describe('a new VPC', () => {
  test('brings a main route table, a default network ACL and a default security group', () => {
    const id = world.vpc();
    const ofVpc = { Filters: [{ Name: 'vpc-id', Values: [id] }] };

    const { RouteTables } = world.ec2<{ RouteTables: Array<{ Routes: object[]; Associations: Array<{ Main: boolean }> }> }>('DescribeRouteTables', ofVpc);
    const { NetworkAcls } = world.ec2<{ NetworkAcls: Array<{ IsDefault: boolean; Entries: object[] }> }>('DescribeNetworkAcls', ofVpc);
    const { SecurityGroups } = world.ec2<{ SecurityGroups: Array<{ GroupName: string; GroupId: string; IpPermissions: object[] }> }>(
      'DescribeSecurityGroups', ofVpc);

    expect(RouteTables).toHaveLength(1);
    expect(RouteTables[0].Routes).toEqual([{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }]);
    expect(RouteTables[0].Associations[0].Main).toBe(true);
    expect(NetworkAcls[0].IsDefault).toBe(true);
    expect(NetworkAcls[0].Entries).toHaveLength(4);
    expect(SecurityGroups[0].GroupName).toBe('default');
    expect(SecurityGroups[0].IpPermissions).toMatchObject([{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: SecurityGroups[0].GroupId }] }]);
  });

  test('is pending in its own answer and available afterwards', () => {
    const { Vpc } = world.ec2<{ Vpc: { VpcId: string; State: string } }>('CreateVpc', { CidrBlock: '10.0.0.0/16' });

    expect(Vpc.State).toBe('pending');
    expect(world.ec2('DescribeVpcs', { VpcIds: [Vpc.VpcId] })).toMatchObject({ Vpcs: [{ State: 'available', IsDefault: false }] });
    expect(Vpc.VpcId).toMatch(/^vpc-[0-9a-f]{17}$/);
  });

  test('has ids that are the same in another emulator with the same seed, and others with another', () => {
    const first = world.vpc();
    const same = new Network();
    const other = new Network({ seed: 2 });

    expect(same.vpc()).toBe(first);
    expect(other.vpc()).not.toBe(first);
    same.stop();
    other.stop();
  });

  test('with DryRun is checked and not made', () => {
    expect(world.ec2Refusal('CreateVpc', { CidrBlock: '10.0.0.0/16', DryRun: true }).code).toBe('DryRunOperation');
    expect(world.ec2('DescribeVpcs')).toMatchObject({ Vpcs: [] });
  });
});

test.each([
  ['10.0.0.0/15', 'InvalidVpc.Range', "The CIDR '10.0.0.0/15' is invalid."],
  ['10.0.0.0/29', 'InvalidVpc.Range', "The CIDR '10.0.0.0/29' is invalid."],
  ['10.0.0/16', 'InvalidParameterValue', 'Value (10.0.0/16) for parameter cidrBlock is invalid. This is not a valid CIDR block.'],
])('a VPC of %s is refused', (CidrBlock, code, message) => {
  expect(world.ec2Refusal('CreateVpc', { CidrBlock })).toEqual({ code, message });
});

test('the sixth VPC of a region is refused, unless the quota was raised', () => {
  for (let at = 0; at < 5; at++) world.vpc(`10.${at}.0.0/16`);
  expect(world.ec2Refusal('CreateVpc', { CidrBlock: '10.9.0.0/16' }).code).toBe('VpcLimitExceeded');

  const raised = new Network({ overrides: new Map([['ec2/vpcs-per-region', 6]]) });
  for (let at = 0; at < 6; at++) raised.vpc(`10.${at}.0.0/16`);
  expect(raised.ec2('DescribeVpcs')).toMatchObject({ Vpcs: { length: 6 } });
  raised.stop();
});

test('DNS attributes are read one at a time and changed', () => {
  const VpcId = world.vpc();
  expect(world.ec2('DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsHostnames' })).toEqual({ VpcId, EnableDnsHostnames: { Value: false } });

  world.ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });

  expect(world.ec2('DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsHostnames' })).toEqual({ VpcId, EnableDnsHostnames: { Value: true } });
  expect(world.ec2('DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsSupport' })).toEqual({ VpcId, EnableDnsSupport: { Value: true } });
});

describe('deleting a VPC', () => {
  test('takes along what came with it', () => {
    const VpcId = world.vpc();

    world.ec2('DeleteVpc', { VpcId });

    expect(world.ec2('DescribeSecurityGroups')).toMatchObject({ SecurityGroups: [] });
    expect(world.ec2('DescribeRouteTables')).toMatchObject({ RouteTables: [] });
    expect(world.ec2Refusal('DeleteVpc', { VpcId })).toEqual({ code: 'InvalidVpcID.NotFound', message: `The vpc ID '${VpcId}' does not exist` });
  });

  test.each(['subnet', 'security group', 'internet gateway'])('is refused while it has a %s of one\'s own', (what) => {
    const VpcId = world.vpc();
    if (what === 'subnet') world.subnet(VpcId, '10.0.0.0/24');
    if (what === 'security group') world.group(VpcId, 'own');
    if (what === 'internet gateway') {
      const { InternetGateway } = world.ec2<{ InternetGateway: { InternetGatewayId: string } }>('CreateInternetGateway');
      world.ec2('AttachInternetGateway', { VpcId, InternetGatewayId: InternetGateway.InternetGatewayId });
    }

    expect(world.ec2Refusal('DeleteVpc', { VpcId })).toEqual({
      code: 'DependencyViolation', message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    });
  });
});

test('an id that cannot be one is malformed, an unknown one is not found', () => {
  expect(world.ec2Refusal('DescribeVpcAttribute', { VpcId: 'vpc-xyz', Attribute: 'enableDnsSupport' }).code).toBe('InvalidVpcID.Malformed');
  expect(world.ec2Refusal('DescribeVpcAttribute', { VpcId: 'vpc-12345678', Attribute: 'enableDnsSupport' }).code).toBe('InvalidVpcID.NotFound');
});

test('an IPv6 block comes with the VPC and is divided among subnets', () => {
  const { Vpc } = world.ec2<{ Vpc: { VpcId: string; Ipv6CidrBlockAssociationSet: Array<{ Ipv6CidrBlock: string }> } }>(
    'CreateVpc', { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true });
  const [{ Ipv6CidrBlock: whole }] = Vpc.Ipv6CidrBlockAssociationSet;
  const Ipv6CidrBlock = whole.replace('00::/56', '01::/64');

  const { Subnet } = world.ec2<{ Subnet: { SubnetId: string } }>('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.0.0.0/24', Ipv6CidrBlock });
  const { NetworkInterface } = world.ec2<{ NetworkInterface: { Ipv6Address: string } }>(
    'CreateNetworkInterface', { SubnetId: Subnet.SubnetId, Ipv6AddressCount: 1 });

  expect(whole).toMatch(/^2600:1f18:.*00::\/56$/);
  expect(NetworkInterface.Ipv6Address.startsWith(Ipv6CidrBlock.slice(0, 19))).toBe(true);
  expect(world.ec2Refusal('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.0.1.0/24', Ipv6CidrBlock }).code).toBe('InvalidSubnet.Conflict');
});

test('a further block takes routes and subnets, and goes only when nothing is in it', () => {
  const VpcId = world.vpc();
  const { CidrBlockAssociation } = world.ec2<{ CidrBlockAssociation: { AssociationId: string } }>('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.1.0.0/16' });
  const { AssociationId } = CidrBlockAssociation;
  const SubnetId = world.subnet(VpcId, '10.1.0.0/24');

  expect(world.ec2Refusal('DisassociateVpcCidrBlock', { AssociationId }).code).toBe('InvalidCidr.InUse');
  world.ec2('DeleteSubnet', { SubnetId });
  world.ec2('DisassociateVpcCidrBlock', { AssociationId });

  expect(world.ec2Refusal('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/24' }).code).toBe('InvalidSubnet.Range');
});

test('the default VPC is made once, with a public subnet in each zone', () => {
  const { Vpc } = world.ec2<{ Vpc: { VpcId: string; IsDefault: boolean } }>('CreateDefaultVpc');
  const { Subnets } = world.ec2<{ Subnets: Array<{ MapPublicIpOnLaunch: boolean }> }>('DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [Vpc.VpcId] }] });

  expect(Vpc.IsDefault).toBe(true);
  expect(Subnets.map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toEqual(Array(6).fill(true));
  expect(world.ec2Refusal('CreateDefaultVpc').code).toBe('DefaultVpcAlreadyExists');
});
