import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { keyStoreApp } from '../apps/key-store';
import { quickStart } from '../apps/quick-start';
import type { Build } from '../cases/_harness/offline';
import { BackupCopy, CertificateAuthority, Cluster, ClusterBackup, PasswordRotation } from 'cdk-cloudhsm';

/** What the company's security team has signed. */
export interface Signed {
  readonly signedCertificate: string;
  readonly trustAnchor: string;
}

/** Where copies of the backups go. */
export const ELSEWHERE = 'eu-central-1';

/** Before the security team has signed: the cluster alone. */
export const BEFORE_SIGNING: Build = quickStart({
  users: [], removalPolicy: RemovalPolicy.DESTROY, certificateAuthority: CertificateAuthority.external(),
});

export interface Choices {
  readonly hsmCount: number;
  /** The cluster that is made of this backup carries the key store. */
  readonly backupId?: string;
}

/** The cluster with a user whose password is rotated, as the admin's is, and a key store. */
export function inLife(signed: Signed, { hsmCount, backupId }: Choices): Build {
  return keyStoreApp({
    cluster: {
      hsmCount,
      pauseKeyStores: true,
      removalPolicy: RemovalPolicy.DESTROY,
      certificateAuthority: CertificateAuthority.external(signed),
      adminRotation: PasswordRotation.maintenanceWindow(),
    },
    keys: { Key: { alias: 'orders' } },
    on: (stack, cluster) => {
      cluster.addCryptoUser('App', { userName: 'app', rotation: PasswordRotation.maintenanceWindow() });
      new BackupCopy(stack, 'Copies', { cluster, regions: [ELSEWHERE], interval: Duration.days(1), retention: Duration.days(30) });
      new CfnOutput(stack, 'ClusterId', { value: cluster.clusterId });
      if (backupId === undefined) return cluster;
      const backup = ClusterBackup.fromId(backupId, { adminSecret: cluster.adminSecret, trustAnchor: signed.trustAnchor });
      const restored = new Cluster(stack, 'Restored', { vpc: cluster.vpc, backup, pauseKeyStores: true, removalPolicy: RemovalPolicy.DESTROY });
      const user = restored.addCryptoUser('App', { userName: 'app' });
      new CfnOutput(stack, 'RestoredId', { value: restored.clusterId });
      new CfnOutput(stack, 'RestoredUserArn', { value: user.secret.secretArn });
      new CfnOutput(stack, 'RestoredClient', { value: restored.adminClient.autoScalingGroupName });
      return restored;
    },
  });
}
