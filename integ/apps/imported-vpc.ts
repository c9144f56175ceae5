import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'cdk-cloudhsm';

/** What is known of a VPC that somebody else made. */
export interface KnownVpc {
  readonly vpcId: string;
  readonly availabilityZones: string[];
  readonly privateSubnetIds: string[];
}

/** A VPC alone. */
export function vpcOnly(app: App): void {
  new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 2, natGateways: 1 });
}

/** A cluster in a VPC that is known by its attributes. */
export function importedVpc(known: KnownVpc): (app: App) => void {
  return (app) => {
    const stack = new Stack(app, 'Hsm');
    new Cluster(stack, 'Cluster', { vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', known) });
  };
}
