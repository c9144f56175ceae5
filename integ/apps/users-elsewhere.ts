import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster, CryptoUser } from 'cdk-cloudhsm';

/** The cluster in one stack, its users in another: two teams that deploy when they like. */
export function usersElsewhere(hsmCount: number, users: readonly string[]): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
    const cluster = new Cluster(new Stack(app, 'Hsm'), 'Cluster', { vpc, hsmCount });
    const stack = new Stack(app, 'Users');
    users.forEach((userName) => new CryptoUser(stack, `User-${userName}`, { cluster, userName }));
  };
}
