import { beginBranches, beginIterations } from './children';
import { endExecution } from './execution';
import { attempt, failScope } from './failing';
import { data, note } from './history';
import { checkSize, leave } from './leaving';
import { surroundingsOf } from './surroundings';
import { beginTask } from './tasks';
import { put, schedule, stateOf } from './thread';
import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { textOf } from '../../../wire/operation';
import { holds, instantOf } from '../language/choice';
import { effectiveInput, pathed, valueAt, withResult } from '../language/data';
import { failure } from '../language/failure';
import type { State } from '../language/types';
import { tables } from '../state';
import type { ExecutionRecord, Thread } from '../state';

/** A thread comes to a state, for the first time or for another attempt. */
export function enter(context: Context, execution: ExecutionRecord, thread: Thread): void {
  if (tables.history(context, execution.arn).size() >= context.row<number>('history-limit') - 1) {
    endExecution(context, execution.arn, {
      status: 'FAILED', error: 'States.Runtime', cause: textOf(context, 'stepfunctions/text-history-full'),
    });
    return;
  }
  const state = stateOf(execution, thread);
  const entered = thread.enteredEvent === 0 ? firstEntry(context, execution, thread, state) : thread;
  attempt(context, execution, entered, () => run(context, execution, entered, state));
}

function firstEntry(context: Context, execution: ExecutionRecord, thread: Thread, state: State): Thread {
  const noted = note(context, execution, { ...thread, enteredAt: context.now }, `${state.Type}StateEntered`, { name: thread.state, ...data(thread.input) });
  return put(context, execution, { ...noted, enteredEvent: noted.previousEvent });
}

function run(context: Context, execution: ExecutionRecord, thread: Thread, state: State): void {
  const surroundings = surroundingsOf(context, execution, thread);
  switch (state.Type) {
    case 'Pass': {
      const input = effectiveInput(state, thread.input, surroundings);
      const output = pathed(state.OutputPath, 'OutputPath', withResult(state.ResultPath, thread.input, state.Result ?? input), surroundings);
      checkSize(context, execution, thread, output);
      leave(context, execution, thread, output, state.Next);
      return;
    }
    case 'Choice': {
      const input = pathed(state.InputPath, 'InputPath', thread.input, surroundings);
      const next = state.Choices?.find((rule) => holds(rule, input, surroundings))?.Next ?? state.Default;
      if (next === undefined) throw failure('States.NoChoiceMatched', 'text-no-choice', { state: thread.state });
      leave(context, execution, thread, pathed(state.OutputPath, 'OutputPath', input, surroundings), next);
      return;
    }
    case 'Wait':
      schedule(context, execution, thread, 'wake', waitOf(context, thread, state, surroundings));
      return;
    case 'Succeed':
      leave(context, execution, thread, pathed(state.OutputPath, 'OutputPath', pathed(state.InputPath, 'InputPath', thread.input, surroundings), surroundings), undefined);
      return;
    case 'Fail': {
      const text = (plain: string | undefined, path: string | undefined, field: string): string | undefined =>
        (path === undefined ? plain : textAt(path, field, thread.input, surroundings));
      failScope(context, execution, thread, text(state.Error, state.ErrorPath, 'ErrorPath') ?? '', text(state.Cause, state.CausePath, 'CausePath'));
      return;
    }
    case 'Parallel':
      beginBranches(context, execution, thread, effectiveInput(state, thread.input, surroundings));
      return;
    case 'Map':
      beginIterations(context, execution, thread);
      return;
    case 'Task':
      beginTask(context, execution, thread, state);
  }
}

/** A Wait is over. */
export function wake(context: Context, execution: ExecutionRecord, thread: Thread): void {
  const state = stateOf(execution, thread);
  attempt(context, execution, thread, () => {
    const surroundings = surroundingsOf(context, execution, thread);
    const input = pathed(state.InputPath, 'InputPath', thread.input, surroundings);
    leave(context, execution, thread, pathed(state.OutputPath, 'OutputPath', input, surroundings), state.Next);
  });
}

type Seen = ReturnType<typeof surroundingsOf>;

function waitOf(context: Context, thread: Thread, state: State, surroundings: Seen): number {
  const input = pathed(state.InputPath, 'InputPath', thread.input, surroundings);
  if (state.Timestamp !== undefined || state.TimestampPath !== undefined) {
    const text = state.Timestamp ?? textAt(state.TimestampPath!, 'TimestampPath', input, surroundings);
    const instant = instantOf(text);
    if (instant === undefined) throw failure('States.Runtime', 'text-not-a-time', { text });
    return instant - context.kernel.hostTime();
  }
  const seconds = state.Seconds ?? valueAt(state.SecondsPath!, 'SecondsPath', input, surroundings);
  if (typeof seconds !== 'number' || seconds < 0) {
    throw failure('States.Runtime', 'text-not-a-number', { field: 'SecondsPath', path: String(state.SecondsPath), value: JSON.stringify(seconds) });
  }
  return seconds * 1000;
}

function textAt(path: string, field: string, input: Json, surroundings: Seen): string {
  const value = valueAt(path, field, input, surroundings);
  if (typeof value !== 'string') throw failure('States.Runtime', 'text-not-a-string', { field, path });
  return value;
}
