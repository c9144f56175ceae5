import type { AlarmRecord } from './state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

const ACTIONS: Readonly<Record<string, string>> = { OK: 'OKActions', ALARM: 'AlarmActions', INSUFFICIENT_DATA: 'InsufficientDataActions' };

/** Carries out the actions of a new state: topics are told; other actions are not built. */
export function notify(context: Context, alarm: AlarmRecord, before: string): void {
  if (!alarm.actionsEnabled) return;
  for (const action of (alarm.input[ACTIONS[alarm.state]] ?? []) as string[]) {
    if (!/^arn:[^:]+:sns:/.test(action)) {
      context.emit('NotDelivered', action);
      continue;
    }
    try {
      context.call('sns', 'Publish', { TopicArn: action, Subject: `${alarm.state}: "${alarm.name}"`.slice(0, 100), Message: JSON.stringify(message(context, alarm, before)) }, {
        principal: {
          kind: 'service', account: context.account, service: 'cloudwatch.amazonaws.com', source: alarm.arn,
          arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/cloudwatch.amazonaws.com`,
        },
        position: { kind: 'service', service: 'cloudwatch' },
        activityId: undefined,
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      context.emit('DeliveryFailed', action);
    }
  }
}

function message(context: Context, alarm: AlarmRecord, before: string): object {
  const { input } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmDescription: input.AlarmDescription ?? null,
    AWSAccountId: context.account,
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: new Date(context.kernel.hostTime(context.now)).toISOString().replace('Z', '+0000'),
    Region: context.region,
    AlarmArn: alarm.arn,
    OldStateValue: before,
    Trigger: {
      MetricName: input.MetricName, Namespace: input.Namespace, Statistic: String(input.Statistic ?? '').toUpperCase(), Period: input.Period,
      Dimensions: ((input.Dimensions ?? []) as Array<{ Name: string; Value: string }>).map(({ Name, Value }) => ({ name: Name, value: Value })),
      EvaluationPeriods: input.EvaluationPeriods, ComparisonOperator: input.ComparisonOperator, Threshold: input.Threshold,
    },
  };
}
