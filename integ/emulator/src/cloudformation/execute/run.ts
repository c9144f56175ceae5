import { attempt } from './attempt';
import type { Attempt } from './attempt';
import { forward } from './forward';
import { apply, settled } from './outcome';
import { problemOf } from './problem';
import { remove } from './remove';
import { revert } from './revert';
import { before, finish, runningTask, versionOf } from './running';
import type { Running } from './running';
import { resourceStatus } from './stack-events';
import type { Context } from '../../wire/operation';
import { operations, resources, stacks, tasks } from '../state';
import type { ResourceRecord, StackRecord } from '../state';
import { templateOf } from '../surroundings';
import type { Progress } from '../types/handler';

/** A task's turn has come. */
export function start(context: Context, { stackId, taskId, operationId }: { stackId: string; taskId: string; operationId: string }): void {
  const operation = operations(context).get(stackId);
  const task = tasks(context, stackId).get(taskId);
  if (operation?.id !== operationId || task?.state !== 'queued') return;
  const stack = stacks(context).get(stackId)!;
  const record = resources(context, stackId).get(task.logicalId) ?? newRecord(context, stack, task.logicalId);
  const running = { context, stack, operation, record, task };
  try {
    context.kernel.store.transaction(() => {
      if (task.action === 'forward') forward(running);
      else if (task.action === 'revert') revert(running);
      else remove(running);
    });
  } catch (error) {
    failed(running, problemOf(context, error));
  }
}

/** What could not even be begun fails as a resource does: an error that nobody catches would leave the stack waiting for ever. */
function failed(running: Running, reason: string): void {
  const { context, record, task } = running;
  const { stackId, logicalId } = task;
  const verb = task.action === 'delete' ? 'DELETE' : record.current ? 'UPDATE' : 'CREATE';
  resourceStatus(context, stackId, logicalId, `${verb}_FAILED`, { reason, physicalId: record.physicalId });
  finish(running, 'failed');
}

function newRecord(context: Context, stack: StackRecord, logicalId: string): ResourceRecord {
  const { Type: type } = templateOf(context, stack.target!).Resources[logicalId];
  return resources(context, stack.stackId).put(logicalId, {
    stackId: stack.stackId, logicalId, type, status: 'CREATE_IN_PROGRESS', host: context.kernel.hostTime(), leftovers: [],
  });
}

/** Another look at a task that waits. */
export function check(context: Context, { stackId, taskId, token }: { stackId: string; taskId: string; token: string }): void {
  const running = runningTask(context, stackId, taskId, token);
  if (!running) return;
  const { task, record } = running;
  if (task.signals) return;
  const version = versionOf(running);
  const action = task.action === 'delete' ? 'delete' : task.action === 'create' ? 'create' : 'update';
  apply(running, attempt(running, version, (handler, work) => handler.resume(work, action), before(running)), record);
}

/** What a handler was waiting for has come from outside. */
export function report(context: Context, stackId: string, taskId: string, token: string, progress: Progress): void {
  const running = runningTask(context, stackId, taskId, token);
  if (running) apply(running, progress, running.record);
}

/** The same again, after a refusal that may have passed. */
export function tryAgain(context: Context, args: { stackId: string; taskId: string; token: string }): void {
  const running = runningTask(context, args.stackId, args.taskId, args.token);
  if (!running) return;
  const { task, record } = running;
  // While it settles, nothing is begun again.
  if (task.state === 'settling') return settled(running, { kind: 'failed', reason: '' });
  const version = versionOf(running);
  const begin: Attempt = (handler, work) => (task.action === 'create' ? handler.create(work)
    : task.action === 'delete' ? handler.delete(work) : handler.update(work));
  apply(running, attempt(running, version, begin, before(running)), record);
}
