import { asService, placesOf } from './ec2';
import type { Activity, Group, GroupTag, Member } from './state';
import type { Context, Output } from '../../wire/operation';

export function zonesOf(context: Context, group: Group): string[] {
  return [...new Set(placesOf(context, group, asService(context, group.serviceLinkedRoleArn)).map(({ zone }) => zone))].sort();
}

export function tagView({ name }: Group, { key, value, propagate }: GroupTag): Output {
  return { ResourceId: name, ResourceType: 'auto-scaling-group', Key: key, Value: value, PropagateAtLaunch: propagate };
}

export function memberView(member: Member): Output {
  return {
    InstanceId: member.instanceId,
    InstanceType: member.type,
    AvailabilityZone: member.zone,
    LifecycleState: member.state,
    HealthStatus: member.health,
    ImageId: member.imageId,
    ProtectedFromScaleIn: member.protectedFromScaleIn,
    LaunchTemplate: {
      LaunchTemplateId: member.template.id,
      LaunchTemplateName: member.template.name,
      Version: String(member.template.version),
    },
  };
}

export function activityView(context: Context, activity: Activity): Output {
  const at = (time: number): Date => new Date(context.kernel.hostTime(time));
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: activity.group,
    AutoScalingGroupARN: activity.groupArn,
    Description: activity.description,
    Cause: `At ${at(activity.startedAt).toISOString().replace(/\.\d+Z$/, 'Z')} ${activity.cause}`,
    StartTime: at(activity.startedAt),
    EndTime: activity.endedAt === undefined ? undefined : at(activity.endedAt),
    StatusCode: activity.status,
    StatusMessage: activity.message,
    Progress: activity.progress,
    Details: '{}',
  };
}
