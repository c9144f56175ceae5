import { requeue, retryOrGiveUp, succeed } from './asynchronous';
import { drop, dropOutdated, giveBack } from './environments';
import { answerKey, deployed, dispatch } from './invocations';
import { writeLog } from './logs';
import { qualified, tables } from './state';
import type { Invocation } from './state';
import type { InvocationEnd, LogLine, LogTarget } from '../../wire/function-job';
import { ServiceError, type Context, type ServiceEvent } from '../../wire/operation';

/** A new function or version can be invoked. */
function becameActive(context: Context, { name, version }: { name: string; version: string }): void {
  if (version !== '$LATEST') {
    const key = qualified(name, version);
    const published = tables.versions(context).get(key);
    if (published) tables.versions(context).put(key, { ...published, state: 'Active' });
    return;
  }
  const record = tables.functions(context).get(name);
  if (!record) return;
  tables.functions(context).put(name, { ...record, state: 'Active', deployed: record.latest });
  context.emit('Active', name);
}

/** An update has reached the environments. */
function updated(context: Context, { name, revision }: { name: string; revision: string }): void {
  const record = tables.functions(context).get(name);
  if (!record || record.latest.RevisionId !== revision) return;
  tables.functions(context).put(name, { ...record, update: 'Successful', deployed: record.latest });
  dropOutdated(context, name, '$LATEST', revision);
  context.emit('updated', name);
}

/** An event of the queue is to run. */
function dequeue(context: Context, { invocationId }: { invocationId: string }): void {
  const invocation = tables.invocations(context).get(invocationId);
  const record = invocation && tables.functions(context).get(invocation.functionName);
  if (!invocation) return;
  if (!record) {
    tables.invocations(context).delete(invocationId);
    return;
  }
  try {
    context.kernel.store.transaction(() => dispatch(context, invocation));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    requeue(context, invocation, record.latest);
  }
}

/** The driver says what came of an invocation. */
function invocationEnded(context: Context, end: InvocationEnd): void {
  const environment = tables.environments(context).get(end.environmentId);
  const invocation = tables.invocations(context).get(end.invocationId);
  const record = invocation && tables.functions(context).get(invocation.functionName);
  const configuration = record && deployed(context, record, invocation.version);
  writeLog(context, end.log, end.lines);
  if (environment) {
    if (end.dead || configuration?.RevisionId !== environment.revision) drop(context, environment.id);
    else giveBack(context, environment);
  }
  if (!invocation) return;
  const { functionName, type } = invocation;
  context.emit(end.lost ? 'invocation lost' : end.failed ? `invocation failed: ${errorType(end.payload)}` : 'invocation ended', functionName);
  if (type === 'RequestResponse') {
    tables.invocations(context).delete(invocation.id);
    answerCaller(context, invocation, end);
  } else if (end.lost) {
    requeue(context, invocation, configuration);
  } else if (end.failed) {
    retryOrGiveUp(context, invocation, configuration, end);
  } else {
    succeed(context, invocation, configuration, end);
  }
}

function answerCaller(context: Context, invocation: Invocation, end: InvocationEnd): void {
  if (end.lost) {
    context.answer(answerKey(invocation.id), {
      error: { code: 'ServiceException', message: '[emulator] the host of the function was lost while it ran' },
    });
    return;
  }
  context.answer(answerKey(invocation.id), {
    output: {
      StatusCode: 200,
      ExecutedVersion: invocation.version,
      Payload: end.payload,
      ...(end.failed ? { FunctionError: 'Unhandled' } : {}),
      ...(invocation.wantsTail ? { LogResult: end.tail } : {}),
    },
  });
}

function errorType(payload: string): string {
  return (JSON.parse(payload) as { errorType?: string }).errorType ?? 'Unhandled';
}

function logged(context: Context, { log, lines }: { log: LogTarget; lines: readonly LogLine[] }): void {
  writeLog(context, log, lines);
}

function environmentIdle(context: Context, { environmentId }: { environmentId: string }): void {
  if (tables.environments(context).has(environmentId)) drop(context, environmentId);
}

export const events: { readonly [name: string]: ServiceEvent } = {
  'active': becameActive,
  'updated': updated,
  'dequeue': dequeue,
  'invocation-ended': invocationEnded,
  'logged': logged,
  'environment-idle': environmentIdle,
};
