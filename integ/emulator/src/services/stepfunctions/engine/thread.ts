import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { definitionOf, scopeAt } from '../language/definition';
import type { Scope, State } from '../language/types';
import { tables } from '../state';
import type { ExecutionRecord, Thread } from '../state';

/** What can be due for a thread; at most one of each. */
export type Due = 'step' | 'wake' | 'timeout' | 'heartbeat';
const DUE: readonly Due[] = ['step', 'wake', 'timeout', 'heartbeat'];

export function scopeOf(execution: ExecutionRecord, path: readonly string[]): Scope {
  return scopeAt(definitionOf(execution.definition), path);
}

export function stateOf(execution: ExecutionRecord, thread: Thread): State {
  return scopeOf(execution, thread.path).States[thread.state];
}

export function put(context: Context, execution: ExecutionRecord, thread: Thread): Thread {
  return tables.threads(context, execution.arn).put(thread.id, thread);
}

/** Makes something due for the present step of a thread. */
export function schedule(context: Context, execution: ExecutionRecord, thread: Thread, due: Due, milliseconds: number): void {
  context.after(milliseconds, {
    kind: due,
    id: eventId(execution, thread.id, due),
    args: { execution: execution.arn, thread: thread.id, step: thread.step },
  });
}

export function cancel(context: Context, execution: ExecutionRecord, thread: Thread, ...dues: readonly Due[]): void {
  for (const due of dues) context.cancel(eventId(execution, thread.id, due));
}

function eventId(execution: ExecutionRecord, thread: string, due: Due): string {
  return `stepfunctions/${execution.arn}/${thread}/${due}`;
}

/** The next step of a thread, after the time that a transition takes. */
export function proceed(context: Context, execution: ExecutionRecord, thread: Thread, milliseconds: number = 0): void {
  const executions = tables.executions(context);
  const current = executions.get(execution.arn)!;
  executions.put(execution.arn, { ...current, steps: current.steps + 1 });
  const step = put(context, execution, { ...thread, step: thread.step + 1, task: undefined });
  schedule(context, execution, step, 'step', milliseconds + Math.max(1, context.delay('transition', `${execution.arn}/${current.steps}`)));
}

/** Begins a thread at the start of a scope. */
export function begin(context: Context, execution: ExecutionRecord, thread: Pick<Thread, 'id' | 'parent' | 'index' | 'path' | 'previousEvent' | 'item'>,
  input: Json): void {
  proceed(context, execution, {
    ...thread,
    state: scopeOf(execution, thread.path).StartAt,
    input,
    enteredAt: context.now,
    enteredEvent: 0,
    retries: [],
    step: 0,
  });
}

/** Ends a thread with all below it, whatever they are waiting for. */
export function discard(context: Context, execution: ExecutionRecord, thread: Thread): void {
  for (const child of childrenOf(context, execution, thread)) discard(context, execution, child);
  cancel(context, execution, thread, ...DUE);
  if (thread.task) tables.tokens(context).delete(thread.task.token);
  tables.threads(context, execution.arn).delete(thread.id);
}

export function childrenOf(context: Context, execution: ExecutionRecord, thread: Thread): Thread[] {
  return tables.threads(context, execution.arn).values().filter(({ parent }) => parent === thread.id);
}

/** Every thread of an execution that is over. */
export function discardAll(context: Context, execution: ExecutionRecord): void {
  for (const thread of tables.threads(context, execution.arn).values()) {
    if (thread.parent === undefined) discard(context, execution, thread);
  }
}
