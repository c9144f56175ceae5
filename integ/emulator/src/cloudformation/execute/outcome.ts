import { signalsWanted, waitForSignals } from './creation-policy';
import { addedTo, forget } from './leftovers';
import { finish, isReplacing, nextLookId, runningTask, versionOf } from './running';
import type { Running } from './running';
import { resourceStatus } from './stack-events';
import type { Json } from '../../kernel';
import type { Context } from '../../wire/operation';
import { patchResource, patchTask, resources, tasks } from '../state';
import type { ResourceRecord, Version } from '../state';
import { isObject } from '../template/template';
import { text } from '../texts';
import type { Progress } from '../types/handler';

/** What a handler said: more is to come, or this is what came of it. */
export function apply(running: Running, progress: Progress, record: ResourceRecord): void {
  const { context, task } = running;
  if (progress.kind === 'wait') {
    wait(running, progress);
    return;
  }
  if (task.state === 'settling') return settled(running, progress);
  switch (task.action) {
    case 'create': return afterCreate(running, progress);
    case 'update': return afterUpdated(running, progress, record);
    case 'import': return afterAdopted(running, progress);
    case 'revert': return afterReverted(running, progress);
    case 'delete': return afterDeleted(running, progress);
    case 'forward': throw new Error(`${context.service}: nothing was begun for ${task.id}`);
  }
}

function wait(running: Running, progress: Extract<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const retry = isObject(progress.data as Json as never) ? (progress.data as { retry?: number }).retry : undefined;
  if (progress.physicalId !== undefined) initiated(running, progress.physicalId);
  if (progress.memory !== undefined) {
    const { pending } = resources(context, stackId).get(logicalId)!;
    if (pending && task.action !== 'delete') patchResource(context, stackId, logicalId, { pending: { ...pending, memory: progress.memory } });
  }
  const timedOut = retry === undefined && progress.ms !== undefined && context.now - task.startedAt! >= context.row<number>('handler-timeout') * 1000;
  if (timedOut) {
    apply(running, {
      kind: 'failed', reason: text(context, 'text-never-stable', { token: task.token! }),
    }, running.record);
    return;
  }
  patchTask(context, tasks(context, stackId).get(task.id)!, {
    forWhat: progress.forWhat,
    ...(retry === undefined
      ? { data: { ...(isReplacing(task) ? { replacing: true } : {}), handler: progress.data ?? null } }
      : { retries: retry }),
  });
  const kind = retry === undefined ? 'check' : 'retry';
  if (progress.ms !== undefined) context.after(progress.ms, { kind, id: nextLookId(task), args: { stackId, taskId: task.id, token: task.token } });
}

/** The physical resource has an id from now on. */
function initiated({ context, task }: Running, physicalId: string): void {
  const { stackId, logicalId } = task;
  if (task.action !== 'create' || task.state === 'settling') return;
  const { pending } = resources(context, stackId).get(logicalId)!;
  if (!pending || pending.physicalId === physicalId) return;
  patchResource(context, stackId, logicalId, { pending: { ...pending, physicalId } });
  resourceStatus(context, stackId, logicalId, isReplacing(task) ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS', {
    reason: text(context, 'text-creation-initiated'), physicalId, properties: pending.properties,
  });
}

function made(running: Running, progress: Extract<Progress, { kind: 'done' }>): Version {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const { pending } = resources(context, stackId).get(logicalId)!;
  const version: Version = {
    ...pending!,
    physicalId: progress.physicalId,
    attributes: progress.attributes ?? {},
    failed: undefined,
    memory: progress.memory ?? pending!.memory,
  };
  patchResource(context, stackId, logicalId, { pending: version, physicalId: version.physicalId });
  return version;
}

function afterCreate(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  if (progress.kind === 'failed') {
    if (progress.physicalId !== undefined) initiated(running, progress.physicalId);
    failVersion(running, isReplacing(task) ? 'UPDATE_FAILED' : 'CREATE_FAILED', progress.reason);
    return;
  }
  initiated(running, progress.physicalId);
  const version = made(running, progress);
  const signals = signalsWanted(version);
  if (signals && !isReplacing(task)) {
    waitForSignals(context, task, signals);
    return;
  }
  completeCreation(context, stackId, logicalId, isReplacing(task), version);
  finish(running, 'done');
}

function completeCreation(context: Context, stackId: string, logicalId: string, replacing: boolean, version: Version): void {
  resourceStatus(context, stackId, logicalId, replacing ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', {
    physicalId: version.physicalId, properties: version.properties,
  });
}

/** All signals are there, or too few. */
export function signalled(context: Context, stackId: string, taskId: string, problem: string | undefined): void {
  const task = tasks(context, stackId).get(taskId);
  const running = task?.token ? runningTask(context, stackId, taskId, task.token) : undefined;
  if (!running) return;
  const { pending } = running.record;
  patchTask(context, running.task, { signals: undefined });
  if (problem !== undefined) {
    failVersion(running, 'CREATE_FAILED', problem);
    return;
  }
  completeCreation(context, stackId, running.task.logicalId, false, pending!);
  finish(running, 'done');
}

function failVersion(running: Running, status: string, reason: string): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const { pending } = resources(context, stackId).get(logicalId)!;
  if (pending) patchResource(context, stackId, logicalId, { pending: { ...pending, failed: true } });
  resourceStatus(context, stackId, logicalId, status, { reason, physicalId: pending?.physicalId, properties: pending?.properties });
  finish(running, 'failed');
}

function afterUpdated(running: Running, progress: Exclude<Progress, { kind: 'wait' }>, earlier: ResourceRecord): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  if (progress.kind === 'failed') return failVersion(running, 'UPDATE_FAILED', progress.reason);
  const old = earlier.pending?.physicalId;
  const moved = old !== undefined && old !== progress.physicalId;
  const memory = moved ? { ...(isObject(progress.memory as never) ? progress.memory as object : {}), replacedByProvider: true } : progress.memory;
  const version = made(running, { ...progress, memory });
  // A second change within one operation: the id in between is nobody's.
  const { current, leftovers } = resources(context, stackId).get(logicalId)!;
  if (moved && current && old !== current.physicalId) {
    patchResource(context, stackId, logicalId, {
      leftovers: addedTo(leftovers, { version: { ...earlier.pending!, physicalId: old }, policy: 'Delete', created: true }),
    });
  }
  resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', {
    physicalId: version.physicalId,
    properties: version.properties,
    reason: moved ? text(context, 'text-provider-replacement') : undefined,
  });
  finish(running, 'done');
}

function afterAdopted(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  if (progress.kind === 'failed') return failVersion(running, 'IMPORT_FAILED', progress.reason);
  const { physicalId } = made(running, progress);
  resourceStatus(context, stackId, logicalId, 'IMPORT_COMPLETE', { reason: text(context, 'text-import-completed'), physicalId });
  resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', {
    reason: text(context, 'text-import-tags'), physicalId,
  });
  resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId });
  finish(running, 'done');
}

function afterReverted(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const record = resources(context, stackId).get(logicalId)!;
  if (progress.kind === 'failed') {
    resourceStatus(context, stackId, logicalId, 'UPDATE_FAILED', { reason: progress.reason, physicalId: record.current!.physicalId });
    finish(running, 'failed');
    return;
  }
  const current = { ...record.current!, physicalId: progress.physicalId, attributes: progress.attributes ?? record.current!.attributes };
  const other = record.pending!.physicalId !== undefined && record.pending!.physicalId !== progress.physicalId;
  const leftovers = other
    ? addedTo(record.leftovers, { version: record.pending!, policy: record.pending!.deletionPolicy, created: true })
    : record.leftovers;
  patchResource(context, stackId, logicalId, { current, pending: undefined, leftovers });
  resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId: current.physicalId, properties: current.properties });
  finish(running, 'done');
}

function afterDeleted(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task, operation, record } = running;
  const { stackId, logicalId } = task;
  const physicalId = versionOf(running).physicalId ?? record.physicalId;
  if (progress.kind === 'failed' && !operation.force) {
    resourceStatus(context, stackId, logicalId, 'DELETE_FAILED', { reason: progress.reason, physicalId });
    finish(running, 'failed');
    return;
  }
  forget(running, task.uid!);
  resourceStatus(context, stackId, logicalId, progress.kind === 'failed' ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE', { physicalId });
  finish(running, 'done');
}

/** It is through at last; what it made is known, whatever the operation thinks of it. */
export function settled(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const { pending } = resources(context, stackId).get(logicalId)!;
  if (pending && progress.physicalId !== undefined) {
    patchResource(context, stackId, logicalId, { pending: { ...pending, physicalId: progress.physicalId } });
  }
  finish(running, 'cancelled');
}
