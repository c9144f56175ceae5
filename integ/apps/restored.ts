import type { Stack } from 'aws-cdk-lib';
import { Cluster } from 'cdk-cloudhsm';
import type { ICluster } from 'cdk-cloudhsm';

/** What an operator knows of a cluster that was made from a backup. */
export interface RestoredIds {
  readonly clusterId: string;
  readonly securityGroupId: string;
}

/** A cluster that was restored from a backup of the app's own: everything but the HSMs and their network is that one's. */
export function restored(ids: RestoredIds): (stack: Stack, cluster: Cluster) => ICluster {
  return (stack, cluster) => {
    const { adminClient, adminSecret, encryptionKey, trustAnchor } = cluster;
    const other = Cluster.fromClusterAttributes(stack, 'Restored', {
      ...ids, adminClient, adminSecret, encryptionKey, trustAnchorParameterName: trustAnchor.parameterName,
    });
    other.allowClientsFrom(adminClient);
    return other;
  };
}
