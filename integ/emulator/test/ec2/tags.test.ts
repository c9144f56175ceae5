import { Network } from './network';

let world: Network;
let VpcId: string;
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
});
afterEach(() => world.stop());

const tags = (Filters: object[] = []): object[] => world.ec2<{ Tags: object[] }>('DescribeTags', { Filters }).Tags;

test('tags are put, replaced, shown with their resource type and taken away', () => {
  const group = world.group(VpcId, 'app');
  world.ec2('CreateTags', { Resources: [VpcId, group], Tags: [{ Key: 'team', Value: 'a' }, { Key: 'stage', Value: 'test' }] });
  world.ec2('CreateTags', { Resources: [VpcId], Tags: [{ Key: 'team', Value: 'b' }] });

  expect(tags([{ Name: 'key', Values: ['team'] }])).toEqual([
    { ResourceId: VpcId, ResourceType: 'vpc', Key: 'team', Value: 'b' },
    { ResourceId: group, ResourceType: 'security-group', Key: 'team', Value: 'a' },
  ]);
  world.ec2('DeleteTags', { Resources: [VpcId], Tags: [{ Key: 'team', Value: 'other' }, { Key: 'stage' }] });
  expect(tags([{ Name: 'resource-id', Values: [VpcId] }])).toMatchObject([{ Key: 'team' }]);
  world.ec2('DeleteTags', { Resources: [VpcId, group] });
  expect(tags()).toEqual([]);
});

test.each([
  [{ Resources: ['vpc-0123456789abcdef0'], Tags: [{ Key: 'a', Value: 'b' }] }, 'InvalidVpcID.NotFound'],
  [{ Resources: ['thing-1'], Tags: [{ Key: 'a', Value: 'b' }] }, 'InvalidID'],
])('%j is refused', (input, code) => {
  expect(world.ec2Refusal('CreateTags', input).code).toBe(code);
});

test('keys of AWS and more than fifty tags are refused', () => {
  const many = Array.from({ length: 51 }, (_, at) => ({ Key: `key-${at}`, Value: 'x' }));

  expect(world.ec2Refusal('CreateTags', { Resources: [VpcId], Tags: [{ Key: 'aws:mine', Value: 'x' }] }).code).toBe('InvalidParameterValue');
  expect(world.ec2Refusal('CreateTags', { Resources: [VpcId], Tags: many })).toEqual({
    code: 'TagLimitExceeded', message: 'The maximum number of Tags for a resource has been reached.',
  });
});

test('a tag specification for another type of thing is refused', () => {
  expect(world.ec2Refusal('CreateVpc', { CidrBlock: '10.1.0.0/16', TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'a', Value: 'b' }] }] })).toEqual({
    code: 'InvalidParameterValue', message: "'subnet' is not a valid taggable resource type for this operation.",
  });
});

test('tags go with the thing they are on', () => {
  const group = world.group(VpcId, 'app');
  world.ec2('CreateTags', { Resources: [group], Tags: [{ Key: 'a', Value: 'b' }] });

  world.ec2('DeleteSecurityGroup', { GroupId: group });

  expect(tags()).toEqual([]);
});

test('flow logs and customers\' prefix lists are records with their own refusals', () => {
  const log = { ResourceIds: [VpcId], ResourceType: 'VPC', TrafficType: 'REJECT', LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::logs' };
  const { FlowLogIds } = world.ec2<{ FlowLogIds: string[] }>('CreateFlowLogs', log);
  const { PrefixList: { PrefixListId } } = world.ec2<{ PrefixList: { PrefixListId: string } }>(
    'CreateManagedPrefixList', { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 2, Entries: [{ Cidr: '192.0.2.0/24' }] });

  expect(world.ec2Refusal('CreateFlowLogs', log).code).toBe('FlowLogAlreadyExists');
  expect(world.ec2('DescribeFlowLogs')).toMatchObject({ FlowLogs: [{ FlowLogId: FlowLogIds[0], ResourceId: VpcId, FlowLogStatus: 'ACTIVE' }] });
  expect(world.ec2Refusal('ModifyManagedPrefixList', { PrefixListId, CurrentVersion: 7, AddEntries: [{ Cidr: '198.51.100.0/24' }] }).code)
    .toBe('PrefixListVersionMismatch');
  world.ec2('ModifyManagedPrefixList', { PrefixListId, CurrentVersion: 1, AddEntries: [{ Cidr: '198.51.100.0/24' }] });
  expect(world.ec2('GetManagedPrefixListEntries', { PrefixListId })).toMatchObject({ Entries: [{ Cidr: '192.0.2.0/24' }, { Cidr: '198.51.100.0/24' }] });
  expect(world.ec2Refusal('ModifyManagedPrefixList', { PrefixListId, CurrentVersion: 2, AddEntries: [{ Cidr: '203.0.113.0/24' }] }).code)
    .toBe('PrefixListMaxEntriesExceeded');
});
