import { activeHsms, listedHsms } from './state';
import type { BackupRecord, ClusterRecord, HsmRecord } from './state';
import { rollbackUntil } from './type-change';
import type { Context, Output } from '../../wire/operation';

/** Records as the API shows them: which field is there depends on the state. */
export function clusterView(context: Context, cluster: ClusterRecord): Output {
  const rollback = rollbackUntil(context, cluster);
  return {
    BackupPolicy: 'DEFAULT',
    BackupRetentionPolicy: { Type: 'DAYS', Value: String(cluster.retentionDays) },
    ClusterId: cluster.clusterId,
    CreateTimestamp: date(context, cluster.createdAt),
    Hsms: listedHsms(context, cluster.clusterId).map(hsmView),
    HsmType: cluster.hsmType,
    ...(rollback !== undefined ? { HsmTypeRollbackExpiration: date(context, rollback) } : {}),
    // The group is there from the start, but the service shows it only once the cluster has been made.
    ...(cluster.state === 'CREATE_IN_PROGRESS' ? {} : { SecurityGroup: cluster.securityGroup }),
    ...(cluster.sourceBackupId ? { SourceBackupId: cluster.sourceBackupId } : {}),
    State: cluster.state,
    ...(cluster.stateMessage ? { StateMessage: cluster.stateMessage } : {}),
    SubnetMapping: cluster.subnets,
    VpcId: cluster.vpcId,
    NetworkType: cluster.networkType,
    Certificates: certificatesView(context, cluster),
    // A transcript of a cluster without tags shows no list.
    ...(cluster.tags.length > 0 ? { TagList: cluster.tags } : {}),
    Mode: cluster.mode,
  };
}

function certificatesView(context: Context, cluster: ClusterRecord): Output {
  if (cluster.clusterCertificate) return { ClusterCertificate: cluster.clusterCertificate };
  const { identity } = cluster;
  if (!identity || cluster.state !== 'UNINITIALIZED' || activeHsms(context, cluster.clusterId).length === 0) return {};
  return {
    ClusterCsr: identity.clusterCsr,
    HsmCertificate: identity.hsmCertificate,
    AwsHardwareCertificate: identity.awsHardwareCertificate,
    ManufacturerHardwareCertificate: identity.manufacturerHardwareCertificate,
  };
}

export function hsmView(hsm: HsmRecord): Output {
  const placed = hsm.state !== 'CREATE_IN_PROGRESS';
  return {
    AvailabilityZone: hsm.availabilityZone,
    ClusterId: hsm.clusterId,
    SubnetId: hsm.subnetId,
    ...(placed ? { EniId: hsm.eniId, EniIp: hsm.eniIp } : {}),
    ...(placed && hsm.eniIpV6 ? { EniIpV6: hsm.eniIpV6 } : {}),
    HsmId: hsm.hsmId,
    HsmType: hsm.hsmType,
    State: hsm.state,
    ...(hsm.stateMessage ? { StateMessage: hsm.stateMessage } : {}),
  };
}

export function backupView(context: Context, backup: BackupRecord): Output {
  return {
    BackupId: backup.backupId,
    BackupArn: context.arn('cloudhsm', `backup/${backup.backupId}`),
    BackupState: backup.state,
    ClusterId: backup.clusterId,
    CreateTimestamp: date(context, backup.createdAt),
    ...(backup.copiedAt !== undefined ? { CopyTimestamp: date(context, backup.copiedAt) } : {}),
    NeverExpires: backup.neverExpires,
    ...(backup.source
      ? { SourceRegion: backup.source.region, SourceBackup: backup.source.backupId, SourceCluster: backup.source.clusterId }
      : {}),
    ...(backup.deleteAt !== undefined ? { DeleteTimestamp: date(context, backup.deleteAt) } : {}),
    TagList: backup.tags,
    HsmType: backup.hsmType,
    Mode: backup.mode,
  };
}

function date(context: Context, at: number): Date {
  return new Date(context.kernel.hostTime(at));
}
