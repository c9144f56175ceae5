import type { Context, Service } from '../wire/operation';
import { check, report, start, tryAgain } from './execute/run';
import { signalTimeout } from './execute/signals';
import { creationTimeout, step, timeLimit } from './execute/step';
import { setHost } from './hosts';
import { OPERATIONS } from './operations';
import { customInvoked, customTimeout, responseArrived } from './types/custom-resource';
import { taskWaitingFor } from './types/nested-stack';
import { waitSignalArrived, waitTimeout } from './types/wait-condition';

/** A nested stack is through: the resource that stands for it looks again. */
function nestedSettled(context: Context, { stackId, childId }: { stackId: string; childId: string }): void {
  const task = taskWaitingFor(context, stackId, childId);
  if (task) check(context, { stackId, taskId: task.id, token: task.token });
}

export const cloudformation: Service = {
  name: 'cloudformation',
  operations: OPERATIONS,
  // A change set is made of what is there and changes nothing that runs; drift detection only looks.
  reads: ['DetectStackDrift', 'DetectStackResourceDrift'],
  events: {
    'step': step,
    'start': start,
    'check': check,
    'retry': tryAgain,
    'time-limit': timeLimit,
    'creation-timeout': creationTimeout,
    'signal-timeout': signalTimeout,
    'nested-settled': nestedSettled,
    'custom-invoked': (context: Context, args: Parameters<typeof customInvoked>[1]) => customInvoked(context, args, report),
    'custom-timeout': (context: Context, args: { key: string }) => customTimeout(context, args, report),
    'wait-timeout': (context: Context, args: { key: string; token: string }) => waitTimeout(context, args, report),
    'response-arrived': (context: Context, args: { key: string; blob: string }) => {
      if (!responseArrived(context, args, report)) waitSignalArrived(context, args, check);
    },
  },
  start: (kernel, host) => setHost(kernel, host),
};
