import { completeOr, failState } from './failing';
import { data, failureDetails, note } from './history';
import { integrationOf } from './integrations';
import type { Integration } from './integrations';
import { fromService, toService } from './member-names';
import { surroundingsOf } from './surroundings';
import { cancel, put, schedule, stateOf } from './thread';
import { idFormat } from '../../../kernel';
import type { Json } from '../../../kernel';
import type { Caller, Context } from '../../../wire/operation';
import { effectiveInput, valueAt } from '../language/data';
import { Failure, failure, reasonOf } from '../language/failure';
import type { State } from '../language/types';
import { tables } from '../state';
import type { ExecutionRecord, Thread } from '../state';

/** What came of a task's call. */
export interface TaskAnswer {
  readonly output?: { readonly [member: string]: Json };
  readonly error?: { readonly code: string; readonly message: string };
}

/** Calls what a Task names, as the machine's role; the answer comes as an event. @throws Failure */
export function beginTask(context: Context, execution: ExecutionRecord, thread: Thread, state: State): void {
  const integration = integrationOf(state.Resource!);
  if (!integration) throw new Failure('States.Runtime', `[emulator] ${state.Resource} is not emulated`);
  const token = tokenOf(context, execution, thread);
  const surroundings = surroundingsOf(context, execution, thread, integration.waitsForToken ? token : undefined);
  const input = effectiveInput(state, thread.input, surroundings);
  const seconds = limit(state.TimeoutSeconds, state.TimeoutSecondsPath, 'TimeoutSecondsPath', thread, surroundings);
  const heartbeat = limit(state.HeartbeatSeconds, state.HeartbeatSecondsPath, 'HeartbeatSecondsPath', thread, surroundings);

  const scheduled = note(context, execution, thread, integration.functionArn ? 'LambdaFunctionScheduled' : 'TaskScheduled', {
    ...(integration.functionArn
      ? { resource: integration.functionArn, ...data(input) }
      : { ...named(integration), region: context.region, parameters: JSON.stringify(input) }),
    ...(seconds === undefined ? {} : { timeoutInSeconds: seconds }),
    ...(heartbeat === undefined || integration.functionArn ? {} : { heartbeatInSeconds: heartbeat }),
  });
  const started = note(context, execution, scheduled, integration.functionArn ? 'LambdaFunctionStarted' : 'TaskStarted',
    integration.functionArn ? undefined : named(integration));
  const begun = put(context, execution, {
    ...started,
    task: { resource: state.Resource!, token, submitted: false, heartbeatMs: heartbeat === undefined ? undefined : heartbeat * 1000 },
  });
  if (integration.waitsForToken) tables.tokens(context).put(token, { execution: execution.arn, thread: thread.id, step: thread.step });
  if (seconds !== undefined) schedule(context, execution, begun, 'timeout', seconds * 1000);
  if (heartbeat !== undefined) schedule(context, execution, begun, 'heartbeat', heartbeat * 1000);

  const answered = { kind: 'task-answered', args: { execution: execution.arn, thread: thread.id, step: thread.step } };
  context.callLater(integration.service, integration.operation, parametersOf(integration, input), answered, roleOf(context, execution));
}

function tokenOf(context: Context, execution: ExecutionRecord, thread: Thread): string {
  const bytes = context.kernel.ids.named('stepfunctions/token', execution.arn, thread.id, String(thread.step));
  return `AQCEAAAAKgAAAAMAAAAA${idFormat.alphanumeric(bytes, 160)}`;
}

type Seen = ReturnType<typeof surroundingsOf>;

function limit(plain: number | undefined, path: string | undefined, field: string, thread: Thread, surroundings: Seen): number | undefined {
  if (path === undefined) return plain;
  const value = valueAt(path, field, thread.input, surroundings);
  if (typeof value !== 'number') throw failure('States.Runtime', 'text-not-a-number', { field, path: path!, value: JSON.stringify(value) });
  return value;
}

function named({ resourceType, resource }: Integration): { resourceType: string; resource: string } {
  return { resourceType: resourceType!, resource: resource! };
}

function roleOf(context: Context, { roleArn, name }: ExecutionRecord): Partial<Caller> {
  const [, , , , account] = roleArn.split(':');
  return {
    principal: {
      kind: 'role',
      account,
      arn: `arn:${context.partition}:sts::${account}:assumed-role/${roleArn.split('/').at(-1)!}/${name.slice(0, 32)}`,
      roleArn,
      sessionName: name.slice(0, 32),
    },
    position: { kind: 'service', service: 'states' },
  };
}

type Parameters = { readonly [name: string]: Json };

function parametersOf(integration: Integration, input: Json): object {
  if (integration.functionArn) return { FunctionName: integration.functionArn, Payload: JSON.stringify(input) };
  const parameters = input as Parameters;
  switch (integration.resourceType) {
    case 'lambda':
      return { ...parameters, ...(parameters.Payload === undefined ? {} : { Payload: JSON.stringify(parameters.Payload) }) };
    case 'sns':
      return asText(parameters, 'Message');
    case 'sqs':
      return asText(parameters, 'MessageBody');
    case 'events':
      return { Entries: ((parameters.Entries ?? []) as Parameters[]).map((entry) => asText(entry, 'Detail')) };
    case 'states':
      return toService(integration.service, asText(parameters, 'Input')) as object;
    default:
      return toService(integration.service, parameters) as object;
  }
}

/** Optimized integrations take JSON where the API takes text. */
function asText(parameters: Parameters, member: string): Parameters {
  const value = parameters[member];
  return value === undefined || typeof value === 'string' ? parameters : { ...parameters, [member]: JSON.stringify(value) };
}

/** The call has been answered. */
export function taskAnswered(context: Context, execution: ExecutionRecord, thread: Thread, { output = {}, error }: TaskAnswer): void {
  const integration = integrationOf(stateOf(execution, thread).Resource!)!;
  if (error) {
    failTask(context, execution, thread, integration, serviceFailure(integration, error));
    return;
  }
  const failed = functionFailure(integration, output);
  if (failed) {
    failTask(context, execution, thread, integration, failed);
    return;
  }
  const result = resultOf(context, integration, output);
  if (!integration.waitsForToken && !integration.sync) {
    succeedTask(context, execution, thread, result);
    return;
  }
  const submitted = note(context, execution, thread, 'TaskSubmitted', { ...named(integration), ...data(result, 'output') });
  put(context, execution, { ...submitted, task: { ...thread.task!, submitted: true } });
  if (integration.sync) awaitExecution(context, execution, thread, String(output.executionArn));
}

/** The task is over when the execution that it started is. */
function awaitExecution(context: Context, execution: ExecutionRecord, thread: Thread, childArn: string): void {
  const executions = tables.executions(context);
  const child = executions.get(childArn)!;
  const notify = { execution: execution.arn, thread: thread.id, step: thread.step };
  if (child.status === 'RUNNING') executions.put(childArn, { ...child, notify });
  else context.after(0, { kind: 'child-ended', args: { ...notify, child: childArn } });
}

/** @returns the failure that a function itself answered with */
function functionFailure({ service, operation }: Integration, output: Parameters): Failure | undefined {
  if (service !== 'lambda' || operation !== 'Invoke' || output.FunctionError === undefined) return undefined;
  const payload = String(output.Payload);
  const { errorType } = (JSON.parse(payload) ?? {}) as { errorType?: unknown };
  if (typeof errorType === 'string') return new Failure(errorType, payload);
  return failure('Lambda.Unknown', 'text-no-error-type', { payload });
}

function serviceFailure({ prefix, service, resourceType }: Integration, { code, message }: { code: string; message: string }): Failure {
  const sdk = resourceType?.startsWith('aws-sdk:');
  const name = sdk && service === 'ec2' ? 'Ec2Exception' : code.endsWith('Exception') || !sdk ? code : `${code}Exception`;
  return failure(`${prefix}.${name}`, 'text-service-refused', { message, service: prefix, code });
}

function resultOf(context: Context, { functionArn, service, operation, resourceType }: Integration, output: Parameters): Json {
  if (functionArn) return JSON.parse(String(output.Payload ?? 'null')) as Json;
  if (resourceType !== 'lambda') return fromService(service, output);
  if (operation !== 'Invoke') return output;
  const requestId = idFormat.uuid(context.id('request', 'lambda'));
  const { Payload, StatusCode } = output;
  return {
    ...output,
    ...(typeof Payload === 'string' && Payload !== '' ? { Payload: JSON.parse(Payload) as Json } : {}),
    SdkHttpMetadata: { AllHttpHeaders: { 'x-amzn-RequestId': [requestId] }, HttpHeaders: { 'x-amzn-RequestId': requestId }, HttpStatusCode: StatusCode },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

export function succeedTask(context: Context, execution: ExecutionRecord, thread: Thread, result: Json): void {
  const integration = integrationOf(stateOf(execution, thread).Resource!)!;
  const done = settle(context, execution, thread);
  const noted = integration.functionArn
    ? note(context, execution, done, 'LambdaFunctionSucceeded', data(result, 'output'))
    : note(context, execution, done, 'TaskSucceeded', { ...named(integration), ...data(result, 'output') });
  completeOr(context, execution, noted, result);
}

export function failTask(context: Context, execution: ExecutionRecord, thread: Thread, integration: Integration, failed: Failure): void {
  const done = settle(context, execution, thread);
  const type = (failed.error === 'States.Timeout' || failed.error === 'States.HeartbeatTimeout') ? 'TimedOut' : 'Failed';
  const reason = reasonOf(context, failed);
  const details = failureDetails(failed.error, reason === '' ? undefined : reason);
  const noted = integration.functionArn
    ? note(context, execution, done, `LambdaFunction${type}`, details)
    : note(context, execution, done, `Task${type}`, { ...named(integration), ...details });
  failState(context, execution, noted, new Failure(failed.error, reason));
}

/** The task is over, whoever still answers. */
function settle(context: Context, execution: ExecutionRecord, thread: Thread): Thread {
  cancel(context, execution, thread, 'timeout', 'heartbeat');
  if (thread.task) tables.tokens(context).delete(thread.task.token);
  return put(context, execution, { ...thread, task: undefined });
}

/** Time is up for a task, or for its next sign of life. */
export function taskTimedOut(context: Context, execution: ExecutionRecord, thread: Thread, error: 'States.Timeout' | 'States.HeartbeatTimeout'): void {
  failTask(context, execution, thread, integrationOf(stateOf(execution, thread).Resource!)!, new Failure(error, ''));
}
