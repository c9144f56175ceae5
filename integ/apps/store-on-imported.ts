import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AdminClient, Cluster, CustomKeyStore } from 'cdk-cloudhsm';
import type { ClusterProps, ICluster } from 'cdk-cloudhsm';

/** What the team that has the cluster tells the one that makes a key store on it. */
export interface SharedCluster {
  readonly ClusterId: string;
  readonly EncryptionKeyArn: string;
  readonly AdminSecretArn: string;
  readonly RoleArn: string;
  readonly GroupName: string;
  readonly EnsureUser: string;
  readonly DeleteUser: string;
  readonly ResetKmsUser: string;
  readonly TagValue: string;
}

/** A cluster whose stack says what others need to make a key store on it; in the same app, or elsewhere. */
export function sharedCluster(props: Partial<ClusterProps> = {}, and?: (app: App, cluster: ICluster) => void): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
    const stack = new Stack(app, 'Hsm');
    const cluster = new Cluster(stack, 'Cluster', { vpc, ...props });
    const { clusterId, encryptionKey, adminSecret, adminClient } = cluster;
    const shared: SharedCluster = {
      ClusterId: clusterId,
      EncryptionKeyArn: encryptionKey!.keyArn,
      AdminSecretArn: adminSecret.secretArn,
      RoleArn: adminClient.role.roleArn,
      GroupName: adminClient.autoScalingGroupName,
      EnsureUser: adminClient.ensureUserDocumentName,
      DeleteUser: adminClient.deleteUserDocumentName,
      ResetKmsUser: adminClient.resetKmsUserDocumentName,
      TagValue: adminClient.tagValue,
    };
    Object.entries(shared).forEach(([id, value]) => new CfnOutput(stack, id, { value: value as string }));
    and?.(app, cluster);
  };
}

/** A key store, with a key, in a stack of its own. */
export function storeElsewhere(app: App, cluster: ICluster): void {
  new CustomKeyStore(new Stack(app, 'Keys'), 'Store', { cluster, customKeyStoreName: 'orders' }).addKey('Key', { alias: 'orders' });
}

/** A key store, with a key, in an app that has nothing else: the cluster is imported by its attributes. */
export function storeOnImported(shared: SharedCluster, stackName: string = 'Keys'): (app: App) => void {
  return (app) => {
    const stack = new Stack(app, 'Keys', { stackName });
    const encryptionKey = kms.Key.fromKeyArn(stack, 'ClusterKey', shared.EncryptionKeyArn);
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterId: shared.ClusterId,
      encryptionKey,
      adminSecret: secretsmanager.Secret.fromSecretAttributes(stack, 'AdminSecret', { secretCompleteArn: shared.AdminSecretArn, encryptionKey }),
      adminClient: AdminClient.fromAdminClientAttributes(stack, 'AdminClient', {
        role: iam.Role.fromRoleArn(stack, 'Role', shared.RoleArn),
        autoScalingGroupName: shared.GroupName,
        ensureUserDocumentName: shared.EnsureUser,
        deleteUserDocumentName: shared.DeleteUser,
        resetKmsUserDocumentName: shared.ResetKmsUser,
        tagValue: shared.TagValue,
      }),
    });
    const store = new CustomKeyStore(stack, 'Store', { cluster, customKeyStoreName: 'orders' });
    store.addKey('Key', { alias: 'orders' });
  };
}
