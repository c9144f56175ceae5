import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { awaitAnswer } from '../../src/access/answers';
import { Calls } from '../../src/access/call';
import { DIAL, dialDoor } from '../../src/access/dial-door';
import { DEFAULT_ACCOUNT, Sessions } from '../../src/access/sessions';
import { Functions } from '../../src/compute/functions';
import { Gateway } from '../../src/gateway';
import { Kernel, Tables } from '../../src/kernel';
import { lambda } from '../../src/services/lambda/service';
import { Later, ServiceError } from '../../src/wire/operation';
import type { Caller, Output, Service } from '../../src/wire/operation';
import { createTlsServer } from '../../src/wire/tls';
import type { TlsServer } from '../../src/wire/tls';
import { openTo, outside } from '../_helpers/world';

export interface StageOptions {
  readonly services?: readonly Service[];
  readonly folder?: string;
  readonly seed?: number;
  readonly turnLimitMs?: number;
  readonly quotas?: { readonly [row: string]: unknown };
  readonly variants?: readonly string[];
}

export interface Logged {
  readonly group: string;
  readonly stream: string;
  readonly message: string;
  readonly timestamp: number;
}

/** An answer of Invoke, with its payload read. */
export interface Invoked {
  readonly StatusCode: number;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  readonly LogResult?: string;
  readonly Payload: string;
  readonly value: never;
}

export const ROLE = `arn:aws:iam::${DEFAULT_ACCOUNT}:role/function-role`;

/** Lambda with real processes behind a real gateway, on plain HTTP and on TLS. Time warps. */
export class Stage {
  public static async open(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(options);
    await new Promise<void>((listening) => stage.server.listen(0, '127.0.0.1', () => listening()));
    await stage.tls.listen();
    lambda.start!(stage.kernel, stage.host);
    stage.options.services?.forEach((service) => service.start?.(stage.kernel, stage.host));
    stage.kernel.start();
    return stage;
  }

  public readonly kernel: Kernel;
  public readonly calls: Calls;
  public readonly functions: Functions;
  public readonly folder: string;
  public readonly logged: Logged[] = [];
  public readonly outsideWorld: string[] = [];
  private readonly server: Server;
  private readonly tls: TlsServer;
  private readonly sessions = new Sessions('test');

  private constructor(private readonly options: StageOptions) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'functions-stage-'));
    const overrides = new Map(Object.entries(options.quotas ?? {}));
    this.kernel = new Kernel({
      folder: join(this.folder, 'state'),
      seed: options.seed ?? 1,
      clock: { kind: 'warp' },
      tables: new Tables(join(__dirname, '..', '..', 'tables'), options.variants, overrides),
      turnLimitMs: options.turnLimitMs ?? 20_000,
    });
    this.calls = new Calls(this.kernel);
    for (const service of [openTo(), lambda, this.logs(), ...options.services ?? []]) this.calls.register(service);
    const gateway = new Gateway(this.kernel, this.calls, this.sessions);
    const dial = dialDoor({ kernel: this.kernel, calls: this.calls, sessions: this.sessions });
    this.server = createServer((request, response) => (request.url?.startsWith(DIAL) ? dial : gateway.handle)(request, response));
    this.tls = createTlsServer(gateway.handle, join(this.folder, 'tls'));
    this.functions = new Functions(this.kernel, this.host, {
      folder: join(this.folder, 'functions'), tlsPort: () => this.tls.port(), caFile: this.tls.caFile,
    });
    this.kernel.on('test.answered', (args) => this.kernel.signal(`test:${String(args.id)}`, args));
  }

  public get host(): Parameters<NonNullable<Service['start']>>[1] {
    return {
      endpoint: () => `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      context: ({ caller, ...place }) => this.calls.context(place, caller ?? outside(place.account)),
      credentials: (caller) => this.sessions.issue(caller),
      notBuilt: (what) => void this.outsideWorld.push(what),
    };
  }

  public call<O = Output>(service: string, operation: string, input: object, caller: Caller = outside()): O {
    return this.calls.make({ service, account: DEFAULT_ACCOUNT, region: 'us-east-1' }, operation, input, caller) as O;
  }

  /** A function from its files (`index.js` alone when a text is given), Active. */
  public async create(name: string, code: string | { readonly [file: string]: string }, settings: object = {}): Promise<void> {
    const files = typeof code === 'string' ? { 'index.js': code } : code;
    const ZipFile = zipSync(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text)])));
    this.call('lambda', 'CreateFunction', {
      FunctionName: name, Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler', Timeout: 900, ...settings, Code: { ZipFile: Buffer.from(ZipFile) },
    });
    await this.idle();
  }

  public async invoke(name: string, event: unknown = {}, more: object = {}): Promise<Invoked> {
    const result = this.call<Output | Later>('lambda', 'Invoke', { FunctionName: name, Payload: JSON.stringify(event), ...more });
    if (!(result instanceof Later)) return { ...result, value: undefined as never } as unknown as Invoked;
    const { key } = result;
    const answered = new Promise<{ output?: Invoked; error?: { code: string; message: string } }>((resolve) =>
      this.kernel.once(`test:${key}`, (args) => resolve(args as never)));
    this.kernel.transaction(() => awaitAnswer(this.kernel, key, { kind: 'test.answered', args: { id: key } }));
    const { output, error } = await answered;
    if (error) throw new ServiceError(error.code, error.message);
    return { ...output!, value: JSON.parse(output!.Payload) as never };
  }

  /** Resolves when nothing is owed any more. */
  public async idle(): Promise<void> {
    do await new Promise((soon) => setTimeout(soon, 2)); while (this.kernel.busy);
  }

  public messages(): string[] {
    return this.logged.map(({ message }) => message);
  }

  /** What happened, without what depends on the host. */
  public timeline(): string {
    return JSON.stringify(this.kernel.timeline.entries());
  }

  public async close(): Promise<void> {
    this.functions.dispose();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
    await this.tls.close();
    this.kernel.stop();
    if (!this.options.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** CloudWatch Logs as far as a function needs it. */
  private logs(): Service {
    const groups = new Set<string>();
    const streams = new Set<string>();
    return {
      name: 'logs',
      operations: {
        CreateLogGroup: (_context, { logGroupName }: { logGroupName: string }) => void groups.add(logGroupName),
        CreateLogStream: (_context, { logGroupName, logStreamName }: { logGroupName: string; logStreamName: string }) => {
          streams.add(`${logGroupName} ${logStreamName}`);
        },
        PutLogEvents: (_context, { logGroupName, logStreamName, logEvents }: {
          logGroupName: string; logStreamName: string; logEvents: Array<{ message: string; timestamp: number }>;
        }) => {
          if (!streams.has(`${logGroupName} ${logStreamName}`)) throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
          this.logged.push(...logEvents.map((event) => ({ group: logGroupName, stream: logStreamName, ...event })));
        },
      },
    };
  }
}
