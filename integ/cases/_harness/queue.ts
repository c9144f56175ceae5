import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Offline } from './offline';

/** Sends a message to a queue and returns the bodies of what is received. */
export async function sendAndReceive({ client }: Offline, QueueUrl: string, MessageBody: string): Promise<string[]> {
  const sqs = new SQSClient(client);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages.map(({ Body }) => Body!);
}

/** Bodies of all messages that wait in a queue, oldest first; they are gone from it then. */
export async function receiveAll({ client }: Offline, QueueUrl: string): Promise<string[]> {
  const sqs = new SQSClient(client);
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(Body!);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
