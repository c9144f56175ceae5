import { existingStack, page } from './find';
import { idFormat } from '../../kernel';
import type { Table } from '../../kernel';
import { ServiceError } from '../../wire/operation';
import type { Context, Output } from '../../wire/operation';
import { workOn } from '../execute/work';
import { hideSecrets } from '../parameters-in-force';
import { differences } from '../plan/equal';
import { stringsOf } from '../plan/wire';
import { live, patchResource, patchStack, resources } from '../state';
import type { Drift, ResourceRecord, StackRecord, TaskRecord } from '../state';
import { hasSecret } from '../template/dynamic';
import type { Value, ValueMap } from '../template/template';
import { refused } from '../texts';
import { handlerFor } from '../types';

interface Detection {
  readonly id: string;
  readonly stackId: string;
  readonly status: string;
  readonly drifted: number;
  readonly host: number;
}

const detections = (context: Context): Table<Detection> => context.table('cloudformation/drift-detections');

/** Looks at every resource whose type can be looked at, there and then. */
export function detectStackDrift(context: Context, input: { StackName: string; LogicalResourceIds?: readonly string[] }): Output {
  const stack = existingStack(context, input.StackName);
  if (!/_COMPLETE$|_FAILED$/.test(stack.status) || stack.status === 'DELETE_COMPLETE') {
    throw refused('text-drift-not-possible', { stackId: stack.stackId, status: stack.status });
  }
  const wanted = resources(context, stack.stackId).values()
    .filter(({ logicalId }) => input.LogicalResourceIds === undefined || input.LogicalResourceIds.includes(logicalId));
  const drifts = wanted.filter((record) => live(record)).map((record) => look(context, stack, record));
  const drifted = drifts.filter(({ status }) => status === 'MODIFIED' || status === 'DELETED').length;
  const host = context.kernel.hostTime();
  const status = drifted > 0 ? 'DRIFTED' : 'IN_SYNC';
  patchStack(context, stack.stackId, { drift: { status, host } });
  const id = idFormat.uuid(context.id('drift-detection', stack.stackId));
  detections(context).put(id, { id, stackId: stack.stackId, status, drifted, host });
  return { StackDriftDetectionId: id };
}

function look(context: Context, stack: StackRecord, record: ResourceRecord): Drift {
  const version = live(record)!;
  const host = context.kernel.hostTime();
  const { read } = handlerFor(context, version.type);
  const keep = (drift: Drift): Drift => {
    patchResource(context, stack.stackId, record.logicalId, { drift });
    return drift;
  };
  // Nothing can be compared with a secret without showing it.
  if (!read || hasSecret(version.properties)) return keep({ status: 'NOT_CHECKED', host });
  const task = { id: record.logicalId, stackId: stack.stackId, logicalId: record.logicalId } as TaskRecord;
  let actual: ValueMap | undefined;
  try {
    actual = read(workOn({ context, stack, task }, version));
  } catch (error) {
    if (error instanceof ServiceError) return keep({ status: 'NOT_CHECKED', host });
    throw error;
  }
  const expectedText = hideSecrets(stack, JSON.stringify(stringsOf(version.properties)));
  if (actual === undefined) return keep({ status: 'DELETED', host, expected: expectedText });
  const known = Object.keys(actual).filter((name) => version.properties[name] !== undefined);
  const found = known.flatMap((name) => differences(version.properties[name], actual[name], `/${name}`));
  const seen = Object.fromEntries(known.map((name) => [name, actual[name]]));
  const text = (value: Value | undefined): string => (value === undefined ? 'null' : typeof value === 'string' ? value : JSON.stringify(value));
  return keep({
    status: found.length > 0 ? 'MODIFIED' : 'IN_SYNC',
    host,
    expected: expectedText,
    actual: hideSecrets(stack, JSON.stringify(stringsOf({ ...version.properties, ...seen }))),
    differences: found.map(({ path, before, after, type }) => ({
      path, expected: text(before), actual: text(after), type: type === 'Modify' ? 'NOT_EQUAL' : type.toUpperCase(),
    })),
  });
}

export function describeStackDriftDetectionStatus(context: Context, input: { StackDriftDetectionId: string }): Output {
  const found = detections(context).get(input.StackDriftDetectionId);
  if (!found) throw refused('text-no-drift-detection', { stackDriftDetectionId: input.StackDriftDetectionId });
  return {
    StackId: found.stackId,
    StackDriftDetectionId: found.id,
    StackDriftStatus: found.status,
    DetectionStatus: 'DETECTION_COMPLETE',
    DriftedStackResourceCount: found.drifted,
    Timestamp: new Date(found.host),
  };
}

export function describeStackResourceDrifts(context: Context, input: {
  StackName: string; StackResourceDriftStatusFilters?: readonly string[]; NextToken?: string; MaxResults?: number;
}): Output {
  const stack = existingStack(context, input.StackName);
  const filters = input.StackResourceDriftStatusFilters ?? [];
  const all = resources(context, stack.stackId).values()
    .filter(({ drift }) => drift && drift.status !== 'NOT_CHECKED' && (filters.length === 0 || filters.includes(drift.status)));
  const { items, next } = page(all, input.MaxResults ?? 100, input.NextToken);
  return { StackResourceDrifts: items.map((record) => driftOutput(stack, record)), NextToken: next };
}

function driftOutput(stack: StackRecord, record: ResourceRecord): Output {
  const { drift } = record;
  return {
    StackId: stack.stackId,
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    ExpectedProperties: drift?.expected,
    ActualProperties: drift?.actual,
    PropertyDifferences: drift?.differences?.map(({ path, expected, actual, type }) => ({
      PropertyPath: path, ExpectedValue: expected, ActualValue: actual, DifferenceType: type,
    })),
    StackResourceDriftStatus: drift?.status ?? 'NOT_CHECKED',
    Timestamp: new Date(drift?.host ?? 0),
  };
}

export function detectStackResourceDrift(context: Context, input: { StackName: string; LogicalResourceId: string }): Output {
  const stack = existingStack(context, input.StackName);
  const record = resources(context, stack.stackId).get(input.LogicalResourceId);
  if (!record || !live(record)) throw refused('text-no-resource-in-stack', { logicalResourceId: input.LogicalResourceId, stackName: input.StackName });
  look(context, stack, record);
  return { StackResourceDrift: driftOutput(stack, resources(context, stack.stackId).get(input.LogicalResourceId)!) };
}
