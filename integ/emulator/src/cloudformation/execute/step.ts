import type { Context } from '../../wire/operation';
import { importsOf } from '../imports';
import { missingThing } from '../named-things';
import { operations, patchOperation, patchResource, patchStack, patchTask, resources, stacks, tasks } from '../state';
import type { Leftover, OperationRecord, Phase, ResourceRecord, StackRecord, TaskRecord, Version } from '../state';
import { enumerated, environmentFor, exported, importersOf, liveResources, stackCaller, templateOf } from '../surroundings';
import { cancelLimits, cleanupTasks, clearTasks, deleteTasks, forwardTasks, revertTasks, scheduleStep } from './begin';
import { callOff, giveUp } from './give-up';
import { addedTo } from './leftovers';
import { problemOf } from './problem';
import { settle } from './settle';
import { isTerminal, resourceStatus, stackStatus } from './stack-events';
import type { EvaluatedOutput } from '../template/desired';
import { activeResources, outputsOf } from '../template/desired';
import { Evaluator } from '../template/evaluate';
import { own } from '../template/template';
import { text } from '../texts';

/** The engine's heartbeat: starts what can start; when nothing is left to wait for, the phase is over. */
export function step(context: Context, { stackId }: { stackId: string }): void {
  const operation = operations(context).get(stackId);
  const stack = stacks(context).get(stackId);
  if (!operation || !stack) return;
  let all = tasks(context, stackId).values();
  if (all.length === 0 && !startPhase(context, operation)) return;
  all = tasks(context, stackId).values();

  if (turnsBack(operation, all)) {
    for (const task of all.filter(({ state }) => state === 'running' || state === 'queued')) giveUp(context, operation, task);
    if (tasks(context, stackId).values().some(({ state }) => state === 'settling')) return;
    endPhase(context, operation);
    return;
  }
  const finished = new Set(all.filter(({ state }) => state === 'done').map(({ id }) => id));
  const present = new Set(all.map(({ id }) => id));
  for (const task of all) {
    if (task.state !== 'waiting' || !task.waitsFor.every((id) => !present.has(id) || finished.has(id))) continue;
    patchTask(context, task, { state: 'queued' });
    context.after(0, { kind: 'start', args: { stackId, taskId: task.id, operationId: operation.id } });
  }
  const open = tasks(context, stackId).values().some(({ state }) => state === 'queued' || state === 'running' || state === 'settling');
  if (!open) endPhase(context, operation);
}

/** A failure ends the way forward, unless the caller asked to keep what there is. */
function turnsBack(operation: OperationRecord, all: readonly TaskRecord[]): boolean {
  if (operation.phase !== 'forward') return false;
  if (operation.stopReason !== undefined) return true;
  return operation.onFailure !== 'DO_NOTHING' && all.some(({ state }) => state === 'failed');
}

/** Makes the tasks of a phase; false when the operation ended in doing so. */
function startPhase(context: Context, operation: OperationRecord): boolean {
  const { stackId, phase } = operation;
  if (phase === 'forward') {
    try {
      const stack = stacks(context).get(stackId)!;
      const missing = missingThing(context, stack, stack.target!);
      if (missing !== undefined) {
        patchOperation(context, stackId, { stopReason: missing });
        endPhase(context, operations(context).get(stackId)!);
        return false;
      }
      forwardTasks(context, stackId);
    } catch (error) {
      patchOperation(context, stackId, { stopReason: problemOf(context, error) });
      endPhase(context, operations(context).get(stackId)!);
      return false;
    }
  } else if (phase === 'cleanup' || phase === 'back-cleanup') {cleanupTasks(context, stackId);} else if (phase === 'back') {revertTasks(context, stackId);} else {deleteTasks(context, stackId);}
  if (tasks(context, stackId).size() > 0) return true;
  endPhase(context, operation);
  return false;
}

function endPhase(context: Context, operation: OperationRecord): void {
  const all = tasks(context, operation.stackId).values();
  const stack = stacks(context).get(operation.stackId)!;
  clearTasks(context, operation.stackId);
  switch (operation.phase) {
    case 'forward': return endForward(context, operation, stack, all);
    case 'cleanup': return endCleanup(context, operation, all);
    case 'back': return endBack(context, operation, all);
    case 'back-cleanup': return endBackCleanup(context, operation, all);
    case 'delete': return endDelete(context, operation, all);
  }
}

// --- forward

function endForward(context: Context, operation: OperationRecord, stack: StackRecord, all: readonly TaskRecord[]): void {
  const failures = failureReason(context, all);
  let reason = operation.stopReason ?? (failures || undefined);
  if (reason === undefined && all.every(({ state }) => state === 'done')) {
    reason = complete(context, operation, stack);
    if (reason === undefined) return;
  }
  reason ??= '';
  if (operation.onFailure === 'DO_NOTHING' && operation.stopReason === undefined) {
    stackStatus(context, stack.stackId, `${operation.kind === 'create' ? 'CREATE' : 'UPDATE'}_FAILED`, reason);
    end(context, operation);
    return;
  }
  turnBack(context, { stackId: stack.stackId, operationId: operation.id, reason });
}

/** Outputs, exports, then what was pending is current. Gives the reason when that does not work out. */
function complete(context: Context, operation: OperationRecord, stack: StackRecord): string | undefined {
  const { stackId } = stack;
  const template = templateOf(context, stack.target!);
  const caller = stackCaller(context, stack);
  const evaluator = new Evaluator(template, environmentFor(context, stack, stack.target!, caller), liveResources(context, stackId));
  let outputs: EvaluatedOutput[];
  try {
    outputs = outputsOf(template, evaluator);
  } catch (error) {
    return problemOf(context, error);
  }
  const problem = exportProblem(context, stack, outputs);
  if (problem) return problem;
  const active = new Set(activeResources(template, evaluator));
  for (const record of resources(context, stackId).values()) commit(context, record, active.has(record.logicalId));
  patchStack(context, stackId, { deployed: stack.target, target: undefined, outputs, imports: importsOf(template, evaluator) });
  if (operation.kind === 'update') {
    stackStatus(context, stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    enter(context, operation, 'cleanup');
    return undefined;
  }
  stackStatus(context, stackId, operation.kind === 'import' ? 'IMPORT_COMPLETE' : 'CREATE_COMPLETE');
  end(context, operation);
  return undefined;
}

function commit(context: Context, record: ResourceRecord, wanted: boolean): void {
  const { stackId, logicalId, current, pending } = record;
  let leftovers = record.leftovers;
  if (!wanted) {
    for (const version of [pending, current]) {
      if (version) leftovers = addedTo(leftovers, { version, policy: version.deletionPolicy, created: false });
    }
    patchResource(context, stackId, logicalId, { current: undefined, pending: undefined, leftovers });
    return;
  }
  if (!pending) return;
  if (current && current.physicalId !== pending.physicalId) {
    leftovers = addedTo(leftovers, { version: current, policy: pending.updateReplacePolicy, created: false });
  }
  patchResource(context, stackId, logicalId, { current: pending, pending: undefined, leftovers });
}

function exportProblem(context: Context, stack: StackRecord, outputs: readonly EvaluatedOutput[]): string | undefined {
  const names = outputs.flatMap(({ exportName }) => exportName ?? []);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) return text(context, 'text-export-twice', { exportName: twice });
  const taken = exported(context).find(({ exportName, stackId }) => stackId !== stack.stackId && names.includes(exportName));
  if (taken) return text(context, 'text-export-taken', { exportName: taken.exportName, stackName: taken.stackName });
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const users = importersOf(context, exportName).filter((name) => name !== stack.stackName);
    if (users.length === 0) continue;
    const now = outputs.find((output) => output.exportName === exportName);
    if (!now) return text(context, 'text-export-not-deletable', { exportName, users: enumerated(users) });
    if (now.value !== value) return text(context, 'text-export-not-updatable', { exportName, users: enumerated(users) });
  }
  return undefined;
}

/** `The following resource(s) failed to create: [A, B]. ` and its siblings. */
function failureReason(context: Context, all: readonly TaskRecord[]): string {
  const failed = all.filter(({ state }) => state === 'failed' || state === 'cancelled').map(({ stackId, logicalId }) => resources(context, stackId).get(logicalId)!);
  const named = (status: string): string => [...new Set(failed.filter((record) => record.status === status).map(({ logicalId }) => logicalId))].join(', ');
  return ([['CREATE_FAILED', 'create'], ['UPDATE_FAILED', 'update'], ['IMPORT_FAILED', 'import'], ['DELETE_FAILED', 'delete']] as const)
    .map(([status, verb]) => (named(status) ? text(context, 'text-resources-failed', { verb, logicalIds: named(status) }) : '')).join('');
}

// --- back

/** The way back begins: to nothing for a new stack, otherwise to what was deployed. */
export function turnBack(context: Context, { stackId, operationId, reason }: { stackId: string; operationId: string; reason: string }): void {
  const operation = operations(context).get(stackId);
  const stack = stacks(context).get(stackId)!;
  if (operation?.id !== operationId) return;
  clearTasks(context, stackId);
  const fresh = stack.deployed === undefined;
  if (operation.kind === 'import') {
    stackStatus(context, stackId, 'IMPORT_ROLLBACK_IN_PROGRESS', reason);
    dropImported(context, operation);
    stackStatus(context, stackId, 'IMPORT_ROLLBACK_COMPLETE');
    patchStack(context, stackId, { target: undefined });
    end(context, operation);
    return;
  }
  if (operation.onFailure === 'DELETE' && fresh) {
    stackStatus(context, stackId, 'CREATE_FAILED', reason);
    stackStatus(context, stackId, 'DELETE_IN_PROGRESS', text(context, 'text-user-initiated'));
    markCreated(context, operation);
    enter(context, operation, 'delete');
    return;
  }
  if (fresh) {
    const asked = operation.kind === 'create' && operation.onFailure !== 'DO_NOTHING';
    stackStatus(context, stackId, 'ROLLBACK_IN_PROGRESS', asked ? `${ensureDot(reason)}${text(context, 'text-rollback-requested')}` : reason);
    markCreated(context, operation);
    enter(context, operation, 'back-cleanup');
    return;
  }
  stackStatus(context, stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  for (const record of resources(context, stackId).values()) {
    const { logicalId, current, pending, leftovers } = record;
    if (current || !pending) continue;
    patchResource(context, stackId, logicalId, {
      pending: undefined, leftovers: addedTo(leftovers, madeBy(operation, logicalId, pending)),
    });
  }
  enter(context, operation, 'back');
}

function ensureDot(reason: string): string {
  const sentence = reason.trimEnd();
  return sentence === '' ? '' : `${sentence.endsWith('.') ? sentence : `${sentence}.`} `;
}

/** Everything a failed creation made is left over. */
function markCreated(context: Context, operation: OperationRecord): void {
  const { stackId } = operation;
  for (const { logicalId, current, pending, leftovers } of resources(context, stackId).values()) {
    let all: readonly Leftover[] = leftovers;
    for (const version of [current, pending]) if (version) all = addedTo(all, madeBy(operation, logicalId, version));
    patchResource(context, stackId, logicalId, { current: undefined, pending: undefined, leftovers: all });
  }
}

/** What it only adopted was not made by it. */
function madeBy({ imports }: OperationRecord, logicalId: string, version: Version): Leftover {
  return { version, policy: version.deletionPolicy, created: own(imports, logicalId) === undefined };
}

function dropImported(context: Context, operation: OperationRecord): void {
  for (const logicalId of Object.keys(operation.imports)) resources(context, operation.stackId).delete(logicalId);
}

function endBack(context: Context, operation: OperationRecord, all: readonly TaskRecord[]): void {
  if (all.some(({ state }) => state !== 'done')) {
    stackStatus(context, operation.stackId, 'UPDATE_ROLLBACK_FAILED', failureReason(context, all));
    end(context, operation);
    return;
  }
  patchStack(context, operation.stackId, { target: undefined });
  stackStatus(context, operation.stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  enter(context, operation, 'back-cleanup');
}

function endBackCleanup(context: Context, operation: OperationRecord, all: readonly TaskRecord[]): void {
  const { stackId } = operation;
  const fresh = stacks(context).get(stackId)!.deployed === undefined;
  const failed = all.some(({ state }) => state !== 'done');
  if (fresh) {
    stackStatus(context, stackId, failed ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', failed ? failureReason(context, all) : undefined);
  } else {
    forgetRemoved(context, stackId);
    stackStatus(context, stackId, 'UPDATE_ROLLBACK_COMPLETE');
  }
  end(context, operation);
}

// --- cleanup and deletion

function endCleanup(context: Context, operation: OperationRecord, all: readonly TaskRecord[]): void {
  forgetRemoved(context, operation.stackId);
  const failed = all.some(({ state }) => state !== 'done');
  stackStatus(context, operation.stackId, 'UPDATE_COMPLETE', failed ? text(context, 'text-cleanup-incomplete') : undefined);
  end(context, operation);
}

/** What could not be deleted is nobody's any more, and what was removed is not listed. */
function forgetRemoved(context: Context, stackId: string): void {
  for (const { logicalId, current, leftovers } of resources(context, stackId).values()) {
    if (!current) resources(context, stackId).delete(logicalId);
    else if (leftovers.length > 0) patchResource(context, stackId, logicalId, { leftovers: [] });
  }
}

function endDelete(context: Context, operation: OperationRecord, all: readonly TaskRecord[]): void {
  const { stackId } = operation;
  if (all.some(({ state }) => state !== 'done')) {
    stackStatus(context, stackId, 'DELETE_FAILED', failureReason(context, all));
  } else {
    patchStack(context, stackId, { imports: [] });
    stackStatus(context, stackId, 'DELETE_COMPLETE');
  }
  end(context, operation);
}

// --- between phases

function enter(context: Context, operation: OperationRecord, phase: Phase): void {
  patchOperation(context, operation.stackId, { phase, stopReason: undefined });
  scheduleStep(context, operation.stackId);
}

/** The operation is over: what it had scheduled is called off, and a parent stack is told. */
export function end(context: Context, operation: OperationRecord): void {
  const { stackId } = operation;
  cancelLimits(context, operation);
  clearTasks(context, stackId);
  operations(context).delete(stackId);
  settle(context, stackId, operation);
}

/** 24 hours are over: says what was waited for, and stops. */
export function timeLimit(context: Context, { stackId, operationId }: { stackId: string; operationId: string }): void {
  const operation = operations(context).get(stackId);
  if (operation?.id !== operationId) return;
  const waiting = tasks(context, stackId).values().filter(({ state }) => state === 'running' || state === 'settling');
  const list = waiting.map(({ logicalId, forWhat }) => `${logicalId} (${forWhat ?? 'its handler'})`).join(', ');
  const reason = `[emulator] the operation has not ended within 24 hours; it waits for: ${list || 'nothing'}`;
  for (const task of waiting) {
    const verb = task.action === 'delete' ? 'DELETE' : task.action === 'create' ? 'CREATE' : 'UPDATE';
    resourceStatus(context, stackId, task.logicalId, `${verb}_FAILED`, { reason: '[emulator] given up after 24 hours' });
  }
  callOff(context, operation);
  const { status } = stacks(context).get(stackId)!;
  if (!isTerminal(status)) stackStatus(context, stackId, FAILED_AFTER_LIMIT[operation.phase](operation.kind), reason);
  end(context, operation);
}

const FAILED_AFTER_LIMIT: Record<Phase, (kind: OperationRecord['kind']) => string> = {
  'forward': (kind) => (kind === 'create' ? 'CREATE_FAILED' : 'UPDATE_FAILED'),
  'cleanup': () => 'UPDATE_COMPLETE',
  'back': () => 'UPDATE_ROLLBACK_FAILED',
  'back-cleanup': (kind) => (kind === 'create' ? 'ROLLBACK_FAILED' : 'UPDATE_ROLLBACK_FAILED'),
  'delete': () => 'DELETE_FAILED',
};

/** Stops an operation for a reason that is no resource's. */
export function stop(context: Context, stackId: string, reason: string): void {
  patchOperation(context, stackId, { stopReason: reason });
  scheduleStep(context, stackId);
}

export function creationTimeout(context: Context, { stackId, operationId }: { stackId: string; operationId: string }): void {
  const operation = operations(context).get(stackId);
  if (operation?.id === operationId && operation.phase === 'forward') stop(context, stackId, text(context, 'text-creation-timeout'));
}
