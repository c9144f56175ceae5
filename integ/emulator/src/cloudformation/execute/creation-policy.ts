import type { Context } from '../../wire/operation';
import { patchTask, tasks } from '../state';
import type { TaskRecord, Version } from '../state';
import { isObject } from '../template/template';
import { isoDuration } from '../types/duration';

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

export function waitForSignals(context: Context, task: TaskRecord, wanted: SignalsWanted): void {
  const { stackId } = task;
  patchTask(context, tasks(context, stackId).get(task.id)!, {
    forWhat: `${wanted.count} signal(s)`,
    signals: { wanted: wanted.count, received: [], failures: 0, minimum: wanted.minimumPercent },
  });
  context.after(wanted.timeoutMs, { kind: 'signal-timeout', id: signalTimeoutId(task), args: { stackId, taskId: task.id, token: task.token } });
}

/** Name of the event that ends the wait. */
export function signalTimeoutId({ stackId, id }: TaskRecord): string {
  return `cloudformation/signal-timeout/${stackId}/${id}`;
}
