import { sns } from '../../src/services/sns/service';
import { sqs } from '../../src/services/sqs/service';
import type { Context, Service } from '../../src/wire/operation';
import { letsIn, World } from '../_helpers/world';

let world: World;
let TopicArn: string;
let QueueUrl: string;
const invoked: object[] = [];
const lambda: Service = {
  name: 'lambda',
  operations: {
    EmulatedGuard: () => ({ policy: letsIn('sns') }),
    Invoke: (_context: Context, input: { Payload: Buffer }) => {
      invoked.push(JSON.parse(input.Payload.toString()) as object);
      return { StatusCode: 202 };
    },
  },
};
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:123456789012:inbox';

beforeEach(() => {
  invoked.length = 0;
  world = new World({ services: [sns, sqs, lambda] });
  TopicArn = world.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'news' }).TopicArn;
  QueueUrl = world.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'inbox', Attributes: { Policy: letsIn('sns') } }).QueueUrl;
});
afterEach(() => world.stop());

const subscribe = (more: object = {}) =>
  world.call<{ SubscriptionArn: string }>('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN, ...more }).SubscriptionArn;
const publish = (Message: string, more: object = {}) => world.call('sns', 'Publish', { TopicArn, Message, ...more });
const inbox = () => (world.call<{ Messages?: Array<{ Body: string }> }>('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }).Messages ?? []).map(({ Body }) => Body);

test('a queue gets the notification in its envelope', () => {
  subscribe();
  const { MessageId } = publish('hello', { Subject: 'greeting', MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } } });
  expect(inbox().map((body) => JSON.parse(body) as object)).toMatchObject([{
    Type: 'Notification', MessageId, TopicArn, Subject: 'greeting', Message: 'hello', MessageAttributes: { kind: { Type: 'String', Value: 'a' } },
  }]);
});

test('raw delivery brings the bare text', () => {
  subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  publish('hello');
  expect(inbox()).toEqual(['hello']);
});

test('a structured message has its own text for queues', () => {
  subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  publish(JSON.stringify({ default: 'for all', sqs: 'for queues' }), { MessageStructure: 'json' });
  expect(inbox()).toEqual(['for queues']);
  expect(world.refusal('sns', 'Publish', { TopicArn, Message: '{}', MessageStructure: 'json' }).code).toBe('InvalidParameterException');
});

test('a filter lets through what it names, by attribute or by body', () => {
  const arn = subscribe({ Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ kind: ['a', { prefix: 'b' }], size: [{ numeric: ['>', 3] }] }) } });
  const attributes = (kind: string, size: number) => ({ MessageAttributes: { kind: { DataType: 'String', StringValue: kind }, size: { DataType: 'Number', StringValue: String(size) } } });
  publish('1', attributes('a', 4));
  publish('2', attributes('bee', 4));
  publish('3', attributes('c', 4));
  publish('4', attributes('a', 3));
  publish('5');
  expect(inbox()).toEqual(['1', '2']);
  world.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName: 'FilterPolicyScope', AttributeValue: 'MessageBody' });
  world.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName: 'FilterPolicy', AttributeValue: '{"a":{"b":["x"]}}' });
  publish('{"a":{"b":"x"}}');
  publish('{"a":{"b":"y"}}');
  publish('text');
  expect(inbox()).toEqual(['{"a":{"b":"x"}}']);
});

test('a function is invoked with the record', async () => {
  subscribe({ Protocol: 'lambda', Endpoint: 'arn:aws:lambda:us-east-1:123456789012:function:f' });
  publish('hello');
  await world.advance(0);
  expect(invoked).toMatchObject([{ Records: [{ EventSource: 'aws:sns', Sns: { Message: 'hello', TopicArn } }] }]);
});

test('a queue that is gone keeps nobody else from the message', () => {
  subscribe({ Endpoint: 'arn:aws:sqs:us-east-1:123456789012:gone' });
  subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  publish('hello');
  expect(inbox()).toEqual(['hello']);
});

test('mail waits for its confirmation', () => {
  expect(subscribe({ Protocol: 'email', Endpoint: 'me@example.com' })).toBe('pending confirmation');
  const pending = () => world.call<{ Attributes: Record<string, string> }>('sns', 'GetTopicAttributes', { TopicArn }).Attributes.SubscriptionsPending;
  expect(pending()).toBe('1');
  const arn = subscribe({ Protocol: 'email', Endpoint: 'me@example.com', ReturnSubscriptionArn: true });
  world.call('sns', 'ConfirmSubscription', { TopicArn, Token: arn.split(':').pop() });
  expect(pending()).toBe('0');
});

test('after Unsubscribe and after DeleteTopic nothing comes', () => {
  const arn = subscribe();
  world.call('sns', 'Unsubscribe', { SubscriptionArn: arn });
  publish('hello');
  expect(inbox()).toEqual([]);
  world.call('sns', 'DeleteTopic', { TopicArn });
  expect(world.refusal('sns', 'Publish', { TopicArn, Message: 'x' })).toMatchObject({ code: 'NotFoundException', message: 'Topic does not exist' });
});

test('a policy that was put is given back, and an empty one is the default again', () => {
  const policy = () => JSON.parse(world.call<{ Attributes: Record<string, string> }>('sns', 'GetTopicAttributes', { TopicArn }).Attributes.Policy) as { Id?: string };
  const put = (AttributeValue: string) => world.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  put('{"Id":"mine"}');
  expect(policy().Id).toBe('mine');
  put('');
  expect(policy().Id).toBe('__default_policy_ID');
});

test('creating a topic again gives the same one, with other attributes it is refused', () => {
  expect(world.call('sns', 'CreateTopic', { Name: 'news' })).toEqual({ TopicArn });
  expect(world.refusal('sns', 'CreateTopic', { Name: 'news', Attributes: { DisplayName: 'x' } }).code).toBe('InvalidParameterException');
});
