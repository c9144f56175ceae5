import type { Table } from '../../kernel';
import type { Caller, Context } from '../../wire/operation';

export type ClusterState =
  | 'CREATE_IN_PROGRESS' | 'UNINITIALIZED' | 'INITIALIZE_IN_PROGRESS' | 'INITIALIZED' | 'ACTIVE' | 'UPDATE_IN_PROGRESS' | 'MODIFY_IN_PROGRESS'
  | 'ROLLBACK_IN_PROGRESS' | 'DELETE_IN_PROGRESS' | 'DELETED' | 'DEGRADED';
export type HsmState = 'CREATE_IN_PROGRESS' | 'ACTIVE' | 'DEGRADED' | 'DELETE_IN_PROGRESS' | 'DELETED';
export type BackupState = 'CREATE_IN_PROGRESS' | 'READY' | 'PENDING_DELETION' | 'DELETED';
export type Mode = 'FIPS' | 'NON_FIPS';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What the first HSM of a new cluster shows until the cluster is initialized; PEM. */
export interface Identity {
  readonly clusterCsr: string;
  readonly hsmCertificate: string;
  readonly awsHardwareCertificate: string;
  readonly manufacturerHardwareCertificate: string;
}

export interface ClusterRecord {
  readonly clusterId: string;
  readonly state: ClusterState;
  readonly stateMessage?: string;
  readonly hsmType: string;
  readonly mode: Mode;
  readonly networkType: 'IPV4' | 'DUALSTACK';
  /** Subnet by Availability Zone. */
  readonly subnets: Readonly<Record<string, string>>;
  readonly vpcId: string;
  readonly securityGroup: string;
  readonly retentionDays: number;
  readonly sourceBackupId?: string;
  /** Of the first HSM, until initialization. */
  readonly identity?: Identity;
  readonly clusterCertificate?: string;
  readonly trustAnchor?: string;
  /** Blob with the newest snapshot of an HSM: what the next HSM is restored from when no peer is there. */
  readonly snapshot?: string;
  readonly createdAt: number;
  /** Out of every answer: deleted, and no longer shown. */
  readonly hidden: boolean;
  /** Who asked for the deletion: as whom the security group is deleted. */
  readonly deletedBy?: Caller;
  readonly tags: readonly Tag[];
  /** A change of type that can still be taken back, or is being. */
  readonly typeChange?: TypeChange;
}

export interface TypeChange {
  /** The type before. */
  readonly from: string;
  readonly rollbackUntil: number;
  /** Blobs by interface: what each HSM held when its turn came. */
  readonly contents: Readonly<Record<string, string>>;
  /** The cluster's newest snapshot before. */
  readonly before?: string;
}

export interface HsmRecord {
  readonly hsmId: string;
  readonly clusterId: string;
  readonly hsmType: string;
  readonly state: HsmState;
  readonly stateMessage?: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly eniId: string;
  readonly eniIp: string;
  readonly eniIpV6?: string;
  /** Blob with the snapshot it is restored from, taken when its creation started; absent for a cluster's first HSM. */
  readonly restoredFrom?: string;
  /** It takes the place of an HSM that failed. */
  readonly replacement: boolean;
  readonly createdAt: number;
  /** From when it is in lists. */
  readonly visibleAt: number;
  /** It works no more, though it may still be listed. */
  readonly gone: boolean;
  readonly hidden: boolean;
  readonly deletedBy?: Caller;
}

export interface BackupRecord {
  readonly backupId: string;
  readonly clusterId: string;
  readonly state: BackupState;
  readonly hsmType: string;
  readonly mode: Mode;
  readonly createdAt: number;
  readonly copiedAt?: number;
  readonly deleteAt?: number;
  readonly neverExpires: boolean;
  readonly source?: { readonly region: string; readonly backupId: string; readonly clusterId: string };
  readonly clusterCertificate: string;
  readonly trustAnchor: string;
  /** Blob. */
  readonly snapshot: string;
  readonly tags: readonly Tag[];
}

export const clusters = (context: Context): Table<ClusterRecord> => context.table('cloudhsmv2/clusters');
export const hsms = (context: Context): Table<HsmRecord> => context.table('cloudhsmv2/hsms');
export const backups = (context: Context): Table<BackupRecord> => context.table('cloudhsmv2/backups');
/** By backup id. */
export const policies = (context: Context): Table<string> => context.table('cloudhsmv2/policies');

export function update<T>(table: Table<T>, key: string, changes: Partial<T>): T {
  const record = table.get(key);
  if (!record) throw new Error(`no record ${key}`);
  return table.put(key, { ...record, ...changes });
}

/** HSMs of a cluster that are or may become usable, listed or not. */
export function livingHsms(context: Context, clusterId: string): HsmRecord[] {
  return hsms(context).values().filter((hsm) => hsm.clusterId === clusterId && !hsm.gone);
}

/** HSMs of a cluster as the lists show them now. */
export function listedHsms(context: Context, clusterId: string): HsmRecord[] {
  return hsms(context).values().filter((hsm) => hsm.clusterId === clusterId && !hsm.hidden && hsm.visibleAt <= context.now);
}

export function activeHsms(context: Context, clusterId: string): HsmRecord[] {
  return livingHsms(context, clusterId).filter(({ state }) => state === 'ACTIVE');
}

/** Sets a cluster's state, with its line in the timeline. */
export function setClusterState(context: Context, clusterId: string, state: ClusterState, changes: Partial<ClusterRecord> = {}): ClusterRecord {
  const before = clusters(context).get(clusterId);
  const after = update(clusters(context), clusterId, { stateMessage: undefined, ...changes, state });
  if (before?.state !== state) context.emit(state, clusterId);
  return after;
}

/** Sets an HSM's state, with its line in the timeline. */
export function setHsmState(context: Context, hsmId: string, state: HsmState, changes: Partial<HsmRecord> = {}): HsmRecord {
  const after = update(hsms(context), hsmId, { stateMessage: undefined, ...changes, state });
  context.emit(state, hsmName(after));
  return after;
}

export function hsmName({ clusterId, hsmId }: Pick<HsmRecord, 'clusterId' | 'hsmId'>): string {
  return `${clusterId}/${hsmId}`;
}
