import { Annotations, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { TOPIC_KEY_ACTIONS } from '../private/permissions';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const EVENTBRIDGE = 'events.amazonaws.com';

/**
 * Lets CloudWatch and EventBridge publish to the user's topic, where that is in this app's hands, and says where it is not.
 *
 * A topic with a policy of its own has lost the default one, which let alarms in: they need a statement as soon as rules have one.
 */
export function letAlarmsIn(scope: Construct, topic: sns.ITopic): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-cloudhsm:${id}`, text);
  const publishers = () => [CLOUDWATCH, EVENTBRIDGE].map((service) => new iam.ServicePrincipal(service));
  const { statementAdded } = topic.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(CLOUDWATCH)],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  }));
  if (!statementAdded) {
    warn('importedAlarmTopic', `the topic is imported, so its policy is not changed here: it must allow sns:Publish to ${CLOUDWATCH} and ${EVENTBRIDGE}, else nothing arrives`);
  }
  const { masterKey } = topic;
  if (!masterKey) return;
  const onKey = masterKey.addToResourcePolicy(new iam.PolicyStatement({ principals: publishers(), actions: [...TOPIC_KEY_ACTIONS], resources: ['*'] }));
  if (!onKey.statementAdded) {
    warn('importedAlarmTopicKey', `the key of the topic is not made here, so its policy is not changed: it must allow ${TOPIC_KEY_ACTIONS.join(' and ')} to ${CLOUDWATCH} `
      + `and ${EVENTBRIDGE}, else nothing arrives; the key alias/aws/sns never does`);
  }
}

/** Tells the topic when it rings and when it is over. */
export function ring(alarm: cloudwatch.Alarm, topic: sns.ITopic): cloudwatch.Alarm {
  alarm.addAlarmAction(new actions.SnsAction(topic));
  alarm.addOkAction(new actions.SnsAction(topic));
  return alarm;
}

/** A rule on calls that CloudTrail records. */
export interface CallRuleOptions {
  readonly description: string;
  /** EventBridge's names of the service, and CloudTrail's. */
  readonly sources: string[];
  readonly eventSources: string[];
  readonly calls: string[];
  /** Values that the call was made with. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Tells the topic of calls, whoever makes them; refused ones as well. */
export function tellOfCalls(scope: Construct, id: string, topic: sns.ITopic, options: CallRuleOptions): events.Rule {
  const { description, sources, eventSources, calls, parameters } = options;
  return new events.Rule(scope, id, {
    description,
    eventPattern: {
      source: sources,
      detailType: ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: eventSources,
        eventName: calls,
        ...parameters && { requestParameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])) },
      },
    },
    targets: [new targets.SnsTopic(topic)],
  });
}
