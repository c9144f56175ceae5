import * as fc from 'fast-check';
import { byCloudHsm, Network } from './network';

let world: Network;
let VpcId: string;
let SubnetId: string;
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
  SubnetId = world.subnet(VpcId, '10.0.0.0/28');
});
afterEach(() => world.stop());

interface Card {
  readonly NetworkInterfaceId: string;
  readonly Attachment?: { readonly AttachmentId: string; readonly InstanceId?: string };
}

const described = (id: string): Card =>
  world.ec2<{ NetworkInterfaces: Card[] }>('DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] }).NetworkInterfaces[0];

test('an interface takes the lowest free address, and a freed one is taken again', () => {
  const [first, second] = [world.card(SubnetId), world.card(SubnetId)];
  world.ec2('DeleteNetworkInterface', { NetworkInterfaceId: first.id });

  expect([first.address, second.address]).toEqual(['10.0.0.4', '10.0.0.5']);
  expect(world.card(SubnetId).address).toBe('10.0.0.4');
});

test.each([
  ['10.0.0.5', 'InvalidIPAddress.InUse', 'The specified address is already in use.'],
  ['10.0.0.3', 'InvalidParameterValue', "Address is in subnet's reserved address range"],
  ['10.0.0.15', 'InvalidParameterValue', "Address is in subnet's reserved address range"],
  ['10.0.1.5', 'InvalidParameterValue', "Address does not fall within the subnet's address range"],
])('the address %s is refused', (PrivateIpAddress, code, message) => {
  world.card(SubnetId, { PrivateIpAddress: '10.0.0.5' });

  expect(world.ec2Refusal('CreateNetworkInterface', { SubnetId, PrivateIpAddress })).toEqual({ code, message });
});

test('a subnet gives eleven of its sixteen addresses', () => {
  for (let count = 0; count < 11; count++) world.card(SubnetId);

  expect(world.ec2Refusal('CreateNetworkInterface', { SubnetId }).code).toBe('InsufficientFreeAddressesInSubnet');
});

test('no two interfaces ever have the same address, whatever is made and deleted', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -3, max: 15 }), { maxLength: 25 }), (steps) => {
    const fresh = new Network();
    const subnet = fresh.subnet(fresh.vpc(), '10.0.0.0/28');
    const alive: Array<{ id: string; address: string }> = [];
    for (const step of steps) {
      if (step < 0) {
        const gone = alive.splice(0, 1)[0];
        if (gone) fresh.ec2('DeleteNetworkInterface', { NetworkInterfaceId: gone.id });
        continue;
      }
      try {
        alive.push(fresh.card(subnet, step < 4 ? {} : { PrivateIpAddress: `10.0.0.${step}` }));
      } catch (error) {
        expect((error as Error).name).toMatch(/InUse|InvalidParameterValue|InsufficientFree/);
      }
    }
    expect(new Set(alive.map(({ address }) => address)).size).toBe(alive.length);
    fresh.stop();
  }), { numRuns: 25 });
});

test('without groups an interface has the default one, and five at most', () => {
  const groups = Array.from({ length: 6 }, (_, at) => world.group(VpcId, `group-${at}`));
  const { id } = world.card(SubnetId);

  expect(described(id)).toMatchObject({ Groups: [{ GroupName: 'default' }], Status: 'available', RequesterManaged: false, InterfaceType: 'interface' });
  world.ec2('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, Groups: groups.slice(0, 5) });
  expect(world.ec2Refusal('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, Groups: groups }).code)
    .toBe('SecurityGroupsPerInterfaceLimitExceeded');
});

test('a group of another VPC is refused', () => {
  const foreign = world.group(world.vpc('10.1.0.0/16'), 'foreign');

  expect(world.ec2Refusal('CreateNetworkInterface', { SubnetId, Groups: [foreign] }).code).toBe('InvalidGroup.NotFound');
});

describe('an interface that a service makes', () => {
  test('is in use at once, and only that service may delete it', () => {
    const { NetworkInterface } = world.ec2<{ NetworkInterface: Card }>(
      'CreateNetworkInterface', { SubnetId, Description: 'CloudHsm ENI' }, byCloudHsm(world));
    const NetworkInterfaceId = NetworkInterface.NetworkInterfaceId;

    expect(NetworkInterface).toMatchObject({ Status: 'in-use', RequesterManaged: true, RequesterId: 'amazon-cloudhsm', Attachment: { InstanceOwnerId: 'amazon-aws' } });
    expect(world.ec2Refusal('DeleteNetworkInterface', { NetworkInterfaceId })).toEqual({
      code: 'InvalidParameterValue', message: `Network interface '${NetworkInterfaceId}' is currently in use.`,
    });
    expect(world.ec2Refusal('DetachNetworkInterface', { AttachmentId: NetworkInterface.Attachment!.AttachmentId })).toEqual({
      code: 'OperationNotPermitted', message: "You are not allowed to manage 'ela-attach' attachments.",
    });
    expect(world.ec2Refusal('DeleteSubnet', { SubnetId }).code).toBe('DependencyViolation');

    world.ec2('DeleteNetworkInterface', { NetworkInterfaceId }, byCloudHsm(world));
    world.ec2('DeleteSubnet', { SubnetId });
  });

  test('has another code for its deletion in the other variant', () => {
    const other = new Network({ variants: ['other'] });
    const subnet = other.subnet(other.vpc(), '10.0.0.0/28');
    const { NetworkInterface } = other.ec2<{ NetworkInterface: Card }>('CreateNetworkInterface', { SubnetId: subnet }, byCloudHsm(other));

    expect(other.ec2Refusal('DeleteNetworkInterface', { NetworkInterfaceId: NetworkInterface.NetworkInterfaceId }).code).toBe('InvalidNetworkInterface.InUse');
    other.stop();
  });

  test('is the caller\'s own when CloudFormation makes it', () => {
    const caller = { ...byCloudHsm(world), position: { kind: 'service', service: 'cloudformation' } as const };
    const { NetworkInterface } = world.ec2<{ NetworkInterface: Card }>('CreateNetworkInterface', { SubnetId }, caller);

    expect(NetworkInterface).toMatchObject({ Status: 'available', RequesterManaged: false });
  });
});

test('an interface is attached to an instance of its zone and detached again', async () => {
  const { id } = world.card(SubnetId);
  const InstanceId = world.run(SubnetId);
  await world.advance(60_000);

  const { AttachmentId } = world.ec2<{ AttachmentId: string }>('AttachNetworkInterface', { NetworkInterfaceId: id, InstanceId, DeviceIndex: 1 });

  expect(described(id).Attachment).toMatchObject({ AttachmentId, InstanceId, DeviceIndex: 1 });
  expect(world.ec2Refusal('DeleteNetworkInterface', { NetworkInterfaceId: id }).code).toBe('InvalidParameterValue');
  world.ec2('DetachNetworkInterface', { AttachmentId });
  expect(world.ec2('DeleteNetworkInterface', { NetworkInterfaceId: id })).toEqual({});
  await world.advance(600_000);
});

test('filters find interfaces by group, description, owner and state', () => {
  const group = world.group(VpcId, 'app');
  const own = world.card(SubnetId, { Groups: [group], Description: 'mine' });
  world.ec2('CreateNetworkInterface', { SubnetId, Description: 'CloudHsm ENI 1' }, byCloudHsm(world));
  const found = (Name: string, ...Values: string[]): string[] =>
    world.ec2<{ NetworkInterfaces: Card[] }>('DescribeNetworkInterfaces', { Filters: [{ Name, Values }] })
      .NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId);

  expect(found('group-id', group)).toEqual([own.id]);
  expect(found('description', 'mine')).toEqual([own.id]);
  expect(found('description', 'CloudHsm*')).toHaveLength(1);
  expect(found('status', 'available')).toEqual([own.id]);
  expect(found('subnet-id', SubnetId)).toHaveLength(2);
});
