import { CfnOutput } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Cluster, ClusterBackup, CustomKeyStore } from 'cdk-cloudhsm';
import type { ClusterProps, ICluster } from 'cdk-cloudhsm';

export interface FromBackupOptions extends Partial<ClusterProps> {
  /** Which backup of the stack's cluster; the newest one if nothing is said. */
  readonly of?: (cluster: Cluster) => ClusterBackup;
  /** Where the stack's key store rests. */
  readonly store?: 'original' | 'restored';
}

/** A second cluster in the stack, made from a backup of the first one, with the same user; and a key store on one of both. */
export function fromBackup({ of = ClusterBackup.latestOf, store, ...props }: FromBackupOptions = {}): (stack: Stack, cluster: Cluster) => void {
  return (stack, cluster) => {
    const restored = new Cluster(stack, 'Restored', { vpc: cluster.vpc, backup: of(cluster), ...props });
    const user = restored.addCryptoUser('App', { userName: 'app' });
    new CfnOutput(stack, 'RestoredId', { value: restored.clusterId });
    new CfnOutput(stack, 'RestoredUserArn', { value: user.secret.secretArn });
    new CfnOutput(stack, 'RestoredClient', { value: restored.adminClient.autoScalingGroupName });
    if (store) keyStoreOn(stack, store === 'original' ? cluster : restored);
  };
}

/** A key store with a key. */
export function keyStoreOn(stack: Stack, cluster: ICluster): void {
  const keyStore = new CustomKeyStore(stack, 'Store', { cluster, customKeyStoreName: 'orders' });
  keyStore.addKey('Key', { alias: 'orders' });
}
