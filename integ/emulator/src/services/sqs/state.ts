import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface QueueRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** As they were set; what is missing has its default. */
  readonly attributes: { readonly [name: string]: string };
  readonly tags: { readonly [key: string]: string };
}

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** base64 */
  readonly BinaryValue?: string;
}

/** How a body was sealed: base64, and the queue it was sent to, which is its encryption context. */
export interface Seal {
  readonly dataKey: string;
  readonly nonce: string;
  readonly tag: string;
  readonly queueArn: string;
}

export interface MessageRecord {
  readonly id: string;
  readonly queue: string;
  /** As it was sent, or base64 of its ciphertext. */
  readonly body: string;
  readonly seal?: Seal;
  readonly attributes: { readonly [name: string]: MessageAttribute };
  readonly traceHeader?: string;
  readonly sender: string;
  readonly sentAt: number;
  /** From when it can be received: after a delay, or when nobody deleted it in time. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  /** ARN of the queue it was moved from. */
  readonly deadLetterSource?: string;
}

export function queues(context: Context): Table<QueueRecord> {
  return context.table('sqs/queues');
}

/** Under `<queue>/<message>`. */
export function messages(context: Context): Table<MessageRecord> {
  return context.table('sqs/messages');
}

export function messageKey({ queue, id }: Pick<MessageRecord, 'queue' | 'id'>): string {
  return `${queue}/${id}`;
}

export const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '262144',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
};

export function attributeOf(queue: QueueRecord, name: string): string | undefined {
  return queue.attributes[name] ?? DEFAULTS[name];
}

export function isFifo({ name }: QueueRecord): boolean {
  return name.endsWith('.fifo');
}

/** Messages of a queue in the order in which they came, without those kept for longer than the queue keeps them. */
export function messagesOf(context: Context, queue: QueueRecord): MessageRecord[] {
  const oldest = context.now - Number(attributeOf(queue, 'MessageRetentionPeriod')) * 1_000;
  return messages(context).values().filter((message) => message.queue === queue.name && message.sentAt >= oldest);
}
