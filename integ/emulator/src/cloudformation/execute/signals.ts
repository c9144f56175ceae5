import type { Context } from '../../wire/operation';
import { patchTask, resources, stacks, tasks } from '../state';
import type { TaskRecord } from '../state';
import { signalTimeoutId } from './creation-policy';
import { signalled } from './outcome';
import { resourceStatus } from './stack-events';
import { refused, text } from '../texts';

/** A signal from outside (`SignalResource`), counted once per unique id. */
export function takeSignal(context: Context, stackId: string, logicalId: string, uniqueId: string, success: boolean): void {
  const task = tasks(context, stackId).values().find((each) => each.logicalId === logicalId && each.state === 'running' && each.signals);
  const { stackName, status } = stacks(context).get(stackId)!;
  if (!task?.signals) throw refused('text-signal-not-awaited', { logicalId, stackName, status });
  const { signals } = task;
  if (signals.received.includes(uniqueId)) return;
  const received = [...signals.received, uniqueId];
  const failures = signals.failures + (success ? 0 : 1);
  const updated = patchTask(context, task, { signals: { ...signals, received, failures } });
  const { pending } = resources(context, stackId).get(logicalId)!;
  resourceStatus(context, stackId, logicalId, 'CREATE_IN_PROGRESS', {
    reason: text(context, 'text-signal-received', { status: success ? 'SUCCESS' : 'FAILURE', uniqueId }), physicalId: pending?.physicalId,
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
    ? text(context, 'text-signals-missing', { missing: wanted - received.length })
    : text(context, 'text-signals-failed', { succeeded: received.length - failures, wanted, minimum }));
}

function end(context: Context, task: TaskRecord, problem: string | undefined): void {
  context.cancel(signalTimeoutId(task));
  signalled(context, task.stackId, task.id, problem);
}
