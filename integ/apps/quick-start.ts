import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { App, StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ClusterProps } from 'cdk-cloudhsm';
import { Cluster } from 'cdk-cloudhsm';

export interface QuickStartOptions extends Partial<ClusterProps> {
  readonly maxAzs?: number;
  /** Zones for which the VPC keeps addresses, so that it can grow. */
  readonly reservedAzs?: number;
  /** Names of crypto users. */
  readonly users?: readonly string[];
  readonly stackProps?: StackProps;
  /** Adds to the cluster's stack. */
  readonly and?: (stack: Stack, cluster: Cluster) => void;
}

/** The quick start with choices: a network stack and a cluster stack. */
export function quickStart(options: QuickStartOptions = {}): (app: App) => void {
  const { maxAzs = 3, reservedAzs, users = ['app'], stackProps, and, ...props } = options;
  return (app) => {
    const network = new Stack(app, 'Network', stackProps);
    const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs, reservedAzs, natGateways: 1 });
    const stack = new Stack(app, 'Hsm', stackProps);
    const cluster = new Cluster(stack, 'Cluster', { vpc, ...props });
    users.forEach((userName) => cluster.addCryptoUser(`User-${userName}`, { userName }));
    new CfnOutput(stack, 'ClusterId', { value: cluster.clusterId });
    and?.(stack, cluster);
  };
}

/** The quick start as it stands in the README, which most cases begin with. */
export const QUICK_START = { name: 'quick-start', region: 'eu-west-1', build: quickStart() };
