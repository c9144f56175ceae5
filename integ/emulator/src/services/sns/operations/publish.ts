import { createHash } from 'node:crypto';
import { idFormat } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { deliver } from '../deliver';
import type { MessageAttribute } from '../deliver';
import { findTopic } from '../find';
import { topics } from '../state';
import type { TopicRecord } from '../state';
import { refusal } from '../text';

interface PublishInput {
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
  readonly MessageDeduplicationId?: string;
  readonly MessageGroupId?: string;
}

export function publish(
  context: Context,
  input: PublishInput & { readonly TopicArn?: string; readonly TargetArn?: string; readonly PhoneNumber?: string },
): Output {
  const arn = input.TopicArn ?? input.TargetArn;
  if (arn === undefined) {
    if (input.PhoneNumber === undefined) throw refusal(context, 'InvalidParameterException', 'text-no-target');
    context.emit('NotDelivered', 'a telephone');
    return { MessageId: idFormat.uuid(context.id('message')) };
  }
  const { record: topic, context: place } = findTopic(context, arn);
  return publishTo(place, topic, input);
}

export function publishBatch(
  context: Context, input: { readonly TopicArn: string; readonly PublishBatchRequestEntries: ReadonlyArray<PublishInput & { readonly Id: string }> },
): Output {
  const { record: topic, context: place } = findTopic(context, input.TopicArn);
  const entries = input.PublishBatchRequestEntries;
  if (entries.length === 0) throw refusal(context, 'EmptyBatchRequestException', 'text-empty-batch');
  if (entries.length > 10) throw refusal(context, 'TooManyEntriesInBatchRequestException', 'text-big-batch');
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw refusal(context, 'BatchEntryIdsNotDistinctException', 'text-same-ids');
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...publishTo(place, topic, entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function publishTo(context: Context, topic: TopicRecord, input: PublishInput): Output {
  if (input.Message === '') throw refusal(context, 'InvalidParameterException', 'text-empty-message');
  if (input.MessageStructure === 'json') checkStructure(context, input.Message);
  const published = (topics(context).get(topic.name)?.published ?? 0) + 1;
  topics(context).put(topic.name, { ...topic, published });
  const id = idFormat.uuid(context.id('message', topic.name));
  const fifo = topic.name.endsWith('.fifo');
  if (fifo && input.MessageGroupId === undefined) throw refusal(context, 'InvalidParameterException', 'text-no-group');
  deliver(context, topic, {
    id,
    text: input.Message,
    subject: input.Subject,
    structure: input.MessageStructure,
    attributes: input.MessageAttributes ?? {},
    groupId: input.MessageGroupId,
    deduplicationId: fifo ? input.MessageDeduplicationId ?? createHash('sha256').update(input.Message).digest('hex') : undefined,
  });
  return { MessageId: id, SequenceNumber: fifo ? String(10_000_000_000_000_000_000n + BigInt(published)) : undefined };
}

function checkStructure(context: Context, message: string): void {
  let texts: unknown;
  try {
    texts = JSON.parse(message);
  } catch {
    throw refusal(context, 'InvalidParameterException', 'text-not-json');
  }
  if (typeof (texts as { default?: unknown } | null)?.default !== 'string') throw refusal(context, 'InvalidParameterException', 'text-no-default');
}
