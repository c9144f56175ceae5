import { Held } from '../../wire/operation';
import type { Context, Output } from '../../wire/operation';
import { notBuilt } from '../errors';
import { begin, cancelLimits } from '../execute/begin';
import { callOff } from '../execute/give-up';
import { settledSignal, stackStatus } from '../execute/stack-events';
import { stop, turnBack } from '../execute/step';
import { checkStackName, newStack, planFor, prepare } from '../launch';
import type { Tag } from '../launch';
import { isEmpty } from '../plan/plan';
import { findStack, isDeleted, operations, patchStack, resources } from '../state';
import type { OperationRecord, StackRecord } from '../state';
import { actingAs, checkRole, exportsInUse } from '../surroundings';
import type { GivenParameter } from '../template/parameters';
import { templateText } from '../template-source';
import type { TemplateSource } from '../template-source';
import { checkUpdatable, existingStack } from './find';
import { refused, text } from '../texts';

/** Holds an answer for a moment, because most emulated operations are over by then. */
export function untilSettled(context: Context, stackId: string, output: Output): Held {
  return new Held(output, settledSignal(stackId), context.row<number>('hold-milliseconds'));
}

/** What a stack's policy comes in. */
const STACK_POLICY_MEMBERS = ['StackPolicyBody', 'StackPolicyURL', 'StackPolicyDuringUpdateBody', 'StackPolicyDuringUpdateURL'] as const;

interface StackInput extends TemplateSource, Partial<Record<typeof STACK_POLICY_MEMBERS[number], string>> {
  readonly StackName: string;
  readonly Parameters?: readonly GivenParameter[];
  readonly Tags?: readonly Tag[];
  readonly Capabilities?: readonly string[];
  readonly RoleARN?: string;
  readonly NotificationARNs?: readonly string[];
  readonly ClientRequestToken?: string;
  readonly DisableRollback?: boolean;
  readonly OnFailure?: OperationRecord['onFailure'];
  readonly TimeoutInMinutes?: number;
  readonly EnableTerminationProtection?: boolean;
  readonly RetainExceptOnCreate?: boolean;
}

/** A policy that is taken and protects nothing would be worse than none. */
function refuseStackPolicy(input: StackInput): void {
  const given = STACK_POLICY_MEMBERS.find((member) => input[member] !== undefined);
  if (given) throw notBuilt(given);
}

/** Whether a request is the same again: clients repeat one whose answer they did not get. */
function isRepeated(stack: StackRecord, operation: string, { ClientRequestToken: token }: StackInput): boolean {
  return token !== undefined && stack.request?.token === token && stack.request?.operation === operation;
}

function repeated(context: Context, { stackId, operations: [last] }: StackRecord): Held {
  return untilSettled(context, stackId, { StackId: stackId, OperationId: last?.id });
}

export function createStack(context: Context, input: StackInput): Held {
  const { StackName: name, OnFailure, DisableRollback } = input;
  refuseStackPolicy(input);
  const there = findStack(context, name);
  if (there && isRepeated(there, 'CreateStack', input)) return repeated(context, there);
  if (OnFailure !== undefined && DisableRollback !== undefined) throw refused('text-failure-options');
  if (there?.status === 'REVIEW_IN_PROGRESS') {
    throw refused('text-stack-not-updatable', { stackId: there.stackId, status: 'REVIEW_IN_PROGRESS' });
  }
  checkStackName(context, name);
  checkRole(context, input.RoleARN);
  const body = templateText(context, input);
  const stack = newStack(context, {
    name,
    roleArn: input.RoleARN,
    notificationArns: input.NotificationARNs,
    capabilities: input.Capabilities,
    disableRollback: DisableRollback ?? OnFailure === 'DO_NOTHING',
    timeoutInMinutes: input.TimeoutInMinutes,
    terminationProtection: input.EnableTerminationProtection,
    request: requestOf('CreateStack', input),
  });
  const { deployment } = prepare(context, stack, {
    text: body, parameters: input.Parameters, tags: input.Tags ?? [], capabilities: input.Capabilities, caller: actingAs(context, stack.roleArn),
  });
  const { id } = begin(context, stack, {
    kind: 'create', deployment, token: input.ClientRequestToken, retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    onFailure: DisableRollback ? 'DO_NOTHING' : OnFailure ?? 'ROLLBACK',
  });
  return untilSettled(context, stack.stackId, { StackId: stack.stackId, OperationId: id });
}

function requestOf(operation: string, { ClientRequestToken: token }: StackInput): StackRecord['request'] {
  return token === undefined ? undefined : { token, operation };
}

export function updateStack(context: Context, input: StackInput): Held {
  const found = existingStack(context, input.StackName);
  refuseStackPolicy(input);
  if (isRepeated(found, 'UpdateStack', input)) return repeated(context, found);
  checkUpdatable(context, found);
  checkRole(context, input.RoleARN);
  const stack = patchStack(context, found.stackId, { roleArn: input.RoleARN ?? found.roleArn, request: requestOf('UpdateStack', input) });
  const { deployment } = prepare(context, stack, {
    text: templateText(context, input, input.StackName),
    parameters: input.Parameters,
    tags: input.Tags,
    capabilities: input.Capabilities,
    caller: actingAs(context, stack.roleArn),
  });
  if (isEmpty(planFor(context, stack, deployment, actingAs(context, stack.roleArn)))) throw refused('text-no-updates');
  patchStack(context, stack.stackId, {
    capabilities: input.Capabilities ?? stack.capabilities,
    notificationArns: input.NotificationARNs ?? stack.notificationArns,
    disableRollback: input.DisableRollback ?? false,
  });
  const { id } = begin(context, stack, {
    kind: 'update', deployment, token: input.ClientRequestToken, retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    onFailure: input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK',
  });
  return untilSettled(context, stack.stackId, { StackId: stack.stackId, OperationId: id });
}

interface DeleteInput {
  readonly StackName: string;
  readonly RetainResources?: readonly string[];
  readonly RoleARN?: string;
  readonly ClientRequestToken?: string;
  readonly DeletionMode?: string;
}

export function deleteStack(context: Context, input: DeleteInput): Held | Output {
  const stack = findStack(context, input.StackName);
  // What is not there is deleted.
  if (!stack || isDeleted(stack)) return {};
  const { stackId, status } = stack;
  if (stack.terminationProtection) {
    throw refused('text-termination-protection', { stackName: stack.stackName });
  }
  const under = operations(context).get(stackId);
  if (under?.kind === 'delete') return untilSettled(context, stackId, {});
  if (under && status !== 'CREATE_IN_PROGRESS') {
    throw refused('text-stack-not-deletable', { stackId, status });
  }
  const { RetainResources: retained = [], DeletionMode: mode } = input;
  if (retained.length > 0 && status !== 'DELETE_FAILED') {
    throw refused('text-retain-only-after-failure', { stackId });
  }
  if (mode === 'FORCE_DELETE_STACK' && status !== 'DELETE_FAILED') {
    throw refused('text-force-only-after-failure', { stackId });
  }
  const unknown = retained.filter((id) => !resources(context, stackId).has(id));
  if (unknown.length > 0) throw refused('text-retain-unknown', { unknown: unknown.join(', ') });
  const used = exportsInUse(context, stack);
  if (used) {
    // The request is taken; the stack stays as it is and says why.
    stackStatus(context, stackId, status, used);
    return {};
  }
  if (under) {
    callOff(context, under);
    cancelLimits(context, under);
  }
  begin(context, patchStack(context, stackId, { roleArn: input.RoleARN ?? stack.roleArn }), {
    kind: 'delete', token: input.ClientRequestToken, skip: retained, force: mode === 'FORCE_DELETE_STACK',
  });
  return untilSettled(context, stackId, {});
}

interface RollbackInput {
  readonly StackName: string;
  readonly RoleARN?: string;
  readonly ClientRequestToken?: string;
  readonly RetainExceptOnCreate?: boolean;
}

export function rollbackStack(context: Context, input: RollbackInput): Held {
  const stack = existingStack(context, input.StackName);
  const { stackId, status } = stack;
  if (operations(context).has(stackId) || (status !== 'CREATE_FAILED' && status !== 'UPDATE_FAILED')) {
    throw refused('text-not-rollbackable', { stackId, status });
  }
  patchStack(context, stackId, { roleArn: input.RoleARN ?? stack.roleArn });
  const { id } = begin(context, stack, {
    kind: 'rollback', token: input.ClientRequestToken, retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
  });
  turnBack(context, { stackId, operationId: id, reason: text(context, 'text-user-initiated') });
  return untilSettled(context, stackId, { StackId: stackId, OperationId: id });
}

interface ContinueInput {
  readonly StackName: string;
  readonly RoleARN?: string;
  readonly ResourcesToSkip?: readonly string[];
  readonly ClientRequestToken?: string;
}

export function continueUpdateRollback(context: Context, input: ContinueInput): Held {
  const stack = existingStack(context, input.StackName);
  const { stackId, status } = stack;
  if (operations(context).has(stackId) || status !== 'UPDATE_ROLLBACK_FAILED') {
    throw refused('text-rollback-not-continuable', { stackId, status });
  }
  const skip = input.ResourcesToSkip ?? [];
  const wrong = skip.filter((id) => resources(context, stackId).get(id)?.status !== 'UPDATE_FAILED');
  if (wrong.length > 0) {
    throw refused('text-skip-not-possible', { wrong: wrong.join(', ') });
  }
  patchStack(context, stackId, { roleArn: input.RoleARN ?? stack.roleArn });
  const { id } = begin(context, stack, { kind: 'continue-rollback', token: input.ClientRequestToken, skip });
  turnBack(context, { stackId, operationId: id, reason: text(context, 'text-user-initiated') });
  return untilSettled(context, stackId, {});
}

export function cancelUpdateStack(context: Context, { StackName }: { StackName: string }): void {
  const stack = existingStack(context, StackName);
  const operation = operations(context).get(stack.stackId);
  if (operation?.kind !== 'update' || operation.phase !== 'forward') {
    throw refused('text-update-not-cancellable');
  }
  stop(context, stack.stackId, text(context, 'text-user-initiated'));
}

export function updateTerminationProtection(context: Context, input: { StackName: string; EnableTerminationProtection: boolean }): Output {
  const stack = existingStack(context, input.StackName);
  if (stack.parentId) throw refused('text-termination-protection-of-nested');
  patchStack(context, stack.stackId, { terminationProtection: input.EnableTerminationProtection });
  return { StackId: stack.stackId };
}
