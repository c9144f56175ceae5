import type { Context } from '../../wire/operation';
import { validationError } from '../errors';
import { patchTask, resources, stacks, tasks } from '../state';
import type { TaskRecord } from '../state';
import { signalTimeoutId } from './creation-policy';
import { signalled } from './run';
import { resourceStatus } from './stack-events';

/** A signal from outside (`SignalResource`), counted once per unique id. */
export function takeSignal(context: Context, stackId: string, logicalId: string, uniqueId: string, success: boolean): void {
  const task = tasks(context, stackId).values().find((each) => each.logicalId === logicalId && each.state === 'running' && each.signals);
  const { stackName, status } = stacks(context).get(stackId)!;
  if (!task?.signals) throw validationError(`Signal can't be sent to resource ${logicalId}: stack ${stackName} is in ${status} state and does not wait for it`);
  const { signals } = task;
  if (signals.received.includes(uniqueId)) return;
  const received = [...signals.received, uniqueId];
  const failures = signals.failures + (success ? 0 : 1);
  const updated = patchTask(context, task, { signals: { ...signals, received, failures } });
  const { pending } = resources(context, stackId).get(logicalId)!;
  resourceStatus(context, stackId, logicalId, 'CREATE_IN_PROGRESS', {
    reason: `Received ${success ? 'SUCCESS' : 'FAILURE'} signal with UniqueId ${uniqueId}`, physicalId: pending?.physicalId,
  });
  const needed = Math.ceil((signals.wanted * signals.minimum) / 100);
  if (failures > signals.wanted - needed) {
    end(context, updated, `Received ${failures} FAILURE signal(s) out of ${signals.wanted}. Unable to satisfy ${signals.minimum}% `
      + 'MinSuccessfulInstancesPercent requirement');
  } else if (received.length - failures >= needed) {end(context, updated, undefined);}
}

export function signalTimeout(context: Context, { stackId, taskId, token }: { stackId: string; taskId: string; token: string }): void {
  const task = tasks(context, stackId).get(taskId);
  if (task?.token !== token || !task.signals) return;
  const { wanted, received, failures, minimum } = task.signals;
  end(context, task, failures === 0
    ? `Failed to receive ${wanted - received.length} resource signal(s) within the specified duration`
    : `Received ${received.length - failures} SUCCESS signal(s) out of ${wanted}. Unable to satisfy ${minimum}% MinSuccessfulInstancesPercent requirement`);
}

function end(context: Context, task: TaskRecord, problem: string | undefined): void {
  context.cancel(signalTimeoutId(task));
  signalled(context, task.stackId, task.id, problem);
}
