import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Cluster } from 'cdk-cloudhsm';

/** A stack that takes over a cluster which is there already, with the password of an admin that it has. */
export function adopting(adminSecretArn: string, and?: (stack: Stack, cluster: Cluster) => void): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { natGateways: 1 });
    const stack = new Stack(app, 'Adopting');
    const cluster = new Cluster(stack, 'Cluster', {
      vpc, adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Admin', adminSecretArn),
    });
    and?.(stack, cluster);
  };
}
