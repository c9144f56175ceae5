import { MINUTE, Network, SECOND } from './network';
import type { Activity } from '../../src/kernel';
import { readUserData } from '../../src/services/ec2/boot-scripts';
import { ec2 } from '../../src/services/ec2/service';
import type { Service } from '../../src/wire/operation';

let world: Network;
let VpcId: string;
let SubnetId: string;
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
  SubnetId = world.subnet(VpcId, '10.0.0.0/24');
});
afterEach(() => world.stop());

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

function profile(name: string = 'client', withRole: boolean = true): void {
  world.call('iam', 'CreateInstanceProfile', { InstanceProfileName: name });
  if (!withRole) return;
  world.call('iam', 'CreateRole', {
    RoleName: `${name}-role`,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] }),
  });
  world.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: `${name}-role` });
}

describe('an instance', () => {
  test('is pending, then running, then its checks pass and its agent starts', async () => {
    const id = world.run(SubnetId);
    const status = (): unknown => world.ec2('DescribeInstanceStatus', { InstanceIds: [id] });

    expect(world.stateOf(id)).toBe('pending');
    expect(status()).toMatchObject({ InstanceStatuses: [] });
    await world.advance(20 * SECOND);
    expect(world.stateOf(id)).toBe('running');
    expect(status()).toMatchObject({ InstanceStatuses: [{ InstanceStatus: { Status: 'initializing' } }] });
    await world.advance(MINUTE);
    expect(world.agents.heard).toEqual([expect.stringMatching(`^${id} started`)]);
    await world.advance(3 * MINUTE);
    expect(status()).toMatchObject({ InstanceStatuses: [{ InstanceStatus: { Status: 'ok' } }] });
  });

  test('has the subnet\'s lowest address, a root volume and tokens required', () => {
    const id = world.run(SubnetId, { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'client' }] }] });

    expect(world.instance(id)).toMatchObject({
      PrivateIpAddress: '10.0.0.4',
      PrivateDnsName: 'ip-10-0-0-4.ec2.internal',
      Architecture: 'x86_64',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true } }],
      NetworkInterfaces: [{ Attachment: { DeviceIndex: 0, DeleteOnTermination: true } }],
      Tags: [{ Key: 'Name', Value: 'client' }],
    });
    expect(world.ec2('DescribeVolumes')).toMatchObject({ Volumes: [{ Size: 8, VolumeType: 'gp3', Encrypted: false, State: 'in-use' }] });
  });

  test('stops and starts with the same address, its agent with it', async () => {
    const id = world.run(SubnetId);
    await world.advance(5 * MINUTE);

    world.ec2('StopInstances', { InstanceIds: [id] });
    expect(world.stateOf(id)).toBe('stopping');
    await world.advance(2 * MINUTE);
    expect(world.stateOf(id)).toBe('stopped');
    world.ec2('StartInstances', { InstanceIds: [id] });
    await world.advance(2 * MINUTE);

    expect(world.instance(id)).toMatchObject({ State: { Name: 'running', Code: 16 }, PrivateIpAddress: '10.0.0.4' });
    expect(world.agents.heard.map((line) => line.split(' ')[1])).toEqual(['started', 'stopped', 'started']);
  });

  test('terminates with its interface and volume, and can be seen for another hour', async () => {
    const id = world.run(SubnetId);
    await world.advance(5 * MINUTE);

    expect(world.ec2('TerminateInstances', { InstanceIds: [id] })).toMatchObject({
      TerminatingInstances: [{ PreviousState: { Name: 'running' }, CurrentState: { Name: 'shutting-down', Code: 32 } }],
    });
    expect(world.ec2Refusal('DeleteSubnet', { SubnetId }).code).toBe('DependencyViolation');
    await world.advance(2 * MINUTE);

    expect(world.stateOf(id)).toBe('terminated');
    expect(world.ec2('DescribeVolumes')).toMatchObject({ Volumes: [] });
    world.ec2('DeleteSubnet', { SubnetId });
    await world.advance(61 * MINUTE);
    expect(world.ec2Refusal('DescribeInstances', { InstanceIds: [id] })).toEqual({
      code: 'InvalidInstanceID.NotFound', message: `The instance ID '${id}' does not exist`,
    });
  });

  test('that is terminated while it is pending never runs', async () => {
    const id = world.run(SubnetId);
    world.ec2('TerminateInstances', { InstanceIds: [id] });

    await world.advance(5 * MINUTE);

    expect(world.stateOf(id)).toBe('terminated');
    expect(world.agents.heard.filter((line) => line.includes('started'))).toEqual([]);
  });

  test('with termination protection stays until it is taken off', () => {
    const id = world.run(SubnetId, { DisableApiTermination: true });

    expect(world.ec2Refusal('TerminateInstances', { InstanceIds: [id] })).toEqual({
      code: 'OperationNotPermitted',
      message: `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    });
    world.ec2('ModifyInstanceAttribute', { InstanceId: id, DisableApiTermination: { Value: false } });
    world.ec2('TerminateInstances', { InstanceIds: [id] });
  });

  test('whose launch was asked for twice with one token is launched once', () => {
    const first = world.run(SubnetId, { ClientToken: 'once' });

    expect(world.run(SubnetId, { ClientToken: 'once' })).toBe(first);
    expect(world.ec2('DescribeInstances')).toMatchObject({ Reservations: { length: 1 } });
  });

  test('never gets its agent when a fault says so', async () => {
    world.kernel.faults.add({ service: 'ec2', operation: 'boot', kind: 'never-online' });
    world.run(SubnetId);

    await world.advance(30 * MINUTE);

    expect(world.agents.heard).toEqual([]);
  });

  test('takes a public address where its subnet gives one, and loses it when it stops', async () => {
    world.ec2('ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } });
    const id = world.run(SubnetId);
    await world.advance(MINUTE);
    expect(world.instance(id).PublicIpAddress).toMatch(/^198\.1[89]\./);

    world.ec2('StopInstances', { InstanceIds: [id] });
    await world.advance(2 * MINUTE);

    expect(world.instance(id).PublicIpAddress).toBeUndefined();
  });

  test('has its type changed only while it is stopped', async () => {
    const id = world.run(SubnetId);
    await world.advance(MINUTE);
    const change = { InstanceId: id, InstanceType: { Value: 't3.large' } };
    expect(world.ec2Refusal('ModifyInstanceAttribute', change).code).toBe('IncorrectInstanceState');

    world.ec2('StopInstances', { InstanceIds: [id] });
    await world.advance(2 * MINUTE);
    world.ec2('ModifyInstanceAttribute', change);

    expect(world.instance(id).InstanceType).toBe('t3.large');
  });
});

describe('a launch is refused', () => {
  const refusal = (more: object): { code: string; message: string } =>
    world.ec2Refusal('RunInstances', { ImageId: world.image(), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId, ...more });

  test('when type and image are of different architectures', () => {
    expect(refusal({ InstanceType: 't4g.micro' }).message).toMatch(
      /^The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI\./);
  });

  test.each([
    ['an unknown image', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound', "The image id '[ami-0123456789abcdef0]' does not exist"],
    ['an image id that is none', { ImageId: 'ami-x' }, 'InvalidAMIID.Malformed', 'Invalid id: "ami-x" (expecting "ami-...")'],
    ['an unknown key pair', { KeyName: 'mine' }, 'InvalidKeyPair.NotFound', "The key pair 'mine' does not exist"],
    ['an unknown profile', { IamInstanceProfile: { Name: 'none' } }, 'InvalidParameterValue', 'Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name'],
    ['user data that is not encoded', { UserData: '#!/bin/sh' }, 'InvalidParameterValue', 'Invalid BASE64 encoding of user data'],
    ['user data that is too long', { UserData: base64('x'.repeat(16385)) }, 'InvalidParameterValue', 'User data is limited to 16384 bytes'],
    ['a hop limit out of range', { MetadataOptions: { HttpPutResponseHopLimit: 65 } }, 'InvalidParameterValue', "A value of '65' is not valid for HttpPutResponseHopLimit. Specify a value between 1 and 64, and then try again."],
    ['a root volume smaller than its image', { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 4 } }] }, 'InvalidBlockDeviceMapping', 'Volume of size 4GB is smaller than snapshot, expect size >= 8GB'],
    ['interfaces and a subnet', { NetworkInterfaces: [{ DeviceIndex: 0 }] }, 'InvalidParameterCombination', 'Network interfaces and an instance-level subnet ID may not be specified on the same request'],
    ['no subnet and no default VPC', { SubnetId: undefined }, 'VPCIdNotSpecified', 'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.'],
  ])('for %s', (_, more, code, message) => {
    expect(refusal(more)).toEqual({ code, message });
  });

  test('for a profile without a role', () => {
    profile('empty', false);

    expect(refusal({ IamInstanceProfile: { Name: 'empty' } }).message).toMatch(/has no associated IAM Roles$/);
  });

  test('when the vCPUs of the account are used up', () => {
    const small = new Network({ overrides: new Map([['ec2/standard-vcpus', 5]]) });
    const subnet = small.subnet(small.vpc(), '10.0.0.0/24');
    small.run(subnet);
    small.run(subnet);

    expect(small.ec2Refusal('RunInstances', { ImageId: small.image(), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: subnet }).code).toBe('VcpuLimitExceeded');
    small.stop();
  });

  test('and leaves nothing behind', () => {
    refusal({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 4 } }] });

    expect(world.ec2('DescribeNetworkInterfaces')).toMatchObject({ NetworkInterfaces: [] });
  });
});

test('a profile is shown with its ARN and exchanged later', () => {
  profile('one');
  profile('two');
  const id = world.run(SubnetId, { IamInstanceProfile: { Name: 'one' } });
  const { IamInstanceProfileAssociations: [{ AssociationId }] } = world.ec2<{ IamInstanceProfileAssociations: Array<{ AssociationId: string }> }>('DescribeIamInstanceProfileAssociations');

  world.ec2('ReplaceIamInstanceProfileAssociation', { AssociationId, IamInstanceProfile: { Name: 'two' } });

  expect(world.instance(id)).toMatchObject({ IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/two' } });
});

describe('user data', () => {
  const script = '#!/bin/bash\necho hello\n';

  /** EC2 with something that runs scripts; what it was asked to run. */
  function withDriver(variants: string[] = []): { there: Network; ran: string[]; end: (exitCode: number) => void } {
    const ran: string[] = [];
    let running: Activity | undefined;
    const driving: Service = {
      ...ec2,
      start: (kernel, host) => {
        ec2.start!(kernel, host);
        kernel.drive('instance-script', {
          run: (activity) => {
            running = activity;
            ran.push(kernel.blobs.get(String(activity.args.script)).toString('utf8'));
          },
          kill: () => undefined,
          lost: () => undefined,
        });
      },
    };
    const there = new Network({ variants }, driving);
    const end = (exitCode: number): void => {
      const { id, args } = running!;
      const { instanceId, account, region } = args as unknown as { instanceId: string; account: string; region: string };
      there.kernel.finish(id, () => there.kernel.after(0, { kind: 'ec2.boot-script-ended', args: { account, region, instanceId, exitCode } }));
    };
    return { there, ran, end };
  }

  test('runs on the first boot only, and the agent does not wait for it', async () => {
    const { there, ran, end } = withDriver();
    const id = there.run(there.subnet(there.vpc(), '10.0.0.0/24'), { UserData: base64(script) });
    const done = there.advance(MINUTE);
    await until(() => ran.length === 1);
    end(0);
    await done;

    expect(ran).toEqual([script]);
    expect(there.agents.heard).toHaveLength(1);
    there.ec2('StopInstances', { InstanceIds: [id] });
    await there.advance(2 * MINUTE);
    there.ec2('StartInstances', { InstanceIds: [id] });
    await there.advance(2 * MINUTE);
    expect(ran).toHaveLength(1);
    there.stop();
  });

  test('keeps the agent waiting in the other variant, even when it fails', async () => {
    const { there, ran, end } = withDriver(['other']);
    there.run(there.subnet(there.vpc(), '10.0.0.0/24'), { UserData: base64(script) });
    const done = there.advance(5 * MINUTE);
    await until(() => ran.length === 1);
    expect(there.agents.heard).toEqual([]);
    end(1);
    await done;

    expect(there.agents.heard).toHaveLength(1);
    there.stop();
  });

  test('is skipped and named where nothing runs scripts', async () => {
    const skipped: string[] = [];
    const noting: Service = { ...ec2, start: (kernel, host) => ec2.start!(kernel, { ...host, notBuilt: (what) => skipped.push(what) }) };
    const there = new Network({}, noting);
    const id = there.run(there.subnet(there.vpc(), '10.0.0.0/24'), { UserData: base64(script) });
    await there.advance(MINUTE);

    expect(skipped).toEqual([`user data of ${id}: nothing runs scripts here`]);
    there.stop();
  });

  test.each([
    ['a script', script, [script], []],
    ['cloud-config', '#cloud-config\npackages: [jq]\n', [], ['text/cloud-config']],
    ['nothing', '', [], []],
    ['a multipart of both', [
      'Content-Type: multipart/mixed; boundary="//"', 'MIME-Version: 1.0', '', '--//', 'Content-Type: text/cloud-config; charset="us-ascii"', '', '#cloud-config', '',
      '--//', 'Content-Type: text/x-shellscript; charset="us-ascii"', '', '#!/bin/sh', 'date', '--//--', '',
    ].join('\n'), ['#!/bin/sh\ndate\n'], ['text/cloud-config']],
  ])('is read as %s', (_, text, scripts, others) => {
    const found = readUserData(base64(text));

    expect(found.scripts.map(String)).toEqual(scripts);
    expect(found.others).toEqual(others);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
