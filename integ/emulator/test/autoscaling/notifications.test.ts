import { autoscaling } from '../../src/services/autoscaling/service';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { ServiceError } from '../../src/wire/operation';
import type { Context } from '../../src/wire/operation';
import { FakeAgents, MINUTE, Network } from '../ec2/network';

interface Told { readonly topic: string; readonly subject: string; readonly message: { readonly [member: string]: unknown } }

let world: Network;
let told: Told[];
let gone: boolean;

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:operations';
const LAUNCH = 'autoscaling:EC2_INSTANCE_LAUNCH';
const TERMINATE = 'autoscaling:EC2_INSTANCE_TERMINATE';

beforeEach(() => {
  told = [];
  gone = false;
  const sns = {
    name: 'sns',
    operations: {
      Publish: (_context: Context, { TopicArn, Subject, Message }: { TopicArn: string; Subject: string; Message: string }) => {
        if (gone) throw new ServiceError('NotFound', 'Topic does not exist');
        told.push({ topic: TopicArn, subject: Subject, message: JSON.parse(Message) });
        return { MessageId: '1' };
      },
    },
  };
  world = new Network({ services: [ec2, iam, autoscaling, new FakeAgents().service, sns] });
  const subnet = world.subnet(world.vpc(), '10.0.0.0/24', 'us-east-1a');
  world.ec2('CreateLaunchTemplate', {
    LaunchTemplateName: 'client',
    LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: 't3.micro' },
  });
  asg('CreateAutoScalingGroup', {
    MinSize: 0, MaxSize: 2, DesiredCapacity: 0, VPCZoneIdentifier: subnet, LaunchTemplate: { LaunchTemplateName: 'client', Version: '$Latest' },
  });
});
afterEach(() => world.stop());

const asg = <O = Record<string, unknown>>(operation: string, input: object = {}): O =>
  world.call<O>('autoscaling', operation, { AutoScalingGroupName: 'clients', ...input });
const put = (types: string[], topic: string = TOPIC) => asg('PutNotificationConfiguration', { TopicARN: topic, NotificationTypes: types });
const wishes = () => world.call<{ NotificationConfigurations: Array<{ NotificationType: string }> }>('autoscaling', 'DescribeNotificationConfigurations')
  .NotificationConfigurations.map(({ NotificationType }) => NotificationType);
const events = () => told.map(({ message }) => message.Event);

test('a topic is told at once that it will be told', () => {
  put([LAUNCH]);

  expect(told).toEqual([{
    topic: TOPIC,
    subject: 'Auto Scaling: test notification for group "clients"',
    message: expect.objectContaining({ Event: 'autoscaling:TEST_NOTIFICATION', AutoScalingGroupName: 'clients', AccountId: '123456789012' }),
  }]);
});

test('the end of a launch and of a termination is told to who asked for it', async () => {
  put([LAUNCH, TERMINATE]);
  asg('SetDesiredCapacity', { DesiredCapacity: 1 });
  await world.advance(2 * MINUTE);
  asg('SetDesiredCapacity', { DesiredCapacity: 0 });
  await world.advance(5 * MINUTE);

  expect(events()).toEqual(['autoscaling:TEST_NOTIFICATION', LAUNCH, TERMINATE]);
  expect(told[1]).toMatchObject({ subject: 'Auto Scaling: launch for group "clients"', message: { EC2InstanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/) } });
});

test('who asked for launches only is told of launches only', async () => {
  put([LAUNCH]);
  asg('SetDesiredCapacity', { DesiredCapacity: 1 });
  await world.advance(2 * MINUTE);
  asg('SetDesiredCapacity', { DesiredCapacity: 0 });
  await world.advance(5 * MINUTE);

  expect(events()).toEqual(['autoscaling:TEST_NOTIFICATION', LAUNCH]);
});

test('a topic that is gone keeps no instance from coming', async () => {
  put([LAUNCH]);
  gone = true;
  asg('SetDesiredCapacity', { DesiredCapacity: 1 });
  await world.advance(2 * MINUTE);

  const { AutoScalingGroups: [group] } = world.call<{ AutoScalingGroups: Array<{ Instances: Array<{ LifecycleState: string }> }> }>('autoscaling', 'DescribeAutoScalingGroups');
  expect(group.Instances.map(({ LifecycleState }) => LifecycleState)).toEqual(['InService']);
});

test('wishes of a topic are replaced, listed one a row, and taken back', () => {
  put([LAUNCH, TERMINATE, 'autoscaling:TEST_NOTIFICATION']);
  const first = wishes();
  put([TERMINATE]);
  const second = wishes();
  asg('DeleteNotificationConfiguration', { TopicARN: TOPIC });

  expect([first, second, wishes()]).toEqual([[LAUNCH, TERMINATE], [TERMINATE], []]);
});

test.each([
  { input: { TopicARN: TOPIC, NotificationTypes: ['autoscaling:NAP'] }, code: 'ValidationError', says: /autoscaling:NAP/ },
  { input: { TopicARN: 'operations', NotificationTypes: [LAUNCH] }, code: 'ValidationError', says: /operations/ },
])('$input is refused', ({ input, code, says }) => {
  expect(world.refusal('autoscaling', 'PutNotificationConfiguration', { AutoScalingGroupName: 'clients', ...input }))
    .toMatchObject({ code, message: expect.stringMatching(says) });
});

test('an eleventh topic is refused', () => {
  for (let number = 0; number < 10; number++) put([LAUNCH], `${TOPIC}-${number}`);

  expect(world.refusal('autoscaling', 'PutNotificationConfiguration', { AutoScalingGroupName: 'clients', TopicARN: TOPIC, NotificationTypes: [LAUNCH] }).code)
    .toBe('LimitExceeded');
});
