import { events } from './events';
import { operations } from './operations';
import type { EnvironmentRecord } from './state';
import type { Kernel } from '../../kernel';
import type { Service } from '../../wire/operation';

/** Lambda: functions, versions, aliases, and the queue of events. Processes are the business of `compute/functions`. */
export const lambda: Service = {
  name: 'lambda',
  operations,
  events,
  start: forgetIdleEnvironments,
};

/** A state folder is opened: the processes of before are gone. What was at work has its own way to end. */
function forgetIdleEnvironments(kernel: Kernel): void {
  kernel.transaction(() => {
    for (const name of kernel.store.names().filter((one) => one.startsWith('lambda/environments@'))) {
      const environments = kernel.store.table<EnvironmentRecord>(name);
      for (const { id, invocationId } of environments.values()) {
        if (invocationId === undefined) environments.delete(id);
      }
    }
  });
}
