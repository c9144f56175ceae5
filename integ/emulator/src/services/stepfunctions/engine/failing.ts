import { endExecution } from './execution';
import { note } from './history';
import { completeState, leave } from './leaving';
import { cancel, childrenOf, discard, proceed, put, stateOf } from './thread';
import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { textOf } from '../../../wire/operation';
import { withResult } from '../language/data';
import { Failure, matches, reasonOf } from '../language/failure';
import type { Retrier } from '../language/types';
import { tables } from '../state';
import type { ExecutionRecord, Thread } from '../state';

/** Does what may fail as states fail. */
export function attempt(context: Context, execution: ExecutionRecord, thread: Thread, work: () => void): void {
  try {
    context.kernel.store.transaction(work);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reason = reasonOf(context, error);
    const where = { state: thread.state, event: thread.enteredEvent, reason };
    failState(context, execution, thread, new Failure(
      error.error, error.error === 'States.Runtime' ? textOf(context, 'stepfunctions/text-state-failed', where) : reason));
  }
}

/** Completes a state with a result, or fails it. */
export function completeOr(context: Context, execution: ExecutionRecord, thread: Thread, result: Json): void {
  attempt(context, execution, thread, () => completeState(context, execution, thread, result));
}

/** A state has failed: it is tried again, or caught, or its scope fails. */
export function failState(context: Context, execution: ExecutionRecord, failed: Thread, { error, reason }: Failure): void {
  const state = stateOf(execution, failed);
  let thread = put(context, execution, clear(context, execution, failed));
  for (const [at, retrier] of (state.Retry ?? []).entries()) {
    if (!matches(retrier.ErrorEquals, error)) continue;
    const used = thread.retries[at] ?? 0;
    if (used >= (retrier.MaxAttempts ?? 3)) break;
    thread = { ...thread, retries: (state.Retry ?? []).map((_, index) => (thread.retries[index] ?? 0) + (index === at ? 1 : 0)) };
    proceed(context, execution, thread, retryWait(context, execution, thread, retrier, used));
    return;
  }
  const catcher = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error));
  if (catcher) {
    try {
      const output = withResult(catcher.ResultPath, thread.input, { Error: error, Cause: reason });
      leave(context, execution, thread, output, catcher.Next);
    } catch (inner) {
      if (!(inner instanceof Failure)) throw inner;
      failScope(context, execution, thread, inner.error, reasonOf(context, inner));
    }
    return;
  }
  failScope(context, execution, thread, error, reason);
}

/** The state's branches, timers and token are of no use any more. */
function clear(context: Context, execution: ExecutionRecord, thread: Thread): Thread {
  for (const child of childrenOf(context, execution, thread)) discard(context, execution, child);
  cancel(context, execution, thread, 'timeout', 'heartbeat');
  if (thread.task) tables.tokens(context).delete(thread.task.token);
  return { ...thread, task: undefined, children: undefined };
}

function retryWait(context: Context, execution: ExecutionRecord, thread: Thread, retrier: Retrier, used: number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds);
  const jitter = JitterStrategy === 'FULL' ? context.kernel.ids.draw('stepfunctions/jitter', execution.arn, thread.id, String(thread.step)) : 1;
  return seconds * jitter * 1000;
}

/** Nobody takes the failure inside: the execution fails, or the state around the branch. */
export function failScope(context: Context, execution: ExecutionRecord, thread: Thread, error: string, cause: string | undefined): void {
  const parent = thread.parent === undefined ? undefined : tables.threads(context, execution.arn).get(thread.parent);
  if (!parent) {
    endExecution(context, execution.arn, { status: 'FAILED', error, cause, previousEvent: thread.previousEvent });
    return;
  }
  const { Type } = stateOf(execution, parent);
  let last = thread;
  if (Type === 'Map') {
    const details = (index: number): { name: string; index: number } => ({ name: parent.state, index });
    last = note(context, execution, thread, 'MapIterationFailed', details(thread.index));
    for (const sibling of childrenOf(context, execution, parent)) {
      if (sibling.id !== thread.id) last = note(context, execution, { ...sibling, previousEvent: last.previousEvent }, 'MapIterationAborted', details(sibling.index));
    }
  }
  last = note(context, execution, last, `${Type}StateFailed`);
  failState(context, execution, { ...parent, previousEvent: last.previousEvent }, new Failure(error, cause ?? ''));
}
