/**
 * Encrypted bucket: a CloudHSM cluster, a KMS custom key store on it, and a bucket, a queue and a secret whose key lives in those HSMs.
 *
 * Costs: two HSMs, about $3.20 an hour in us-east-1 ($2,300 a month), until the cluster is deleted: deleting the stacks keeps it. The key is $1 a month.
 *
 * Run: npx cdk deploy --all
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { HsmKeyStore } from 'cdk-cloudhsm';

const app = new App();
// Account and Region of the CLI's credentials: only then does the VPC know all zones of the Region.
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

// In a stack of its own: the interfaces of HSMs that are kept would keep EC2 from deleting the VPC.
const network = new Stack(app, 'EncryptedNetwork', { env });
// Three zones, because not every one has CloudHSM: the HSMs go to those that do.
const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1 });

const keys = new Stack(app, 'EncryptedKeys', { env });
const { key } = new HsmKeyStore(keys, 'Hsm', { vpc, key: { alias: 'orders', description: 'Orders' } });

// What is encrypted may be in other stacks, and other teams': for them it is a KMS key as any other.
const data = new Stack(app, 'EncryptedData', { env });
const bucket = new s3.Bucket(data, 'Orders', {
  encryption: s3.BucketEncryption.KMS,
  encryptionKey: key,
  // One call to the key store for many objects.
  bucketKeyEnabled: true,
  enforceSSL: true,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
});
const queue = new sqs.Queue(data, 'Inbox', { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true });
const secret = new secretsmanager.Secret(data, 'ApiKey', { encryptionKey: key });

new CfnOutput(data, 'BucketName', { value: bucket.bucketName });
new CfnOutput(data, 'QueueUrl', { value: queue.queueUrl });
new CfnOutput(data, 'SecretArn', { value: secret.secretArn });
