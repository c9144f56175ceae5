/**
 * Quick start: a VPC, and an ACTIVE CloudHSM cluster with two HSMs in two Availability Zones and one crypto user.
 *
 * Costs: two HSMs, about $3.20 an hour in us-east-1 ($2,300 a month), until the cluster is deleted: deleting the stacks keeps it.
 *
 * Run: npx cdk deploy --all
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'cdk-cloudhsm';

const app = new App();
// Account and Region of the CLI's credentials: only then does the VPC know all zones of the Region.
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

// In a stack of its own: the interfaces of HSMs that are kept would keep EC2 from deleting the VPC.
const network = new Stack(app, 'QuickStartNetwork', { env });
// Three zones, because not every one has CloudHSM: the HSMs go to those that do.
const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1 });

const stack = new Stack(app, 'QuickStartCluster', { env });
const cluster = new Cluster(stack, 'Cluster', { vpc });
const user = cluster.addCryptoUser('App', { userName: 'app' });

new CfnOutput(stack, 'ClusterId', { value: cluster.clusterId });
new CfnOutput(stack, 'AppSecretArn', { value: user.secret.secretArn });
