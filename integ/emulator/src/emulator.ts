import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Calls } from './access/call';
import { DIAL, dialDoor } from './access/dial-door';
import { checkedOrganization } from './access/organization';
import type { Organization } from './access/organization';
import { DEFAULT_ACCOUNT, Sessions } from './access/sessions';
import { checkedQualifier, DEFAULT_QUALIFIER, seedBootstrap } from './bootstrap';
import { Compute } from './compute';
import { controlDoor } from './control/door';
import { explain } from './control/explain';
import type { Explained } from './control/explain';
import { checkedFault } from './control/fault-places';
import { turnedAway } from './control/own-names';
import { clientEnvironment, environmentOver, regionOf } from './environment';
import { Gateway } from './gateway';
import { Kernel, Tables } from './kernel';
import type { ClockMode, FaultSpec } from './kernel';
import { PACKAGE_FOLDER } from './kernel/package-folder';
import { buildReport } from './report/report';
import type { Report } from './report/schema';
import { viewOf } from './report/view';
import type { View } from './report/view';
import { publishImage, services } from './services';
import { accessKeys } from './services/iam/access-keys';
import { beginFrom, forgetState, saveState } from './state-folder';
import { PAGE, webDoor } from './web/door';
import type { RequestHandler } from './wire/http';
import type { Host } from './wire/operation';
import { newToken } from './wire/token';

/** Settings of an emulator; everything has a default. */
export interface EmulatorOptions {
  /** @default a free port */
  readonly port?: number;
  /** Folder that keeps the state. @default a temporary one, gone with the emulator */
  readonly state?: string;
  /** Snapshot to begin from: a state folder that was saved. */
  readonly from?: string;
  /** @default warp: as fast as events allow */
  readonly clock?: ClockMode;
  /** @default 1 */
  readonly seed?: number;
  /** Quotas by name, for instance `{ hsms: 28 }`. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** `default`, `other`, or `<table>/<row>=<variant>`. */
  readonly variants?: readonly string[];
  /** Service control policies over the accounts. @default none: no account is in an organization */
  readonly organization?: Organization;
  /** Qualifiers for which the default account and Region look bootstrapped; `none` for none. @default the CDK's own */
  readonly bootstrap?: readonly string[];
  /** @default AWS_REGION, else AWS_DEFAULT_REGION, else us-east-1 */
  readonly region?: string;
  /**
   * Folder of RSA keys that emulators share, so that many short runs do not make each anew, which takes seconds. Emulated keys only, and never two alike in one emulator.
   *
   * @default none: every key is new
   */
  readonly keyReserve?: string;
  /** Lets scripts run without namespaces of their own, where those are not to be had. @default false */
  readonly allowScripts?: boolean;
  /** What commands and the web page have to show. @default a new one */
  readonly token?: string;
}

const TABLES = join(PACKAGE_FOLDER, 'tables');

/** An AWS on 127.0.0.1. */
export class Emulator {
  public static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    options.bootstrap?.forEach(checkedQualifier);
    const emulator = new Emulator(options);
    try {
      await emulator.listen(options.port ?? 0);
    } catch (error) {
      await emulator.stop();
      throw error;
    }
    return emulator;
  }

  public readonly kernel: Kernel;
  public readonly calls: Calls;
  public readonly region: string;
  /** Says what was asked for and is not emulated, once each. */
  public readonly notBuilt = new Set<string>();

  /** Tells one process from the next at the same port. */
  public readonly instance = randomUUID();

  /** What commands and the web page have to show. */
  public readonly token: string;

  /** Where this run begins: a state folder may hold earlier ones. */
  public readonly since: { readonly entry: number; readonly at: number };

  private readonly folder: string;
  private readonly sessions: Sessions;
  private readonly server: Server;
  private readonly compute: Compute;
  private stopping?: Promise<void>;
  private onOver?: (how: 'stopped' | 'reset') => void;

  private constructor(private readonly options: EmulatorOptions) {
    this.token = options.token ?? newToken();
    this.region = options.region ?? regionOf(process.env) ?? 'us-east-1';
    this.folder = options.state ? resolve(options.state) : mkdtempSync(join(tmpdir(), 'cloudhsm-emulator-'));
    if (options.from) beginFrom(options.from, this.folder);
    this.kernel = new Kernel({
      folder: this.folder,
      seed: options.seed ?? 1,
      clock: options.clock ?? { kind: 'warp' },
      keyReserve: options.keyReserve ? resolve(options.keyReserve) : undefined,
      tables: new Tables(TABLES, options.variants, quotaRows(options.quotas ?? {})),
    });
    this.kernel.onInternalError = (error) => console.error(error);
    this.since = { entry: this.kernel.timeline.entries().length, at: this.kernel.now };
    this.calls = new Calls(this.kernel, options.organization && checkedOrganization(options.organization));
    this.sessions = new Sessions(createHash('sha256').update(`sessions/${this.kernel.seed}`).digest('hex'), (id) => accessKeys(this.kernel).get(id), this.kernel);
    services().forEach((service) => this.calls.register(service));
    const gateway = new Gateway(this.kernel, this.calls, this.sessions);
    this.compute = new Compute({
      kernel: this.kernel, calls: this.calls, sessions: this.sessions, host: this.host(), folder: this.folder, gateway: gateway.handle,
      allowScripts: options.allowScripts ?? false,
    });
    this.server = createServer(this.route(gateway.handle, controlDoor(this), webDoor(this)));
    // Whether a connection has been idle for long on the host must not decide what a function sees.
    this.server.keepAliveTimeout = 0;
  }

  /** `http://127.0.0.1:<port>` */
  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What clients have to be told: set it for a process, and its AWS is this one. */
  public get environment(): Record<string, string> {
    return clientEnvironment(this.endpoint, this.region, DEFAULT_ACCOUNT, this.token);
  }

  /** An environment, of this process unless another is given, without whatever would lead AWS's clients past the emulator, and with what leads them to it. */
  public environmentOver(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
    return environmentOver(environment, this.environment);
  }

  public report(): Report {
    return buildReport(this);
  }

  /** The page that shows live what there is. It holds the token. */
  public get page(): string {
    return `${this.endpoint}${PAGE}?token=${this.token}`;
  }

  /** What the page shows. */
  public view(): View {
    return viewOf(this, DEFAULT_ACCOUNT);
  }

  /** Changes when there is something new to see. */
  public revision(): string {
    const { kernel, calls } = this;
    return [kernel.now, kernel.timeline.entries().length, calls.made, kernel.faults.all().length].join(' ');
  }

  public addFault(spec: FaultSpec): void {
    this.kernel.faults.add(checkedFault(spec));
  }

  /** Takes back every failure that was asked for. */
  public clearFaults(): void {
    this.kernel.faults.clear();
  }

  /** Moves emulated time; what is due on the way happens. */
  public async advance(milliseconds: number): Promise<void> {
    await this.kernel.advance(milliseconds);
  }

  /** Amazon publishes newer versions of its images: their ids, by family. */
  public publishImages(architecture?: string): Record<string, string> {
    return publishImage(this.kernel, { region: this.region, architecture });
  }

  /** The made-up roots, AWS's and the manufacturer's, that certify the hardware of the emulated HSMs: PEM, for whoever verifies an HSM's identity. */
  public hardwareRoots(): { readonly awsRoot: string; readonly manufacturerRoot: string } {
    const place = { service: 'cloudhsm-hsm', account: DEFAULT_ACCOUNT, region: this.region };
    return this.calls.look(place, 'EmulatedRoots', {}, this.host().context(place).caller) as { awsRoot: string; manufacturerRoot: string };
  }

  /** What became of a call, by the request id that its answer carried. */
  public explain(requestId: string): readonly Explained[] {
    return explain(this.calls, this.kernel.tables, requestId);
  }

  /** Resolves when it is over: stopped for good, or all forgotten, so that whoever started it begins anew. */
  public async whenOver(): Promise<'stopped' | 'reset'> {
    return new Promise((over) => {
      this.onOver = over;
    });
  }

  /** Stops and forgets everything, soon: the request for it is answered first. */
  public reset(): void {
    const { onOver } = this;
    if (!onOver) throw new Error('[emulator] only an emulator that `start` began can be reset');
    this.onOver = undefined;
    setImmediate(() => void (async () => {
      await this.stop();
      forgetState(this.folder);
      onOver('reset');
    })());
  }

  /** Copies the state to a folder that does not exist yet: `start({ from: folder })` begins there, as often as one likes. */
  public snapshot(folder: string): void {
    if (existsSync(folder)) throw new Error(`[emulator] ${folder} exists`);
    saveState(this.kernel, this.folder, folder);
  }

  /** Resolves when nothing is owed any more, or when it has stopped. */
  public async idle(): Promise<void> {
    while (this.kernel.busy && !this.stopping) await new Promise((soon) => setTimeout(soon, 5));
  }

  public async stop(): Promise<void> {
    this.stopping ??= this.end();
    await this.stopping;
  }

  /** `await using emulator = await Emulator.start()` stops it at the end of the block. */
  public async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async end(): Promise<void> {
    await this.compute.stop();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
    this.kernel.stop();
    if (!this.options.state) rmSync(this.folder, { recursive: true, force: true });
    this.onOver?.('stopped');
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((listening, failed) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => failed(error.code === 'EADDRINUSE'
        ? new Error(`[emulator] port ${port} is taken; choose another, or leave it out for a free one`)
        : error));
      this.server.listen(port, '127.0.0.1', () => listening());
    });
    await this.compute.start();
    const host = this.host();
    this.calls.all().forEach((service) => service.start?.(this.kernel, host));
    for (const qualifier of this.options.bootstrap ?? [DEFAULT_QUALIFIER]) {
      if (qualifier !== 'none') seedBootstrap(this.calls, { account: DEFAULT_ACCOUNT, region: this.region, qualifier });
    }
    this.kernel.start();
  }

  private route(gateway: RequestHandler, control: RequestHandler, web: RequestHandler): RequestHandler {
    const dial = dialDoor({ kernel: this.kernel, calls: this.calls, sessions: this.sessions });
    return (request, response) => {
      const refusal = turnedAway(request.method ?? '', request.headers, request.headersDistinct.host?.length);
      if (refusal) {
        response.writeHead(refusal.status, { 'content-type': 'text/plain', 'connection': 'close' });
        response.end(`${refusal.text}\n`);
        return;
      }
      const url = request.url ?? '/';
      if (url.startsWith(DIAL)) dial(request, response);
      else if (url.startsWith('/_emulator/tools/')) this.compute.tools(request, response);
      else if (url.startsWith(PAGE)) (request.method === 'GET' ? web : control)(request, response);
      else gateway(request, response);
    };
  }

  private host(): Host {
    return {
      endpoint: () => this.endpoint,
      context: ({ caller, ...place }) => this.calls.context(place, caller ?? {
        principal: { kind: 'service', account: place.account, arn: `arn:aws:iam::${place.account}:root`, service: place.service },
        position: { kind: 'service', service: place.service },
      }),
      credentials: (caller, lifetimeMs) => this.sessions.issue(caller, lifetimeMs),
      notBuilt: (what) => this.notBuilt.add(what),
    };
  }
}

/** `hsms` is a quota of CloudHSM; others are named with their table: `lambda/concurrency`. */
function quotaRows(quotas: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(Object.entries(quotas).map(([name, value]) => {
    const [table, quota] = name.includes('/') ? name.split('/') : ['cloudhsmv2', name];
    return [`${table}/quota-${quota}`, value];
  }));
}
