import { roleSession } from '../_helpers/world';
import { Network } from '../ec2/network';

let world: Network;

beforeEach(() => {
  world = new Network();
  const VPCZoneIdentifier = world.subnet(world.vpc(), '10.0.0.0/24');
  world.ec2('CreateLaunchTemplate', {
    LaunchTemplateName: 'client',
    LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: 't3.micro' },
  });
  world.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 1, VPCZoneIdentifier, LaunchTemplate: { LaunchTemplateName: 'client' },
    Tags: [{ Key: 'team', Value: 'red', ResourceId: 'web', ResourceType: 'auto-scaling-group', PropagateAtLaunch: false }],
  });
});
afterEach(() => world.stop());

/** Lets a role scale groups that carry the tag, and tries it. */
const scaleAs = (RoleName: string, team: string, prefix: string) => {
  const Condition = { StringEquals: { [`${prefix}:ResourceTag/team`]: team } };
  world.empower(RoleName, { Effect: 'Allow', Action: 'autoscaling:SetDesiredCapacity', Resource: 'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/*', Condition });
  return world.call('autoscaling', 'SetDesiredCapacity', { AutoScalingGroupName: 'web', DesiredCapacity: 1 }, roleSession(RoleName, 'me'));
};

test.each(['aws', 'autoscaling'])('the tags of a group count, as %s:ResourceTag', (prefix) => {
  expect(scaleAs('red', 'red', prefix)).toEqual({});
  expect(() => scaleAs('blue', 'blue', prefix)).toThrow(
    'autoscaling:SetDesiredCapacity on resource: arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/web',
  );
});
