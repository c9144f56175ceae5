import type { CloudHsmApi, Cluster } from '../../../../src/handlers/aws/cloudhsm';
import type { CommandResult } from '../../../../src/handlers/aws/commands';
import type { SecretVersion } from '../../../../src/handlers/aws/secret-versions';
import { claimLease, LEASE_MS } from '../../../../src/handlers/engine/lease';
import type { RotationAws } from '../../../../src/handlers/rotation/aws';
import { rotate } from '../../../../src/handlers/rotation/rotation';
import type { RotationEvent } from '../../../../src/handlers/rotation/rotation';
import type { RotationSettings } from '../../../../src/lifecycle/rotation-contract';
import { FakeParameters } from '../../_helpers/aws';
import { A, B, cluster, hsm } from '../../_helpers/cluster';
import { CLUSTER_ID, MINUTE, NOW } from '../../_helpers/request';

export const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf';
export const TOKEN = '8d1e6c0a-52b1-4b5e-9f0e-0d6b7a1c2e3f';

const SETTINGS: RotationSettings = {
  SecretArn: SECRET_ARN,
  ClusterId: CLUSTER_ID,
  UserName: 'app',
  Role: 'crypto-user',
  AdminClientGroupName: 'group',
  TrustAnchorParameterName: '/anchor',
  RotateDocumentName: 'rotate',
  TestDocumentName: 'test',
};

type Sent = Parameters<RotationAws['commands']['send']>[0];

/** One invocation of the rotation function, in a time of its own. */
export class RotationWorld {
  public readonly parameters = new FakeParameters();
  public labels: ReadonlyMap<string, readonly string[]> = new Map([['v-now', ['AWSCURRENT']], [TOKEN, ['AWSPENDING']]]);
  public cluster: Cluster | undefined = cluster('ACTIVE', [hsm('a', A), hsm('b', B)]);
  public outcome: Omit<CommandResult, 'commandId'> = { status: 'Success', output: '{"result":"changed"}\n', errorOutput: '' };
  public versions: readonly SecretVersion[] = [];
  public backups: readonly number[] = [];
  /** The command is sent, and its answer is this. */
  public sendFails: Error | undefined;

  public readonly put: object[] = [];
  public readonly moved: object[] = [];
  /** Whether the cluster's lease was held when each label was moved. */
  public readonly leaseWhenMoved: boolean[] = [];
  public readonly sent: Sent[] = [];
  /** Whether the cluster's lease was held when each command was sent, and milliseconds after the beginning. */
  public readonly leaseWhenSent: boolean[] = [];
  public readonly sentAfter: number[] = [];

  private now = NOW;
  private readonly end = NOW + 15 * MINUTE;
  private readonly events: Array<{ readonly at: number; readonly happens: () => void }> = [];

  public constructor(private readonly settings: Partial<RotationSettings> = {}) {}

  /** Milliseconds that are left of the invocation. */
  public get left(): number {
    return this.end - this.now;
  }

  public get isLeaseFree(): boolean {
    return this.heldUntil() <= this.now;
  }

  public later(milliseconds: number, happens: () => void): void {
    this.events.push({ at: NOW + milliseconds, happens });
  }

  /** Another resource's lease, renewed again and again. */
  public async holdLeaseFor(milliseconds: number): Promise<void> {
    await claimLease(this.parameters, { clusterId: CLUSTER_ID, resource: 'fleet', request: '1', since: NOW }, NOW + milliseconds - LEASE_MS);
  }

  public async step(Step: RotationEvent['Step']): Promise<void> {
    await rotate(this.aws(), { ...SETTINGS, ...this.settings }, { Step, SecretId: SECRET_ARN, ClientRequestToken: TOKEN }, 'invocation-1', {
      now: () => this.now,
      sleep: async (seconds) => this.pass(seconds * 1000),
      end: this.end,
    });
  }

  private pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const { happens } of this.events.filter(({ at }) => at <= this.now)) happens();
  }

  private heldUntil(): number {
    const leases = [...this.parameters.values].filter(([name]) => /\/lease\/\d+$/.test(name));
    return Math.max(0, ...leases.map(([, value]) => (JSON.parse(value) as { until: number }).until));
  }

  private aws(): RotationAws {
    return {
      parameters: this.parameters,
      cloudHsm: { describe: async () => this.cluster && { cluster: this.cluster, certificates: {} as NonNullable<Awaited<ReturnType<CloudHsmApi['describe']>>>['certificates'] } },
      backups: { of: async () => this.backups.map((createdAt, index) => ({ backupId: `backup-${index}`, state: 'READY', createdAt })) },
      secretVersions: {
        labels: async () => this.labels,
        versions: async () => this.versions,
        putPassword: async (_arn, version, userName, labels) => { this.put.push({ version, userName, labels }); },
        moveLabel: async (_arn, label, move) => {
          this.moved.push({ label, ...move });
          this.leaseWhenMoved.push(!this.isLeaseFree);
        },
      },
      commands: {
        adminClient: async () => ({ instanceId: 'i-1', agentStatus: 'Online' }),
        send: async (command) => {
          this.sent.push(command);
          this.leaseWhenSent.push(!this.isLeaseFree);
          this.sentAfter.push(this.now - NOW);
          if (this.sendFails) throw this.sendFails;
          return `command-${this.sent.length}`;
        },
        find: async (_instance, token) => (this.sent.some((command) => command.token === token) ? 'command-1' : undefined),
        result: async (commandId) => ({ commandId, ...this.outcome }),
      },
    };
  }
}
