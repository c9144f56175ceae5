import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority } from './authority';
import { CLIENT, neighbours } from './neighbours';
import { cloudhsmServices } from '../../src/services/cloudhsm';
import type { RunOutput } from '../../src/services/cloudhsm/client/input';
import type { Output, Position, Service } from '../../src/wire/operation';
import { outside, World } from '../_helpers/world';

export interface ClusterShape {
  ClusterId: string;
  State: string;
  StateMessage?: string;
  SecurityGroup?: string;
  SourceBackupId?: string;
  Mode: string;
  VpcId: string;
  Hsms: HsmShape[];
  Certificates: Record<string, string>;
  BackupRetentionPolicy: { Type: string; Value: string };
  TagList: Array<{ Key: string; Value: string }>;
}

export interface HsmShape {
  HsmId: string;
  State: string;
  StateMessage?: string;
  EniId?: string;
  EniIp?: string;
  EniIpV6?: string;
}

export interface BackupShape {
  BackupId: string;
  BackupArn: string;
  BackupState: string;
  NeverExpires: boolean;
  DeleteTimestamp?: Date;
  SourceBackup?: string;
}

export interface LabOptions {
  /** Rows set by hand, by `<table>/<row>`. */
  readonly rows?: Readonly<Record<string, unknown>>;
  readonly variants?: readonly string[];
  readonly seed?: number;
  readonly ownKeys?: boolean;
  readonly folder?: string;
  /** What CloudHSM leans on; stand-ins by default. */
  readonly beside?: readonly Service[];
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'emulator-lab-'));
}

const stages = new Map<string, { folder: string; clusterId: string }>();

afterAll(() => stages.forEach(({ folder }) => rmSync(folder, { recursive: true, force: true })));

/** A lab with a cluster that has come this far. Making its keys is slow, so each test opens a copy of one state folder. */
export async function labAt(stage: 'withFirstHsm' | 'initialized' | 'active', options: LabOptions = {}): Promise<{ lab: Lab; clusterId: string }> {
  let prepared = stages.get(stage);
  if (!prepared) {
    const first = new Lab();
    const clusterId = await first[stage]();
    prepared = { folder: newFolder(), clusterId };
    cpSync(first.folder, prepared.folder, { recursive: true, filter: (file) => !file.endsWith('lock') });
    first.stop();
    stages.set(stage, prepared);
  }
  const folder = newFolder();
  cpSync(prepared.folder, folder, { recursive: true });
  return { lab: new Lab({ ...options, folder }), clusterId: prepared.clusterId };
}

interface Place {
  readonly region?: string;
  readonly account?: string;
}

export const PASSWORD = 'CorrectHorse1';
/** Key generation is the slow part: one authority serves all tests. */
let sharedAuthority: Authority | undefined;

/** CloudHSM with its neighbours, and the steps of a cluster's life. */
export class Lab extends World {
  public constructor({ rows = {}, variants = ['default'], seed = 1, ownKeys, folder = newFolder(), beside = neighbours }: LabOptions = {}) {
    super({ services: [...cloudhsmServices(), ...beside], overrides: new Map(Object.entries(rows)), variants, seed, ownKeys, folder });
  }

  public override stop(): void {
    try {
      super.stop();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** Emulated seconds. */
  public get seconds(): number {
    return this.kernel.now / 1000;
  }

  /** Lets time pass, event by event, until something is so. */
  public async until(reached: () => boolean, limitSeconds: number = 86_400): Promise<void> {
    const found = await this.kernel.advanceUntil(reached, limitSeconds * 1000);
    if (this.internalErrors.length > 0) throw this.internalErrors[0];
    if (!found) throw new Error(`not reached within ${limitSeconds} s of emulated time`);
  }

  public async days(days: number): Promise<void> {
    await this.advance(days * 86_400_000);
  }

  public timeline(): string[] {
    return this.kernel.timeline.entries().map(({ event, resource }) => `${event} ${resource}`);
  }

  public get authority(): Authority {
    sharedAuthority ??= new Authority();
    return sharedAuthority;
  }

  /** A call of the control plane, here or in another region or account. */
  public hsm2<O = Output>(operation: string, input: object = {}, { region = this.region, account = this.account }: Place = {}): O {
    return this.calls.make({ service: 'cloudhsmv2', account, region }, operation, input, outside(account)) as O;
  }

  /** A refusal as `code: text`. */
  public refused(operation: string, input: object = {}): string {
    const { code, message } = this.refusal('cloudhsmv2', operation, input);
    return `${code}: ${message}`;
  }

  public create(input: object = {}): string {
    const { Cluster } = this.hsm2<{ Cluster: ClusterShape }>('CreateCluster', {
      HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0000000b', 'subnet-0000000c'], ...input,
    });
    return Cluster.ClusterId;
  }

  public clusters(filters: Record<string, string[]> = {}): ClusterShape[] {
    return this.hsm2<{ Clusters: ClusterShape[] }>('DescribeClusters', { Filters: filters }).Clusters;
  }

  public cluster(clusterId: string): ClusterShape {
    return this.clusters({ clusterIds: [clusterId] })[0];
  }

  public backups(clusterId: string): BackupShape[] {
    return this.hsm2<{ Backups: BackupShape[] }>('DescribeBackups', { Filters: { clusterIds: [clusterId] } }).Backups;
  }

  public async reaches(clusterId: string, state: string): Promise<void> {
    await this.until(() => this.cluster(clusterId).State === state);
  }

  public addHsm(clusterId: string, zone: string = 'us-east-1b', input: object = {}): string {
    return this.hsm2<{ Hsm: HsmShape }>('CreateHsm', { ClusterId: clusterId, AvailabilityZone: zone, ...input }).Hsm.HsmId;
  }

  public hsm(clusterId: string, hsmId: string): HsmShape | undefined {
    return this.cluster(clusterId).Hsms.find(({ HsmId }) => HsmId === hsmId);
  }

  public async hsmReaches(clusterId: string, hsmId: string, state: string): Promise<void> {
    await this.until(() => this.hsm(clusterId, hsmId)?.State === state);
  }

  public async uninitialized(input: object = {}): Promise<string> {
    const clusterId = this.create(input);
    await this.reaches(clusterId, 'UNINITIALIZED');
    return clusterId;
  }

  public async withFirstHsm(input: object = {}): Promise<string> {
    const clusterId = await this.uninitialized(input);
    await this.hsmReaches(clusterId, this.addHsm(clusterId), 'ACTIVE');
    return clusterId;
  }

  public initialize(clusterId: string): void {
    const { ClusterCsr } = this.cluster(clusterId).Certificates;
    this.hsm2('InitializeCluster', { ClusterId: clusterId, SignedCert: this.authority.sign(ClusterCsr), TrustAnchor: this.authority.anchor });
  }

  public async initialized(input: object = {}): Promise<string> {
    const clusterId = await this.withFirstHsm(input);
    this.initialize(clusterId);
    await this.reaches(clusterId, 'INITIALIZED');
    return clusterId;
  }

  public async active(input: object = {}): Promise<string> {
    const clusterId = await this.initialized(input);
    const { error_code: errorCode } = this.cli(clusterId, ['cluster', 'activate', '--password', PASSWORD]);
    if (errorCode !== 0) throw new Error('activation failed');
    await this.reaches(clusterId, 'ACTIVE');
    return clusterId;
  }

  /** Runs `cloudhsm-cli` on a client that has all present HSMs configured, and reads its envelope. */
  public cli<D = unknown>(clusterId: string, argv: string[], options: CliOptions = {}): { error_code: number; data: D; exitCode: number } {
    const { exitCode, stdout } = this.run(clusterId, argv, options);
    return { ...JSON.parse(stdout) as { error_code: number; data: D }, exitCode };
  }

  public run(clusterId: string, argv: string[], options: CliOptions = {}): RunOutput {
    const { as, env = {}, answers = [], from = CLIENT, addresses, anchor = this.authority.anchor, check = false, files = {}, ...input } = options;
    const servers = addresses ?? this.cluster(clusterId).Hsms.flatMap(({ EniIp }) => (EniIp ? [EniIp] : []));
    const configuration = {
      clusters: [{
        type: 'hsm1',
        cluster: {
          hsm_ca_file: '/opt/cloudhsm/etc/customerCA.crt',
          servers: servers.map((hostname) => ({ hostname, port: 2223, enable: true })),
          options: { disable_key_availability_check: !check },
        },
      }],
    };
    return this.call<RunOutput>('cloudhsm-client', 'Run', {
      tool: 'cloudhsm-cli',
      argv,
      env: { ...(as ? { CLOUDHSM_ROLE: as[0], CLOUDHSM_PIN: as[1] } : {}), ...env },
      files: { '/opt/cloudhsm/etc/cloudhsm-cli.cfg': JSON.stringify(configuration), '/opt/cloudhsm/etc/customerCA.crt': anchor, ...files },
      answers,
      ...input,
    }, { ...outside(), position: from });
  }

  public users(clusterId: string, options: CliOptions = {}): UserShape[] {
    return this.cli<{ users: UserShape[] }>(clusterId, ['user', 'list'], options).data.users;
  }
}

export interface UserShape {
  readonly 'username': string;
  readonly 'role': string;
  readonly 'locked': string;
  readonly 'cluster-coverage': string;
}

export interface CliOptions {
  /** Role and `user:password`. */
  readonly as?: readonly [string, string];
  readonly env?: Record<string, string>;
  readonly answers?: string[];
  readonly from?: Position;
  readonly addresses?: string[];
  readonly anchor?: string;
  /** Leaves the key availability check on. */
  readonly check?: boolean;
  readonly version?: string;
  /** Files that the arguments name; those that are no text in base64. */
  readonly files?: Record<string, string>;
  readonly binaries?: Record<string, string>;
}

export const ADMIN = ['admin', `admin:${PASSWORD}`] as const;
