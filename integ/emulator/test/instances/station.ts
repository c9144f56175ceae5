import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Sessions } from '../../src/access/sessions';
import { InstanceScripts, chooseHost } from '../../src/compute/instances';
import type { InstanceHost } from '../../src/compute/instances';
import { removeTree } from '../../src/compute/instances/confined';
import { publishedSums, Timers, toolDoor, tools, toolsOnPath } from '../../src/compute/tools';
import { ssm } from '../../src/services/ssm/service';
import type { Context, Host, Service } from '../../src/wire/operation';
import { World } from '../_helpers/world';

export const ONE = 'i-00000000000000001';
export const TWO = 'i-00000000000000002';

export interface FakeInstance {
  readonly id: string;
  readonly architecture?: string;
  readonly image?: string;
  readonly profile?: boolean;
  readonly tokens?: string;
  readonly tags?: Readonly<Record<string, string>>;
  state?: string;
}

/** EC2 and IAM as far as SSM and scripts ask them. */
export function fakeNeighbours(instances: readonly FakeInstance[], cutOff: readonly string[] = []): Service[] {
  const describe = (context: Context, instance: FakeInstance): object => ({
    InstanceId: instance.id,
    InstanceType: 't3.micro',
    ImageId: instance.image ?? 'ami-00000000000000001',
    State: { Name: instance.state ?? 'running' },
    Architecture: instance.architecture ?? 'x86_64',
    PrivateIpAddress: '10.0.1.5',
    PrivateDnsName: 'ip-10-0-1-5.ec2.internal',
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1',
    SecurityGroups: [{ GroupId: 'sg-1' }],
    Placement: { AvailabilityZone: 'us-east-1b' },
    MetadataOptions: { HttpTokens: instance.tokens ?? 'optional' },
    Tags: Object.entries(instance.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ...instance.profile === false ? {} : { IamInstanceProfile: { Arn: context.arn('iam', 'instance-profile/web', { region: '' }) } },
  });
  const images = [
    { ImageId: 'ami-00000000000000000', Name: 'al2023-ami-2023.4.0-kernel-6.1-x86_64', Architecture: 'x86_64', CreationDate: '2024-01-01T00:00:00.000Z' },
    { ImageId: 'ami-00000000000000001', Name: 'al2023-ami-2023.5.0-kernel-6.1-x86_64', Architecture: 'x86_64', CreationDate: '2025-01-01T00:00:00.000Z' },
    { ImageId: 'ami-00000000000000002', Name: 'al2023-ami-2023.5.0-kernel-6.1-arm64', Architecture: 'arm64', CreationDate: '2025-01-01T00:00:00.000Z' },
    { ImageId: 'ami-00000000000000003', Name: 'ubuntu/images/hvm-ssd/ubuntu-noble-24.04-amd64', Architecture: 'x86_64', CreationDate: '2025-01-01T00:00:00.000Z' },
  ];
  return [
    {
      name: 'ec2',
      operations: {
        DescribeInstances: (context, input: { InstanceIds?: string[]; Filters?: Array<{ Name: string; Values: string[] }> }) => ({
          Reservations: [{
            Instances: instances
              .filter(({ id }) => !input.InstanceIds || input.InstanceIds.includes(id))
              .filter(({ tags = {} }) => (input.Filters ?? []).every(({ Name, Values }) => Values.includes(tags[Name.replace('tag:', '')])))
              .map((instance) => describe(context, instance)),
          }],
        }),
        EmulatedServicePath: (context, { service, host = `${service}.${context.region}.amazonaws.com` }: { service?: string; host?: string }) => ({
          allowed: !cutOff.includes(host), hops: [], ...cutOff.includes(host) ? { missing: `no way to ${host}` } : {},
        }),
        DescribeImages: (_, { ImageIds }: { ImageIds?: string[] }) => ({
          Images: images.filter(({ ImageId }) => !ImageIds || ImageIds.includes(ImageId)),
        }),
      },
      events: {
        'boot-script-ended': (context, { instanceId, exitCode }: { instanceId: string; exitCode: number }) => {
          context.emit(`boot ended ${exitCode}`, instanceId);
        },
      },
    },
    { name: 'iam', operations: { GetInstanceProfile: () => ({ InstanceProfile: { Roles: [{ RoleName: 'web' }] } }) } },
  ];
}

export interface StationOptions {
  readonly instances?: readonly FakeInstance[];
  readonly services?: readonly Service[];
  readonly variants?: readonly string[];
  readonly folder?: string;
  /** Hosts that no instance gets to. */
  readonly cutOff?: readonly string[];
  readonly host?: (folder: string) => InstanceHost;
}

export interface Invocation {
  readonly Status: string;
  readonly StatusDetails: string;
  readonly ResponseCode: number;
  readonly StandardOutputContent: string;
  readonly StandardErrorContent: string;
}

/** SSM, instances and the door of their tools, with time that moves by itself. */
export class Station {
  public static async open(options: StationOptions = {}): Promise<Station> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const station = new Station(options, server);
    for (const { id } of options.instances ?? [{ id: ONE }]) station.event('ssm.agent-started', { instanceId: id });
    await station.idle();
    return station;
  }

  public readonly world: World;
  public readonly notBuilt: string[] = [];
  public readonly folder: string;
  private readonly server: Server;
  private scripts!: InstanceScripts;
  private host!: Host;

  private constructor(private readonly options: StationOptions, server: Server) {
    this.server = server;
    const sessions = new Sessions('secret');
    const instances = options.instances ?? [{ id: ONE }];
    const driver: Service = {
      name: 'instances',
      operations: {},
      start: (kernel, worldHost) => {
        const host: Host = {
          ...worldHost,
          context: (place) => worldHost.context(place),
          endpoint: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          credentials: (caller) => sessions.issue(caller),
          notBuilt: (what) => this.notBuilt.push(what),
        };
        const folder = join(this.folderOf(kernel), 'instances');
        const sums = publishedSums((id) => kernel.tables.value('instances', id));
        const chosen = options.host?.(folder) ?? chooseHost({ folder, tools: toolsOnPath, sums, allowScripts: false });
        this.scripts = new InstanceScripts(kernel, host, () => chosen);
        this.host = host;
      },
    };
    this.world = new World({
      services: [...fakeNeighbours(instances, options.cutOff), ssm, driver, ...options.services ?? []], clock: { kind: 'warp' }, folder: options.folder, variants: options.variants,
    });
    this.folder = join(this.world.folder, 'instances');
    const { kernel, calls } = this.world;
    const timers = new Timers({ kernel, calls, sessions, host: this.host, registry: tools, scripts: this.scripts });
    server.on('request', toolDoor({ kernel, calls, sessions, timers, registry: tools, scripts: this.scripts }));
  }

  public event(kind: string, args: Record<string, string>): void {
    const { kernel, account, region } = this.world;
    kernel.transaction(() => kernel.after(0, { kind, args: { ...args, account, region } }));
  }

  public send(script: string | readonly string[], input: object = {}): string {
    const { Command } = this.world.call<{ Command: { CommandId: string } }>('ssm', 'SendCommand', {
      InstanceIds: [ONE], DocumentName: 'AWS-RunShellScript', Parameters: { commands: typeof script === 'string' ? [script] : script }, ...input,
    });
    return Command.CommandId;
  }

  public invocation(CommandId: string, InstanceId: string = ONE, PluginName?: string): Invocation {
    return this.world.call('ssm', 'GetCommandInvocation', { CommandId, InstanceId, PluginName });
  }

  /** Runs a script to its end on an instance, by the document for shell scripts. */
  public async run(script: string, instanceId: string = ONE, parameters: object = {}): Promise<Invocation> {
    const id = this.send(script, { InstanceIds: [instanceId], Parameters: { commands: [script], ...parameters } });
    await this.idle();
    return this.invocation(id, instanceId);
  }

  /** Until nothing is owed any more. */
  public async idle(): Promise<void> {
    const end = Date.now() + 25_000;
    while (this.world.kernel.busy) {
      if (Date.now() > end) throw new Error('the emulator does not come to rest');
      if (this.world.internalErrors.length > 0) throw this.world.internalErrors[0];
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** What the kernel does with an activity whose turn has no end. */
  public overstay(): void {
    this.scripts.kill(this.world.kernel.activities.all().find(({ state }) => state === 'RUNNING')!, 'turn');
  }

  public async close(): Promise<void> {
    await this.scripts.dispose();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    if (!this.options.folder) removeTree(join(this.world.folder, 'instances'));
    this.world.stop();
  }

  private folderOf(kernel: World['kernel']): string {
    return join(kernel.blobs.path(''), '..');
  }
}
