import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BackupCopy, Cluster, ClusterBackup } from 'cdk-cloudhsm';

/** Name of the secret in the other Region. */
export const CARRIED = 'hsm-admin';

/** Keeps copies of a cluster's backups in another Region, and lets the admin client take the password along. */
export function copied(stack: Stack, cluster: Cluster, region: string): void {
  const copy = new BackupCopy(stack, 'Copy', { cluster, regions: [region], interval: Duration.hours(8), retention: Duration.days(7) });
  new iam.ManagedPolicy(stack, 'Carry', {
    roles: [cluster.adminClient.role],
    statements: [new iam.PolicyStatement({
      actions: ['secretsmanager:CreateSecret'],
      resources: [stack.formatArn({ service: 'secretsmanager', region, resource: 'secret', resourceName: `${CARRIED}*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
    })],
  });
  new CfnOutput(stack, 'AgeAlarm', { value: copy.ageAlarm.alarmName });
}

export interface ElsewhereOptions {
  readonly account: string;
  readonly region: string;
  readonly backupId: string;
  /** Made by hand there, with the password that was carried. */
  readonly adminSecretArn: string;
}

/** A cluster in another Region, made of a copy. */
export function elsewhere({ account, region, backupId, adminSecretArn }: ElsewhereOptions): (app: App) => void {
  return (app) => {
    const env = { account, region };
    const vpc = new ec2.Vpc(new Stack(app, 'NetworkElsewhere', { env }), 'Vpc', { availabilityZones: ['a', 'b'].map((zone) => `${region}${zone}`), natGateways: 1 });
    const stack = new Stack(app, 'Elsewhere', { env });
    const adminSecret = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Carried', adminSecretArn);
    const cluster = new Cluster(stack, 'Cluster', { vpc, backup: ClusterBackup.fromId(backupId, { adminSecret }), removalPolicy: RemovalPolicy.DESTROY });
    const user = cluster.addCryptoUser('App', { userName: 'app' });
    new CfnOutput(stack, 'UserArn', { value: user.secret.secretArn });
    new CfnOutput(stack, 'Client', { value: cluster.adminClient.autoScalingGroupName });
    new CfnOutput(stack, 'ClusterId', { value: cluster.clusterId });
  };
}
