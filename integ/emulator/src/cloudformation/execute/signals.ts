import { validationError } from '../errors';
import { patchTask, resources, stacks, tasks } from '../state';
import type { TaskRecord, Version } from '../state';
import { isObject } from '../template/template';
import type { Value } from '../template/template';
import type { Context } from '../../wire/operation';
import { resourceStatus } from './stack-events';
import { signalled } from './run';

export interface SignalsWanted {
  readonly count: number;
  readonly timeoutMs: number;
  readonly minimumPercent: number;
}

/** What a creation policy waits for. */
export function signalsWanted({ creationPolicy }: Version): SignalsWanted | undefined {
  if (!isObject(creationPolicy) || !isObject(creationPolicy.ResourceSignal)) return undefined;
  const { Count: count = 1, Timeout: timeout = 'PT5M' } = creationPolicy.ResourceSignal;
  const scaling = creationPolicy.AutoScalingCreationPolicy;
  const minimum = isObject(scaling) ? Number(scaling.MinSuccessfulInstancesPercent ?? 100) : 100;
  return Number(count) === 0 ? undefined : { count: Number(count), timeoutMs: isoDuration(timeout), minimumPercent: minimum };
}

/** `PT15M`, `PT1H30M10S` in milliseconds. */
export function isoDuration(value: Value | undefined): number {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(String(value));
  if (!match) return 300_000;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

export function waitForSignals(context: Context, task: TaskRecord, wanted: SignalsWanted): void {
  const { stackId } = task;
  patchTask(context, tasks(context, stackId).get(task.id)!, {
    forWhat: `${wanted.count} signal(s)`,
    signals: { wanted: wanted.count, received: [], failures: 0, minimum: wanted.minimumPercent },
  });
  context.after(wanted.timeoutMs, { kind: 'signal-timeout', id: timeoutId(task), args: { stackId, taskId: task.id, token: task.token } });
}

function timeoutId({ stackId, id }: TaskRecord): string {
  return `cloudformation/signal-timeout/${stackId}/${id}`;
}

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
  } else if (received.length - failures >= needed) end(context, updated, undefined);
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
  context.cancel(timeoutId(task));
  signalled(context, task.stackId, task.id, problem);
}
