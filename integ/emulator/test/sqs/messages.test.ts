import { createHash } from 'node:crypto';
import { sqs } from '../../src/services/sqs/service';
import { World } from '../_helpers/world';

let world: World;
let QueueUrl: string;
beforeEach(() => {
  world = new World({ services: [sqs] });
  QueueUrl = create('jobs');
});
afterEach(() => world.stop());

interface Message {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly Attributes?: Record<string, string>;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
}

function create(QueueName: string, Attributes?: Record<string, string>): string {
  return world.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName, ...(Attributes ? { Attributes } : {}) }).QueueUrl;
}
const send = (MessageBody: string, more: object = {}) => world.call<{ MessageId: string; SequenceNumber: string }>('sqs', 'SendMessage', { QueueUrl, MessageBody, ...more });
const receive = (more: object = {}) => world.call<{ Messages?: Message[] }>('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...more }).Messages ?? [];
const bodies = (more: object = {}) => receive(more).map(({ Body }) => Body);

test('the URL leads to the emulator, and the ARN is that of SQS', () => {
  expect(QueueUrl).toBe('http://127.0.0.1:4566/123456789012/jobs');
  expect(world.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] })).toEqual({ Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:123456789012:jobs' } });
});

test('a received message is hidden until its time is over, and gone when deleted', async () => {
  send('one');
  expect(bodies()).toEqual(['one']);
  expect(bodies()).toEqual([]);
  await world.advance(30_000);
  const [again] = receive({ AttributeNames: ['All'] });
  expect(again.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  world.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: again.ReceiptHandle });
  await world.advance(60_000);
  expect(bodies()).toEqual([]);
});

test('a message given back at once can be received at once', () => {
  send('one');
  const [{ ReceiptHandle }] = receive();
  world.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  expect(bodies()).toEqual(['one']);
});

test('delayed messages come later, and old ones go', async () => {
  send('later', { DelaySeconds: 10 });
  expect(bodies()).toEqual([]);
  await world.advance(10_000);
  expect(bodies({ VisibilityTimeout: 0 })).toEqual(['later']);
  await world.advance(5 * 86_400_000);
  expect(bodies()).toEqual([]);
});

test('the sums that clients check are those of AWS', () => {
  const attributes = { b: { DataType: 'String', StringValue: 'x' }, a: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) } };
  const answer = world.call<{ MD5OfMessageBody: string; MD5OfMessageAttributes: string }>('sqs', 'SendMessage', { QueueUrl, MessageBody: 'body', MessageAttributes: attributes });
  const expected = Buffer.concat([
    Buffer.from('00000001', 'hex'), Buffer.from('a'), Buffer.from('00000006', 'hex'), Buffer.from('Binary'), Buffer.from([2]), Buffer.from('000000020102', 'hex'),
    Buffer.from('00000001', 'hex'), Buffer.from('b'), Buffer.from('00000006', 'hex'), Buffer.from('String'), Buffer.from([1]), Buffer.from('00000001', 'hex'), Buffer.from('x'),
  ]);
  expect(answer.MD5OfMessageBody).toBe(createHash('md5').update('body').digest('hex'));
  expect(answer.MD5OfMessageAttributes).toBe(createHash('md5').update(expected).digest('hex'));
  const [message] = receive({ MessageAttributeNames: ['All'] });
  expect(message.MD5OfMessageAttributes).toBe(answer.MD5OfMessageAttributes);
});

test('what was received too often goes to the dead-letter queue', async () => {
  const dead = create('dead');
  world.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:dead', maxReceiveCount: 2 }) } });
  send('poison');
  for (const expected of [['poison'], ['poison'], []]) {
    expect(bodies()).toEqual(expected);
    await world.advance(30_000);
  }
  expect(bodies({ QueueUrl: dead })).toEqual(['poison']);
  expect(world.call('sqs', 'ListDeadLetterSourceQueues', { QueueUrl: dead })).toEqual({ queueUrls: [QueueUrl] });
});

describe('a FIFO queue', () => {
  beforeEach(() => { QueueUrl = create('jobs.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }); });

  test('a group waits for its message in flight, another group does not', async () => {
    send('a1', { MessageGroupId: 'a' });
    const [{ ReceiptHandle }] = receive();
    send('a2', { MessageGroupId: 'a' });
    send('b1', { MessageGroupId: 'b' });
    expect(bodies()).toEqual(['b1']);
    world.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    expect(bodies()).toEqual(['a2']);
  });

  test('the same message within five minutes is one message', async () => {
    const first = send('same', { MessageGroupId: 'a' });
    expect(send('same', { MessageGroupId: 'a' }).MessageId).toBe(first.MessageId);
    await world.advance(300_000);
    expect(send('same', { MessageGroupId: 'a' }).MessageId).not.toBe(first.MessageId);
  });

  test('a message without a group is refused', () => {
    expect(world.refusal('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' }).message).toBe('The request must contain the parameter MessageGroupId.');
  });
});

test('a batch accepts and refuses entry by entry', () => {
  const answer = world.call<{ Successful: Array<{ Id: string }>; Failed: Array<{ Id: string; Code: string }> }>('sqs', 'SendMessageBatch', {
    QueueUrl, Entries: [{ Id: '1', MessageBody: 'fits' }, { Id: '2', MessageBody: 'x'.repeat(262_145) }],
  });
  expect(answer.Successful.map(({ Id }) => Id)).toEqual(['1']);
  expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameterValue' }]);
  expect(world.refusal('sqs', 'SendMessageBatch', { QueueUrl, Entries: [{ Id: '1', MessageBody: 'a' }, { Id: '1', MessageBody: 'b' }] }).code).toBe('BatchEntryIdsNotDistinct');
});

test('a name can be used again with the same attributes only', () => {
  expect(create('jobs', { VisibilityTimeout: '30' })).toBe(QueueUrl);
  expect(world.refusal('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { VisibilityTimeout: '31' } })).toMatchObject({
    code: 'QueueNameExists', message: 'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
  });
});

test('a deleted queue is not there, whichever URL leads to it', () => {
  world.call('sqs', 'DeleteQueue', { QueueUrl });
  expect(world.refusal('sqs', 'SendMessage', { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs', MessageBody: 'x' }))
    .toMatchObject({ code: 'QueueDoesNotExist', message: 'The specified queue does not exist.' });
});

test.each([
  ['VisibilityTimeout', '43201', '43200'], ['DelaySeconds', '901', '900'], ['DelaySeconds', 'abc', '0'], ['DelaySeconds', '-1', ''], ['MessageRetentionPeriod', '59', '60'],
  ['ReceiveMessageWaitTimeSeconds', '21', '20'], ['MaximumMessageSize', '1023', '1024'],
])('%s may not be %s, and may be %j', (name, wrong, right) => {
  const expected = { code: 'InvalidAttributeValue', message: `Invalid value for the parameter ${name}.` };

  expect(world.refusal('sqs', 'CreateQueue', { QueueName: 'other', Attributes: { [name]: wrong } })).toMatchObject(expected);
  expect(world.refusal('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { [name]: wrong } })).toMatchObject(expected);
  world.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { [name]: right } });
});
