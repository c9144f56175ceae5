import { subscriptions, topics } from './state';
import type { SubscriptionRecord, TopicRecord } from './state';
import { refusal } from './text';
import type { Context } from '../../wire/operation';

export interface Found<T> {
  readonly record: T;
  readonly context: Context;
}

export function findTopic(context: Context, arn: string): Found<TopicRecord> {
  const { place, name } = placeOf(context, arn);
  const record = topics(place).get(name);
  if (!record) throw refusal(context, 'NotFoundException', 'text-no-topic');
  return { record, context: place };
}

export function findSubscription(context: Context, arn: string): Found<SubscriptionRecord> {
  const { place } = placeOf(context, arn);
  const record = subscriptions(place).get(arn);
  if (!record) throw refusal(context, 'NotFoundException', 'text-no-subscription');
  return { record, context: place };
}

/** A topic is where its ARN says; another Region's is not known here. */
function placeOf(context: Context, arn: string): { place: Context; name: string } {
  const [, region, account, name] = /^arn:[^:]+:sns:([^:]+):(\d{12}):([^:]+)/.exec(arn) ?? [];
  if (name === undefined || region !== context.region) throw refusal(context, 'InvalidParameterException', 'text-bad-arn');
  return { place: account === context.account ? context : context.at({ account }), name };
}
