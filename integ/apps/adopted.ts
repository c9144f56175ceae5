import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Cluster } from 'cdk-cloudhsm';
import type { ClusterProps, CryptoUser } from 'cdk-cloudhsm';

/** What the quick start left when its cluster's stack went. */
export interface Kept {
  readonly clusterId: string;
  readonly encryptionKeyArn: string;
  readonly adminSecretArn: string;
  readonly userSecretArn: string;
}

export interface AdoptedOptions extends Partial<ClusterProps> {
  /** Adds to the cluster's stack. */
  readonly and?: (stack: Stack, user: CryptoUser) => void;
}

/** The quick start once more, with the cluster that was kept. */
export function adopted(kept: Kept, { and, ...props }: AdoptedOptions = {}): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
    const stack = new Stack(app, 'Hsm');
    const encryptionKey = kms.Key.fromKeyArn(stack, 'KeptKey', kept.encryptionKeyArn);
    const secret = (id: string, secretCompleteArn: string) =>
      secretsmanager.Secret.fromSecretAttributes(stack, id, { secretCompleteArn, encryptionKey });
    const cluster = new Cluster(stack, 'Cluster', {
      vpc, encryptionKey, adminSecret: secret('KeptAdmin', kept.adminSecretArn), adoptedClusterId: kept.clusterId, ...props,
    });
    const user = cluster.addCryptoUser('User-app', { userName: 'app', secret: secret('KeptUser', kept.userSecretArn), adopt: true });
    and?.(stack, user);
  };
}
