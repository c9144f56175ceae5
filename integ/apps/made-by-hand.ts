import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Cluster, ClusterMonitor, CryptoUser, CustomKeyStore } from 'cdk-cloudhsm';

/** What somebody knows of a cluster that he made without this library. */
export interface MadeByHand {
  readonly clusterId: string;
  readonly securityGroupId: string;
  readonly adminSecretArn: string;
  readonly encryptionKeyArn: string;
}

/** A stack beside such a cluster: an admin client of its own, a user, a key store with a key, and alarms. */
export function besideMadeByHand(known: MadeByHand): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
    const stack = new Stack(app, 'Beside');
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', known.encryptionKeyArn);
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterId: known.clusterId,
      vpc,
      subnets: vpc.privateSubnets,
      securityGroupId: known.securityGroupId,
      adminSecret: secretsmanager.Secret.fromSecretAttributes(stack, 'Admin', { secretCompleteArn: known.adminSecretArn, encryptionKey }),
      adminClientOptions: {},
    });
    new CryptoUser(stack, 'Signer', { cluster });
    new CustomKeyStore(stack, 'Store', { cluster, customKeyStoreName: 'beside' }).addKey('StoreKey', { alias: 'beside' });
    new ClusterMonitor(stack, 'Monitor', { cluster, topic: new sns.Topic(stack, 'Topic') });
  };
}
