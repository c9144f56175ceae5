/**
 * Restore: a cluster with a key store, and what to deploy when its HSMs or their content are lost. A second cluster is made from the newest backup of the first
 * one, and the key store moves to it: what its keys encrypted can be read again.
 *
 * Costs: two HSMs, about $3.20 an hour in us-east-1 ($2,300 a month), until the cluster is deleted; four after the restore, until the first cluster is paused.
 *
 * Run: npx cdk deploy --all
 * Once a month, a drill: npx cdk deploy --all -c drill=true, and npx cdk destroy RestoreDrill -c drill=true. One HSM for about half an hour; the key store is not touched.
 * When it comes to it: npx cdk deploy --all -c restore=true
 * Then pause what is no longer needed: npx cdk deploy --all -c restore=true -c pause=true
 */
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterBackup, CustomKeyStore } from 'cdk-cloudhsm';

const app = new App();
const isRestored = app.node.tryGetContext('restore') === 'true';
const isDrill = app.node.tryGetContext('drill') === 'true';
const isPaused = app.node.tryGetContext('pause') === 'true';
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

const network = new Stack(app, 'RestoreNetwork', { env });
const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1 });

const hsm = new Stack(app, 'RestoreHsm', { env });
const original = new Cluster(hsm, 'Original', { vpc, hsmCount: isPaused ? 0 : 2 });
// The newest one when this is deployed first; later backups change nothing. A certain one: ClusterBackup.fromId.
const cluster = isRestored ? new Cluster(hsm, 'Restored', { vpc, backup: ClusterBackup.latestOf(original) }) : original;

const keyStore = new CustomKeyStore(hsm, 'KeyStore', { cluster, customKeyStoreName: 'restore' });
const key = keyStore.addKey('Key', { alias: 'restore', description: 'Outlives its first cluster' });

new CfnOutput(hsm, 'ClusterId', { value: cluster.clusterId });
new CfnOutput(hsm, 'KeyArn', { value: key.keyArn });

if (isDrill) {
  // Is there a backup that opens with the password of its day? Deployed is yes: the first HSM has been logged in to, and is paused again.
  const drill = new Stack(app, 'RestoreDrill', { env });
  const rehearsal = new Cluster(drill, 'Cluster', { vpc, backup: ClusterBackup.latestOf(original), hsmCount: 0, removalPolicy: RemovalPolicy.DESTROY });
  new CfnOutput(drill, 'Evidence', { description: 'Parameter that says which backup it was, and when', value: `/cdk-cloudhsm/${rehearsal.clusterId}/evidence/restored-from` });
}
