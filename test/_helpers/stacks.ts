import { App, Stack } from 'aws-cdk-lib';
import type { AppProps, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from '../../src';
import type { ClusterProps } from '../../src';

export const ENV = { account: '111122223333', region: 'us-east-1' };

/** An app with a VPC in a stack of its own, and a stack for what is tested. */
export interface Fixture {
  readonly app: App;
  readonly network: Stack;
  readonly vpc: ec2.Vpc;
  readonly stack: Stack;
}

/** Three zones, NAT, account and Region known: what the README recommends. */
export function fixture(options: { readonly app?: AppProps; readonly stack?: StackProps; readonly vpc?: ec2.VpcProps } = {}): Fixture {
  const app = new App(options.app);
  const network = new Stack(app, 'Network', { env: ENV, ...options.stack });
  const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1, ...options.vpc });
  return { app, network, vpc, stack: new Stack(app, 'Hsm', { env: ENV, ...options.stack }) };
}

/** A fixture with a cluster. */
export function clusterFixture(props: Partial<ClusterProps> = {}): Fixture & { readonly cluster: Cluster } {
  const made = fixture();
  return { ...made, cluster: new Cluster(made.stack, 'Cluster', { vpc: made.vpc, ...props }) };
}

/** A cluster's template. */
export function clusterTemplate(props: Partial<ClusterProps> = {}): Template {
  return Template.fromStack(clusterFixture(props).stack);
}

/** What the constructor throws. */
export function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing is thrown');
}
