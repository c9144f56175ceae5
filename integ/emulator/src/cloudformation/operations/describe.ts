import type { Context, Output } from '../../wire/operation';
import { checkedTemplate } from '../launch';
import { parametersOutput } from '../parameters-in-force';
import { specOf } from '../spec';
import { findStack, isDeleted, resources, stackEvents, stacks } from '../state';
import type { Deployment, ResourceRecord, StackRecord } from '../state';
import { exported, importersOf, templateOf } from '../surroundings';
import { changeSetNamed, existingStack, page, stackNamed } from './find';
import { neededCapabilities } from '../template/policies';
import type { Template, Value } from '../template/template';
import { templateText } from '../template-source';
import type { TemplateSource } from '../template-source';
import { refused, text } from '../texts';

const inForce = (stack: StackRecord): Deployment | undefined => stack.target ?? stack.deployed;

export function describeStacks(context: Context, input: { StackName?: string; NextToken?: string }): Output {
  if (input.StackName !== undefined) return { Stacks: [stackOutput(context, stackNamed(context, input.StackName))] };
  const all = stacks(context).values().filter((stack) => !isDeleted(stack));
  const { items, next } = page(all, context.row<number>('stacks-per-page'), input.NextToken);
  return { Stacks: items.map((stack) => stackOutput(context, stack)), NextToken: next };
}

function stackOutput(context: Context, stack: StackRecord): Output {
  const deployment = inForce(stack);
  const parameters = deployment ? parametersOutput(deployment.parameters) : [];
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    ChangeSetId: stack.changeSetId,
    Description: deployment && templateOf(context, deployment).Description,
    Parameters: parameters.length > 0 ? parameters : undefined,
    CreationTime: new Date(stack.createdHost),
    DeletionTime: stack.deletedHost === undefined ? undefined : new Date(stack.deletedHost),
    LastUpdatedTime: stack.updatedHost === undefined ? undefined : new Date(stack.updatedHost),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason || undefined,
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.notificationArns,
    TimeoutInMinutes: stack.timeoutInMinutes,
    Capabilities: stack.capabilities.length > 0 ? stack.capabilities : undefined,
    Outputs: stack.outputs.length > 0 && !isDeleted(stack) ? stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key, OutputValue: value, Description: description, ExportName: exportName,
    })) : undefined,
    RoleARN: stack.roleArn,
    Tags: Object.entries(deployment?.tags ?? {}).map(([Key, value]) => ({ Key, Value: value })),
    EnableTerminationProtection: stack.terminationProtection,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: {
      StackDriftStatus: stack.drift?.status ?? 'NOT_CHECKED', LastCheckTimestamp: stack.drift && new Date(stack.drift.host),
    },
    LastOperations: stack.operations.length > 0
      ? stack.operations.map(({ type, id }) => ({ OperationType: type, OperationId: id })) : undefined,
  };
}

export function listStacks(context: Context, input: { StackStatusFilter?: readonly string[]; NextToken?: string }): Output {
  const filter = input.StackStatusFilter ?? [];
  const all = stacks(context).values().filter(({ status }) => filter.length === 0 || filter.includes(status));
  const { items, next } = page(all, context.row<number>('stacks-per-page'), input.NextToken);
  return {
    StackSummaries: items.map((stack) => {
      const { TemplateDescription, ...common } = {
        TemplateDescription: inForce(stack) && templateOf(context, inForce(stack)!).Description,
        StackId: stack.stackId,
        StackName: stack.stackName,
        CreationTime: new Date(stack.createdHost),
        LastUpdatedTime: stack.updatedHost === undefined ? undefined : new Date(stack.updatedHost),
        DeletionTime: stack.deletedHost === undefined ? undefined : new Date(stack.deletedHost),
        StackStatus: stack.status,
        StackStatusReason: stack.statusReason || undefined,
        ParentId: stack.parentId,
        RootId: stack.rootId,
        DriftInformation: { StackDriftStatus: stack.drift?.status ?? 'NOT_CHECKED' },
      };
      return { ...common, TemplateDescription };
    }),
    NextToken: next,
  };
}

/** Newest first. */
export function describeStackEvents(context: Context, input: { StackName: string; NextToken?: string }): Output {
  const stack = findStack(context, input.StackName);
  if (!stack) throw refused('text-no-stack-named', { stackName: input.StackName });
  const { items, next } = page(stackEvents(context, stack.stackId).values().reverse(), context.row<number>('events-per-page'), input.NextToken);
  return {
    StackEvents: items.map((event) => ({
      StackId: event.stackId,
      EventId: event.eventId,
      StackName: event.stackName,
      OperationId: event.operationId,
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId,
      ResourceType: event.type,
      Timestamp: new Date(event.host),
      ResourceStatus: event.status,
      ResourceStatusReason: event.reason || undefined,
      ResourceProperties: event.properties,
      ClientRequestToken: event.token,
    })),
    NextToken: next,
  };
}

function driftInformation({ drift }: ResourceRecord): Output {
  return { StackResourceDriftStatus: drift?.status ?? 'NOT_CHECKED', LastCheckTimestamp: drift && new Date(drift.host) };
}

export function listStackResources(context: Context, input: { StackName: string; NextToken?: string }): Output {
  const { stackId } = stackNamed(context, input.StackName);
  const { items, next } = page(resources(context, stackId).values(), context.row<number>('resources-per-page'), input.NextToken);
  return {
    StackResourceSummaries: items.map((record) => ({
      LogicalResourceId: record.logicalId,
      PhysicalResourceId: record.physicalId,
      ResourceType: record.type,
      LastUpdatedTimestamp: new Date(record.host),
      ResourceStatus: record.status,
      ResourceStatusReason: record.reason || undefined,
      DriftInformation: driftInformation(record),
    })),
    NextToken: next,
  };
}

export function describeStackResources(context: Context, input: {
  StackName?: string; LogicalResourceId?: string; PhysicalResourceId?: string;
}): Output {
  if ((input.StackName === undefined) === (input.PhysicalResourceId === undefined)) {
    throw refused('text-stack-or-physical-id');
  }
  const stack = input.StackName === undefined
    ? stacks(context).values().find((each) => !isDeleted(each)
      && resources(context, each.stackId).values().some(({ physicalId }) => physicalId === input.PhysicalResourceId))
    : stackNamed(context, input.StackName);
  if (!stack) throw refused('text-no-stack-for-physical-id', { physicalResourceId: String(input.PhysicalResourceId) });
  const { LogicalResourceId: wanted } = input;
  const all = resources(context, stack.stackId).values().filter(({ logicalId }) => wanted === undefined || logicalId === wanted);
  return { StackResources: all.map((record) => resourceOutput(stack, record)) };
}

function resourceOutput(stack: StackRecord, record: ResourceRecord): Output {
  return {
    StackName: stack.stackName,
    StackId: stack.stackId,
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    Timestamp: new Date(record.host),
    ResourceStatus: record.status,
    ResourceStatusReason: record.reason || undefined,
    DriftInformation: driftInformation(record),
  };
}

export function describeStackResource(context: Context, input: { StackName: string; LogicalResourceId: string }): Output {
  const stack = stackNamed(context, input.StackName);
  const record = resources(context, stack.stackId).get(input.LogicalResourceId);
  if (!record) throw refused('text-no-resource-in-stack', { logicalResourceId: input.LogicalResourceId, stackName: input.StackName });
  const { Timestamp, ...detail } = resourceOutput(stack, record);
  const metadata = (record.pending ?? record.current)?.metadata;
  return { StackResourceDetail: { ...detail, LastUpdatedTimestamp: Timestamp, Metadata: metadata === undefined ? '{}' : JSON.stringify(metadata) } };
}

// --- templates

export function getTemplate(context: Context, input: { StackName?: string; ChangeSetName?: string; TemplateStage?: string }): Output {
  const deployment = input.ChangeSetName === undefined
    ? inForce(stackNamed(context, input.StackName ?? ''))
    : changeSetNamed(context, input.ChangeSetName, input.StackName).deployment;
  // A stack that is only reviewed has no template of its own.
  const body = deployment ? context.kernel.blobs.get(deployment.template).toString('utf8') : '{}';
  return { TemplateBody: body, StagesAvailable: ['Original', 'Processed'] };
}

export function getTemplateSummary(context: Context, input: TemplateSource & { StackName?: string }): Output {
  let body: string;
  if (input.StackName !== undefined && input.TemplateBody === undefined && input.TemplateURL === undefined) {
    const deployment = inForce(existingStack(context, input.StackName));
    body = deployment ? context.kernel.blobs.get(deployment.template).toString('utf8') : '{}';
  } else {
    body = templateText(context, input);
  }
  const template = checkedTemplate(context, body);
  const types = new Map<string, string[]>();
  for (const [id, { Type: type }] of Object.entries(template.Resources)) types.set(type, [...types.get(type) ?? [], id]);
  return {
    ...declared(context, template),
    ResourceTypes: [...types.keys()],
    Version: template.AWSTemplateFormatVersion,
    Metadata: template.Metadata === undefined ? undefined : JSON.stringify(template.Metadata),
    ResourceIdentifierSummaries: [...types].filter(([type]) => specOf(type)?.id !== undefined).map(([type, ids]) => ({
      ResourceType: type, LogicalResourceIds: ids, ResourceIdentifiers: specOf(type)!.id,
    })),
  };
}

export function validateTemplate(context: Context, input: TemplateSource): Output {
  const { Parameters, ...rest } = declared(context, checkedTemplate(context, templateText(context, input)));
  return {
    ...rest,
    Parameters: (Parameters as Array<Output>).map(({ ParameterKey, DefaultValue, NoEcho, Description }) =>
      ({ ParameterKey, DefaultValue, NoEcho, Description })),
  };
}

function declared(context: Context, template: Template): Output {
  const { capabilities, types } = neededCapabilities(template);
  const transforms = template.Transform === undefined ? [] : [template.Transform].flat() as Value[];
  return {
    Description: template.Description,
    Parameters: Object.entries(template.Parameters ?? {}).map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.Default === undefined ? undefined : [parameter.Default].flat().map(String).join(','),
      ParameterType: parameter.Type,
      NoEcho: String(parameter.NoEcho) === 'true',
      Description: parameter.Description,
      ParameterConstraints: parameter.AllowedValues ? { AllowedValues: parameter.AllowedValues.map(String) } : {},
    })),
    Capabilities: capabilities.length > 0 ? capabilities : undefined,
    CapabilitiesReason: types.length > 0 ? text(context, 'text-capabilities-reason', { types: types.join(', ') }) : undefined,
    DeclaredTransforms: transforms.length > 0 ? transforms.map(String) : undefined,
  };
}

// --- exports

export function listExports(context: Context, input: { NextToken?: string }): Output {
  const { items, next } = page(exported(context), 100, input.NextToken);
  return { Exports: items.map(({ stackId, exportName, value }) => ({ ExportingStackId: stackId, Name: exportName, Value: value })), NextToken: next };
}

export function listImports(context: Context, input: { ExportName: string; NextToken?: string }): Output {
  const names = importersOf(context, input.ExportName);
  if (names.length === 0) throw refused('text-export-not-imported', { exportName: input.ExportName });
  const { items, next } = page(names, 100, input.NextToken);
  return { Imports: items, NextToken: next };
}

// --- what is not there

export function listHookResults(_context: Context, input: { TargetType?: string; TargetId?: string }): Output {
  return { TargetType: input.TargetType, TargetId: input.TargetId, HookResults: [] };
}

export function describeChangeSetHooks(context: Context, input: { ChangeSetName: string; StackName?: string }): Output {
  const { changeSetId, name, stackId, stackName } = changeSetNamed(context, input.ChangeSetName, input.StackName);
  return { ChangeSetId: changeSetId, ChangeSetName: name, StackId: stackId, StackName: stackName, Status: 'PLANNED', Hooks: [] };
}
