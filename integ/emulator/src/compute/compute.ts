import { join } from 'node:path';
import type { Calls } from '../access/call';
import type { Sessions } from '../access/sessions';
import type { Kernel } from '../kernel';
import { Functions } from './functions';
import { chooseHost, InstanceScripts } from './instances';
import { publishedSums, Timers, toolDoor, tools, toolsOnPath } from './tools';
import type { RequestHandler } from '../wire/http';
import type { Host } from '../wire/operation';
import { createTlsServer } from '../wire/tls';
import type { TlsServer } from '../wire/tls';

export interface ComputeParts {
  readonly kernel: Kernel;
  readonly calls: Calls;
  readonly sessions: Sessions;
  readonly host: Host;
  /** State folder. */
  readonly folder: string;
  readonly gateway: RequestHandler;
  readonly allowScripts: boolean;
}

/** Everything that runs foreign code: functions in child processes, scripts on instances, and the tools those scripts find. */
export class Compute {
  /** The door of the instances' tools; there when started. */
  public tools!: RequestHandler;

  private functions?: Functions;
  private scripts?: InstanceScripts;
  private tls?: TlsServer;

  public constructor(private readonly parts: ComputeParts) {}

  /** When the emulator listens: drivers and the TLS port that AWS's own names lead to. */
  public async start(): Promise<void> {
    const { kernel, calls, sessions, host, folder, gateway, allowScripts } = this.parts;
    const tls = createTlsServer(gateway, join(folder, 'tls'));
    await tls.listen();
    this.tls = tls;
    this.functions = new Functions(kernel, host, { folder: join(folder, 'functions'), tlsPort: () => tls.port(), caFile: tls.caFile });
    this.scripts = new InstanceScripts(kernel, host, () => chooseHost({
      folder: join(folder, 'instances'), tools: toolsOnPath, sums: publishedSums((id) => kernel.tables.value('instances', id)), allowScripts,
    }));
    const timers = new Timers({ kernel, calls, sessions, host, registry: tools, scripts: this.scripts });
    this.tools = toolDoor({ kernel, calls, sessions, timers, registry: tools, scripts: this.scripts });
  }

  public async stop(): Promise<void> {
    await this.functions?.dispose();
    await this.scripts?.dispose();
    await this.tls?.close();
  }
}
