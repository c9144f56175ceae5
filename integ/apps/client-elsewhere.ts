import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ClientInstance, ClientSoftware, Cluster, CryptoUser } from 'cdk-cloudhsm';

/** The cluster in one stack, a client and its user in another. */
export function clientElsewhere(hsmCount: number): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 2, natGateways: 1 });
    const cluster = new Cluster(new Stack(app, 'Hsm'), 'Cluster', { vpc, hsmCount });
    const client = new Stack(app, 'Client');
    new ClientInstance(client, 'Web', {
      cluster, software: [ClientSoftware.CLI, ClientSoftware.PKCS11], instanceType: new ec2.InstanceType('m5.large'),
    });
    new CryptoUser(client, 'User', { cluster, userName: 'web' });
  };
}
