import { attempt, begun } from './attempt';
import { addedTo } from './leftovers';
import { apply } from './outcome';
import { finish } from './running';
import type { Running } from './running';
import { resourceStatus } from './stack-events';
import { decide } from '../plan/decide';
import { patchResource } from '../state';
import type { Version } from '../state';
import { isObject } from '../template/template';

/** What was changed comes back as it was; what was replaced was never touched. */
export function revert(running: Running): void {
  const { context, operation, record, task } = running;
  const { stackId, logicalId } = task;
  const current = record.current!;
  const pending = record.pending!;
  const replaced = pending.physicalId !== current.physicalId;
  if (operation.skip.includes(logicalId)) {
    patchResource(context, stackId, logicalId, { pending: undefined });
    resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId: current.physicalId });
    finish(running, 'done');
    return;
  }
  const provider = replaced && pending.physicalId !== undefined && isProviderReplacement(pending);
  const asUpdate = provider && context.row<string>('rollback-of-provider-replacement') === 'update';
  if (!asUpdate && replaced) {
    // A policy alone may have changed with the replacement; the old resource goes on under the old policy.
    const leftovers = addedTo(record.leftovers, { version: pending, policy: pending.deletionPolicy, created: true });
    patchResource(context, stackId, logicalId, { pending: undefined, leftovers });
    resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', { physicalId: current.physicalId });
    resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId: current.physicalId });
    finish(running, 'done');
    return;
  }
  if (!pending.failed && !decide(current, pending).touches) {
    patchResource(context, stackId, logicalId, { pending: undefined });
    finish(running, 'done');
    return;
  }
  resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', { physicalId: pending.physicalId, properties: current.properties });
  const started = begun(running, 'revert', false);
  const back = { ...current, physicalId: pending.physicalId ?? current.physicalId, memory: pending.memory ?? current.memory };
  apply(started, attempt(started, back, (handler, work) => handler.update(work), pending), record);
}

function isProviderReplacement({ memory }: Version): boolean {
  return isObject(memory) && memory.replacedByProvider === true;
}
