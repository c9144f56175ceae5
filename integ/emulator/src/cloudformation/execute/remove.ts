import { attempt, begun } from './attempt';
import { forget, toDelete } from './leftovers';
import { apply } from './outcome';
import { finish } from './running';
import type { Running } from './running';
import { resourceStatus } from './stack-events';
import { workOn } from './work';
import { reportNotBuilt } from '../hosts';
import type { OperationRecord } from '../state';
import { handlerFor } from '../types';

export function remove(running: Running): void {
  const { context, operation, record, task } = running;
  const { stackId, logicalId } = task;
  const found = toDelete(record, task.uid!);
  if (!found) {
    finish(running, 'done');
    return;
  }
  const { version, policy, created } = found;
  const handler = handlerFor(context, version.type);
  const physicalId = version.physicalId ?? handler.madeUpId?.(workOn(running, version));
  if (physicalId === undefined) {
    // It never came into being; CloudFormation says it is deleted.
    forget(running, task.uid!);
    resourceStatus(context, stackId, logicalId, 'DELETE_COMPLETE');
    finish(running, 'done');
    return;
  }
  if (isKept(operation, policy, created) || operation.skip.includes(logicalId)) {
    forget(running, task.uid!);
    resourceStatus(context, stackId, logicalId, 'DELETE_SKIPPED', { physicalId });
    finish(running, 'done');
    return;
  }
  if (policy === 'Snapshot') reportNotBuilt(context, `${version.type}: the snapshot that DeletionPolicy asks for`);
  resourceStatus(context, stackId, logicalId, 'DELETE_IN_PROGRESS', { physicalId, properties: version.properties });
  const started = begun(running, 'delete', false);
  apply(started, attempt(started, { ...version, physicalId }, (each, work) => each.delete(work)), record);
}

function isKept(operation: OperationRecord, policy: string, created: boolean): boolean {
  if (policy === 'Retain') return !(created && operation.retainExceptOnCreate);
  return policy === 'RetainExceptOnCreate' && !created;
}
