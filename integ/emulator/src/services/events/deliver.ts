import { inputFor } from './input';
import type { RuleRecord, Target } from './state';
import { ServiceError } from '../../wire/operation';
import type { Caller, Context } from '../../wire/operation';

/** Hands an event to the targets of a rule. A target that cannot take it does not keep the others from it. */
export function deliver(context: Context, rule: RuleRecord, event: object): void {
  for (const target of rule.targets) {
    try {
      deliverTo(context, target, inputFor(target, event));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      context.emit('DeliveryFailed', target.Arn);
    }
  }
}

function deliverTo(context: Context, target: Target, text: string): void {
  const [, , service, region, account, ...rest] = target.Arn.split(':');
  const place = context.at({ region: region || context.region, account: account || context.account });
  const as = events(context);
  switch (service) {
    case 'lambda':
      place.callLater('lambda', 'Invoke', { FunctionName: target.Arn, InvocationType: 'Event', Payload: Buffer.from(text) }, taken(target), as);
      return;
    case 'states':
      place.callLater('stepfunctions', 'StartExecution', { stateMachineArn: target.Arn, input: text }, taken(target), as);
      return;
    case 'sqs': {
      const { MessageGroupId } = (target.SqsParameters ?? {}) as { MessageGroupId?: string };
      place.call('sqs', 'SendMessage', { QueueUrl: `${place.account}/${rest[0]}`, MessageBody: text, ...(MessageGroupId === undefined ? {} : { MessageGroupId }) }, as);
      return;
    }
    case 'sns':
      place.call('sns', 'Publish', { TopicArn: target.Arn, Message: text }, as);
      return;
    default:
      context.emit('NotDelivered', target.Arn);
  }
}

function taken(target: Target): { kind: string; args: { arn: string } } {
  return { kind: 'delivered', args: { arn: target.Arn } };
}

function events(context: Context): Partial<Caller> {
  const name = 'events.amazonaws.com';
  return {
    principal: { kind: 'service', account: context.account, service: name, arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/${name}` },
    position: { kind: 'service', service: 'events' },
    activityId: undefined,
  };
}
