import { Names, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import { isClosedElsewhere, letRestorerRead, policyOf } from './cluster-secrets';
import type { ClusterBackup, ClusterBackupConfig } from '../backup/cluster-backup';
import type { BackupSource } from '../lifecycle/restored-cluster-contract';

/** IAM's limit. */
const ROLE_NAME_LENGTH = 64;

/** Those who open a backup, as far as they are told about it. */
interface Restorers {
  readonly function: { restoreClusters(adminSecret: secretsmanager.ISecret): void; readTrustAnchor(parameter: ssm.IStringParameter): void };
  readonly adminClient: { readonly role: iam.IRole; grantReadSecrets(secrets: secretsmanager.ISecret[], keys: kms.IKey[]): void };
}

/** The backup that a cluster is made from, and what makes it readable. */
export class ClusterRestore {
  public static of(scope: Construct, backup: ClusterBackup | undefined): ClusterRestore | undefined {
    return backup && new ClusterRestore(scope, backup.bind(scope));
  }

  /** As the custom resources are told. */
  public readonly source: BackupSource;

  /** What must be there before: a cluster that has a backup. */
  public readonly after: IDependable[];

  private constructor(private readonly scope: Construct, private readonly config: ClusterBackupConfig) {
    this.source = {
      BackupId: config.backupId,
      SourceClusterId: config.sourceClusterId,
      BackupAdminSecretArn: config.adminSecret.secretArn,
      TrustAnchorSource: config.trustAnchor?.parameterName,
    };
    this.after = config.after ? [config.after] : [];
  }

  /** A name for the admin client's role, where another stack has to name it. */
  public get roleName(): string | undefined {
    return isClosedElsewhere(this.config.adminSecret, this.scope)
      ? Names.uniqueResourceName(this.scope, { maxLength: ROLE_NAME_LENGTH, separator: '-' }) : undefined;
  }

  /** Lets function and admin client get at what the backup is opened with. Returns what must be in force before. */
  public grant({ function: permissions, adminClient }: Restorers, roleName: string | undefined, encryptionKey: kms.IKey): IDependable[] {
    const { adminSecret, trustAnchor } = this.config;
    permissions.restoreClusters(adminSecret);
    if (trustAnchor) permissions.readTrustAnchor(trustAnchor);
    letRestorerRead(adminSecret, adminClient.role, Stack.of(adminSecret) === Stack.of(this.scope) ? undefined : roleName);
    adminClient.grantReadSecrets([adminSecret], [adminSecret.encryptionKey ?? encryptionKey]);
    return policyOf(adminSecret);
  }
}
