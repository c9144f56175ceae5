import { scheduleStep } from './begin';
import { toDelete } from './leftovers';
import type { Context } from '../../wire/operation';
import { operations, patchTask, resources, stacks, tasks } from '../state';
import type { OperationRecord, ResourceRecord, StackRecord, TaskRecord, Version } from '../state';
import { isObject } from '../template/template';

/** A task that is under way, with all it belongs to. */
export interface Running {
  readonly context: Context;
  readonly stack: StackRecord;
  readonly operation: OperationRecord;
  readonly record: ResourceRecord;
  readonly task: TaskRecord;
}

/** Only for who has the token of the task's present try. */
export function runningTask(context: Context, stackId: string, taskId: string, token: string): Running | undefined {
  const operation = operations(context).get(stackId);
  const task = tasks(context, stackId).get(taskId);
  if (!operation || !task || task.token !== token || (task.state !== 'running' && task.state !== 'settling')) return undefined;
  return { context, stack: stacks(context).get(stackId)!, operation, record: resources(context, stackId).get(task.logicalId)!, task };
}

/** The version that the task is at work on. */
export function versionOf({ task, record }: Running): Version {
  if (task.action === 'delete') {
    const { version } = toDelete(record, task.uid!)!;
    return { ...version, physicalId: version.physicalId ?? record.physicalId };
  }
  return task.action === 'revert' ? { ...record.current!, physicalId: record.pending!.physicalId ?? record.current!.physicalId } : record.pending!;
}

/** What a change starts from. */
export function before({ task, record }: Running): Version | undefined {
  return task.action === 'update' ? record.current : task.action === 'revert' ? record.pending : undefined;
}

/** Whether a creation takes the place of a resource that stands. */
export function isReplacing({ data }: TaskRecord): boolean {
  return isObject(data as never) && (data as { replacing?: boolean }).replacing === true;
}

/** Name of the event that looks at a task again. */
export function nextLookId({ stackId, id }: TaskRecord): string {
  return `cloudformation/look/${stackId}/${id}`;
}

/** The task is through, one way or the other; the operation goes on. */
export function finish({ context, task }: Running, state: TaskRecord['state']): void {
  patchTask(context, tasks(context, task.stackId).get(task.id)!, { state });
  scheduleStep(context, task.stackId);
}
