import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster, CustomKeyStore } from 'cdk-cloudhsm';

/** A cluster with a crypto user, a key store and a key in it, all of which go with their stack. */
export function thrownAway(hsmCount: number): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
    const stack = new Stack(app, 'Hsm');
    const cluster = new Cluster(stack, 'Cluster', { vpc, hsmCount, removalPolicy: RemovalPolicy.DESTROY });
    const user = cluster.addCryptoUser('User', { userName: 'app' });
    const store = new CustomKeyStore(stack, 'Store', { cluster, customKeyStoreName: 'orders' });
    const key = store.addKey('Key', { alias: 'orders', pendingWindow: Duration.days(7) });
    const outputs = { ClusterId: cluster.clusterId, UserSecret: user.secret.secretArn, KeyArn: key.keyArn };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  };
}
