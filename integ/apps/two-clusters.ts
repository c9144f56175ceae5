import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'cdk-cloudhsm';

/** Two clusters in one stack share its lifecycle provider and nothing else. */
export function twoClusters(app: App): void {
  const network = new Stack(app, 'Network');
  const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const stack = new Stack(app, 'Hsm');
  ['One', 'Two'].forEach((id) => new Cluster(stack, id, { vpc }).addCryptoUser('App', { userName: `app_${id}` }));
}
