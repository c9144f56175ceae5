import { Network } from './network';

let world: Network;
let VpcId: string;
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
});
afterEach(() => world.stop());

test('a subnet has five addresses fewer than its block, and one fewer for each interface', () => {
  const SubnetId = world.subnet(VpcId, '10.0.0.0/28');
  world.card(SubnetId);

  expect(world.ec2('DescribeSubnets', { SubnetIds: [SubnetId] })).toMatchObject({
    Subnets: [{ AvailableIpAddressCount: 10, AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1', State: 'available' }],
  });
});

test.each([
  ['10.1.0.0/24', 'InvalidSubnet.Range', "The CIDR '10.1.0.0/24' is invalid."],
  ['10.0.0.0/29', 'InvalidSubnet.Range', "The CIDR '10.0.0.0/29' is invalid."],
  ['10.0.0.128/25', 'InvalidSubnet.Conflict', "The CIDR '10.0.0.128/25' conflicts with another subnet"],
  ['10.0.0.0/16', 'InvalidSubnet.Conflict', "The CIDR '10.0.0.0/16' conflicts with another subnet"],
])('a subnet of %s beside 10.0.0.0/24 is refused', (CidrBlock, code, message) => {
  world.subnet(VpcId, '10.0.0.0/24');

  expect(world.ec2Refusal('CreateSubnet', { VpcId, CidrBlock })).toEqual({ code, message });
});

test('a zone of another region is refused with the list of those there are', () => {
  expect(world.ec2Refusal('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-west-2c' })).toEqual({
    code: 'InvalidParameterValue',
    message: 'Value (us-west-2c) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability '
      + 'zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1e, us-east-1f.',
  });
});

test('a subnet with an interface is kept, and goes when the interface has gone', () => {
  const SubnetId = world.subnet(VpcId, '10.0.0.0/24');
  const { id } = world.card(SubnetId);

  expect(world.ec2Refusal('DeleteSubnet', { SubnetId })).toEqual({
    code: 'DependencyViolation', message: `The subnet '${SubnetId}' has dependencies and cannot be deleted.`,
  });
  world.ec2('DeleteNetworkInterface', { NetworkInterfaceId: id });
  world.ec2('DeleteSubnet', { SubnetId });

  expect(world.ec2Refusal('DescribeSubnets', { SubnetIds: [SubnetId] }).code).toBe('InvalidSubnetID.NotFound');
});

test('filters, tags and pages narrow what is listed', () => {
  const ids = ['a', 'b', 'c'].map((zone, at) => world.subnet(VpcId, `10.0.${at}.0/24`, `us-east-1${zone}`));
  world.ec2('CreateTags', { Resources: [ids[1], ids[2]], Tags: [{ Key: 'Name', Value: 'app-1' }] });
  const listed = (input: object): { ids: string[]; NextToken?: string } => {
    const { Subnets, NextToken } = world.ec2<{ Subnets: Array<{ SubnetId: string }>; NextToken?: string }>('DescribeSubnets', input);
    return { ids: Subnets.map(({ SubnetId }) => SubnetId), NextToken };
  };

  expect(listed({ Filters: [{ Name: 'availability-zone', Values: ['us-east-1a', 'us-east-1c'] }] }).ids).toEqual([ids[0], ids[2]]);
  expect(listed({ Filters: [{ Name: 'tag:Name', Values: ['app-*'] }, { Name: 'availabilityZone', Values: ['us-east-1c'] }] }).ids).toEqual([ids[2]]);
  expect(listed({ Filters: [{ Name: 'tag-key', Values: ['Name'] }] }).ids).toEqual([ids[1], ids[2]]);
  expect(world.ec2Refusal('DescribeSubnets', { Filters: [{ Name: 'colour', Values: ['red'] }] })).toEqual({
    code: 'InvalidParameterValue', message: "The filter 'colour' is invalid",
  });

  const first = listed({ MaxResults: 5 });
  expect(first).toEqual({ ids, NextToken: undefined });
});

test('pages go on after what was shown last, also when that is all that is left', () => {
  const ids = Array.from({ length: 7 }, (_, at) => world.subnet(VpcId, `10.0.${at}.0/24`));
  const page = (NextToken?: string): { Subnets: Array<{ SubnetId: string }>; NextToken?: string } =>
    world.ec2('DescribeSubnets', { MaxResults: 5, NextToken });

  const first = page();
  const second = page(first.NextToken);

  expect(first.Subnets.map(({ SubnetId }) => SubnetId)).toEqual(ids.slice(0, 5));
  expect(second.Subnets.map(({ SubnetId }) => SubnetId)).toEqual(ids.slice(5));
  expect(second.NextToken).toBeUndefined();
  expect(world.ec2Refusal('DescribeSubnets', { MaxResults: 5, NextToken: 'bm9ib2R5' }).code).toBe('InvalidNextToken');
});

test('attributes are changed one at a time', () => {
  const SubnetId = world.subnet(VpcId, '10.0.0.0/24');

  world.ec2('ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } });

  expect(world.ec2('DescribeSubnets', { SubnetIds: [SubnetId] })).toMatchObject({ Subnets: [{ MapPublicIpOnLaunch: true }] });
  expect(world.ec2Refusal('ModifySubnetAttribute', { SubnetId, AssignIpv6AddressOnCreation: { Value: true } }).code).toBe('InvalidParameterValue');
});

test.each([['us-east-1', 6], ['eu-central-1', 3], ['us-west-2', 4], ['mars-north-1', 3]])('%s has %i zones', (region, count) => {
  const there = new Network({ region });

  expect(there.ec2('DescribeAvailabilityZones')).toMatchObject({ AvailabilityZones: { length: count, 0: { ZoneName: `${region}a`, State: 'available' } } });
  there.stop();
});
