import type { Stage } from './stage';
import { backups, clusters, hsms } from '../../../src/services/cloudhsm/state';
import type { BackupState, ClusterState, HsmState } from '../../../src/services/cloudhsm/state';

type Arrows<S extends string> = Readonly<Record<S, readonly S[]>>;

/** From where the documents let a cluster go where; see API_Cluster and the guide's pages on each step. */
const CLUSTER: Arrows<ClusterState> = {
  CREATE_IN_PROGRESS: ['UNINITIALIZED', 'ACTIVE'],
  UNINITIALIZED: ['INITIALIZE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  INITIALIZE_IN_PROGRESS: ['INITIALIZED'],
  INITIALIZED: ['ACTIVE', 'DELETE_IN_PROGRESS'],
  ACTIVE: ['MODIFY_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'DEGRADED', 'DELETE_IN_PROGRESS'],
  DEGRADED: ['ACTIVE', 'DELETE_IN_PROGRESS'],
  MODIFY_IN_PROGRESS: ['ACTIVE', 'ROLLBACK_IN_PROGRESS'],
  ROLLBACK_IN_PROGRESS: ['ACTIVE'],
  UPDATE_IN_PROGRESS: [],
  DELETE_IN_PROGRESS: ['DELETED'],
  DELETED: [],
};
const HSM: Arrows<HsmState> = {
  CREATE_IN_PROGRESS: ['ACTIVE', 'DEGRADED'],
  ACTIVE: ['DEGRADED', 'DELETE_IN_PROGRESS', 'DELETED'],
  DEGRADED: ['DELETE_IN_PROGRESS', 'DELETED'],
  DELETE_IN_PROGRESS: ['DELETED'],
  DELETED: [],
};
const BACKUP: Arrows<BackupState> = {
  CREATE_IN_PROGRESS: ['READY'],
  READY: ['PENDING_DELETION'],
  PENDING_DELETION: ['READY', 'DELETED'],
  DELETED: [],
};

const DAY = 86_400_000;

/** Fails when anything that must always be so is not. Cheap enough to be asked after every step. */
export class Invariants {
  private seen = 0;
  private readonly states = new Map<string, { state: string; at: number }>();

  public constructor(private readonly stage: Stage, private readonly quotas: { readonly clusters: number; readonly hsms: number }) {}

  public check(): void {
    this.everyStateIsReachedAlongAnArrow();
    this.quotasHold();
    this.everyHsmHasItsInterface();
    this.noBackupIsLost();
    this.fieldsComeWhenTheirTimeHasCome();
  }

  private everyStateIsReachedAlongAnArrow(): void {
    const entries = this.stage.lab.kernel.timeline.entries();
    for (const { event, resource, at } of entries.slice(this.seen)) {
      const arrows = arrowsOf(resource);
      if (!arrows || !(event in arrows)) continue;
      const before = this.states.get(resource);
      if (before && !arrows[before.state].includes(event)) throw new Error(`${resource} went from ${before.state} to ${event}`);
      if (!before && event !== 'CREATE_IN_PROGRESS') throw new Error(`${resource} began as ${event}`);
      if (event === 'DELETED' && before?.state === 'PENDING_DELETION' && at - before.at < 7 * DAY) throw new Error(`${resource} did not wait seven days`);
      this.states.set(resource, { state: event, at });
    }
    this.seen = entries.length;
  }

  private quotasHold(): void {
    const context = this.stage.lab.context('cloudhsmv2');
    const living = clusters(context).values().filter(({ state }) => state !== 'DELETED').length;
    const working = hsms(context).values().filter(({ gone }) => !gone).length;
    if (living > this.quotas.clusters || working > this.quotas.hsms) throw new Error(`${living} clusters and ${working} HSMs are more than the quotas`);
  }

  private everyHsmHasItsInterface(): void {
    const { lab } = this.stage;
    const living = hsms(lab.context('cloudhsmv2')).values().filter(({ gone }) => !gone);
    const interfaces = lab.context('ec2').table<{ id: string; ip: string }>('fake/enis').values();
    for (const { hsmId, eniId, eniIp } of living) {
      if (!interfaces.some(({ id, ip }) => id === eniId && ip === eniIp)) throw new Error(`${hsmId} has no interface`);
    }
    if (new Set(living.map(({ eniId }) => eniId)).size !== living.length) throw new Error('two HSMs share an interface');
    const orphan = interfaces.find(({ id }) => !living.some(({ eniId }) => eniId === id));
    if (orphan) throw new Error(`the interface ${orphan.id} belongs to no HSM`);
  }

  /**
   * Of every cluster that had one, a backup that nobody gave up can be used, and what never expires is there. Older ones may have been purged while a newer
   * one was there that somebody gave up afterwards.
   */
  private noBackupIsLost(): void {
    const all = backups(this.stage.lab.context('cloudhsmv2')).values().filter(({ source }) => !source);
    const kept = all.filter(({ backupId }) => !this.stage.givenUp.has(backupId));
    for (const clusterId of new Set(kept.map((backup) => backup.clusterId))) {
      const own = kept.filter((backup) => backup.clusterId === clusterId);
      const newest = Math.max(...own.map(({ createdAt }) => createdAt));
      const givenUpSince = all.some((backup) => backup.clusterId === clusterId && backup.createdAt > newest);
      const some = own.some(({ state }) => state === 'READY' || state === 'CREATE_IN_PROGRESS');
      if (!some && !givenUpSince) throw new Error(`the last backup of ${clusterId} is lost`);
    }
    const expired = kept.find(({ neverExpires, state }) => neverExpires && state !== 'READY');
    if (expired) throw new Error(`${expired.backupId} never expires and is ${expired.state}`);
  }

  private fieldsComeWhenTheirTimeHasCome(): void {
    for (const { ClusterId, State, SecurityGroup, Hsms, Certificates } of this.stage.lab.clusters()) {
      if ((State === 'CREATE_IN_PROGRESS') === (SecurityGroup !== undefined)) throw new Error(`${ClusterId} is ${State} with group ${SecurityGroup}`);
      const early = Hsms.find((hsm) => (hsm.State === 'CREATE_IN_PROGRESS') === (hsm.EniIp !== undefined));
      if (early) throw new Error(`${early.HsmId} is ${early.State} with address ${early.EniIp}`);
      const waiting = State === 'UNINITIALIZED' && Hsms.some((hsm) => hsm.State === 'ACTIVE');
      if ((Certificates.ClusterCsr !== undefined) !== waiting) throw new Error(`${ClusterId} is ${State}, its request is ${waiting ? 'not ' : ''}there`);
    }
  }
}

function arrowsOf(resource: string): Readonly<Record<string, readonly string[]>> | undefined {
  if (/^cluster-\w+$/.test(resource)) return CLUSTER;
  if (/^cluster-\w+\/hsm-\w+$/.test(resource)) return HSM;
  return /^backup-\w+$/.test(resource) ? BACKUP : undefined;
}
