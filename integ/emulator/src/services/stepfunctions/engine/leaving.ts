import { endExecution } from './execution';
import { data, note } from './history';
import { surroundingsOf } from './surroundings';
import { discard, proceed, stateOf } from './thread';
import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { filled, pathed, withResult } from '../language/data';
import { failure } from '../language/failure';
import type { ExecutionRecord, Thread } from '../state';
import { integrationOf } from './integrations';

/** A result becomes the output of its state: ResultSelector, ResultPath, OutputPath. @throws Failure */
export function completeState(context: Context, execution: ExecutionRecord, thread: Thread, result: Json): void {
  const state = stateOf(execution, thread);
  const surroundings = surroundingsOf(context, execution, thread);
  const chosen = state.ResultSelector === undefined ? result : filled(state.ResultSelector, result, surroundings);
  const output = pathed(state.OutputPath, 'OutputPath', withResult(state.ResultPath, thread.input, chosen), surroundings);
  checkSize(context, execution, thread, output);
  leave(context, execution, thread, output, state.Next);
}

/** @throws Failure */
export function checkSize(context: Context, execution: ExecutionRecord, thread: Thread, value: Json): void {
  if (Buffer.byteLength(JSON.stringify(value)) <= context.row<number>('data-limit')) return;
  throw failure('States.DataLimitExceeded', 'text-result-too-large', { what: calledBy(execution, thread) ?? thread.state });
}

/** A Task is known by what it calls. */
function calledBy(execution: ExecutionRecord, thread: Thread): string | undefined {
  const { Resource } = stateOf(execution, thread);
  const { functionArn, resourceType } = (Resource === undefined ? undefined : integrationOf(Resource)) ?? {};
  return functionArn ?? resourceType;
}

/** Goes to the next state, or ends the scope. */
export function leave(context: Context, execution: ExecutionRecord, thread: Thread, output: Json, next: string | undefined): void {
  const { Type } = stateOf(execution, thread);
  const left = note(context, execution, thread, `${Type}StateExited`, { name: thread.state, ...data(output, 'output') });
  if (next !== undefined) {
    proceed(context, execution, { ...left, state: next, input: output, retries: [], enteredEvent: 0, children: undefined });
    return;
  }
  if (left.parent !== undefined) tellParent(context, execution, left, output);
  else endExecution(context, execution.arn, { status: 'SUCCEEDED', output, previousEvent: left.previousEvent });
}

/** A branch or iteration is over: an event, so that what follows is a step of its own. */
function tellParent(context: Context, execution: ExecutionRecord, thread: Thread, value: Json): void {
  discard(context, execution, thread);
  const { parent, index, previousEvent } = thread;
  context.after(0, { kind: 'branch-ended', args: { execution: execution.arn, thread: parent, index, previousEvent, value } });
}
