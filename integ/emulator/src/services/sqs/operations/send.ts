import { createHash } from 'node:crypto';
import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { eachOf } from '../batch';
import { sealBody } from '../encryption';
import { findQueue } from '../find';
import { md5, md5OfAttributes } from '../md5';
import { attributeOf, isFifo, messageKey, messages } from '../state';
import type { MessageAttribute, MessageRecord, QueueRecord } from '../state';
import { refusal } from '../text';

interface AttributeInput {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array | string;
}

interface MessageInput {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, AttributeInput>>;
  readonly MessageSystemAttributes?: Readonly<Record<string, AttributeInput>>;
  readonly MessageDeduplicationId?: string;
  readonly MessageGroupId?: string;
}

/** For so long a FIFO queue knows a message again. */
const DEDUPLICATION_MS = 300_000;

export function sendMessage(context: Context, input: MessageInput & { readonly QueueUrl: string }): Output {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  return send(place, queue, input);
}

export function sendMessageBatch(
  context: Context,
  input: { readonly QueueUrl: string; readonly Entries: ReadonlyArray<MessageInput & { readonly Id: string }> },
): Output {
  const { queue, context: place } = findQueue(context, input.QueueUrl);
  return eachOf(place, input.Entries, (entry) => send(place, queue, entry));
}

function send(context: Context, queue: QueueRecord, input: MessageInput): Output {
  const limit = Number(attributeOf(queue, 'MaximumMessageSize'));
  if (Buffer.byteLength(input.MessageBody) > limit) throw refusal(context, 'InvalidParameterValue', 'text-too-long', { limit });
  if (input.MessageBody === '') throw refusal(context, 'MissingParameter', 'text-no-body');
  const attributes = Object.fromEntries(Object.entries(input.MessageAttributes ?? {}).map(([name, value]) => [name, kept(value)]));
  const fifo = isFifo(queue) ? orderOf(context, queue, input) : undefined;
  const again = fifo && sameMessage(context, queue, fifo.deduplicationId);
  const message = again ?? put(context, queue, {
    queue: queue.name,
    ...sealBody(context, queue, input.MessageBody),
    attributes,
    traceHeader: input.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    sender: context.caller.principal.roleArn ?? context.caller.principal.arn,
    sentAt: context.now,
    visibleAt: context.now + (input.DelaySeconds ?? Number(attributeOf(queue, 'DelaySeconds'))) * 1_000,
    receiveCount: 0,
    ...fifo,
  });
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(input.MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    SequenceNumber: message.sequenceNumber,
  };
}

function put(context: Context, queue: QueueRecord, message: Omit<MessageRecord, 'id'>): MessageRecord {
  const record = { ...message, id: idFormat.uuid(context.id('message', queue.name)) };
  if (isFifo(queue)) recent(context).put(`${queue.name}/${record.deduplicationId!}`, { id: record.id, at: context.now, sequenceNumber: record.sequenceNumber! });
  context.kernel.signal(`sqs:${queue.arn}`);
  return messages(context).put(messageKey(record), record);
}

function orderOf(context: Context, queue: QueueRecord, input: MessageInput): { groupId: string; deduplicationId: string; sequenceNumber: string } {
  if (input.MessageGroupId === undefined) throw refusal(context, 'MissingParameter', 'text-no-group');
  const byContent = attributeOf(queue, 'ContentBasedDeduplication') === 'true' ? createHash('sha256').update(input.MessageBody).digest('hex') : undefined;
  const deduplicationId = input.MessageDeduplicationId ?? byContent;
  if (deduplicationId === undefined) throw refusal(context, 'InvalidParameterValue', 'text-no-deduplication');
  const number = (counters(context).get(queue.name) ?? 0) + 1;
  counters(context).put(queue.name, number);
  return { groupId: input.MessageGroupId, deduplicationId, sequenceNumber: String(18_849_496_460_467_696_000n + BigInt(number)) };
}

/** The message that was sent before under this id; it may have been received since. */
function sameMessage(context: Context, queue: QueueRecord, deduplicationId: string): Pick<MessageRecord, 'id' | 'sequenceNumber'> | undefined {
  const before = recent(context).get(`${queue.name}/${deduplicationId}`);
  if (!before || before.at + DEDUPLICATION_MS <= context.now) return undefined;
  return { id: before.id, sequenceNumber: before.sequenceNumber };
}

function recent(context: Context) {
  return context.table<{ readonly id: string; readonly at: number; readonly sequenceNumber: string }>('sqs/deduplication');
}

function counters(context: Context) {
  return context.table<number>('sqs/sequence-numbers');
}

function kept({ DataType, StringValue, BinaryValue }: AttributeInput): MessageAttribute {
  return { DataType, StringValue, BinaryValue: BinaryValue === undefined ? undefined : Buffer.from(BinaryValue as Uint8Array).toString('base64') };
}
