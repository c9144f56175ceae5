import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'cdk-cloudhsm';

/** A cluster and its VPC in the same stack. */
export function oneStack(app: App): void {
  const stack = new Stack(app, 'All');
  new Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }) });
}
