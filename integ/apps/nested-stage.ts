import { Stack, Stage } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'cdk-cloudhsm';

/** A cluster in a stage within a stage. */
export function nestedStage(app: App): void {
  const inner = new Stage(new Stage(app, 'Outer'), 'Inner');
  const vpc = new ec2.Vpc(new Stack(inner, 'Network'), 'Vpc', { maxAzs: 2, natGateways: 1 });
  new Cluster(new Stack(inner, 'Hsm'), 'Cluster', { vpc });
}
