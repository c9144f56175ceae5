import { done, failed } from './handler';
import type { Handler, Progress, Work } from './handler';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';
import { begin } from '../execute/begin';
import { isTerminal, stackStatus } from '../execute/stack-events';
import { newStack, planFor, prepare } from '../launch';
import { isEmpty } from '../plan/plan';
import { operations, patchStack, stacks, tasks } from '../state';
import type { StackRecord } from '../state';
import { exportsInUse } from '../surroundings';
import { isObject } from '../template/template';
import type { Value, ValueMap } from '../template/template';
import { templateText } from '../template-source';
import { text } from '../texts';

const UPDATABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;

/** A stack as a resource of another one. */
export const nestedStack: Handler = {
  create: (work) => {
    const { context, stackId, stackName, logicalId, properties } = work;
    const parent = stacks(context).get(stackId)!;
    const deepest = context.row<number>('nesting-limit');
    if (ancestors(context, parent) >= deepest) return failed(text(context, 'text-nested-too-deep', { deepest }));
    const bytes = context.kernel.ids.named('cloudformation-nested', stackId, logicalId, work.uid);
    const child = newStack(context, {
      name: `${`${stackName}-${logicalId}`.slice(0, 128 - 14)}-${idFormat.upperAlphanumeric(bytes, 13)}`,
      roleArn: parent.roleArn,
      notificationArns: listOf(properties.NotificationARNs),
      capabilities: parent.capabilities,
      disableRollback: true,
      timeoutInMinutes: properties.TimeoutInMinutes === undefined ? undefined : Number(properties.TimeoutInMinutes),
      parentId: stackId,
      parentLogicalId: logicalId,
      rootId: parent.rootId ?? stackId,
    });
    const { deployment } = prepare(context, child, wantedFor(work, parent));
    // The parent decides what becomes of what a failed child has made.
    begin(context, child, { kind: 'create', deployment, onFailure: 'DO_NOTHING', caller: callerOf(work), reason: '' });
    return look({ ...work, physicalId: child.stackId }, 'create');
  },
  update: (work) => {
    const { context, stackId } = work;
    const child = stacks(context).get(work.physicalId!)!;
    if (!UPDATABLE.test(child.status)) {
      return failed(text(context, 'text-stack-not-updatable', { stackId: child.stackId, status: child.status }));
    }
    const { deployment } = prepare(context, child, wantedFor(work, stacks(context).get(stackId)!));
    if (isEmpty(planFor(context, child, deployment, work.caller))) {
      patchStack(context, child.stackId, { deployed: deployment });
      return finished(child);
    }
    begin(context, child, { kind: 'update', deployment, caller: callerOf(work), reason: '' });
    return look(work, 'update');
  },
  delete: (work) => {
    const child = stacks(work.context).get(work.physicalId!);
    if (!child || child.status === 'DELETE_COMPLETE') return done(work.physicalId!);
    const used = exportsInUse(work.context, child);
    if (used) {
      stackStatus(work.context, child.stackId, child.status, used);
      return failed(text(work.context, 'text-nested-not-deleted', { stackId: child.stackId, statusReason: used }), child.stackId);
    }
    if (!operations(work.context).get(child.stackId)) begin(work.context, child, { kind: 'delete', caller: callerOf(work), reason: '' });
    return look(work, 'delete');
  },
  resume: look,
};

/** A template may name itself. */
function ancestors(context: Context, { parentId }: StackRecord): number {
  const parent = parentId === undefined ? undefined : stacks(context).get(parentId);
  return parent ? 1 + ancestors(context, parent) : 0;
}

function wantedFor({ context, properties, caller, stackTags }: Work, parent: StackRecord): Parameters<typeof prepare>[2] {
  const parameters = isObject(properties.Parameters) ? properties.Parameters : {};
  const own = (Array.isArray(properties.Tags) ? properties.Tags : []) as ReadonlyArray<{ Key: string; Value: string }>;
  const tags = new Map<string, string>(Object.entries(stackTags).map(([key, value]) => [key, String(value)]));
  for (const { Key, Value: value } of own) tags.set(Key, value);
  return {
    text: templateText(context, { TemplateURL: String(properties.TemplateURL) }, undefined, caller),
    parameters: Object.entries(parameters).map(([ParameterKey, value]) => ({ ParameterKey, ParameterValue: parameterText(value) })),
    tags: [...tags].map(([Key, value]) => ({ Key, Value: value })),
    capabilities: parent.capabilities,
    caller,
  };
}

function parameterText(value: Value | undefined): string {
  return Array.isArray(value) ? value.map(String).join(',') : String(value ?? '');
}

function listOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function callerOf(work: Work): NonNullable<Parameters<typeof begin>[2]['caller']> {
  return operations(work.context).get(work.stackId)?.caller ?? work.caller;
}

function look(work: Work, action: 'create' | 'update' | 'delete'): Progress {
  const child = stacks(work.context).get(work.physicalId!)!;
  const { stackId, status, statusReason = '' } = child;
  if (!isTerminal(status) || operations(work.context).get(stackId)) {
    return { kind: 'wait', physicalId: stackId, data: { childId: stackId }, forWhat: `the nested stack ${child.stackName}` };
  }
  if (action === 'delete') {
    return status === 'DELETE_COMPLETE' ? done(stackId) : failed(text(work.context, 'text-nested-not-deleted', { stackId, statusReason }), stackId);
  }
  if (UPDATABLE.test(status) && !(action === 'update' && status === 'UPDATE_ROLLBACK_COMPLETE')) return finished(child);
  if (action === 'create') return failed(text(work.context, 'text-nested-not-created', { stackId, statusReason }), stackId);
  return failed(text(work.context, 'text-nested-not-updated', { stackId, status, statusReason }), stackId);
}

function finished({ stackId, outputs }: StackRecord): Progress {
  const attributes: ValueMap = Object.fromEntries(outputs.map(({ key, value }) => [`Outputs.${key}`, value]));
  return done(stackId, { ...attributes, StackId: stackId });
}

/** The task of the parent that waits for a child. */
export function taskWaitingFor(context: Context, parentId: string, childId: string): { id: string; token: string } | undefined {
  const task = tasks(context, parentId).values().find(({ state, data }) =>
    (state === 'running' || state === 'settling') && isObject(data as Value)
    && (data as { handler?: { childId?: string } }).handler?.childId === childId);
  return task?.token === undefined ? undefined : { id: task.id, token: task.token };
}
