import { CfnOutput } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { CustomKeyStore } from 'cdk-cloudhsm';
import { ClusterMonitor, KeyStoreMonitor } from 'cdk-cloudhsm';

/** Adds both monitors of a key store and its cluster, on one encrypted topic that a queue listens to. */
export function watched(stack: Stack, keyStore: CustomKeyStore): void {
  const topic = new sns.Topic(stack, 'Alarms', { masterKey: new kms.Key(stack, 'AlarmKey') });
  const inbox = new sqs.Queue(stack, 'Inbox');
  topic.addSubscription(new subscriptions.SqsSubscription(inbox, { rawMessageDelivery: true }));
  new ClusterMonitor(stack, 'ClusterMonitor', { cluster: keyStore.cluster, topic });
  new KeyStoreMonitor(stack, 'KeyStoreMonitor', { keyStore, topic });
  new CfnOutput(stack, 'Heard', { value: inbox.queueUrl });
  new CfnOutput(stack, 'ClusterId', { value: keyStore.cluster.clusterId });
}
