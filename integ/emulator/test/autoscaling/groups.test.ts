import { publishImage } from '../../src/services/ec2/images';
import { MINUTE, Network, SECOND } from '../ec2/network';

interface Member {
  readonly InstanceId: string;
  readonly AvailabilityZone: string;
  readonly LifecycleState: string;
  readonly LaunchTemplate: { readonly Version: string };
  readonly ImageId: string;
}

interface Activity {
  readonly StatusCode: string;
  readonly Description: string;
  readonly StatusMessage?: string;
}

let world: Network;
let subnets: string[];
let LaunchTemplateId: string;
beforeEach(() => {
  world = new Network();
  const vpc = world.vpc();
  subnets = ['a', 'b', 'c'].map((zone, at) => world.subnet(vpc, `10.0.${at}.0/24`, `us-east-1${zone}`));
  LaunchTemplateId = world.ec2<{ LaunchTemplate: { LaunchTemplateId: string } }>('CreateLaunchTemplate', {
    LaunchTemplateName: 'client',
    LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: 't3.micro' },
  }).LaunchTemplate.LaunchTemplateId;
});
afterEach(() => world.stop());

const asg = <O = Record<string, unknown>>(operation: string, input: object = {}): O =>
  world.call<O>('autoscaling', operation, { AutoScalingGroupName: 'clients', ...input });
const refusal = (operation: string, input: object = {}): { code: string; message: string } => {
  const { code, message } = world.refusal('autoscaling', operation, { AutoScalingGroupName: 'clients', ...input });
  return { code, message };
};
const definition = (more: object = {}): object => ({
  MinSize: 0, MaxSize: 6, DesiredCapacity: 3, VPCZoneIdentifier: subnets.join(','), LaunchTemplate: { LaunchTemplateId, Version: '$Latest' }, ...more,
});
const group = (): { Instances: Member[]; DesiredCapacity: number; Status?: string } | undefined =>
  world.call<{ AutoScalingGroups: Array<{ Instances: Member[]; DesiredCapacity: number; Status?: string }> }>(
    'autoscaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: ['clients'] }).AutoScalingGroups[0];
const states = (): string[] => group()!.Instances.map(({ LifecycleState }) => LifecycleState);
const ids = (): string[] => group()!.Instances.map(({ InstanceId }) => InstanceId);
const activities = (): Activity[] => world.call<{ Activities: Activity[] }>('autoscaling', 'DescribeScalingActivities').Activities;

test('a group launches its instances over its zones and takes them in service', async () => {
  asg('CreateAutoScalingGroup', definition({ Tags: [{ Key: 'Name', Value: 'client', PropagateAtLaunch: true }, { Key: 'own', Value: 'x', PropagateAtLaunch: false }] }));
  expect(states()).toEqual([]);

  await world.advance(6 * SECOND);
  expect(states()).toEqual(['Pending', 'Pending', 'Pending']);
  await world.advance(MINUTE);

  expect(states()).toEqual(['InService', 'InService', 'InService']);
  expect(group()!.Instances.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  expect(world.instance(ids()[0])).toMatchObject({
    ImageId: world.image(),
    Tags: expect.arrayContaining([{ Key: 'Name', Value: 'client' }, { Key: 'aws:autoscaling:groupName', Value: 'clients' }]),
  });
  expect(JSON.stringify(world.instance(ids()[0]).Tags)).not.toContain('own');
  expect(activities()).toHaveLength(3);
  expect(activities()[0]).toMatchObject({ StatusCode: 'Successful', Description: `Launching a new EC2 instance: ${ids()[2]}` });
  expect(world.call('iam', 'GetRole', { RoleName: 'AWSServiceRoleForAutoScaling' })).toBeDefined();
});

test('the capacity goes up and down, from the fullest zone and the oldest instance', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 4 }));
  await world.advance(MINUTE);
  const before = ids();

  asg('SetDesiredCapacity', { DesiredCapacity: 3 });
  await world.advance(2 * MINUTE);

  expect(ids()).toEqual(before.slice(1));
  expect(world.stateOf(before[0])).toBe('terminated');
});

test('an instance that is terminated by hand is replaced', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 1 }));
  await world.advance(MINUTE);
  const [first] = ids();

  world.ec2('TerminateInstances', { InstanceIds: [first] });
  await world.advance(5 * MINUTE);

  expect(states()).toEqual(['InService']);
  expect(ids()).not.toContain(first);
});

test('an instance that is stopped by hand is unhealthy, and replaced', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 1 }));
  await world.advance(MINUTE);
  const [first] = ids();

  world.ec2('StopInstances', { InstanceIds: [first] });
  await world.advance(5 * MINUTE);

  expect(world.stateOf(first)).toBe('terminated');
  expect(states()).toEqual(['InService']);
});

test('suspended processes leave things as they are until they are resumed', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 1 }));
  await world.advance(MINUTE);
  asg('SuspendProcesses', { ScalingProcesses: ['Launch'] });
  asg('SetDesiredCapacity', { DesiredCapacity: 2 });
  await world.advance(5 * MINUTE);
  expect(states()).toHaveLength(1);

  asg('ResumeProcesses');
  await world.advance(5 * MINUTE);

  expect(states()).toHaveLength(2);
  expect(refusal('SuspendProcesses', { ScalingProcesses: ['Sleep'] }).code).toBe('ValidationError');
});

test('a newer version of the template and a newer image come with new instances, and with a refresh', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 2 }));
  await world.advance(MINUTE);
  const before = ids();
  world.ec2('CreateLaunchTemplateVersion', { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 't3.small' } });
  const newest = publishImage(world.kernel, { region: 'us-east-1' })['al2023-x86_64'];

  const { InstanceRefreshId } = asg<{ InstanceRefreshId: string }>('StartInstanceRefresh');
  expect(refusal('StartInstanceRefresh').code).toBe('InstanceRefreshInProgress');
  await world.advance(20 * MINUTE);

  expect(asg('DescribeInstanceRefreshes')).toMatchObject({ InstanceRefreshes: [{ InstanceRefreshId, Status: 'Successful', PercentageComplete: 100 }] });
  expect(ids().filter((id) => before.includes(id))).toEqual([]);
  expect(group()!.Instances).toMatchObject([
    { LaunchTemplate: { Version: '2' }, ImageId: newest, LifecycleState: 'InService' }, { LaunchTemplate: { Version: '2' }, ImageId: newest },
  ]);
});

describe('lifecycle hooks', () => {
  const hook = (transition: string, more: object = {}): void => {
    asg('PutLifecycleHook', { LifecycleHookName: 'hook', LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`, ...more });
  };

  test('hold an instance until they are answered', async () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 0 }));
    hook('LAUNCHING');
    asg('SetDesiredCapacity', { DesiredCapacity: 1 });
    await world.advance(2 * MINUTE);
    expect(states()).toEqual(['Pending:Wait']);

    asg('CompleteLifecycleAction', { LifecycleHookName: 'hook', InstanceId: ids()[0], LifecycleActionResult: 'CONTINUE' });

    expect(states()).toEqual(['InService']);
    expect(refusal('CompleteLifecycleAction', { LifecycleHookName: 'hook', InstanceId: ids()[0], LifecycleActionResult: 'CONTINUE' }).message)
      .toBe(`No active Lifecycle Action found with instance ID ${ids()[0]}`);
  });

  test('take their default when their time is up, which a heartbeat puts off', async () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 0 }));
    hook('LAUNCHING', { HeartbeatTimeout: 300, DefaultResult: 'CONTINUE' });
    asg('SetDesiredCapacity', { DesiredCapacity: 1 });
    await world.advance(4 * MINUTE);
    asg('RecordLifecycleActionHeartbeat', { LifecycleHookName: 'hook', InstanceId: ids()[0] });
    await world.advance(4 * MINUTE);
    expect(states()).toEqual(['Pending:Wait']);

    await world.advance(2 * MINUTE);

    expect(states()).toEqual(['InService']);
  });

  test('that abandon a launch have the instance replaced', async () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 0 }));
    hook('LAUNCHING');
    asg('SetDesiredCapacity', { DesiredCapacity: 1 });
    await world.advance(2 * MINUTE);
    const [first] = ids();

    asg('CompleteLifecycleAction', { LifecycleHookName: 'hook', InstanceId: first, LifecycleActionResult: 'ABANDON' });
    await world.advance(3 * MINUTE);

    expect(world.stateOf(first)).toBe('terminated');
    expect(states()).toEqual(['Pending:Wait']);
  });

  test('hold an instance that leaves', async () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 1 }));
    await world.advance(MINUTE);
    hook('TERMINATING', { HeartbeatTimeout: 600 });
    const [id] = ids();

    asg('TerminateInstanceInAutoScalingGroup', { InstanceId: id, ShouldDecrementDesiredCapacity: true, AutoScalingGroupName: undefined });
    await world.advance(2 * MINUTE);
    expect(states()).toEqual(['Terminating:Wait']);
    expect(world.stateOf(id)).toBe('running');
    await world.advance(10 * MINUTE);

    expect(states()).toEqual([]);
    expect(world.stateOf(id)).toBe('terminated');
  });

  test.each([
    [{ HeartbeatTimeout: 5 }, 'Heartbeat timeout must be between 30 and 7200 seconds'],
    [{ DefaultResult: 'MAYBE' }, "'MAYBE' is not a valid lifecycle action result: ABANDON or CONTINUE."],
  ])('with %j are refused', (more, message) => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 0 }));

    expect(refusal('PutLifecycleHook', { LifecycleHookName: 'hook', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', ...more }))
      .toEqual({ code: 'ValidationError', message });
  });
});

describe('deleting a group', () => {
  test('is refused while it has instances, and takes them along when it must', async () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 2 }));
    await world.advance(MINUTE);
    const before = ids();

    expect(refusal('DeleteAutoScalingGroup')).toEqual({
      code: 'ResourceInUse', message: 'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
    });
    asg('DeleteAutoScalingGroup', { ForceDelete: true });
    expect(group()).toMatchObject({ Status: 'Delete in progress' });
    expect(refusal('SetDesiredCapacity', { DesiredCapacity: 1 }).message).toBe('The AutoScaling group may not be modified while it is pending delete');
    await world.advance(3 * MINUTE);

    expect(group()).toBeUndefined();
    expect(before.map((id) => world.stateOf(id))).toEqual(['terminated', 'terminated']);
  });

  test('is possible at once when it has been emptied', async () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 1 }));
    await world.advance(MINUTE);
    asg('UpdateAutoScalingGroup', { MinSize: 0, MaxSize: 0 });
    await world.advance(3 * MINUTE);
    expect(group()).toMatchObject({ DesiredCapacity: 0, Instances: [] });

    asg('DeleteAutoScalingGroup');
    await world.advance(MINUTE);

    expect(group()).toBeUndefined();
  });
});

describe('a group is refused', () => {
  test.each([
    [{ MaxSize: 1, MinSize: 2 }, 'Max bound, 1, must be greater than or equal to min bound, 2'],
    [{ DesiredCapacity: 9 }, 'Desired capacity:9 must be between the specified min size:0 and max size:6'],
    [{ VPCZoneIdentifier: undefined }, 'At least one Availability Zone or VPC Subnet is required.'],
    [{ LaunchTemplate: undefined }, 'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.'],
    [{ VPCZoneIdentifier: 'subnet-0123456789abcdef0' }, "The subnet ID 'subnet-0123456789abcdef0' does not exist"],
  ])('for %j', (more, message) => {
    expect(refusal('CreateAutoScalingGroup', definition(more))).toEqual({ code: 'ValidationError', message });
  });

  test('for a template that cannot be launched from, with EC2\'s words', () => {
    world.ec2('CreateLaunchTemplateVersion', { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 't4g.micro' } });

    expect(refusal('CreateAutoScalingGroup', definition()).message)
      .toMatch(/^You must use a valid fully-formed launch template\. The architecture 'arm64' of the specified instance type does not match/);
    expect(world.ec2('DescribeInstances')).toMatchObject({ Reservations: [] });
  });

  test('for a name that is taken', () => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 0 }));

    expect(refusal('CreateAutoScalingGroup', definition()).code).toBe('AlreadyExists');
  });

  test('when there is no such group', () => {
    expect(refusal('SetDesiredCapacity', { DesiredCapacity: 1 }).message).toBe("AutoScalingGroup name not found - AutoScalingGroup 'clients' not found");
  });
});

test('a launch that EC2 refuses is a failed activity, tried again when time passes', async () => {
  world.kernel.faults.add({ service: 'ec2', operation: 'RunInstances', nth: 2, kind: 'error', params: { code: 'InsufficientInstanceCapacity', message: 'No capacity.' } });
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 1 }));
  await world.advance(30 * SECOND);
  expect(activities()).toMatchObject([{ StatusCode: 'Failed', StatusMessage: 'No capacity. Launching EC2 instance failed.' }]);

  await world.advance(10 * MINUTE);

  expect(states()).toEqual(['InService']);
});

test('an instance on standby counts for nothing until it comes back', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 2 }));
  await world.advance(MINUTE);
  const [first] = ids();

  asg('EnterStandby', { InstanceIds: [first], ShouldDecrementDesiredCapacity: true });
  await world.advance(2 * MINUTE);
  expect(states().sort()).toEqual(['InService', 'Standby']);
  asg('ExitStandby', { InstanceIds: [first] });

  expect(group()).toMatchObject({ DesiredCapacity: 2 });
  expect(states()).toEqual(['InService', 'InService']);
});

test('a protected instance is not scaled in', async () => {
  asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 2, NewInstancesProtectedFromScaleIn: true }));
  await world.advance(MINUTE);
  asg('SetDesiredCapacity', { DesiredCapacity: 0 });
  await world.advance(2 * MINUTE);

  expect(states()).toEqual(['InService', 'InService']);
});

test('two groups with the same seed are the same to the last id', async () => {
  const names = async (): Promise<string[]> => {
    asg('CreateAutoScalingGroup', definition({ DesiredCapacity: 2 }));
    await world.advance(MINUTE);
    return [...ids(), ...world.kernel.timeline.entries().map(({ at, service, event, resource }) => `${at} ${service} ${event} ${resource}`)];
  };
  const first = await names();
  world.stop();
  world = new Network();
  const vpc = world.vpc();
  subnets = ['a', 'b', 'c'].map((zone, at) => world.subnet(vpc, `10.0.${at}.0/24`, `us-east-1${zone}`));
  LaunchTemplateId = world.ec2<{ LaunchTemplate: { LaunchTemplateId: string } }>('CreateLaunchTemplate', {
    LaunchTemplateName: 'client',
    LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: 't3.micro' },
  }).LaunchTemplate.LaunchTemplateId;

  expect(await names()).toEqual(first);
});
