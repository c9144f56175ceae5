import { asService } from './ec2';
import { groups, notifications } from './state';
import type { Activity } from './state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** Said of a topic once it is given to a group, before any instance comes or goes. */
export const TEST_NOTIFICATION = 'autoscaling:TEST_NOTIFICATION';

const WORDS: Readonly<Record<string, string>> = {
  'autoscaling:EC2_INSTANCE_LAUNCH': 'launch',
  'autoscaling:EC2_INSTANCE_LAUNCH_ERROR': 'failed launch',
  'autoscaling:EC2_INSTANCE_TERMINATE': 'termination',
  'autoscaling:EC2_INSTANCE_TERMINATE_ERROR': 'failed termination',
};

export const NOTIFICATION_TYPES = [...Object.keys(WORDS), TEST_NOTIFICATION];

/** Tells the topics that asked for this kind of end of an activity. */
export function tellEnd(context: Context, activity: Activity): void {
  const verb = activity.description.startsWith('Launching') ? 'LAUNCH' : activity.description.startsWith('Terminating') ? 'TERMINATE' : undefined;
  if (verb === undefined || activity.status === 'Cancelled') return;
  const type = `autoscaling:EC2_INSTANCE_${verb}${activity.status === 'Failed' ? '_ERROR' : ''}`;
  const time = (at: number) => new Date(context.kernel.hostTime(at)).toISOString();
  for (const { topicArn } of notifications(context).values().filter((wish) => wish.group === activity.group && wish.types.includes(type))) {
    publish(context, activity.group, topicArn, `Auto Scaling: ${WORDS[type]} for group "${activity.group}"`, {
      Event: type,
      AutoScalingGroupARN: activity.groupArn,
      ActivityId: activity.id,
      RequestId: activity.id,
      Description: activity.description,
      Cause: activity.cause,
      StatusCode: activity.status === 'Successful' ? 'InProgress' : activity.status,
      StatusMessage: activity.message ?? '',
      Progress: 50,
      StartTime: time(activity.startedAt),
      EndTime: time(activity.endedAt ?? context.now),
      EC2InstanceId: /: (i-[0-9a-f]+)$/.exec(activity.description)?.[1] ?? '',
    });
  }
}

export function tellTest(context: Context, group: string, topicArn: string): void {
  publish(context, group, topicArn, `Auto Scaling: test notification for group "${group}"`, { Event: TEST_NOTIFICATION });
}

/** A topic that is gone, or does not let the service publish, keeps no instance from coming or going. */
function publish(context: Context, group: string, topicArn: string, subject: string, said: object): void {
  const record = groups(context).get(group);
  const message = {
    Service: 'AWS Auto Scaling',
    Time: new Date(context.kernel.hostTime()).toISOString(),
    AccountId: context.account,
    AutoScalingGroupName: group,
    ...said,
  };
  try {
    context.call('sns', 'Publish', { TopicArn: topicArn, Subject: subject.slice(0, 100), Message: JSON.stringify(message) },
      asService(context, record?.serviceLinkedRoleArn ?? ''));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.emit(`not told: ${error.code}`, group);
  }
}
