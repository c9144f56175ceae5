import { FakeParameters, lostAnswer, serviceError, fakeAws } from './aws';
import { A, B, C } from './cluster';
import { CLUSTER_ID, MINUTE, NOW, SECOND } from './request';
import type { Aws } from '../../../src/handlers/aws';
import type { Cluster, Hsm } from '../../../src/handlers/aws/cloudhsm';

/**
 * A small model of the CloudHSM service: what there is, and what its lists show of it.
 *
 * - A new HSM is listed `lag` after its creation, 0 to 170 s. Its interface shows when it is ACTIVE.
 * - An answer to CreateHsm may be lost, with the HSM made or not. It may be refused.
 * - An HSM may never become ACTIVE.
 * - An address that was asked for is refused while an HSM has it, until that is off the list.
 * - DeleteHsm takes effect at once and shows `deletionLag` later; the HSM is off the list `deletionTime` after that.
 * - Of an ACTIVE cluster it makes a backup on every removal, READY `backupTime` later; or never.
 * - The service replaces an HSM by one with another id on the same interface, in one moment.
 *
 * An HSM counts as long as nobody has asked for its removal: from then on it is no longer billed.
 */
export type CreateFate = 'made' | 'made, answer lost' | 'not made, answer lost' | 'refused';

export interface HsmFate {
  readonly create: CreateFate;
  /** Milliseconds until it is listed. */
  readonly lag: number;
  /** Milliseconds until it is ACTIVE; `undefined`: never. */
  readonly joinsIn: number | undefined;
}

export interface WorldOptions {
  readonly state: string;
  /** HSMs that are there, by zone. */
  readonly before: readonly string[];
  /** What becomes of CreateHsm calls, in their order; then everything goes well. */
  readonly fates?: readonly HsmFate[];
  readonly deletionLag?: number;
  readonly deletionTime?: number;
  /** Milliseconds until a backup is READY; `'never'`: none ever is. */
  readonly backupTime?: number | 'never';
  /** Whether DeleteHsm is refused while an HSM is being created. */
  readonly refusesWhileJoining?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly keyStores?: readonly string[];
}

interface WorldHsm {
  /** The same over replacements. */
  readonly lineage: string;
  hsmId: string;
  readonly zone: string;
  readonly address: string;
  readonly listedAt: number;
  activeAt: number;
  deletedAt?: number;
}

const DELETION_LAG = 120 * SECOND;
const DELETION_TIME = 10 * MINUTE;

export const WELL: HsmFate = { create: 'made', lag: 60 * SECOND, joinsIn: 6 * MINUTE };

export class World {
  public now = NOW;
  public readonly parameters: FakeParameters;
  public readonly aws: Aws;
  /** The most HSMs there ever were, since the world began. */
  public most: number;
  public mostByZone = new Map<string, number>();
  /** Lineages of HSMs at the beginning. */
  public readonly original: readonly string[];
  public deleted: string[] = [];
  /** Whether the last HSM was taken while no backup that is newer than the first removal was READY. */
  public isContentLost = false;
  private firstRemovalAt?: number;
  private readonly backups: Array<{ at: number; readyAt: number }> = [];
  private readonly hsms: WorldHsm[] = [];
  private readonly fates: HsmFate[];
  private ids = 0;
  private replacements: Array<{ at: number; index: number }> = [];

  public constructor(private readonly options: WorldOptions) {
    this.fates = [...options.fates ?? []];
    this.parameters = new FakeParameters(options.parameters);
    for (const zone of options.before) this.add(zone, { create: 'made', lag: 0, joinsIn: 0 });
    this.original = this.hsms.map(({ lineage }) => lineage);
    this.most = this.living.length;
    this.aws = fakeAws({
      cloudHsm: {
        describe: async () => ({
          cluster: this.cluster(),
          certificates: { clusterCsr: this.options.state === 'UNINITIALIZED' && this.listed().some(({ state }) => state === 'ACTIVE') ? 'CSR' : undefined },
        }),
        createHsm: async (_clusterId, zone, ipAddress) => this.createHsm(zone, ipAddress),
        deleteHsm: async (_clusterId, hsmId) => this.deleteHsm(hsmId),
      },
      backups: {
        of: async () => this.backups.map(({ at, readyAt }, index) => ({
          backupId: `backup-${index}`, state: readyAt <= this.now ? 'READY' : 'CREATE_IN_PROGRESS', createdAt: at,
        })),
      },
      keys: { keyStoresOf: async () => options.keyStores ?? [] },
      logs: { ensure: async () => {}, delete: async () => {} },
    }, this.parameters);
  }

  /** HSMs that are there and that nobody asked to go. */
  public get living(): readonly WorldHsm[] {
    return this.hsms.filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Of the HSMs that are there. */
  public get addresses(): string[] {
    return this.living.map(({ address }) => address);
  }

  public livingIn(zone: string): number {
    return this.living.filter((hsm) => hsm.zone === zone).length;
  }

  public pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (const { at, index } of this.replacements.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)) this.replaceNow(at, index);
    this.replacements = this.replacements.filter(({ at }) => at > until);
    this.now = until;
  }

  /** An HSM that is ACTIVE then fails, at some time from now. */
  public replaceLater(milliseconds: number, index: number): void {
    this.replacements.push({ at: this.now + milliseconds, index });
  }

  private replaceNow(at: number, index: number): void {
    const active = this.living.filter(({ activeAt }) => activeAt <= at);
    if (active.length === 0) return;
    const failed = active[index % active.length];
    failed.hsmId = this.nextId();
    failed.activeAt = at + 8 * MINUTE;
  }

  private cluster(): Cluster {
    return {
      clusterId: CLUSTER_ID,
      state: this.options.state,
      vpcId: 'vpc-1',
      securityGroup: 'sg-cluster',
      createdAt: NOW - 60 * MINUTE,
      subnets: { [A]: 'subnet-a', [B]: 'subnet-b', [C]: 'subnet-c' },
      hsms: this.listed(),
    };
  }

  private listed(): Hsm[] {
    const { deletionLag = DELETION_LAG } = this.options;
    return this.hsms.flatMap((hsm) => {
      const { hsmId, zone, listedAt, activeAt, deletedAt = Infinity, lineage, address } = hsm;
      if (listedAt > this.now || this.isOff(hsm)) return [];
      const isActive = activeAt <= this.now;
      const state = deletedAt + deletionLag <= this.now ? 'DELETE_IN_PROGRESS' : isActive ? 'ACTIVE' : 'CREATE_IN_PROGRESS';
      return [{ hsmId, availabilityZone: zone, state, ...(isActive ? { eniId: `eni-${lineage}`, eniIp: address } : {}) }];
    });
  }

  /** Off the list, and its interface is gone. */
  private isOff({ deletedAt = Infinity }: WorldHsm): boolean {
    const { deletionLag = DELETION_LAG, deletionTime = DELETION_TIME } = this.options;
    return deletedAt + deletionLag + deletionTime <= this.now;
  }

  private createHsm(zone: string, ipAddress?: string): string {
    const fate = this.fates.shift() ?? WELL;
    const isTaken = this.hsms.some((hsm) => hsm.address === ipAddress && !this.isOff(hsm));
    if (fate.create === 'refused' || isTaken) throw serviceError('CloudHsmInvalidRequestException', 'no');
    if (fate.create === 'not made, answer lost') throw lostAnswer();
    const { hsmId } = this.add(zone, fate, ipAddress);
    this.firstRemovalAt = undefined;
    this.most = Math.max(this.most, this.living.length);
    this.mostByZone.set(zone, Math.max(this.mostByZone.get(zone) ?? 0, this.livingIn(zone)));
    if (fate.create === 'made, answer lost') throw lostAnswer();
    return hsmId;
  }

  private deleteHsm(hsmId: string): void {
    const found = this.hsms.find((hsm) => hsm.hsmId === hsmId && hsm.deletedAt === undefined);
    if (!found) throw serviceError('CloudHsmResourceNotFoundException', `${hsmId} does not exist`);
    if (this.options.refusesWhileJoining && found.activeAt > this.now) throw serviceError('CloudHsmInvalidRequestException', `${hsmId} is being created`);
    found.deletedAt = this.now;
    this.deleted.push(found.lineage);
    const first = this.firstRemovalAt;
    const isBackedUp = first === undefined || this.backups.some(({ at, readyAt }) => at >= first && readyAt <= this.now);
    if (this.living.length === 0 && !isBackedUp) this.isContentLost = true;
    this.firstRemovalAt ??= this.now;
    const { backupTime = 3 * MINUTE, state } = this.options;
    if (state === 'ACTIVE') this.backups.push({ at: this.now, readyAt: backupTime === 'never' ? Infinity : this.now + backupTime });
  }

  private add(zone: string, { lag, joinsIn }: HsmFate, ipAddress?: string): WorldHsm {
    const hsmId = this.nextId();
    const lineage = `${this.hsms.length + 1}`;
    const added: WorldHsm = {
      lineage, hsmId, zone, address: ipAddress ?? `10.9.0.${lineage}`, listedAt: this.now + lag, activeAt: this.now + (joinsIn ?? Infinity),
    };
    this.hsms.push(added);
    return added;
  }

  /** Not in the order of creation, as real ones are not. */
  private nextId(): string {
    this.ids += 1;
    return `hsm-${((this.ids * 7919) % 1000).toString(32)}x${this.ids}`;
  }
}
