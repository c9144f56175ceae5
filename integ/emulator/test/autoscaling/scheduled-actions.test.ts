import { autoscaling } from '../../src/services/autoscaling/service';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { FakeAgents, MINUTE, Network } from '../ec2/network';

let world: Network;

beforeEach(() => {
  world = new Network({ services: [ec2, iam, autoscaling, new FakeAgents().service] });
  const subnet = world.subnet(world.vpc(), '10.0.0.0/24', 'us-east-1a');
  world.ec2('CreateLaunchTemplate', {
    LaunchTemplateName: 'client',
    LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: 't3.micro' },
  });
  asg('CreateAutoScalingGroup', {
    MinSize: 0, MaxSize: 2, DesiredCapacity: 1, VPCZoneIdentifier: subnet, LaunchTemplate: { LaunchTemplateName: 'client', Version: '$Latest' },
  });
});
afterEach(() => world.stop());

const asg = <O = Record<string, unknown>>(operation: string, input: object = {}): O =>
  world.call<O>('autoscaling', operation, { AutoScalingGroupName: 'clients', ...input });
const put = (minutes: number, input: object = { DesiredCapacity: 0 }) => asg('PutScheduledUpdateGroupAction', {
  ScheduledActionName: 'rest', StartTime: new Date(Date.now() + minutes * MINUTE), ...input,
});
const names = () => asg<{ ScheduledUpdateGroupActions: Array<{ ScheduledActionName: string }> }>('DescribeScheduledActions')
  .ScheduledUpdateGroupActions.map(({ ScheduledActionName }) => ScheduledActionName);
const desired = () => world.call<{ AutoScalingGroups: Array<{ DesiredCapacity: number }> }>('autoscaling', 'DescribeAutoScalingGroups')
  .AutoScalingGroups[0].DesiredCapacity;

test('an action is carried out once, at its time or up to a minute later, and is gone', async () => {
  put(30);
  await world.advance(29 * MINUTE);
  const before = { desired: desired(), names: names() };
  await world.advance(3 * MINUTE);

  expect(before).toEqual({ desired: 1, names: ['rest'] });
  expect({ desired: desired(), names: names() }).toEqual({ desired: 0, names: [] });
});

test('one that is given again is put off', async () => {
  put(30);
  await world.advance(20 * MINUTE);
  put(30);
  await world.advance(29 * MINUTE);
  const meanwhile = desired();
  await world.advance(3 * MINUTE);

  expect([meanwhile, desired()]).toEqual([1, 0]);
});

test('one that would break the bounds is not carried out', async () => {
  put(1);
  asg('UpdateAutoScalingGroup', { MinSize: 1 });
  await world.advance(3 * MINUTE);

  expect(desired()).toBe(1);
  expect(names()).toEqual([]);
});

test('bounds move what lies outside them', async () => {
  put(1, { MinSize: 2, MaxSize: 2 });
  await world.advance(3 * MINUTE);

  expect(desired()).toBe(2);
});

test('a suspended process, a deletion and the end of the group end it', async () => {
  put(1);
  asg('SuspendProcesses', { ScalingProcesses: ['ScheduledActions'] });
  await world.advance(3 * MINUTE);
  const suspended = desired();
  put(1);
  asg('DeleteScheduledAction', { ScheduledActionName: 'rest' });
  const deleted = names();
  put(1);
  asg('DeleteAutoScalingGroup', { ForceDelete: true });
  await world.advance(3 * MINUTE);

  expect({ suspended, deleted }).toEqual({ suspended: 1, deleted: [] });
  expect(names()).toEqual([]);
});

test.each([
  ['a time that is over', { StartTime: new Date(0), DesiredCapacity: 0 }, 'Given start time is in the past'],
  ['no time', { StartTime: undefined, DesiredCapacity: 0 }, 'Either a start time or a recurrence'],
  ['no size', {}, 'At least one of MinSize, MaxSize and DesiredCapacity'],
])('%s is refused', (_, input, message) => {
  expect(() => put(1, input)).toThrow(message);
});
