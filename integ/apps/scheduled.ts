import { CfnOutput } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FleetSchedule } from 'cdk-cloudhsm';
import type { Cluster } from 'cdk-cloudhsm';

/** Hours of the day, UTC, at which HSMs go and come. */
export interface Hours {
  readonly pause: string;
  readonly resume: string;
}

/** A schedule for a cluster, and a queue that hears of what was not carried out. Without hours it only reconciles, when an event asks. */
export function scheduled(hours?: Hours): (stack: Stack, cluster: Cluster) => Cluster {
  return (stack, cluster) => {
    const topic = new sns.Topic(stack, 'Alarms');
    const heard = new sqs.Queue(stack, 'Heard');
    topic.addSubscription(new subscriptions.SqsSubscription(heard, { rawMessageDelivery: true }));
    const daily = (hour: string) => events.Schedule.cron({ minute: '0', hour });
    new FleetSchedule(stack, 'Schedule', { cluster, topic, ...hours && { pause: daily(hours.pause), resume: daily(hours.resume) } });
    new CfnOutput(stack, 'ClusterId', { value: cluster.clusterId });
    new CfnOutput(stack, 'HeardUrl', { value: heard.queueUrl });
    return cluster;
  };
}
