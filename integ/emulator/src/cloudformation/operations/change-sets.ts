import { changeSetNamed, checkUpdatable, existingStack, page } from './find';
import { idFormat } from '../../kernel';
import type { Context, Output } from '../../wire/operation';
import { Held, ServiceError, wordsOf } from '../../wire/operation';
import { notBuilt } from '../errors';
import { begin } from '../execute/begin';
import { stackStatus } from '../execute/stack-events';
import { existingAmong } from '../existing';
import type { Existing } from '../existing';
import { checkStackName, newStack, planFor, prepare } from '../launch';
import type { Tag } from '../launch';
import { missingThing } from '../named-things';
import { hiding, parametersOutput } from '../parameters-in-force';
import { isEmpty } from '../plan/plan';
import type { Change, Plan } from '../plan/plan';
import { changeOutput } from '../plan/wire';
import { specOf } from '../spec';
import { changeSets, findStack, isDeleted, live, patchStack, resources, stackEvents, stacks } from '../state';
import type { ChangeSetRecord, StackRecord } from '../state';
import { actingAs, checkRole } from '../surroundings';
import { untilSettled } from './stacks';
import type { GivenParameter } from '../template/parameters';
import type { Template } from '../template/template';
import { templateText } from '../template-source';
import type { TemplateSource } from '../template-source';
import { refused, text } from '../texts';

interface ResourceToImport {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly ResourceIdentifier: { readonly [name: string]: string };
}

interface ChangeSetInput extends TemplateSource {
  readonly StackName: string;
  readonly ChangeSetName: string;
  readonly ChangeSetType?: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly Parameters?: readonly GivenParameter[];
  readonly Tags?: readonly Tag[];
  readonly Capabilities?: readonly string[];
  readonly RoleARN?: string;
  readonly NotificationARNs?: readonly string[];
  readonly Description?: string;
  readonly ResourcesToImport?: readonly ResourceToImport[];
  readonly OnStackFailure?: string;
  readonly IncludeNestedStacks?: boolean;
  readonly ImportExistingResources?: boolean;
  readonly DeploymentMode?: string;
  readonly DeploymentConfig?: { readonly Mode?: string; readonly DisableRollback?: boolean };
}


export function createChangeSet(context: Context, input: ChangeSetInput): Output {
  const { ChangeSetName: name, StackName: stackName, ChangeSetType: type = 'UPDATE' } = input;
  if (input.DeploymentMode === 'REVERT_DRIFT') throw notBuilt('a change set that reverts drift');
  checkRole(context, input.RoleARN);
  const stack = targetStack(context, input, type);
  if (changeSets(context).values().some((each) => each.name === name && each.stackId === stack.stackId)) {
    throw refused('text-change-set-exists', { name }, 'AlreadyExistsException');
  }
  // The template is read with the rights of whoever asks; parameters, and what is evaluated, with the role's.
  const { caller } = context;
  const roleArn = input.RoleARN ?? stack.roleArn;
  const { deployment, template } = prepare(context, stack, {
    text: templateText(context, input, stackName),
    parameters: input.Parameters,
    tags: input.Tags ?? (type === 'CREATE' ? [] : undefined),
    capabilities: input.Capabilities,
    caller: actingAs(context, roleArn, caller),
  });
  let imports = type === 'IMPORT' ? importsOf(context, stack, template, input.ResourcesToImport ?? []) : {};
  const changeSetId = context.arn('cloudformation', `changeSet/${name}/${idFormat.uuid(context.id('change-set', stackName))}`);
  let planned: Plan | undefined;
  let problem: string | undefined;
  try {
    planned = planFor(context, stack, deployment, actingAs(context, roleArn, caller), imports);
    if (input.ImportExistingResources && type !== 'IMPORT') {
      const existing = existingAmong(context, stack, planned.changes);
      imports = Object.fromEntries(existing.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
      problem = existingProblem(context, existing);
      if (existing.length > 0) planned = planFor(context, stack, deployment, actingAs(context, roleArn, caller), imports);
    }
    if (type === 'IMPORT') problem = importProblem(context, planned);
    else if (isEmpty(planned)) problem ??= text(context, 'text-no-changes');
    problem ??= missingThing(context, stack, deployment, actingAs(context, roleArn, caller));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    problem = wordsOf(context, error);
  }
  const failed = problem !== undefined;
  changeSets(context).put(changeSetId, {
    changeSetId,
    name,
    stackId: stack.stackId,
    stackName: stack.stackName,
    type,
    description: input.Description,
    createdHost: context.kernel.hostTime(),
    status: failed ? 'FAILED' : 'CREATE_COMPLETE',
    statusReason: problem,
    executionStatus: failed ? 'UNAVAILABLE' : 'AVAILABLE',
    deployment,
    changes: failed ? [] : planned!.changes,
    imports,
    roleArn: input.RoleARN,
    notificationArns: input.NotificationARNs,
    capabilities: input.Capabilities ?? [],
    onStackFailure: input.OnStackFailure,
    includeNestedStacks: input.IncludeNestedStacks ?? false,
    importExistingResources: input.ImportExistingResources,
    disableRollback: input.DeploymentConfig?.DisableRollback,
  });
  return { Id: changeSetId, StackId: stack.stackId };
}

function existingProblem(context: Context, existing: readonly Existing[]): string | undefined {
  const bare = existing.filter(({ deletionPolicy }) => !deletionPolicy.startsWith('Retain'));
  if (bare.length === 0) return undefined;
  const affected = bare.map(({ logicalId, property, physicalId }) => `${logicalId} ({${property}=${physicalId}})`).join(', ');
  return text(context, 'text-import-needs-retain', { resources: affected });
}

/** The stack that is to change; for a new one a record that is only reviewed. */
function targetStack(context: Context, input: ChangeSetInput, type: ChangeSetRecord['type']): StackRecord {
  const found = findStack(context, input.StackName);
  const stack = found && isDeleted(found) ? undefined : found;
  if (type === 'CREATE' || (type === 'IMPORT' && !stack)) {
    if (stack && stack.status !== 'REVIEW_IN_PROGRESS') {
      throw refused('text-stack-exists-for-change-set', { stackName: stack.stackName, changeSetName: input.ChangeSetName });
    }
    if (stack) return stack;
    checkStackName(context, input.StackName);
    const made = newStack(context, {
      name: input.StackName, roleArn: input.RoleARN, notificationArns: input.NotificationARNs, capabilities: input.Capabilities,
    });
    return stackStatus(context, made.stackId, 'REVIEW_IN_PROGRESS', text(context, 'text-user-initiated'));
  }
  if (!stack) throw refused('text-no-stack-named', { stackName: input.StackName });
  if (stack.status === 'REVIEW_IN_PROGRESS' && type === 'IMPORT') return stack;
  checkUpdatable(context, stack);
  return stack;
}

/** Which resources are adopted under which physical ids. */
function importsOf(context: Context, stack: StackRecord, template: Template, wanted: readonly ResourceToImport[]): { [id: string]: string } {
  if (wanted.length === 0) throw refused('text-import-needs-resources');
  const unknown = wanted.filter(({ LogicalResourceId: id }) => !(id in template.Resources)).map(({ LogicalResourceId: id }) => id);
  if (unknown.length > 0) throw refused('text-import-not-in-template', { unknown: unknown.join(', ') });
  const bare = wanted.map(({ LogicalResourceId: id }) => id).filter((id) => template.Resources[id].DeletionPolicy === undefined);
  if (bare.length > 0) {
    throw refused('text-import-needs-deletion-policy', { bare: bare.join(', ') });
  }
  const wrong = wanted.find(({ LogicalResourceId: id, ResourceType }) => template.Resources[id].Type !== ResourceType);
  if (wrong) throw refused('text-import-other-type', { logicalResourceId: wrong.LogicalResourceId, type: template.Resources[wrong.LogicalResourceId].Type });
  const taken = wanted.find(({ LogicalResourceId: id }) => resources(context, stack.stackId).has(id));
  if (taken) throw refused('text-import-already-in-stack', { logicalResourceId: taken.LogicalResourceId });
  return Object.fromEntries(wanted.map((each) => [each.LogicalResourceId, physicalIdOf(context, each)]));
}

/** What is imported is named by all of its type's primary identifier, and is in no stack yet. */
function physicalIdOf(context: Context, { LogicalResourceId: id, ResourceType: type, ResourceIdentifier: identifier }: ResourceToImport): string {
  const order = specOf(type)?.id ?? [];
  const given = Object.keys(identifier);
  if (order.length > 0 && [...given].sort().join() !== [...order].sort().join()) {
    throw refused('text-import-other-identifier', { given: given.join(', '), logicalResourceId: id, type, wanted: order.join(', ') });
  }
  const physicalId = (order.length > 0 ? order : given).map((name) => identifier[name]).join('|');
  const owner = stacks(context).values().find((stack) => !isDeleted(stack)
    && resources(context, stack.stackId).values().some((record) => record.type === type && live(record)?.physicalId === physicalId));
  if (owner) throw refused('text-import-owned', { physicalId, stackId: owner.stackId });
  return physicalId;
}

function importProblem(context: Context, { changes, outputsChanged }: Plan): string | undefined {
  const added = changes.filter(({ action }) => action === 'Add').map(({ logicalId }) => logicalId);
  if (added.length > 0) return text(context, 'text-import-incomplete', { logicalIds: added.join(', ') });
  const others = changes.filter(({ action, scope }) => action !== 'Import' && !(action === 'Modify' && scope.every((each) => each.endsWith('Policy'))));
  if (others.length > 0) {
    return text(context, 'text-import-modifies', { logicalIds: others.map(({ logicalId }) => logicalId).join(', ') });
  }
  return outputsChanged ? text(context, 'text-import-outputs') : undefined;
}

export function describeChangeSet(context: Context, input: {
  ChangeSetName: string; StackName?: string; NextToken?: string; IncludePropertyValues?: boolean;
}): Output {
  const changeSet = changeSetNamed(context, input.ChangeSetName, input.StackName);
  const { deployment } = changeSet;
  const hide = hiding({ ...stacks(context).get(changeSet.stackId)?.deployed?.parameters, ...deployment.parameters });
  const { items, next } = page<Change>(changeSet.changes, context.row<number>('changes-per-page'), input.NextToken);
  const parameters = parametersOutput(deployment.parameters);
  return {
    ...summary(changeSet),
    Parameters: parameters.length > 0 ? parameters : undefined,
    NotificationARNs: changeSet.notificationArns,
    Capabilities: changeSet.capabilities,
    Tags: Object.entries(deployment.tags).map(([Key, Value]) => ({ Key, Value })),
    RollbackConfiguration: {},
    OnStackFailure: changeSet.onStackFailure,
    ImportExistingResources: changeSet.importExistingResources,
    Changes: items.map((change) => changeOutput(change, input.IncludePropertyValues ?? false, hide)),
    NextToken: next,
  };
}

function summary(changeSet: ChangeSetRecord): Output {
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.changeSetId,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Description: changeSet.description,
    CreationTime: new Date(changeSet.createdHost),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    IncludeNestedStacks: changeSet.includeNestedStacks,
  };
}

export function listChangeSets(context: Context, input: { StackName: string; NextToken?: string }): Output {
  const { stackId } = existingStack(context, input.StackName);
  const all = changeSets(context).values().filter((each) => each.stackId === stackId);
  const { items, next } = page(all, 100, input.NextToken);
  return { Summaries: items.map(summary), NextToken: next };
}

export function deleteChangeSet(context: Context, input: { ChangeSetName: string; StackName?: string }): Output {
  let changeSet: ChangeSetRecord;
  try {
    changeSet = changeSetNamed(context, input.ChangeSetName, input.StackName);
  } catch (error) {
    // One that is not there is deleted, as long as its stack exists.
    if (error instanceof ServiceError && error.code === 'ChangeSetNotFoundException') return {};
    throw error;
  }
  if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS') {
    throw refused('text-change-set-not-deletable', { changeSetId: changeSet.changeSetId }, 'InvalidChangeSetStatusException');
  }
  changeSets(context).delete(changeSet.changeSetId);
  return {};
}

export function executeChangeSet(context: Context, input: {
  ChangeSetName: string; StackName?: string; ClientRequestToken?: string; DisableRollback?: boolean; RetainExceptOnCreate?: boolean;
}): Held {
  const changeSet = changeSetNamed(context, input.ChangeSetName, input.StackName);
  const { stackId, changeSetId, deployment, type } = changeSet;
  if (changeSet.status !== 'CREATE_COMPLETE' || changeSet.executionStatus !== 'AVAILABLE') {
    throw refused('text-change-set-not-executable', { changeSetId, status: changeSet.status }, 'InvalidChangeSetStatusException');
  }
  const stack = stacks(context).get(stackId)!;
  const fresh = stack.status === 'REVIEW_IN_PROGRESS';
  if (!fresh) checkUpdatable(context, stack);
  const disableRollback = input.DisableRollback ?? changeSet.disableRollback ?? false;
  const onFailure = disableRollback || changeSet.onStackFailure === 'DO_NOTHING' ? 'DO_NOTHING' : changeSet.onStackFailure === 'DELETE' ? 'DELETE' : 'ROLLBACK';
  patchStack(context, stackId, {
    roleArn: changeSet.roleArn ?? stack.roleArn,
    capabilities: changeSet.capabilities,
    notificationArns: changeSet.notificationArns ?? stack.notificationArns,
    changeSetId,
    disableRollback: onFailure === 'DO_NOTHING',
  });
  // Every other change set was made for a stack that will not be any more.
  for (const each of changeSets(context).values()) if (each.stackId === stackId) changeSets(context).delete(each.changeSetId);
  changeSets(context).put(changeSetId, { ...changeSet, executionStatus: 'EXECUTE_COMPLETE' });
  begin(context, stacks(context).get(stackId)!, {
    kind: type === 'IMPORT' ? 'import' : fresh ? 'create' : 'update',
    deployment,
    onFailure,
    imports: changeSet.imports,
    token: input.ClientRequestToken,
    retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    changeSetId,
  });
  return untilSettled(context, stackId, {});
}

/** Newer clients ask here why a change set failed validation: nothing is validated that way. */
export function describeEvents(context: Context, input: {
  StackName?: string; ChangeSetName?: string; OperationId?: string; Filters?: { FailedEvents?: boolean }; NextToken?: string;
}): Output {
  if (input.ChangeSetName !== undefined && input.StackName === undefined) {
    changeSetNamed(context, input.ChangeSetName, undefined);
    return { OperationEvents: [] };
  }
  if (input.ChangeSetName !== undefined) return { OperationEvents: [] };
  const all = input.StackName === undefined
    ? stacks(context).values().flatMap(({ stackId }) => stackEvents(context, stackId).values())
    : stackEvents(context, existingStack(context, input.StackName).stackId).values();
  const wanted = all.filter(({ operationId, status }) => (input.OperationId === undefined || operationId === input.OperationId)
    && (!input.Filters?.FailedEvents || status.endsWith('_FAILED')));
  const { items, next } = page([...wanted].reverse(), 100, input.NextToken);
  return {
    OperationEvents: items.map((event) => ({
      EventId: event.eventId,
      StackId: event.stackId,
      OperationId: event.operationId,
      EventType: event.status.endsWith('_FAILED') && event.physicalId !== event.stackId ? 'PROVISIONING_ERROR' : 'STACK_EVENT',
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId,
      ResourceType: event.type,
      Timestamp: new Date(event.host),
      ResourceStatus: event.status,
      ResourceStatusReason: event.reason,
      ResourceProperties: event.properties,
      ClientRequestToken: event.token,
    })),
    NextToken: next,
  };
}
