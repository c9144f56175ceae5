import { fieldsOfBody, passes } from './filter-policy';
import { subscriptionsOf } from './state';
import type { SubscriptionRecord, TopicRecord } from './state';
import type { Caller, Context } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array | string;
}

export interface Message {
  readonly id: string;
  readonly text: string;
  readonly subject?: string;
  readonly structure?: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** Hands a message to every subscriber it is for. What cannot take it does not keep the others from it. */
export function deliver(context: Context, topic: TopicRecord, message: Message): void {
  for (const subscription of subscriptionsOf(context, topic.arn)) {
    if (subscription.pending || !isFor(subscription, message)) continue;
    try {
      deliverTo(context, subscription, message);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      context.emit('DeliveryFailed', subscription.endpoint);
    }
  }
}

function deliverTo(context: Context, subscription: SubscriptionRecord, message: Message): void {
  const { protocol, endpoint } = subscription;
  const [, , , region, account] = endpoint.split(':');
  switch (protocol) {
    case 'sqs': {
      const raw = subscription.attributes.RawMessageDelivery === 'true';
      context.at({ account, region }).call('sqs', 'SendMessage', {
        QueueUrl: `${account}/${endpoint.split(':')[5]}`,
        MessageBody: raw ? textFor(message, 'sqs') : JSON.stringify(envelope(context, subscription, message)),
        ...(raw && Object.keys(message.attributes).length > 0 ? { MessageAttributes: message.attributes } : {}),
        ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
        ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
      }, service(context, subscription.topicArn));
      return;
    }
    case 'lambda': {
      const { SigningCertURL, UnsubscribeURL, MessageAttributes = {}, ...notification } = envelope(context, subscription, message);
      const Sns = { ...notification, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL, MessageAttributes };
      const event = { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns }] };
      context.at({ account, region }).callLater(
        'lambda', 'Invoke', { FunctionName: endpoint, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) },
        { kind: 'delivered', args: { endpoint } }, service(context, subscription.topicArn));
      return;
    }
    default:
      // Mail, telephones and web servers are outside.
      context.emit('NotDelivered', endpoint);
  }
}

function envelope(context: Context, subscription: SubscriptionRecord, message: Message): Record<string, unknown> {
  const host = `https://sns.${context.region}.amazonaws.com`;
  return {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: subscription.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: textFor(message, subscription.protocol),
    Timestamp: new Date(context.kernel.hostTime(context.now)).toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: `${host}/SimpleNotificationService-00000000000000000000000000000000.pem`,
    UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(Object.keys(message.attributes).length === 0 ? {} : {
      MessageAttributes: Object.fromEntries(Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) =>
        [name, { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue as Uint8Array ?? '').toString('base64') }])),
    }),
  };
}

/** A structured message has a text per protocol, and one for the rest. */
function textFor({ text, structure }: Message, protocol: string): string {
  if (structure !== 'json') return text;
  const texts = JSON.parse(text) as Record<string, string>;
  return texts[protocol] ?? texts.default;
}

function isFor({ attributes }: SubscriptionRecord, message: Message): boolean {
  if (attributes.FilterPolicy === undefined) return true;
  const policy = JSON.parse(attributes.FilterPolicy) as Record<string, unknown>;
  if (attributes.FilterPolicyScope !== 'MessageBody') return passes(policy, new Map(Object.entries(message.attributes).map(([name, value]) => [name, valuesOf(value)])));
  try {
    return passes(policy, fieldsOfBody(JSON.parse(message.text)));
  } catch {
    // Only JSON can pass a filter on the body.
    return false;
  }
}

function valuesOf({ DataType, StringValue = '' }: MessageAttribute): readonly unknown[] {
  if (DataType === 'Number') return [Number(StringValue)];
  return DataType === 'String.Array' ? [JSON.parse(StringValue)].flat() : [StringValue];
}

function service(context: Context, source: string): Partial<Caller> {
  const name = 'sns.amazonaws.com';
  return {
    principal: { kind: 'service', account: context.account, service: name, source, arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/${name}` },
    position: { kind: 'service', service: 'sns' },
    activityId: undefined,
  };
}
