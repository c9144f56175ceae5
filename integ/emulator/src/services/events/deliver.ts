import { inputFor } from './input';
import type { RuleRecord, Target } from './state';
import { ServiceError } from '../../wire/operation';
import type { Caller, Context } from '../../wire/operation';

/** Hands an event to the targets of a rule. A target that cannot take it does not keep the others from it. */
export function deliver(context: Context, rule: RuleRecord, event: object): void {
  for (const target of rule.targets) {
    try {
      deliverTo(context, rule, target, inputFor(target, event));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      context.emit('DeliveryFailed', target.Arn);
    }
  }
}

function deliverTo(context: Context, rule: RuleRecord, target: Target, text: string): void {
  const [, , service, region, account, ...rest] = target.Arn.split(':');
  const place = context.at({ region: region || context.region, account: account || context.account });
  const as = typeof target.RoleArn === 'string' ? roleOf(context, target.RoleArn) : events(context, rule.arn);
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

/** A target may name a role that events take on; otherwise its own policy has to let them in. */
function roleOf(context: Context, roleArn: string): Partial<Caller> {
  const account = roleArn.split(':')[4];
  return {
    principal: { kind: 'role', account, arn: context.arn('sts', `assumed-role/${roleArn.split('/').at(-1)}/events`, { region: '', account }), roleArn, sessionName: 'events' },
    position: { kind: 'service', service: 'events' },
    activityId: undefined,
  };
}

function events(context: Context, source: string): Partial<Caller> {
  const name = 'events.amazonaws.com';
  return {
    principal: { kind: 'service', account: context.account, service: name, source, arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/${name}` },
    position: { kind: 'service', service: 'events' },
    activityId: undefined,
  };
}
