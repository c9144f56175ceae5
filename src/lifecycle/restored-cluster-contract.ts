import type { ResourceProperties } from './resource-contract';

/** A cluster that is made from a backup: the native type cannot. */
export const RESTORED_CLUSTER_TYPE = 'Custom::CloudHSMRestoredCluster';

/** What a cluster is made from, as the pre-flight and the restore itself are told. */
export interface BackupSource {
  /** Id or ARN of the backup; absent: the newest of `SourceClusterId` when the cluster is made. */
  readonly BackupId?: string;
  readonly SourceClusterId?: string;
  /** Secret of the admin who is in the backup: the version of the backup's day logs in. */
  readonly BackupAdminSecretArn: string;
  /** Parameter with the trust anchor; absent: where this library keeps the one of the backup's cluster. */
  readonly TrustAnchorSource?: string;
}

export interface RestoredClusterProperties extends ResourceProperties, BackupSource {
  readonly SubnetIds: string[];
  readonly HsmType: string;
  readonly Mode: string;
  readonly NetworkType: string;
  /** Days that backups are kept; empty: the service's default. */
  readonly BackupRetentionDays: string;
}

export interface RestoredClusterAttributes {
  readonly ClusterId: string;
  /** The backup that was chosen, once and for good. */
  readonly BackupId: string;
  /** One version of the admin's secret or two with a comma between, of which one was in force when the backup was made; `current` where that cannot be told. */
  readonly AdminSecretVersionIds: string;
}

/** Version of a secret by its label rather than its id. */
export const CURRENT_VERSION = 'current';

/** Under this prefix is written down what was made from which backup, by the resource that did it. */
export const RESTORED_PREFIX = '/cdk-cloudhsm/restored';

/** Tag by which a cluster is found again when the answer that held its id was lost. */
export const RESTORED_TAG = 'cdk-cloudhsm:restored-by';

/** What may stand in a text that names a backup. */
export const BACKUP_ID = /^backup-[2-7a-zA-Z]{11,16}$/;
export const BACKUP_ARN = /^arn:([\w-]+):cloudhsm:([a-z0-9-]+):(\d{12}):backup\/(backup-[2-7a-zA-Z]{11,16})$/;
