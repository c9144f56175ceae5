import type { Readable } from 'stream';
import type { CloudHSMV2Client, DescribeBackupsCommand, DescribeBackupsCommandOutput } from '@aws-sdk/client-cloudhsm-v2';

/**
 * Sends a command and returns what the service answered, too: the client at hand drops members that it does not know, mode and HSM type of backups among them.
 */
export async function withRawAnswer(
  client: CloudHSMV2Client, command: DescribeBackupsCommand,
): Promise<{ output: DescribeBackupsCommandOutput; raw: Readonly<Record<string, unknown>> }> {
  let raw: Record<string, unknown> = {};
  command.middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    const response = result.response as { statusCode: number; body: Readable | Uint8Array };
    response.body = await bytesOf(response.body);
    if (response.statusCode === 200) raw = JSON.parse(new TextDecoder().decode(response.body)) as Record<string, unknown>;
    return result;
  }, { step: 'deserialize', priority: 'low', name: 'rawAnswer' });
  return { output: await client.send(command), raw };
}

async function bytesOf(body: Readable | Uint8Array): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
