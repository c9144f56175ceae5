import type { Offline } from './offline';

/**
 * One call of Amazon SQS on its JSON protocol. Its client is none of this repository's dependencies, and the emulator reads who signs, not the
 * signature.
 */
async function call<T>({ client }: Offline, operation: string, input: object): Promise<T> {
  const { endpoint, region, credentials } = client;
  const day = new Date().toISOString().slice(0, 10).replace(/-/g, '');
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      'authorization': `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${day}/${region}/sqs/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
  // Some operations answer with nothing.
  return JSON.parse(await response.text() || '{}') as T;
}

/** Sends a message to a queue and returns the bodies of what is received. */
export async function sendAndReceive(offline: Offline, QueueUrl: string, MessageBody: string): Promise<string[]> {
  await call(offline, 'SendMessage', { QueueUrl, MessageBody });
  const { Messages = [] } = await call<{ Messages?: Array<{ Body: string }> }>(offline, 'ReceiveMessage', { QueueUrl });
  return Messages.map(({ Body }) => Body);
}

/** Bodies of all messages that wait in a queue, oldest first; they are gone from it then. */
export async function receiveAll(offline: Offline, QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await call<{ Messages?: Array<{ Body: string; ReceiptHandle: string }> }>(offline, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    if (Messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(Body);
      await call(offline, 'DeleteMessage', { QueueUrl, ReceiptHandle });
    }
  }
}
