import { signalTimeoutId } from './creation-policy';
import { isReplacing, nextLookId, versionOf } from './running';
import { resourceStatus } from './stack-events';
import { workOn } from './work';
import type { Context } from '../../wire/operation';
import { patchResource, patchTask, resources, stacks, tasks } from '../state';
import type { OperationRecord, TaskRecord } from '../state';
import { text } from '../texts';
import { handlerFor } from '../types';

/** The operation turns back: what is under way is called off; a type that cannot be interrupted settles first. */
export function giveUp(context: Context, operation: OperationRecord, task: TaskRecord): void {
  const { stackId, logicalId } = task;
  if (task.state === 'queued') {
    patchTask(context, task, { state: 'waiting' });
    return;
  }
  const record = resources(context, stackId).get(logicalId)!;
  const creating = task.action === 'create' && !isReplacing(task);
  const { pending } = record;
  if (pending) patchResource(context, stackId, logicalId, { pending: { ...pending, failed: true } });
  resourceStatus(context, stackId, logicalId, creating ? 'CREATE_FAILED' : 'UPDATE_FAILED', {
    reason: text(context, creating ? 'text-creation-cancelled' : 'text-update-cancelled'), physicalId: pending?.physicalId, properties: pending?.properties,
  });
  const stack = stacks(context).get(stackId)!;
  const running = { context, stack, operation, record, task };
  if (task.signals) context.cancel(signalTimeoutId(task));
  const owed = pending && !task.signals && handlerFor(context, record.type).abandon?.(workOn(running, pending)) !== true;
  if (!owed) context.cancel(nextLookId(task));
  patchTask(context, task, { state: owed ? 'settling' : 'cancelled', signals: undefined });
}

/** Another operation takes the place of this one: nothing that it waits for is owed any more. */
export function callOff(context: Context, operation: OperationRecord): void {
  const { stackId } = operation;
  const stack = stacks(context).get(stackId)!;
  for (const task of tasks(context, stackId).values()) {
    if (task.state !== 'running' && task.state !== 'settling') continue;
    const record = resources(context, stackId).get(task.logicalId)!;
    const running = { context, stack, operation, record, task };
    handlerFor(context, record.type).abandon?.(workOn(running, versionOf(running)));
    context.cancel(nextLookId(task));
    context.cancel(signalTimeoutId(task));
  }
}
