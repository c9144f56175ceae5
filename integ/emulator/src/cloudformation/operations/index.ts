import * as changeSet from './change-sets';
import * as describe from './describe';
import * as drift from './drift';
import { existingStack } from './find';
import * as stack from './stacks';
import type { Context, Operation } from '../../wire/operation';
import { speaking } from '../../wire/operation';
import { takeSignal } from '../execute/signals';

function signalResource(context: Context, input: { StackName: string; LogicalResourceId: string; UniqueId: string; Status: 'SUCCESS' | 'FAILURE' }): void {
  const { stackId } = existingStack(context, input.StackName);
  takeSignal(context, stackId, input.LogicalResourceId, input.UniqueId, input.Status === 'SUCCESS');
}

const PLAIN: { readonly [operation: string]: Operation } = {
  CreateStack: stack.createStack,
  UpdateStack: stack.updateStack,
  DeleteStack: stack.deleteStack,
  RollbackStack: stack.rollbackStack,
  ContinueUpdateRollback: stack.continueUpdateRollback,
  CancelUpdateStack: stack.cancelUpdateStack,
  UpdateTerminationProtection: stack.updateTerminationProtection,
  SignalResource: signalResource,

  CreateChangeSet: changeSet.createChangeSet,
  DescribeChangeSet: changeSet.describeChangeSet,
  ListChangeSets: changeSet.listChangeSets,
  DeleteChangeSet: changeSet.deleteChangeSet,
  ExecuteChangeSet: changeSet.executeChangeSet,
  DescribeChangeSetHooks: describe.describeChangeSetHooks,

  DescribeStacks: describe.describeStacks,
  ListStacks: describe.listStacks,
  DescribeStackEvents: describe.describeStackEvents,
  DescribeEvents: changeSet.describeEvents,
  DescribeStackResource: describe.describeStackResource,
  DescribeStackResources: describe.describeStackResources,
  ListStackResources: describe.listStackResources,

  GetTemplate: describe.getTemplate,
  GetTemplateSummary: describe.getTemplateSummary,
  ValidateTemplate: describe.validateTemplate,

  ListExports: describe.listExports,
  ListImports: describe.listImports,
  ListHookResults: describe.listHookResults,

  DetectStackDrift: drift.detectStackDrift,
  DetectStackResourceDrift: drift.detectStackResourceDrift,
  DescribeStackDriftDetectionStatus: drift.describeStackDriftDetectionStatus,
  DescribeStackResourceDrifts: drift.describeStackResourceDrifts,
};

export const OPERATIONS = speaking(PLAIN);
