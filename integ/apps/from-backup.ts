import { CfnOutput } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Cluster, ClusterBackup } from 'cdk-cloudhsm';
import type { ClusterProps } from 'cdk-cloudhsm';

/** A second cluster in the stack, made from the newest backup of the first one, with the same user. */
export function fromBackup(props: Partial<ClusterProps> = {}): (stack: Stack, cluster: Cluster) => void {
  return (stack, cluster) => {
    const restored = new Cluster(stack, 'Restored', { vpc: cluster.vpc, backup: ClusterBackup.latestOf(cluster), ...props });
    const user = restored.addCryptoUser('App', { userName: 'app' });
    new CfnOutput(stack, 'RestoredId', { value: restored.clusterId });
    new CfnOutput(stack, 'RestoredUserArn', { value: user.secret.secretArn });
    new CfnOutput(stack, 'RestoredClient', { value: restored.adminClient.autoScalingGroupName });
  };
}
