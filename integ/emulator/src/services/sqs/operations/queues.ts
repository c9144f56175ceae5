import type { Context, Output } from '../../../wire/operation';
import { checkAttributes } from '../attributes';
import { findQueue, urlOf } from '../find';
import { attributeOf, DEFAULTS, messageKey, messages, messagesOf, queues } from '../state';
import type { QueueRecord } from '../state';
import { refusal } from '../text';

type Attributes = Readonly<Record<string, string>>;

interface QueueInput {
  readonly QueueUrl: string;
}

/** The same name with the same attributes is the same queue. */
export function createQueue(
  context: Context,
  input: { readonly QueueName: string; readonly Attributes?: Attributes; readonly tags?: Attributes },
): Output {
  const { QueueName: name, Attributes: attributes = {} } = input;
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80) throw refusal(context, 'InvalidParameterValue', 'text-bad-name');
  if (attributes.FifoQueue === 'true' && !name.endsWith('.fifo')) throw refusal(context, 'InvalidParameterValue', 'text-fifo-name');
  checkAttributes(context, attributes);
  const present = queues(context).get(name);
  if (present) {
    const other = Object.keys(attributes).find((attribute) => attributes[attribute] !== attributeOf(present, attribute));
    if (other !== undefined) throw refusal(context, 'QueueNameExists', 'text-name-taken', { attribute: other });
  } else {
    queues(context).put(name, { name, arn: context.arn('sqs', name), createdAt: context.now, modifiedAt: context.now, attributes, tags: input.tags ?? {} });
    context.emit('Created', name);
  }
  return { QueueUrl: urlOf(context, name) };
}

export function deleteQueue(context: Context, { QueueUrl }: QueueInput): void {
  const { queue, context: place } = findQueue(context, QueueUrl);
  drain(place, queue);
  queues(place).delete(queue.name);
  place.emit('Deleted', queue.name);
}

export function purgeQueue(context: Context, { QueueUrl }: QueueInput): void {
  const { queue, context: place } = findQueue(context, QueueUrl);
  drain(place, queue);
}

export function getQueueUrl(context: Context, input: { readonly QueueName: string; readonly QueueOwnerAWSAccountId?: string }): Output {
  const { queue, context: place } = findQueue(context, `${input.QueueOwnerAWSAccountId ?? context.account}/${input.QueueName}`);
  return { QueueUrl: urlOf(place, queue.name) };
}

export function listQueues(
  context: Context,
  input: { readonly QueueNamePrefix?: string; readonly MaxResults?: number; readonly NextToken?: string },
): Output {
  const names = queues(context).values().map(({ name }) => name).filter((name) => name.startsWith(input.QueueNamePrefix ?? '') && name > fromToken(input.NextToken)).sort();
  const shown = names.slice(0, input.MaxResults ?? 1_000);
  return {
    QueueUrls: shown.map((name) => urlOf(context, name)),
    NextToken: shown.length < names.length && input.MaxResults !== undefined ? Buffer.from(shown[shown.length - 1]).toString('base64url') : undefined,
  };
}

export function getQueueAttributes(context: Context, input: QueueInput & { readonly AttributeNames?: readonly string[] }): Output {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  const wanted = input.AttributeNames ?? [];
  const shown = Object.entries(describe(place, queue)).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {};
}

/** An empty text takes an attribute back to its default. */
export function setQueueAttributes(context: Context, input: QueueInput & { readonly Attributes: Attributes }): void {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  checkAttributes(context, input.Attributes);
  const attributes = Object.fromEntries(Object.entries({ ...queue.attributes, ...input.Attributes }).filter(([, value]) => value !== ''));
  queues(place).put(queue.name, { ...queue, attributes, modifiedAt: context.now });
}

export function listDeadLetterSourceQueues(context: Context, { QueueUrl }: QueueInput): Output {
  const { queue, context: place } = findQueue(context, QueueUrl);
  const sources = queues(place).values().filter(({ attributes }) => attributes.RedrivePolicy !== undefined
    && (JSON.parse(attributes.RedrivePolicy) as { deadLetterTargetArn?: string }).deadLetterTargetArn === queue.arn);
  return { queueUrls: sources.map(({ name }) => urlOf(place, name)) };
}

export function tagQueue(context: Context, input: QueueInput & { readonly Tags: Attributes }): void {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  queues(place).put(queue.name, { ...queue, tags: { ...queue.tags, ...input.Tags } });
}

export function untagQueue(context: Context, input: QueueInput & { readonly TagKeys: readonly string[] }): void {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  queues(place).put(queue.name, { ...queue, tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !input.TagKeys.includes(key))) });
}

export function listQueueTags(context: Context, { QueueUrl }: QueueInput): Output {
  const { tags } = findQueue(context, QueueUrl).queue;
  return Object.keys(tags).length > 0 ? { Tags: tags } : {};
}

function describe(context: Context, queue: QueueRecord): Record<string, string> {
  const present = messagesOf(context, queue);
  const later = present.filter(({ visibleAt }) => visibleAt > context.now);
  const inFlight = later.filter(({ receiveCount }) => receiveCount > 0).length;
  const seconds = (at: number) => String(Math.floor(context.kernel.hostTime(at) / 1_000));
  return {
    ...DEFAULTS,
    // One kind of encryption at a time.
    ...(queue.attributes.KmsMasterKeyId === undefined ? {} : {
      SqsManagedSseEnabled: 'false', KmsDataKeyReusePeriodSeconds: String(context.row<number>('sqs/data-key-reuse-seconds')),
    }),
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(present.length - later.length),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(later.length - inFlight),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
  };
}

function drain(context: Context, queue: QueueRecord): void {
  messages(context).values().filter((message) => message.queue === queue.name).forEach((message) => messages(context).delete(messageKey(message)));
}

function fromToken(token: string | undefined): string {
  return token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
}
