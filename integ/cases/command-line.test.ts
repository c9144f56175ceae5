import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const PROGRAM = join(__dirname, '..', 'emulator', 'bin', 'cloudhsm-emulator.js');

let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhsm-command-line-'));
});

afterEach(() => {
  running.splice(0).forEach((child) => child.kill('SIGTERM'));
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errorOutput: string;
}

function begin(args: readonly string[], environment: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended>; output: () => string } {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  let errorOutput = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, output, errorOutput })));
  return { child, ended, output: () => output };
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((soon) => setTimeout(soon, 20));
  }
}

interface Started {
  readonly environment: Record<string, string>;
  readonly ended: Promise<Ended>;
  readonly child: ChildProcess;
  readonly ssm: SSMClient;
}

/** Starts an emulator; its environment as it prints it. */
async function started(...args: string[]): Promise<Started> {
  const { child, ended, output } = begin(['start', ...args]);
  const exports = await until(() => (/AWS_SDK_JS/.test(output()) ? output() : undefined));
  const environment = Object.fromEntries([...exports.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const ssm = new SSMClient({
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
  });
  return { environment, ended, child, ssm };
}

test('start prints what to export, answers until it is told to end, and ends well', async () => {
  const { ssm, child, ended } = await started();

  await ssm.send(new PutParameterCommand({ Name: 'here', Value: '1', Type: 'String' }));
  child.kill('SIGTERM');

  expect((await ended).code).toBe(0);
});

test('start writes the report when it ends, and says what to unset', async () => {
  const file = join(folder, 'report.json');
  const { child, ended, output } = begin(['start', '--report', file], { AWS_PROFILE: 'prod', AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9' });
  await until(() => (/AWS_SDK_JS/.test(output()) ? true : undefined));

  child.kill('SIGTERM');

  expect((await ended).code).toBe(0);
  expect(output()).toMatch(/^unset AWS_PROFILE\nunset AWS_ENDPOINT_URL_STS\nexport /m);
  expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe(1);
});

test('run takes what would lead AWS\'s clients elsewhere out of a command\'s environment, and keeps its Region', async () => {
  const elsewhere = { AWS_SESSION_TOKEN: 'x', AWS_PROFILE: 'prod', AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:9', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_USE_FIPS_ENDPOINT: 'true' };
  const script = 'console.log(Object.keys(process.env).filter((name) => /PROFILE|TOKEN$|URL|FIPS/.test(name) && /^AWS_/.test(name)).join(), process.env.AWS_REGION)';

  const { output, code } = await begin(['run', '--', process.execPath, '-e', script], { ...elsewhere, AWS_REGION: undefined, AWS_DEFAULT_REGION: 'eu-west-3' }).ended;

  expect(code).toBe(0);
  expect(output).toBe('AWS_ENDPOINT_URL eu-west-3\n');
});

test('run leaves nothing running when it could not begin', async () => {
  const { code, errorOutput } = await begin(['run', '--bootstrap', 'UPPER', '--', process.execPath, '-e', '']).ended;

  expect(code).toBe(1);
  expect(errorOutput).toMatch(/bucket/i);
});

test('clock advance moves emulated time by what it says', async () => {
  const { environment } = await started('--clock', 'manual');

  const first = await begin(['clock', 'advance', '90s'], environment).ended;
  const second = await begin(['clock', 'advance', '1h'], environment).ended;

  expect(JSON.parse(second.output).emulatedSeconds - JSON.parse(first.output).emulatedSeconds).toBe(3_600);
});

test('explain says who made a call and what it was told', async () => {
  const { environment, ssm } = await started();
  const refusal = await ssm.send(new GetParameterCommand({ Name: 'absent' })).catch((error: { $metadata: { requestId: string } }) => error);

  const explained = await begin(['explain', refusal.$metadata.requestId!], environment).ended;
  const unknown = await begin(['explain', 'no-such-request'], environment).ended;

  expect(JSON.parse(explained.output).calls).toEqual([expect.objectContaining({
    service: 'ssm', operation: 'GetParameter', error: 'ParameterNotFound', principal: 'arn:aws:iam::123456789012:user/outside', position: 'outside',
  })]);
  expect(unknown.code).toBe(1);
  expect(unknown.errorOutput).toMatch(/no call of this run had the request id no-such-request/);
});

test('reset forgets everything at the same address, and leaves what is not the emulator\'s in the folder', async () => {
  const state = join(folder, 'state');
  const { environment, ssm, child, ended } = await started('--state', state);
  await ssm.send(new PutParameterCommand({ Name: 'here', Value: '1', Type: 'String' }));
  writeFileSync(join(state, 'notes.txt'), 'mine');

  const { code } = await begin(['reset'], environment).ended;

  expect(code).toBe(0);
  await expect(ssm.send(new GetParameterCommand({ Name: 'here' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await ssm.send(new PutParameterCommand({ Name: 'after', Value: '2', Type: 'String' }));
  child.kill('SIGTERM');
  await ended;
  expect(readFileSync(join(state, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a snapshot that was saved is what another one begins from', async () => {
  const snapshot = join(folder, 'saved');
  const { environment, ssm } = await started();
  await ssm.send(new PutParameterCommand({ Name: 'here', Value: '1', Type: 'String' }));
  await begin(['snapshot', 'save', snapshot], environment).ended;

  const other = await started('--from', snapshot);

  expect((await other.ssm.send(new GetParameterCommand({ Name: 'here' }))).Parameter!.Value).toBe('1');
});

test('run exits as the command did, writes the report, and sums up', async () => {
  const file = join(folder, 'report.json');

  const { code, errorOutput } = await begin(['run', '--report', file, '--', process.execPath, '-e', 'process.exit(process.env.AWS_ENDPOINT_URL ? 0 : 9)']).ended;
  const failed = await begin(['run', '--', process.execPath, '-e', 'process.exit(3)']).ended;

  expect(code).toBe(0);
  expect(errorOutput).toMatch(/Emulated time/);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1, deterministic: true, stacks: [], clusters: [] });
  expect(failed.code).toBe(3);
});

test('run passes a request to end on to the command, and makes its report all the same', async () => {
  const file = join(folder, 'report.json');
  const sign = join(folder, 'sign');
  const script = `require('fs').writeFileSync(${JSON.stringify(sign)}, ''); setInterval(() => {}, 1000);`;
  const { child, ended } = begin(['run', '--report', file, '--', process.execPath, '-e', script]);
  await until(() => (existsSync(sign) ? true : undefined));

  child.kill('SIGTERM');

  expect((await ended).code).toBe(143);
  expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe(1);
});

test.each([
  { args: ['start', '--clock', 'fast'], says: /--clock must be warp, manual, real or x<factor>, got fast/ },
  { args: ['run', '--seed', '1'], says: /run needs a command after --/ },
  { args: ['start', '--quota', 'many'], says: /--quota must be name=number, for instance hsms=28, got many/ },
  { args: ['fault', 'add', '--service', 's3'], says: /a fault needs --service, --operation and --kind/ },
  { args: ['clock', 'advance', '5'], says: /a duration is a number with ms, s, m, h or d, got 5/ },
  { args: ['wind'], says: /start \[options\]/ },
])('$args is refused with what is allowed', async ({ args, says }) => {
  const { code, errorOutput } = await begin(args).ended;

  expect(code).toBe(2);
  expect(errorOutput).toMatch(says);
});
