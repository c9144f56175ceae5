import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { median, rounded } from './figure';
import type { Figure } from './figure';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import { Emulator } from 'cloudhsm-emulator';

const ROOT = join(__dirname, '..', '..');
const PROGRAM = join(ROOT, 'integ', 'emulator', 'bin', 'cloudhsm-emulator.js');

/** moto in a Python environment of its own; a comparison is left out where it cannot be had. */
const MOTO = join(ROOT, '.cache', 'moto');
const MOTO_PACKAGE = 'moto[server]==5.2.5';

const CONNECTIONS = 8;
const REQUESTS = 3_000;
const TURNS = 3;

const CLUSTERS = 1_000;
const BACKUPS = 10_000;
/** Things on a page: what DescribeClusters allows at most. */
const PAGE = 25;
const PAGE_TURNS = 200;

const OPENINGS = 9;

/** The emulator as a server: start, requests per second beside moto's, pages, memory, opening of a snapshot. Each line says what is aimed at. */
export async function* emulatorFigures(): AsyncGenerator<Figure> {
  const home = mkdtempSync(join(tmpdir(), 'bench-emulator-'));
  try {
    yield* starts();
    yield* throughput();
    yield* pages(await many(join(home, 'many')));
    yield* opening();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function emulatorProcess(...args: string[]): Promise<Server> {
  const port = await freePort();
  return Server.start(process.execPath, [PROGRAM, 'start', '--port', String(port), '--clock', 'manual', ...args], port);
}

/** From the start of the process; beside it what Node itself takes to do nothing, for on a busy machine that is most of it. */
async function* starts(): AsyncGenerator<Figure> {
  const [own, node]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn++) {
    const from = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    node.push(performance.now() - from);
    const emulator = await emulatorProcess();
    own.push(emulator.startMilliseconds);
    await emulator.stop();
  }
  yield { figure: 'start', millisecondsToFirstAnswer: rounded(median(own), 0), millisecondsOfNode: rounded(median(node), 0), goal: 400 };
}

async function* throughput(): AsyncGenerator<Figure> {
  const emulator = await emulatorProcess();
  const other = await moto();
  try {
    const turns: Array<{ own: number; moto: number }> = [];
    for (let turn = 0; turn < TURNS; turn++) turns.push({ own: await emulator.requestsPerSecond(), moto: await other?.requestsPerSecond() ?? NaN });
    const of = (figure: (turn: typeof turns[number]) => number) => median(turns.map(figure));
    yield {
      figure: 'describe-clusters', connections: CONNECTIONS, requestsPerSecond: rounded(of(({ own }) => own), 0),
      ...(other ? { motoRequestsPerSecond: rounded(of((turn) => turn.moto), 0), ratio: rounded(of((turn) => turn.own / turn.moto), 1) } : { moto: 'cannot be had here' }),
      goal: 4,
    };
    yield { figure: 'memory', requests: TURNS * REQUESTS, megabytes: rounded(emulator.megabytes(), 0), goal: 200 };
  } finally {
    await emulator.stop();
    await other?.stop();
  }
}

/** The last page beside the first, asked for in turns, so that the machine's moods meet both alike. */
async function* pages(folder: string): AsyncGenerator<Figure> {
  const emulator = await emulatorProcess('--from', folder);
  try {
    for (const [operation, members] of [['DescribeClusters', 'Clusters'], ['DescribeBackups', 'Backups']] as const) {
      const tokens: Array<string | undefined> = [undefined];
      let things = 0;
      for (let more = true; more;) {
        const page = await emulator.call(operation, { MaxResults: PAGE, NextToken: tokens[tokens.length - 1] });
        things += (page[members] as unknown[]).length;
        more = page.NextToken !== undefined;
        if (more) tokens.push(page.NextToken as string);
      }
      const [first, last]: [number[], number[]] = [[], []];
      for (let turn = 0; turn < PAGE_TURNS; turn++) {
        first.push(await emulator.timed(operation, { MaxResults: PAGE }));
        last.push(await emulator.timed(operation, { MaxResults: PAGE, NextToken: tokens[tokens.length - 1] }));
      }
      yield {
        figure: 'pages', operation, things, pages: tokens.length, firstMilliseconds: rounded(median(first), 2), lastMilliseconds: rounded(median(last), 2),
        ratio: rounded(median(last) / median(first), 2), goal: 1.2,
      };
    }
  } finally {
    await emulator.stop();
  }
}

/** A snapshot with so many clusters and backups: clusters as the service makes them, backups put down as records, for each would take a cluster's life. */
async function many(folder: string): Promise<string> {
  const emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' }, quotas: { clusters: CLUSTERS } });
  const place = { account: '123456789012', region: 'us-east-1' };
  const caller: Parameters<Emulator['calls']['make']>[3] = { principal: { kind: 'user', account: place.account, arn: `arn:aws:iam::${place.account}:user/outside` }, position: { kind: 'outside' } };
  const call = <O>(service: string, operation: string, input: object) => emulator.calls.make({ ...place, service }, operation, input, caller) as O;
  const { Vpc } = call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  const { Subnet } = call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.0.0.0/20', AvailabilityZone: 'us-east-1b' });
  for (let made = 0; made < CLUSTERS; made++) call('cloudhsmv2', 'CreateCluster', { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: [Subnet.SubnetId] });
  emulator.kernel.transaction(() => {
    const table = emulator.kernel.store.table<object>(`cloudhsmv2/backups@${place.account}/${place.region}`);
    for (let made = 0; made < BACKUPS; made++) {
      const backupId = `backup-${String(made).padStart(11, 'a')}`;
      table.put(backupId, {
        backupId, clusterId: 'cluster-aaaaaaaaaaa', state: 'READY', hsmType: 'hsm2m.medium', mode: 'FIPS', createdAt: made, neverExpires: false, clusterCertificate: '',
        trustAnchor: '', snapshot: '', tags: [],
      });
    }
  });
  emulator.snapshot(folder);
  await emulator.stop();
  return folder;
}

/** Of a snapshot with a cluster that was deployed and is ACTIVE, which takes a deploy to make. In this process: nothing is loaded any more. */
async function* opening(): AsyncGenerator<Figure> {
  const home = mkdtempSync(join(tmpdir(), 'bench-snapshot-'));
  const snapshot = join(home, 'active');
  const offline = await Offline.start({ region: 'eu-west-1' });
  try {
    await deployDirectly(offline, offline.synth(quickStart()));
    offline.emulator.snapshot(snapshot);
  } finally {
    await offline.stop();
  }
  const [times, used]: [number[], number[]] = [[], []];
  let state: string | undefined;
  for (let turn = 0; turn < OPENINGS; turn++) {
    const [from, before] = [performance.now(), process.cpuUsage()];
    const emulator = await Emulator.start({ region: 'eu-west-1', from: snapshot });
    times.push(performance.now() - from);
    const { user, system } = process.cpuUsage(before);
    used.push((user + system) / 1000);
    state = emulator.report().clusters[0]?.state;
    await emulator.stop();
  }
  rmSync(home, { recursive: true, force: true });
  yield { figure: 'open-snapshot', cluster: state, milliseconds: rounded(median(times), 0), processorMilliseconds: rounded(median(used), 0), goal: 100 };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function moto(): Promise<Server | undefined> {
  const program = join(MOTO, 'bin', 'moto_server');
  if (!existsSync(program)) {
    mkdirSync(MOTO, { recursive: true });
    const made = spawnSync('python3', ['-m', 'venv', MOTO]).status === 0
      && spawnSync(join(MOTO, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', MOTO_PACKAGE]).status === 0;
    if (!made) return undefined;
  }
  const port = await freePort();
  return Server.start(program, ['-H', '127.0.0.1', '-p', String(port)], port);
}

/** A server as a process, and the one raw client for all of them. */
class Server {
  public static async start(program: string, args: readonly string[], port: number): Promise<Server> {
    const home = mkdtempSync(join(tmpdir(), 'bench-server-'));
    const startedAt = performance.now();
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, TMPDIR: home } });
    const server = new Server(child, port, home);
    for (let tries = 0; tries < 3_000; tries++) {
      const answered = await server.call('DescribeClusters', {}).then(() => true, () => false);
      if (answered) {
        server.startMilliseconds = performance.now() - startedAt;
        return server;
      }
      await setTimeout(5);
    }
    throw new Error(`${program} does not answer`);
  }

  public startMilliseconds = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  private constructor(private readonly child: ChildProcess, private readonly port: number, private readonly home: string) {}

  public async call(operation: string, input: object): Promise<Record<string, unknown>> {
    return JSON.parse(await this.send(JSON.stringify(input), {
      'authorization': 'AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/cloudhsm/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `BaldrApiService.${operation}`,
    })) as Record<string, unknown>;
  }

  public async timed(operation: string, input: object): Promise<number> {
    const from = performance.now();
    await this.call(operation, input);
    return performance.now() - from;
  }

  public async requestsPerSecond(): Promise<number> {
    let left = REQUESTS;
    const from = performance.now();
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) await this.call('DescribeClusters', {});
    }));
    return REQUESTS / ((performance.now() - from) / 1000);
  }

  public megabytes(): number {
    const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(this.child.pid)], { encoding: 'utf8' });
    return Number(stdout) / 1024;
  }

  public async stop(): Promise<void> {
    this.agent.destroy();
    const gone = new Promise((exit) => this.child.once('exit', exit));
    this.child.kill('SIGTERM');
    await gone;
    rmSync(this.home, { recursive: true, force: true });
  }

  private async send(body: string, headers: Record<string, string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const all = { ...headers, 'content-length': Buffer.byteLength(body) };
      const sent = request({ host: '127.0.0.1', port: this.port, path: '/', method: 'POST', agent: this.agent, headers: all }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(text));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
