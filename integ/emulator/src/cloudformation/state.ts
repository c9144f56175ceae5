import type { Json, Table } from '../kernel';
import type { Caller, Context } from '../wire/operation';
import type { Desired } from './plan/decide';
import type { Change } from './plan/plan';
import type { EvaluatedOutput } from './template/desired';
import type { ParameterValues } from './template/parameters';
import type { ValueMap } from './template/template';

/** What a stack was, or is to be, made from. */
export interface Deployment {
  /** Name of the blob with the template as it was given. */
  readonly template: string;
  readonly parameters: ParameterValues;
  readonly tags: ValueMap;
}

export interface StackRecord {
  readonly stackId: string;
  readonly stackName: string;
  readonly status: string;
  readonly statusReason?: string;
  /** Host times: the CLI compares them with its own clock. */
  readonly createdHost: number;
  readonly updatedHost?: number;
  readonly deletedHost?: number;
  /** The last one that was reached as a whole: where a rollback goes. */
  readonly deployed?: Deployment;
  /** The one an operation is working at, or that a failed one left half done. */
  readonly target?: Deployment;
  readonly outputs: readonly EvaluatedOutput[];
  /** Names of other stacks' exports that this one uses. */
  readonly imports: readonly string[];
  readonly roleArn?: string;
  readonly notificationArns: readonly string[];
  readonly capabilities: readonly string[];
  readonly disableRollback: boolean;
  readonly timeoutInMinutes?: number;
  readonly terminationProtection: boolean;
  readonly parentId?: string;
  readonly parentLogicalId?: string;
  readonly rootId?: string;
  readonly changeSetId?: string;
  readonly operations: ReadonlyArray<{ readonly type: string; readonly id: string }>;
  /** The request that the last of CreateStack and UpdateStack came with, if it had a token. */
  readonly request?: { readonly token: string; readonly operation: string };
  readonly drift?: { readonly status: string; readonly host: number };
  /** Host time of the last event. */
  readonly eventHost?: number;
  /** Number of events, versions and tokens made so far. */
  readonly ordinal: number;
}

/** One making of a resource: what it was made from and what came of it. */
export interface Version extends Desired {
  readonly uid: string;
  readonly physicalId?: string;
  readonly attributes: ValueMap;
  readonly dependsOn: readonly string[];
  readonly failed?: boolean;
  /** What its handler has to remember. */
  readonly memory?: Json;
}

/** A version that is not wanted any more, and what becomes of it. */
export interface Leftover {
  readonly version: Version;
  readonly policy: string;
  /** Made in the operation that is being rolled back. */
  readonly created: boolean;
}

export interface ResourceRecord {
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly host: number;
  readonly physicalId?: string;
  readonly current?: Version;
  readonly pending?: Version;
  readonly leftovers: readonly Leftover[];
  readonly drift?: Drift;
}

export interface Drift {
  readonly status: string;
  readonly host: number;
  readonly expected?: string;
  readonly actual?: string;
  readonly differences?: ReadonlyArray<{ readonly path: string; readonly expected: string; readonly actual: string; readonly type: string }>;
}

export type Phase = 'forward' | 'cleanup' | 'back' | 'back-cleanup' | 'delete';

export interface OperationRecord {
  readonly id: string;
  readonly stackId: string;
  readonly kind: 'create' | 'update' | 'delete' | 'import' | 'rollback' | 'continue-rollback';
  readonly phase: Phase;
  readonly token?: string;
  readonly caller: Caller;
  readonly onFailure: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';
  readonly retainExceptOnCreate: boolean;
  readonly force: boolean;
  /** Logical ids that a deletion leaves alone, or that a rollback passes over. */
  readonly skip: readonly string[];
  readonly imports: { readonly [logicalId: string]: string };
  /** Why it turns back, when not because of a resource. */
  readonly stopReason?: string;
  readonly changeSetId?: string;
  readonly startedAt: number;
}

export type Action = 'create' | 'update' | 'delete' | 'import' | 'revert' | 'forward';

export interface TaskRecord {
  readonly id: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** `forward` until it is known what there is to do. */
  readonly action: Action;
  /** For a deletion, which version. */
  readonly uid?: string;
  readonly waitsFor: readonly string[];
  /** `settling`: given up by the operation, but the service is not through yet. */
  readonly state: 'waiting' | 'queued' | 'running' | 'settling' | 'done' | 'failed' | 'cancelled';
  readonly token?: string;
  readonly startedAt?: number;
  readonly forWhat?: string;
  readonly data?: Json;
  readonly retries?: number;
  /** Set while a creation policy waits for signals. */
  readonly signals?: { readonly wanted: number; readonly received: readonly string[]; readonly failures: number; readonly minimum: number };
}

export interface StackEventRecord {
  readonly eventId: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly operationId?: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly host: number;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
}

export interface ChangeSetRecord {
  readonly changeSetId: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly description?: string;
  readonly createdHost: number;
  readonly status: string;
  readonly statusReason?: string;
  readonly executionStatus: string;
  readonly deployment: Deployment;
  readonly changes: readonly Change[];
  readonly imports: { readonly [logicalId: string]: string };
  readonly roleArn?: string;
  readonly notificationArns?: readonly string[];
  readonly capabilities: readonly string[];
  readonly onStackFailure?: string;
  readonly includeNestedStacks: boolean;
  readonly importExistingResources?: boolean;
  readonly disableRollback?: boolean;
}

export const stacks = (context: Context): Table<StackRecord> => context.table('cloudformation/stacks');
export const operations = (context: Context): Table<OperationRecord> => context.table('cloudformation/operations');
export const changeSets = (context: Context): Table<ChangeSetRecord> => context.table('cloudformation/change-sets');
/** A table for each stack: what is listed is listed per stack. */
export const resources = (context: Context, stackId: string): Table<ResourceRecord> => context.table(`cloudformation/resources/${stackId}`);
export const tasks = (context: Context, stackId: string): Table<TaskRecord> => context.table(`cloudformation/tasks/${stackId}`);
export const stackEvents = (context: Context, stackId: string): Table<StackEventRecord> => context.table(`cloudformation/events/${stackId}`);

/** The version that is there now. */
export function live(record: ResourceRecord | undefined): Version | undefined {
  return record?.pending ?? record?.current;
}

export function isDeleted(stack: StackRecord): boolean {
  return stack.status === 'DELETE_COMPLETE';
}

/** By name among those that exist, or by id among all. */
export function findStack(context: Context, nameOrId: string): StackRecord | undefined {
  const table = stacks(context);
  if (nameOrId.startsWith('arn:')) return table.get(nameOrId);
  return table.values().find((stack) => stack.stackName === nameOrId && !isDeleted(stack));
}

/** Changes a stack; `undefined` members are dropped. */
export function patchStack(context: Context, stackId: string, patch: Partial<StackRecord>): StackRecord {
  return stacks(context).put(stackId, { ...stacks(context).get(stackId)!, ...patch });
}

export function patchResource(context: Context, stackId: string, logicalId: string, patch: Partial<ResourceRecord>): ResourceRecord {
  const table = resources(context, stackId);
  return table.put(logicalId, { ...table.get(logicalId)!, ...patch });
}

export function patchTask(context: Context, task: TaskRecord, patch: Partial<TaskRecord>): TaskRecord {
  return tasks(context, task.stackId).put(task.id, { ...task, ...patch });
}

export function patchOperation(context: Context, stackId: string, patch: Partial<OperationRecord>): OperationRecord {
  return operations(context).put(stackId, { ...operations(context).get(stackId)!, ...patch });
}

/** The next number of a stack: events, versions and tokens are told apart by it. */
export function nextOrdinal(context: Context, stackId: string): number {
  const ordinal = stacks(context).get(stackId)!.ordinal + 1;
  patchStack(context, stackId, { ordinal });
  return ordinal;
}
