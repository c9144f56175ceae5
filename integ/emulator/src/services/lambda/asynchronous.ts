import { sessionOf } from './environments';
import { arnOf } from './names';
import { qualified, tables } from './state';
import type { Configuration, EventInvokeConfig, Invocation } from './state';
import { ServiceError, type Context } from '../../wire/operation';

/** What came of the last attempt at an event. */
export interface Result {
  readonly payload: string;
  readonly failed: boolean;
}

export function enqueue(context: Context, invocation: Invocation, waitMs: number): void {
  tables.invocations(context).put(invocation.id, { ...invocation, environmentId: undefined });
  context.after(waitMs, { kind: 'dequeue', args: { invocationId: invocation.id } });
}

export function settingsOf(context: Context, { functionName, qualifier }: Invocation): Partial<EventInvokeConfig> {
  return tables.eventInvokeConfigs(context).get(qualified(functionName, qualifier)) ?? {};
}

/** After a function error: again in a minute, then in two; or given up. */
export function retryOrGiveUp(context: Context, invocation: Invocation, configuration: Configuration | undefined, result: Result): void {
  const waits = context.row<number[]>('async-retry-waits');
  const { MaximumRetryAttempts = waits.length } = settingsOf(context, invocation);
  const failures = invocation.failures + 1;
  const wait = (waits[failures - 1] ?? waits.at(-1)!) * 1000;
  if (failures > MaximumRetryAttempts) giveUp(context, { ...invocation, failures }, configuration, 'RetriesExhausted', result);
  else if (isTooOld(context, invocation, wait)) giveUp(context, { ...invocation, failures }, configuration, 'EventAgeExceeded', result);
  else enqueue(context, { ...invocation, failures }, wait);
}

/** After a throttle or a fault of the service: with growing waits, as long as the event is young enough. */
export function requeue(context: Context, invocation: Invocation, configuration: Configuration | undefined): void {
  const [first, most] = context.row<[number, number]>('async-throttle-waits');
  const wait = Math.min(first * 2 ** invocation.throttles, most) * 1000;
  const again = { ...invocation, throttles: invocation.throttles + 1 };
  if (isTooOld(context, invocation, wait)) giveUp(context, again, configuration, 'EventAgeExceeded');
  else enqueue(context, again, wait);
}

function isTooOld(context: Context, invocation: Invocation, wait: number): boolean {
  const { MaximumEventAgeInSeconds = context.row<number>('async-maximum-age') } = settingsOf(context, invocation);
  return context.now + wait - invocation.acceptedAt > MaximumEventAgeInSeconds * 1000;
}

/** The event goes to the failure destination and the dead-letter queue, and is forgotten. */
export function giveUp(context: Context, invocation: Invocation, configuration: Configuration | undefined, condition: string, result?: Result): void {
  const { OnFailure } = settingsOf(context, invocation).DestinationConfig ?? {};
  const deadLetters = configuration?.DeadLetterConfig?.TargetArn;
  context.emit(`event given up: ${condition}`, invocation.functionName);
  if (configuration) {
    if (OnFailure?.Destination) deliver(context, configuration, OnFailure.Destination, destinationRecord(context, invocation, condition, result));
    if (deadLetters) deliver(context, configuration, deadLetters, invocation.event);
  }
  tables.discarded(context).put(invocation.id, {
    functionName: invocation.functionName, invocationId: invocation.id, condition, target: OnFailure?.Destination ?? deadLetters, at: context.now,
  });
  tables.invocations(context).delete(invocation.id);
}

/** The event was handled. */
export function succeed(context: Context, invocation: Invocation, configuration: Configuration | undefined, result: Result): void {
  const target = settingsOf(context, invocation).DestinationConfig?.OnSuccess?.Destination;
  if (target && configuration) deliver(context, configuration, target, destinationRecord(context, invocation, 'Success', result));
  tables.invocations(context).delete(invocation.id);
}

function destinationRecord(context: Context, invocation: Invocation, condition: string, result?: Result): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(context.kernel.hostTime()).toISOString(),
    requestContext: {
      requestId: invocation.id,
      functionArn: arnOf(context, invocation.functionName, invocation.qualifier),
      condition,
      approximateInvokeCount: invocation.failures + (condition === 'Success' ? 1 : 0),
    },
    requestPayload: JSON.parse(invocation.event) as unknown,
    responseContext: { statusCode: 200, executedVersion: invocation.version, ...(result?.failed ? { functionError: 'Unhandled' } : {}) },
    ...(result ? { responsePayload: JSON.parse(result.payload) as unknown } : {}),
  });
}

/** As the function's role. What cannot be delivered is lost, as on AWS; the record of what was given up stays. */
function deliver(context: Context, configuration: Configuration, target: string, text: string): void {
  const [, , service, region, account, ...rest] = target.split(':');
  const calls: { readonly [service: string]: () => [string, string, object] } = {
    sqs: () => ['sqs', 'SendMessage', { QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${rest.join(':')}`, MessageBody: text }],
    sns: () => ['sns', 'Publish', { TopicArn: target, Message: text }],
    lambda: () => ['lambda', 'Invoke', { FunctionName: target, InvocationType: 'Event', Payload: text }],
    events: () => ['events', 'PutEvents', {
      Entries: [{ EventBusName: target, Source: 'lambda', DetailType: 'Lambda Function Invocation Result', Detail: text }],
    }],
  };
  const call = calls[service]?.();
  if (!call) return;
  try {
    context.call(...call, sessionOf(context, configuration));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.emit(`${call[0]} ${call[1]} refused: ${error.name}`, configuration.FunctionName);
  }
}
