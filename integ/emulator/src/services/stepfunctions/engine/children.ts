import { attempt, completeOr } from './failing';
import { note } from './history';
import { surroundingsOf } from './surroundings';
import { begin, put, stateOf } from './thread';
import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { filled, pathed, valueAt } from '../language/data';
import { failure } from '../language/failure';
import type { Children, ExecutionRecord, Thread } from '../state';

/** Begins all branches of a Parallel state. @throws Failure */
export function beginBranches(context: Context, execution: ExecutionRecord, thread: Thread, input: Json): void {
  const branches = stateOf(execution, thread).Branches ?? [];
  const started = note(context, execution, thread, 'ParallelStateStarted');
  put(context, execution, { ...started, children: { results: branches.map(() => null), next: branches.length, done: 0, limit: branches.length } });
  branches.forEach((_, index) => begin(context, execution, {
    id: `${thread.id}.${thread.step}.${index}`,
    parent: thread.id,
    index,
    path: [...thread.path, 'States', thread.state, 'Branches', String(index)],
    previousEvent: started.previousEvent,
    item: thread.item,
  }, input));
}

/** Begins the first iterations of a Map state. @throws Failure */
export function beginIterations(context: Context, execution: ExecutionRecord, thread: Thread): void {
  const state = stateOf(execution, thread);
  const surroundings = surroundingsOf(context, execution, thread);
  const input = pathed(state.InputPath, 'InputPath', thread.input, surroundings);
  const items = state.ItemsPath === undefined ? input : valueAt(state.ItemsPath, 'ItemsPath', input, surroundings);
  if (!Array.isArray(items)) {
    throw failure('States.Runtime', 'text-not-a-list', { path: state.ItemsPath ?? '$' });
  }
  const asked = state.MaxConcurrencyPath === undefined
    ? state.MaxConcurrency ?? 0
    : Number(valueAt(state.MaxConcurrencyPath, 'MaxConcurrencyPath', input, surroundings));
  const most = context.row<number>('map-concurrency');
  const started = note(context, execution, thread, 'MapStateStarted', { length: items.length });
  const children: Children = {
    results: items.map(() => null), next: 0, done: 0, limit: asked === 0 ? most : Math.min(asked, most), items: items as readonly Json[],
  };
  fill(context, execution, put(context, execution, { ...started, children }));
}

/** As many iterations as may run at once; when there is nothing left to run, the state is complete. @throws Failure */
function fill(context: Context, execution: ExecutionRecord, thread: Thread): void {
  const { children } = thread as { children: Children };
  let { next } = children;
  let previous = thread;
  for (; next < children.items!.length && next - children.done < children.limit; next++) {
    previous = note(context, execution, previous, 'MapIterationStarted', { name: thread.state, index: next });
    beginIteration(context, execution, thread, next, previous.previousEvent);
  }
  const filledUp = put(context, execution, { ...previous, children: { ...children, next } });
  if (children.done < children.items!.length) return;
  const succeeded = note(context, execution, filledUp, 'MapStateSucceeded');
  completeOr(context, execution, { ...succeeded, children: undefined }, children.results.map((result) => result!.value));
}

function beginIteration(context: Context, execution: ExecutionRecord, thread: Thread, index: number, previousEvent: number): void {
  const state = stateOf(execution, thread);
  const value = thread.children!.items![index];
  const item = { index, value };
  const surroundings = surroundingsOf(context, execution, { ...thread, item });
  const input = pathed(state.InputPath, 'InputPath', thread.input, surroundings);
  const selector = state.ItemSelector ?? state.Parameters;
  begin(context, execution, {
    id: `${thread.id}.${thread.step}.${index}`,
    parent: thread.id,
    index,
    path: [...thread.path, 'States', thread.state, state.ItemProcessor ? 'ItemProcessor' : 'Iterator'],
    previousEvent,
    item,
  }, selector === undefined ? value : filled(selector, input, surroundings));
}

export interface BranchEnd {
  readonly index: number;
  readonly previousEvent: number;
  readonly value: Json;
}

/** A branch or iteration has its result. */
export function branchEnded(context: Context, execution: ExecutionRecord, parent: Thread, { index, previousEvent, value }: BranchEnd): void {
  const { Type } = stateOf(execution, parent);
  const { children } = parent;
  if (!children || children.results[index] !== null) return;
  const counted: Thread = {
    ...parent,
    previousEvent,
    children: { ...children, done: children.done + 1, results: children.results.map((result, at) => (at === index ? { value } : result)) },
  };
  if (Type === 'Map') {
    const noted = note(context, execution, counted, 'MapIterationSucceeded', { name: parent.state, index });
    attempt(context, execution, noted, () => fill(context, execution, put(context, execution, noted)));
    return;
  }
  put(context, execution, counted);
  if (counted.children!.done < children.results.length) return;
  const succeeded = note(context, execution, counted, 'ParallelStateSucceeded');
  completeOr(context, execution, { ...succeeded, children: undefined }, counted.children!.results.map((result) => result!.value));
}
