import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster, CryptoUser } from 'cdk-cloudhsm';

/** The cluster in one stack; crypto users, if any, in another, with a lifecycle provider of its own. */
export function usersElsewhere(hsmCount: number, userNames: readonly string[]): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 2, natGateways: 1 });
    const hsm = new Stack(app, 'Hsm');
    const cluster = new Cluster(hsm, 'Cluster', { vpc, hsmCount });
    const users = new Stack(app, 'Users');
    userNames.forEach((userName) => new CryptoUser(users, userName, { cluster, userName }));
  };
}
