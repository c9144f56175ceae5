import { Held } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { eachOf } from '../batch';
import { openBody } from '../encryption';
import { findQueue } from '../find';
import { md5, md5OfAttributes } from '../md5';
import { attributeOf, isFifo, messageKey, messages, messagesOf, queues } from '../state';
import type { MessageRecord, QueueRecord } from '../state';
import { refusal } from '../text';

interface ReceiveInput {
  readonly QueueUrl: string;
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

interface HandleInput {
  readonly QueueUrl: string;
  readonly ReceiptHandle: string;
}

/** Nobody waits longer on the host, whatever was asked: emulated time does not pass for waiting alone. */
const LONGEST_WAIT_MS = 1_000;

/** Who waits is told that nothing was there as soon as something comes, and asks again. */
export function receiveMessage(context: Context, input: ReceiveInput): Output | Held {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  const found = available(place, queue).slice(0, input.MaxNumberOfMessages ?? 1);
  const timeout = (input.VisibilityTimeout ?? Number(attributeOf(queue, 'VisibilityTimeout'))) * 1_000;
  const wait = (input.WaitTimeSeconds ?? Number(attributeOf(queue, 'ReceiveMessageWaitTimeSeconds'))) * 1_000;
  if (found.length === 0) {
    return wait > 0 && context.caller.activityId === undefined ? new Held({}, `sqs:${queue.arn}`, Math.min(wait, LONGEST_WAIT_MS)) : {};
  }
  return { Messages: found.map((message) => shown(place, queue, take(place, message, timeout), input)) };
}

export function deleteMessage(context: Context, { QueueUrl, ReceiptHandle }: HandleInput): void {
  const { queue, context: place } = findQueue(context, QueueUrl);
  remove(place, queue, ReceiptHandle);
}

export function deleteMessageBatch(
  context: Context, input: { readonly QueueUrl: string; readonly Entries: ReadonlyArray<{ readonly Id: string; readonly ReceiptHandle: string }> },
): Output {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  return eachOf(place, input.Entries, ({ ReceiptHandle }) => remove(place, queue, ReceiptHandle));
}

export function changeMessageVisibility(context: Context, input: HandleInput & { readonly VisibilityTimeout: number }): void {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  hide(place, queue, input);
}

export function changeMessageVisibilityBatch(
  context: Context,
  input: {
    readonly QueueUrl: string;
    readonly Entries: ReadonlyArray<{ readonly Id: string; readonly ReceiptHandle: string; readonly VisibilityTimeout: number }>;
  },
): Output {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  return eachOf(place, input.Entries, (entry) => hide(place, queue, entry));
}

/** What can be received now; what was received too often goes to the dead-letter queue instead. */
function available(context: Context, queue: QueueRecord): MessageRecord[] {
  const all = messagesOf(context, queue);
  const ready = all.filter(({ visibleAt }) => visibleAt <= context.now);
  const { maxReceiveCount, deadLetterTargetArn } = JSON.parse(queue.attributes.RedrivePolicy ?? '{}') as { maxReceiveCount?: number | string; deadLetterTargetArn?: string };
  const spent = maxReceiveCount === undefined ? [] : ready.filter(({ receiveCount }) => receiveCount >= Number(maxReceiveCount));
  for (const message of spent) bury(context, queue, message, deadLetterTargetArn);
  const left = ready.filter((message) => !spent.includes(message));
  if (!isFifo(queue)) return left;
  // A group waits for its message in flight.
  const blocked = new Set(all.filter(({ visibleAt, receiveCount }) => visibleAt > context.now && receiveCount > 0).map(({ groupId }) => groupId));
  return left.filter(({ groupId }) => !blocked.has(groupId));
}

function bury(context: Context, queue: QueueRecord, message: MessageRecord, targetArn: string | undefined): void {
  const target = queues(context).values().find(({ arn }) => arn === targetArn);
  if (!target) return;
  messages(context).delete(messageKey(message));
  const moved = { ...message, queue: target.name, visibleAt: context.now, receiveCount: 0, deadLetterSource: queue.arn };
  messages(context).put(messageKey(moved), moved);
  context.kernel.signal(`sqs:${target.arn}`);
}

function take(context: Context, message: MessageRecord, timeoutMs: number): MessageRecord {
  return messages(context).put(messageKey(message), {
    ...message, visibleAt: context.now + timeoutMs, receiveCount: message.receiveCount + 1, firstReceivedAt: message.firstReceivedAt ?? context.now,
  });
}

/** A receipt names the message and which receiving it belongs to. */
function handleOf(message: MessageRecord): string {
  return Buffer.from(JSON.stringify([message.id, message.receiveCount])).toString('base64');
}

function messageOf(context: Context, queue: QueueRecord, handle: string): MessageRecord | undefined {
  try {
    const [id] = JSON.parse(Buffer.from(handle, 'base64').toString('utf8')) as [string, number];
    return messages(context).get(`${queue.name}/${id}`);
  } catch {
    // Not a receipt of ours.
    throw refusal(context, 'ReceiptHandleIsInvalid', 'text-bad-receipt', { handle });
  }
}

/** Deleting what is gone is no error. */
function remove(context: Context, queue: QueueRecord, handle: string): void {
  const message = messageOf(context, queue, handle);
  if (message) messages(context).delete(messageKey(message));
}

function hide(
  context: Context,
  queue: QueueRecord,
  { ReceiptHandle, VisibilityTimeout }: { ReceiptHandle: string; VisibilityTimeout: number },
): void {
  const message = messageOf(context, queue, ReceiptHandle);
  if (!message || message.visibleAt <= context.now) throw refusal(context, 'MessageNotInflight', 'text-not-in-flight');
  messages(context).put(messageKey(message), { ...message, visibleAt: context.now + VisibilityTimeout * 1_000 });
}

function shown(context: Context, queue: QueueRecord, message: MessageRecord, input: ReceiveInput): Output {
  const body = openBody(context, queue, message);
  const wanted = [...input.AttributeNames ?? [], ...input.MessageSystemAttributeNames ?? []];
  const system = Object.entries(systemAttributes(context, message)).filter(([name, value]) => value !== undefined && (wanted.includes('All') || wanted.includes(name)));
  const names = input.MessageAttributeNames ?? [];
  const own = Object.entries(message.attributes).filter(([name]) => names.some((pattern) => pattern === 'All' || pattern === '.*' || pattern === name
    || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)))));
  const attributes = Object.fromEntries(own);
  return {
    MessageId: message.id,
    ReceiptHandle: handleOf(message),
    MD5OfBody: md5(body),
    Body: body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(own.length > 0 ? {
      MD5OfMessageAttributes: md5OfAttributes(attributes),
      MessageAttributes: Object.fromEntries(own.map(([name, { BinaryValue, ...value }]) =>
        [name, BinaryValue === undefined ? value : { ...value, BinaryValue: Buffer.from(BinaryValue, 'base64') }])),
    } : {}),
  };
}

function systemAttributes(context: Context, message: MessageRecord): Record<string, string | undefined> {
  const wire = (at: number | undefined) => (at === undefined ? undefined : String(Math.round(context.kernel.hostTime(at))));
  return {
    SenderId: message.sender,
    SentTimestamp: wire(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: wire(message.firstReceivedAt),
    SequenceNumber: message.sequenceNumber,
    MessageDeduplicationId: message.deduplicationId,
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
}
