import type { Context, Output } from '../../../wire/operation';
import { groupOf, liveGroup } from '../groups';
import { NOTIFICATION_TYPES, TEST_NOTIFICATION, tellTest } from '../notifications';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { notifications } from '../state';

interface OfTopic {
  readonly AutoScalingGroupName: string;
  readonly TopicARN: string;
}

/** Replaces what the topic was told of before. */
export function putNotificationConfiguration(context: Context, input: OfTopic & { readonly NotificationTypes: readonly string[] }): Output {
  const group = liveGroup(context, input.AutoScalingGroupName).name;
  const unknown = input.NotificationTypes.find((type) => !NOTIFICATION_TYPES.includes(type));
  if (unknown !== undefined) throw refuse(context, 'notification-type', unknown);
  if (!/^arn:[^:]+:sns:[^:]+:\d{12}:.+$/.test(input.TopicARN)) throw refuse(context, 'notification-topic', input.TopicARN);
  const key = `${group}/${input.TopicARN}`;
  const topics = notifications(context).values().filter((wish) => wish.group === group && wish.topicArn !== input.TopicARN);
  if (topics.length >= context.row<number>('topics-per-group')) throw refuse(context, 'notification-limit');
  notifications(context).put(key, { group, topicArn: input.TopicARN, types: [...new Set(input.NotificationTypes)] });
  tellTest(context, group, input.TopicARN);
  return {};
}

export function deleteNotificationConfiguration(context: Context, { AutoScalingGroupName, TopicARN }: OfTopic): Output {
  const { name } = groupOf(context, AutoScalingGroupName);
  notifications(context).delete(`${name}/${TopicARN}`);
  return {};
}

/** One row for each topic and type, as the service lists them; the test notification is no configuration. */
export function describeNotificationConfigurations(
  context: Context, input: PageInput & { readonly AutoScalingGroupNames?: readonly string[] },
): Output {
  const all = notifications(context).values()
    .filter(({ group }) => !input.AutoScalingGroupNames?.length || input.AutoScalingGroupNames.includes(group))
    .flatMap(({ group, topicArn, types }) => types.filter((type) => type !== TEST_NOTIFICATION)
      .map((NotificationType) => ({ AutoScalingGroupName: group, TopicARN: topicArn, NotificationType })));
  const { page, NextToken } = paged(context, all, (row) => Object.values(row).join(' '), input);
  return { NotificationConfigurations: page, NextToken };
}
