import { Stack } from 'aws-cdk-lib';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import type { ICluster } from '../cluster/cluster-ref';
import { pemParameter } from '../initialization/pem-parameters';
import { backupArnProblem, backupIdProblem } from '../private/backup-validation';
import { certificateProblem } from '../private/certificate-validation';
import { throwFirst } from '../private/errors';
import { knownText } from '../private/known';

/** What has to be known of a backup besides its id. */
export interface ClusterBackupAttributes {
  /**
   * User name and password of the automation admin of the cluster that was backed up, as JSON with the members `username` and `password`. The version that was
   * in force when the backup was made is looked for: older passwords are kept as versions with a label of their own. Only that version is tried, once.
   *
   * The role of the new cluster's admin client must be able to read it. A secret that a `Cluster` of the same app has made lets it.
   */
  readonly adminSecret: secretsmanager.ISecret;

  /**
   * Certificate that the cluster was initialized with (`customerCA.crt`), in PEM.
   *
   * @default - read from where this library keeps it, the parameter `/cdk-cloudhsm/<id of the cluster that was backed up>/trust-anchor`
   */
  readonly trustAnchor?: string;
}

/** What a restore needs to know. */
export interface ClusterBackupConfig {
  /**
   * Id or ARN of the backup.
   *
   * @default - the newest of `sourceClusterId` when the cluster is made
   */
  readonly backupId?: string;

  /**
   * Cluster whose newest backup is meant.
   *
   * @default - `backupId` says which
   */
  readonly sourceClusterId?: string;

  /** Secret of the admin who is in the backup. */
  readonly adminSecret: secretsmanager.ISecret;

  /**
   * Parameter that holds the trust anchor.
   *
   * @default - where this library keeps it
   */
  readonly trustAnchor?: ssm.IStringParameter;

  /**
   * What must be there before there is a backup.
   *
   * @default - nothing
   */
  readonly after?: IDependable;
}

/**
 * A backup that a `Cluster` is made from: with the users, keys, passwords and the trust anchor of its day.
 *
 * CloudHSM makes one at least every day, on activation, and when HSMs come and go. It is chosen when the cluster is made and never again: later backups
 * change nothing.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/create-cluster-from-backup.html
 */
export abstract class ClusterBackup {
  /**
   * A backup of this account and Region.
   *
   * @param backupId for instance `backup-rtq2dwi2gq6`
   */
  public static fromId(backupId: string, attributes: ClusterBackupAttributes): ClusterBackup {
    return new NamedBackup(backupId, attributes, () => backupIdProblem);
  }

  /**
   * A backup by its ARN: of this account, or of another one that shares it by a resource policy. It must be in the Region of the stack. Of one that is shared and not
   * listed for this account nothing can be looked at before: give `trustAnchor`, and an `adminSecret` whose current version is the password of its day.
   */
  public static fromArn(backupArn: string, attributes: ClusterBackupAttributes): ClusterBackup {
    return new NamedBackup(backupArn, attributes, (scope) => (arn) => backupArnProblem(arn, knownText(Stack.of(scope).region)));
  }

  /**
   * The newest READY backup of a cluster at the moment when the new one is made. A later deploy never moves to a newer one.
   *
   * To take the old cluster out of the app afterwards, give `Cluster.fromClusterAttributes` with its id and `adminSecret` here instead.
   */
  public static latestOf(cluster: ICluster): ClusterBackup {
    return new LatestBackup(cluster);
  }

  /** Called when the cluster is made. */
  public abstract bind(scope: Construct): ClusterBackupConfig;
}

class NamedBackup extends ClusterBackup {
  constructor(
    private readonly backup: string, private readonly attributes: ClusterBackupAttributes,
    private readonly check: (scope: Construct) => (text: string) => ReturnType<typeof backupIdProblem>,
  ) {
    super();
  }

  public bind(scope: Construct): ClusterBackupConfig {
    const { adminSecret, trustAnchor } = this.attributes;
    const [backup, anchor] = [knownText(this.backup), knownText(trustAnchor)];
    throwFirst(scope, [
      backup === undefined ? undefined : this.check(scope)(backup),
      anchor === undefined ? undefined : certificateProblem('trustAnchor', anchor),
    ]);
    return {
      backupId: this.backup,
      adminSecret,
      trustAnchor: trustAnchor === undefined ? undefined : pemParameter(scope, 'BackupTrustAnchor', trustAnchor, 'Trust anchor of the CloudHSM cluster that was backed up'),
    };
  }
}

class LatestBackup extends ClusterBackup {
  constructor(private readonly cluster: ICluster) {
    super();
  }

  public bind(): ClusterBackupConfig {
    const { clusterId, adminSecret, trustAnchor, ready } = this.cluster;
    return { sourceClusterId: clusterId, adminSecret, trustAnchor, after: ready };
  }
}
