import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ClusterProps, CustomKeyStoreKeyOptions, CustomKeyStoreOptions, ICluster } from 'cdk-cloudhsm';
import { Cluster, CustomKeyStore } from 'cdk-cloudhsm';

export interface KeyStoreAppOptions {
  readonly cluster?: Partial<ClusterProps>;
  readonly store?: CustomKeyStoreOptions;
  /** Keys by their ids; a bucket, a queue and a secret use the first one. */
  readonly keys?: Readonly<Record<string, CustomKeyStoreKeyOptions>>;
  /** The store in a stack of its own. */
  readonly storeElsewhere?: boolean;
  /** The cluster that the store rests on, where that is not the app's own. */
  readonly on?: (stack: Stack, cluster: Cluster) => ICluster;
  /** Adds to the stack of the store. */
  readonly and?: (stack: Stack, store: CustomKeyStore) => void;
}

/** A network stack, a cluster stack, and a key store with keys that a bucket, a queue and a secret use. */
export function keyStoreApp(options: KeyStoreAppOptions = {}): (app: App) => void {
  const { cluster: clusterProps, store: storeOptions, keys = { Key: { alias: 'orders' } }, storeElsewhere = false, on, and } = options;
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
    const hsm = new Stack(app, 'Hsm');
    const cluster = new Cluster(hsm, 'Cluster', { vpc, ...clusterProps });
    const stack = storeElsewhere ? new Stack(app, 'Keys') : hsm;
    const store = new CustomKeyStore(stack, 'Store', { cluster: on?.(stack, cluster) ?? cluster, customKeyStoreName: 'orders', ...storeOptions });
    const [key] = Object.entries(keys).map(([id, keyOptions]) => store.addKey(id, keyOptions));
    if (key) {
      const bucket = new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS, encryptionKey: key });
      const queue = new sqs.Queue(stack, 'Queue', { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key });
      const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey: key });
      const outputs = { KeyArn: key.keyArn, BucketName: bucket.bucketName, QueueUrl: queue.queueUrl, SecretArn: secret.secretArn };
      Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
    }
    new CfnOutput(stack, 'StoreId', { value: store.customKeyStoreId });
    and?.(stack, store);
  };
}
