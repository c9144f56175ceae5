import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface TopicRecord {
  readonly name: string;
  readonly arn: string;
  readonly attributes: { readonly [name: string]: string };
  readonly tags: readonly Tag[];
  readonly published: number;
}

export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly owner: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** What a person or a web server would have to confirm first. */
  readonly pending: boolean;
  readonly attributes: { readonly [name: string]: string };
}

export function topics(context: Context): Table<TopicRecord> {
  return context.table('sns/topics');
}

/** By ARN. */
export function subscriptions(context: Context): Table<SubscriptionRecord> {
  return context.table('sns/subscriptions');
}

export function subscriptionsOf(context: Context, topicArn: string): SubscriptionRecord[] {
  return subscriptions(context).values().filter((subscription) => subscription.topicArn === topicArn);
}
