import { request } from 'node:http';
import { UsageError } from './options';
import { TOKEN_HEADER, TOKEN_VARIABLE } from '../wire/token';

/** Asks the running emulator that AWS_ENDPOINT_URL, or --port, points to. */
export async function ask(command: string, input: object, port?: number): Promise<unknown> {
  const endpoint = port === undefined ? process.env.AWS_ENDPOINT_URL : `http://127.0.0.1:${port}`;
  if (!endpoint) throw new UsageError('no emulator to ask: set AWS_ENDPOINT_URL and CLOUDHSM_EMULATOR_TOKEN to what `start` printed, or give --port');
  if (!URL.canParse(endpoint)) throw new UsageError(`AWS_ENDPOINT_URL must be what \`start\` printed, http://127.0.0.1:<port>, got ${endpoint}`);
  const body = JSON.stringify(input);
  const headers = { 'content-length': Buffer.byteLength(body), [TOKEN_HEADER]: process.env[TOKEN_VARIABLE] ?? '' };
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(new URL(`/_emulator/${command}`, endpoint), { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', () => reject(new Error(`[emulator] nobody answers at ${endpoint}`)));
    sent.end(body);
  });
  const answer = JSON.parse(text) as { error?: string };
  if (status !== 200) throw new Error(answer.error ?? text);
  return answer;
}
