import { record, failureDetails } from './history';
import { begin, discardAll } from './thread';
import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { definitionOf } from '../language/definition';
import { tables } from '../state';
import type { ExecutionRecord, ExecutionStatus } from '../state';

const EVENTS: { readonly [status in Exclude<ExecutionStatus, 'RUNNING'>]: string } = {
  SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', TIMED_OUT: 'ExecutionTimedOut', ABORTED: 'ExecutionAborted',
};

/** Name of the event that ends an execution in time. */
function timeoutEvent(arn: string): string {
  return `stepfunctions/${arn}/execution-timeout`;
}

export function startExecution(context: Context, execution: ExecutionRecord): void {
  tables.executions(context).put(execution.arn, execution);
  const first = record(context, execution.arn, 0, 'ExecutionStarted', {
    input: execution.input, inputDetails: { truncated: false }, roleArn: execution.roleArn,
  });
  const limit = context.row<number>(execution.type === 'EXPRESS' ? 'express-limit' : 'execution-limit');
  const seconds = Math.min(definitionOf(execution.definition).TimeoutSeconds ?? limit, limit);
  // A year is no obligation: it must not keep emulated time going.
  context.after(seconds * 1000, {
    kind: 'execution-timeout', id: timeoutEvent(execution.arn), args: { execution: execution.arn }, daemon: seconds === context.row<number>('execution-limit'),
  });
  context.emit('execution RUNNING', execution.name);
  begin(context, execution, { id: '0', index: 0, path: [], previousEvent: first }, JSON.parse(execution.input) as Json);
}

export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly previousEvent?: number;
}

export function endExecution(context: Context, arn: string, { status, output, error, cause, previousEvent }: Ending): void {
  const execution = tables.executions(context).get(arn);
  if (!execution || execution.status !== 'RUNNING') return;
  discardAll(context, execution);
  context.cancel(timeoutEvent(arn));
  const text = output === undefined ? undefined : JSON.stringify(output);
  record(context, arn, previousEvent ?? tables.history(context, arn).size(), EVENTS[status], text === undefined
    ? { ...(error === undefined ? {} : failureDetails(error, cause)) }
    : { output: text, outputDetails: { truncated: false } });
  const ended = tables.executions(context).put(arn, { ...execution, status, output: text, error, cause, stoppedAt: context.now });
  context.emit(`execution ${status}${error ? `: ${error}` : ''}`, execution.name);
  tellWaiting(context, ended);
}

function tellWaiting(context: Context, execution: ExecutionRecord): void {
  const { notify, answerKey } = execution;
  if (notify) context.after(0, { kind: 'child-ended', args: { ...notify, child: execution.arn } });
  if (answerKey) context.answer(answerKey, { output: syncAnswer(context, execution) });
}

function syncAnswer(context: Context, execution: ExecutionRecord): Record<string, unknown> {
  const { arn, machineArn, name, status, startedAt, stoppedAt, input, output, error, cause } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    startDate: new Date(context.kernel.hostTime(startedAt)),
    stopDate: new Date(context.kernel.hostTime(stoppedAt)),
    status,
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: Math.ceil((stoppedAt! - startedAt) / 100) * 100 },
  };
}
