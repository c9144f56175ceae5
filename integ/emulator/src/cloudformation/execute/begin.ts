import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';
import { reportNotBuilt } from '../hosts';
import { operations, patchStack, resources, stacks, tasks } from '../state';
import type { Deployment, OperationRecord, ResourceRecord, StackRecord, TaskRecord, Version } from '../state';
import { environmentFor, liveResources, stackCaller, templateOf } from '../surroundings';
import { stackStatus } from './stack-events';
import { activeResources } from '../template/desired';
import { Evaluator } from '../template/evaluate';
import { dependencies } from '../template/references';
import { text } from '../texts';

export type Start = Partial<Omit<OperationRecord, 'stackId' | 'kind' | 'phase'>> & Pick<OperationRecord, 'kind'> & {
  readonly reason?: string;
  readonly deployment?: Deployment;
};

/** Rollbacks take their status when they turn back. */
const STATUS: Partial<Record<OperationRecord['kind'], string>> = {
  create: 'CREATE_IN_PROGRESS',
  update: 'UPDATE_IN_PROGRESS',
  delete: 'DELETE_IN_PROGRESS',
  import: 'IMPORT_IN_PROGRESS',
};

const TYPE: Record<OperationRecord['kind'], string> = {
  'create': 'CREATE_STACK',
  'update': 'UPDATE_STACK',
  'delete': 'DELETE_STACK',
  'import': 'UPDATE_STACK',
  'rollback': 'ROLLBACK',
  'continue-rollback': 'CONTINUE_ROLLBACK',
};

/** Opens an operation and schedules its first step. */
export function begin(context: Context, stack: StackRecord, start: Start): OperationRecord {
  const { reason = text(context, 'text-user-initiated'), deployment, ...given } = start;
  const { stackId } = stack;
  const id = idFormat.uuid(context.id('operation', stackId));
  const operation = operations(context).put(stackId, {
    caller: { principal: context.caller.principal, position: context.caller.position },
    onFailure: 'ROLLBACK',
    retainExceptOnCreate: false,
    force: false,
    skip: [],
    imports: {},
    phase: given.kind === 'delete' ? 'delete' : 'forward',
    ...given,
    id,
    stackId,
    startedAt: context.now,
  });
  patchStack(context, stackId, {
    operations: [{ type: TYPE[operation.kind], id }, ...stack.operations].slice(0, 2),
    ...(deployment ? { target: deployment } : {}),
  });
  if (stack.notificationArns.length > 0) reportNotBuilt(context, 'notifications of stack events');
  clearTasks(context, stackId);
  const status = STATUS[operation.kind];
  if (status) stackStatus(context, stackId, status, reason);
  context.after(context.row<number>('operation-limit') * 1000, { kind: 'time-limit', id: limitId(id), args: { stackId, operationId: id } });
  if (given.kind === 'create' && stack.timeoutInMinutes) {
    context.after(stack.timeoutInMinutes * 60_000, { kind: 'creation-timeout', id: creationLimitId(id), args: { stackId, operationId: id } });
  }
  scheduleStep(context, stackId);
  return operation;
}

function limitId(operationId: string): string {
  return `cloudformation/limit/${operationId}`;
}

/** The operation is over or superseded: its guards are called off. */
export function cancelLimits(context: Context, { id }: OperationRecord): void {
  context.cancel(limitId(id));
  context.cancel(creationLimitId(id));
}

function creationLimitId(operationId: string): string {
  return `${limitId(operationId)}/creation`;
}

export function scheduleStep(context: Context, stackId: string): void {
  context.after(0, { kind: 'step', id: `cloudformation/step/${stackId}`, args: { stackId } });
}

export function clearTasks(context: Context, stackId: string): void {
  const table = tasks(context, stackId);
  for (const { id } of table.values()) table.delete(id);
}

export function addTask(context: Context, task: Omit<TaskRecord, 'state'>): void {
  tasks(context, task.stackId).put(task.id, { ...task, state: 'waiting' });
}

/** Everything the template has, each after what it refers to. */
export function forwardTasks(context: Context, stackId: string): void {
  const stack = stacks(context).get(stackId)!;
  const template = templateOf(context, stack.target!);
  const graph = dependencies(template);
  const environment = environmentFor(context, stack, stack.target!, stackCaller(context, stack));
  const evaluator = new Evaluator(template, environment, liveResources(context, stackId));
  const active = new Set(activeResources(template, evaluator));
  for (const id of active) {
    addTask(context, { id, stackId, logicalId: id, action: 'forward', waitsFor: [...graph.get(id)!].filter((needed) => active.has(needed)) });
  }
}

/** Deletes the versions that nobody wants, each after those that need it. */
export function cleanupTasks(context: Context, stackId: string): void {
  addDeletions(context, stackId, resources(context, stackId).values().flatMap(({ logicalId, leftovers }) =>
    leftovers.map(({ version }) => ({ logicalId, version }))));
}

interface Doomed {
  readonly logicalId: string;
  readonly version: Version;
}

function addDeletions(context: Context, stackId: string, all: readonly Doomed[]): void {
  const idOf = ({ logicalId, version }: Doomed): string => `${logicalId}/${version.uid}`;
  for (const doomed of all) {
    const { logicalId, version } = doomed;
    const waitsFor = all.filter((other) => other.logicalId !== logicalId && other.version.dependsOn.includes(logicalId)).map(idOf);
    addTask(context, { id: idOf(doomed), stackId, logicalId, action: 'delete', uid: version.uid, waitsFor });
  }
}

/** Brings back what was changed in place or replaced. */
export function revertTasks(context: Context, stackId: string): void {
  const changed = resources(context, stackId).values().filter(({ current, pending }) => current && pending);
  const reverse = context.row<string>('rollback-order') === 'reverse';
  for (const { logicalId, pending } of changed) {
    const waitsFor = reverse
      ? changed.filter((other) => other.pending!.dependsOn.includes(logicalId)).map((other) => other.logicalId)
      : changed.filter((other) => pending!.dependsOn.includes(other.logicalId)).map((other) => other.logicalId);
    addTask(context, { id: logicalId, stackId, logicalId, action: 'revert', waitsFor: waitsFor.filter((id) => id !== logicalId) });
  }
}

/** Deletes everything, each after what needs it. */
export function deleteTasks(context: Context, stackId: string): void {
  addDeletions(context, stackId, resources(context, stackId).values().flatMap(physicalVersions));
}

/** One version for each physical resource: a change in place has two of the same, and the later one tells how it is now. */
function physicalVersions({ logicalId, current, pending, leftovers }: ResourceRecord): Doomed[] {
  const changedInPlace = current && pending && (pending.physicalId ?? current.physicalId) === current.physicalId;
  const versions = [changedInPlace ? undefined : current, pending, ...leftovers.map(({ version }) => version)];
  return versions.flatMap((version) => (version ? [{ logicalId, version }] : []));
}
