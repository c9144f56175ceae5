import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { createSecurityGroup, describeSubnets, ensureServiceLinkedRole } from '../dependencies';
import type { Subnet } from '../dependencies';
import { invalid } from '../refusals';
import { retentionDays } from '../retention';
import type { RetentionPolicy } from '../retention';
import { sourceBackup } from '../sources';
import { clusters } from '../state';
import type { BackupRecord, ClusterRecord, Mode, Tag } from '../state';
import { mergeTags } from '../tags';
import { clusterView } from '../view';

interface CreateClusterInput {
  readonly HsmType: string;
  readonly SubnetIds: readonly string[];
  readonly BackupRetentionPolicy?: RetentionPolicy;
  readonly SourceBackupId?: string;
  readonly NetworkType?: ClusterRecord['networkType'];
  readonly TagList?: readonly Tag[];
  readonly Mode?: Mode;
}

export function createCluster(context: Context, input: CreateClusterInput): Output {
  const retention = retentionDays(context, input.BackupRetentionPolicy);
  const backup = input.SourceBackupId ? sourceBackup(context, input.SourceBackupId) : undefined;
  demandType(context, input.HsmType, backup);
  const mode = modeOf(context, input, backup);
  const tags = mergeTags(context, [], input.TagList);
  demandQuota(context);
  const networkType = input.NetworkType ?? 'IPV4';
  const subnets = usableSubnets(context, input.SubnetIds, networkType);
  ensureServiceLinkedRole(context);

  const clusterId = `cluster-${idFormat.base32(context.id('cluster'), 11)}`;
  const vpcId = subnets[0].VpcId;
  const cluster = clusters(context).put(clusterId, {
    clusterId,
    state: 'CREATE_IN_PROGRESS',
    hsmType: input.HsmType,
    mode,
    networkType,
    subnets: Object.fromEntries(subnets.map(({ AvailabilityZone, SubnetId }) => [AvailabilityZone, SubnetId])),
    vpcId,
    securityGroup: createSecurityGroup(context, clusterId, vpcId),
    retentionDays: retention,
    ...(backup ? contentOf(backup) : {}),
    createdAt: context.now,
    hidden: false,
    tags,
  });
  context.emit('CREATE_IN_PROGRESS', clusterId);
  const duration = context.delay(backup ? 'create-cluster-from-backup' : 'create-cluster', clusterId);
  context.busy('create-cluster', clusterId, duration);
  context.after(duration, { kind: 'cluster-created', args: { clusterId } });
  return { Cluster: clusterView(context, cluster) };
}

/** A type that is no longer sold comes back with a backup of it, and with nothing else; no backup goes back to an older type. */
function demandType(context: Context, type: string, backup: BackupRecord | undefined): void {
  const known = context.row<string[]>('hsm-types').includes(type);
  const legacy = type === backup?.hsmType && context.row<boolean>('legacy-type-from-backup');
  if (!known && !legacy) throw invalid(context, 'text-hsm-type');
  if (!backup || backup.hsmType === type) return;
  const successors = context.row<Record<string, string[]>>('hsm-type-changes')[backup.hsmType] ?? [];
  if (!successors.includes(type)) throw invalid(context, 'text-type-backup', { backup: backup.backupId, type: backup.hsmType });
}

function modeOf(context: Context, input: CreateClusterInput, backup: BackupRecord | undefined): Mode {
  if (!input.Mode && !backup && input.HsmType.startsWith('hsm2') && context.row('mode-required')) {
    throw invalid(context, 'text-mode-required', { type: input.HsmType });
  }
  if (backup && input.Mode && input.Mode !== backup.mode) {
    throw invalid(context, 'text-mode-backup', { backup: backup.backupId, mode: backup.mode });
  }
  return input.Mode ?? backup?.mode ?? 'FIPS';
}

function demandQuota(context: Context): void {
  const limit = context.row<number>('quota-clusters');
  if (clusters(context).values().filter(({ state }) => state !== 'DELETED').length >= limit) {
    throw invalid(context, 'text-quota-clusters', { limit });
  }
}

function usableSubnets(context: Context, subnetIds: readonly string[], networkType: string): Subnet[] {
  const subnets = describeSubnets(context, [...new Set(subnetIds)]);
  const zones = subnets.map(({ AvailabilityZone }) => AvailabilityZone);
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice) throw invalid(context, 'text-subnets-one-per-zone', { zone: twice });
  if (new Set(subnets.map(({ VpcId }) => VpcId)).size !== 1) throw invalid(context, 'text-subnets-one-vpc');
  const withoutIpv6 = subnets.find(({ Ipv6CidrBlockAssociationSet: blocks = [] }) => blocks.length === 0);
  if (networkType === 'DUALSTACK' && withoutIpv6) throw invalid(context, 'text-subnets-ipv6', { subnet: withoutIpv6.SubnetId });
  return subnets;
}

/** What a cluster takes over from its backup: also the certificate and anchor that its clients must have. */
function contentOf(backup: BackupRecord): Partial<ClusterRecord> {
  const { backupId, clusterCertificate, trustAnchor, snapshot } = backup;
  return { sourceBackupId: backupId, clusterCertificate, trustAnchor, snapshot };
}
