import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { findSubscription, findTopic } from '../find';
import { page } from '../paging';
import { subscriptions, subscriptionsOf } from '../state';
import type { SubscriptionRecord } from '../state';
import { refusal } from '../text';

interface SubscribeInput {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly ReturnSubscriptionArn?: boolean;
}

/** Protocols whose subscribers need not confirm, within an account. */
const CONFIRMED = ['sqs', 'lambda', 'firehose', 'sms'];
const PROTOCOLS = [...CONFIRMED, 'http', 'https', 'email', 'email-json', 'application'];
const PENDING_ARN = 'pending confirmation';

/** The same endpoint has one subscription. */
export function subscribe(context: Context, input: SubscribeInput): Output {
  const { record: topic, context: place } = findTopic(context, input.TopicArn);
  const { Protocol: protocol, Endpoint: endpoint = '', Attributes: attributes = {} } = input;
  if (!PROTOCOLS.includes(protocol)) throw refusal(context, 'InvalidParameterException', 'text-bad-protocol', { protocol });
  if (['sqs', 'lambda', 'firehose'].includes(protocol) && !endpoint.startsWith('arn:')) throw refusal(context, 'InvalidParameterException', 'text-bad-endpoint', { protocol });
  const present = subscriptionsOf(place, topic.arn).find((each) => each.protocol === protocol && each.endpoint === endpoint);
  const subscription = present ?? make(place, {
    topicArn: topic.arn, owner: context.account, protocol, endpoint, attributes, pending: !CONFIRMED.includes(protocol),
  });
  return { SubscriptionArn: subscription.pending && !input.ReturnSubscriptionArn ? PENDING_ARN : subscription.arn };
}

/** Ending what is over is no error. */
export function unsubscribe(context: Context, { SubscriptionArn }: { readonly SubscriptionArn: string }): void {
  subscriptions(context).delete(SubscriptionArn);
}

/** The token is the end of the subscription's ARN. */
export function confirmSubscription(context: Context, input: { readonly TopicArn: string; readonly Token: string }): Output {
  const { record: topic, context: place } = findTopic(context, input.TopicArn);
  const subscription = subscriptions(place).get(`${topic.arn}:${input.Token}`);
  if (!subscription) throw refusal(context, 'InvalidParameterException', 'text-bad-confirmation');
  subscriptions(place).put(subscription.arn, { ...subscription, pending: false });
  return { SubscriptionArn: subscription.arn };
}

export function listSubscriptions(context: Context, { NextToken }: { readonly NextToken?: string }): Output {
  const { items, next } = page(context, subscriptions(context).values(), NextToken);
  return { Subscriptions: items.map(shown), NextToken: next };
}

export function listSubscriptionsByTopic(context: Context, input: { readonly TopicArn: string; readonly NextToken?: string }): Output {
  const { record: topic, context: place } = findTopic(context, input.TopicArn);
  const { items, next } = page(context, subscriptionsOf(place, topic.arn), input.NextToken);
  return { Subscriptions: items.map(shown), NextToken: next };
}

export function getSubscriptionAttributes(context: Context, { SubscriptionArn }: { readonly SubscriptionArn: string }): Output {
  const { record: subscription } = findSubscription(context, SubscriptionArn);
  return {
    Attributes: {
      RawMessageDelivery: 'false',
      ...subscription.attributes,
      ...(subscription.attributes.FilterPolicy === undefined ? {} : { FilterPolicyScope: subscription.attributes.FilterPolicyScope ?? 'MessageAttributes' }),
      SubscriptionArn: subscription.arn,
      TopicArn: subscription.topicArn,
      Owner: subscription.owner,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      PendingConfirmation: String(subscription.pending),
      ConfirmationWasAuthenticated: String(!subscription.pending),
      SubscriptionPrincipal: `arn:${context.partition}:iam::${subscription.owner}:root`,
    },
  };
}

export function setSubscriptionAttributes(
  context: Context, input: { readonly SubscriptionArn: string; readonly AttributeName: string; readonly AttributeValue?: string },
): void {
  const { record: subscription, context: place } = findSubscription(context, input.SubscriptionArn);
  const { [input.AttributeName]: _before, ...others } = subscription.attributes;
  const attributes = input.AttributeValue ? { ...others, [input.AttributeName]: input.AttributeValue } : others;
  subscriptions(place).put(subscription.arn, { ...subscription, attributes });
}

function make(context: Context, subscription: Omit<SubscriptionRecord, 'arn'>): SubscriptionRecord {
  const arn = `${subscription.topicArn}:${idFormat.uuid(context.id('subscription', subscription.topicArn))}`;
  return subscriptions(context).put(arn, { ...subscription, arn });
}

function shown({ arn, owner, protocol, endpoint, topicArn, pending }: SubscriptionRecord): Output {
  return { SubscriptionArn: pending ? 'PendingConfirmation' : arn, Owner: owner, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn };
}
