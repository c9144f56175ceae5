import type { Context, Output } from '../../../wire/operation';
import { findTopic } from '../find';
import { page } from '../paging';
import { subscriptions, subscriptionsOf, topics } from '../state';
import type { Tag, TopicRecord } from '../state';
import { refusal } from '../text';

type Attributes = Readonly<Record<string, string>>;

interface TopicInput {
  readonly TopicArn: string;
}

/** The same name is the same topic. */
export function createTopic(
  context: Context,
  input: { readonly Name: string; readonly Attributes?: Attributes; readonly Tags?: readonly Tag[] },
): Output {
  const { Name: name, Attributes: attributes = {}, Tags: tags = [] } = input;
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name.replace(/\.fifo$/, ''))) throw refusal(context, 'InvalidParameterException', 'text-bad-name');
  if ((attributes.FifoTopic === 'true') !== name.endsWith('.fifo')) throw refusal(context, 'InvalidParameterException', 'text-fifo-name');
  const present = topics(context).get(name);
  if (present) {
    const differs = Object.entries(attributes).some(([attribute, value]) => value !== (present.attributes[attribute] ?? ''));
    if (differs) throw refusal(context, 'InvalidParameterException', 'text-other-attributes');
    return { TopicArn: present.arn };
  }
  const arn = context.arn('sns', name);
  topics(context).put(name, { name, arn, attributes, tags, published: 0 });
  context.emit('Created', name);
  return { TopicArn: arn };
}

/** Deleting what is not there is no error. */
export function deleteTopic(context: Context, { TopicArn }: TopicInput): void {
  const name = TopicArn.split(':').pop()!;
  if (!topics(context).has(name)) return;
  subscriptionsOf(context, TopicArn).forEach(({ arn }) => subscriptions(context).delete(arn));
  topics(context).delete(name);
  context.emit('Deleted', name);
}

export function listTopics(context: Context, { NextToken }: { readonly NextToken?: string }): Output {
  const { items, next } = page(context, topics(context).values(), NextToken);
  return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
}

export function getTopicAttributes(context: Context, { TopicArn }: TopicInput): Output {
  const { record: topic, context: place } = findTopic(context, TopicArn);
  const all = subscriptionsOf(place, topic.arn);
  return {
    Attributes: {
      Policy: defaultPolicy(place, topic),
      DisplayName: '',
      EffectiveDeliveryPolicy: EFFECTIVE_DELIVERY_POLICY,
      ...topic.attributes,
      Owner: place.account,
      TopicArn: topic.arn,
      SubscriptionsPending: String(all.filter(({ pending }) => pending).length),
      SubscriptionsConfirmed: String(all.filter(({ pending }) => !pending).length),
      SubscriptionsDeleted: '0',
    },
  };
}

/** An empty text takes an attribute back to what AWS has by itself. */
export function setTopicAttributes(context: Context, input: TopicInput & { readonly AttributeName: string; readonly AttributeValue?: string }): void {
  const { record: topic, context: place } = findTopic(context, input.TopicArn);
  const { [input.AttributeName]: before, ...others } = topic.attributes;
  if (input.AttributeName === 'FifoTopic' && before !== input.AttributeValue) throw refusal(context, 'InvalidParameterException', 'text-fifo-fixed');
  topics(place).put(topic.name, { ...topic, attributes: input.AttributeValue ? { ...others, [input.AttributeName]: input.AttributeValue } : others });
}

export function tagResource(context: Context, input: { readonly ResourceArn: string; readonly Tags: readonly Tag[] }): void {
  const { record: topic, context: place } = findTopic(context, input.ResourceArn);
  topics(place).put(topic.name, { ...topic, tags: [...topic.tags.filter(({ Key }) => !input.Tags.some((tag) => tag.Key === Key)), ...input.Tags] });
}

export function untagResource(context: Context, input: { readonly ResourceArn: string; readonly TagKeys: readonly string[] }): void {
  const { record: topic, context: place } = findTopic(context, input.ResourceArn);
  topics(place).put(topic.name, { ...topic, tags: topic.tags.filter(({ Key }) => !input.TagKeys.includes(Key)) });
}

export function listTagsForResource(context: Context, { ResourceArn }: { readonly ResourceArn: string }): Output {
  return { Tags: findTopic(context, ResourceArn).record.tags };
}

export function defaultPolicy(context: Context, topic: TopicRecord): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [{
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission', 'SNS:DeleteTopic', 'SNS:Subscribe',
        'SNS:ListSubscriptionsByTopic', 'SNS:Publish',
      ],
      Resource: topic.arn,
      Condition: { StringEquals: { 'AWS:SourceOwner': context.account } },
    }],
  });
}

const EFFECTIVE_DELIVERY_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3, numMaxDelayRetries: 0, numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});
