import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const PROGRAM = join(__dirname, '..', 'emulator', 'bin', 'cloudhsm-emulator.js');
const KILLS = 10;

let home: string;
let emulator: ChildProcess | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cloudhsm-killed-'));
});
afterEach(() => {
  emulator?.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function start(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, 'start', '--state', join(home, 'state'), '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes('AWS_SDK_JS')) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with ${child.exitCode}`);
    await setTimeout(20);
  }
  return child;
}

/** What a client was told is done; `attempted` are those it was never answered about. */
interface Ledger {
  readonly answered: string[];
  readonly attempted: string[];
}

test(`killed ${KILLS} times under a running client, an emulator loses nothing but the request in flight`, async () => {
  const port = await freePort();
  const settings = {
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' },
  };
  const [ssm, s3] = [new SSMClient(settings), new S3Client({ ...settings, forcePathStyle: true })];
  const ledger: Ledger = { answered: [], attempted: [] };
  // Every number is a parameter and an object of the same name: a record, and a file beside the records.
  const write = async (name: string) => {
    await ssm.send(new PutParameterCommand({ Name: `/killed/${name}`, Value: name, Type: 'String' }));
    await s3.send(new PutObjectCommand({ Bucket: 'killed', Key: name, Body: name.repeat(1000) }));
  };

  emulator = await start(port);
  await s3.send(new CreateBucketCommand({ Bucket: 'killed' }));
  for (let kill = 0; kill < KILLS; kill++) {
    for (let number = 0; number < 5; number++) {
      await write(`${kill}-${number}`);
      ledger.answered.push(`${kill}-${number}`);
    }
    const last = `${kill}-last`;
    ledger.attempted.push(last);
    const inFlight = write(last).then(() => ledger.answered.push(last), () => undefined);
    // Somewhere between the request and its answer, each time somewhere else.
    for (let turn = 0; turn < kill * 40; turn++) await setImmediate();
    emulator.kill('SIGKILL');
    await once(emulator, 'exit');
    await inFlight;
    emulator = await start(port);

    const { names, contents } = await found(ssm, s3);
    expect(names).toEqual(expect.arrayContaining(ledger.answered));
    expect(names.filter((name) => !ledger.answered.includes(name) && !ledger.attempted.includes(name))).toEqual([]);
    for (const name of ledger.answered) expect(contents.get(name)).toBe(name.repeat(1000));
  }
});

async function found(ssm: SSMClient, s3: S3Client): Promise<{ names: string[]; contents: Map<string, string> }> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(new GetParametersByPathCommand({ Path: '/killed', NextToken }));
    names.push(...(page.Parameters ?? []).map(({ Value }) => Value!));
    ({ NextToken } = page);
  } while (NextToken);
  const contents = await Promise.all(names.map(async (name): Promise<[string, string]> => {
    const object = await s3.send(new GetObjectCommand({ Bucket: 'killed', Key: name })).catch(() => undefined);
    return [name, await object?.Body?.transformToString() ?? ''];
  }));
  return { names, contents: new Map(contents) };
}
