import { idFormat } from '../../../kernel';
import { Later } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { endExecution, startExecution as begin } from '../engine/execution';
import { executionExists, invalidInput, machineDeleting, wrongType } from '../errors';
import { findExecution, findMachine, wireTime } from '../find';
import { checkName } from '../machine-input';
import { page } from '../paging';
import { tables } from '../state';
import type { ExecutionRecord, ExecutionStatus, MachineRecord } from '../state';

interface StartInput {
  readonly stateMachineArn: string;
  readonly name?: string;
  readonly input?: string;
  readonly traceHeader?: string;
}

export function startExecution(context: Context, input: StartInput): Output {
  const machine = startable(context, input);
  const execution = newExecution(context, machine, input);
  const existing = tables.executions(context).get(execution.arn);
  if (existing) {
    // The same name and input are the same execution, as long as it runs.
    if (existing.status !== 'RUNNING' || existing.input !== execution.input) throw executionExists(execution.arn);
    return { executionArn: existing.arn, startDate: wireTime(context, existing.startedAt) };
  }
  begin(context, execution);
  return { executionArn: execution.arn, startDate: wireTime(context, context.now) };
}

export function startSyncExecution(context: Context, input: StartInput): Later {
  const machine = startable(context, input);
  if (machine.type !== 'EXPRESS') throw wrongType();
  const execution = newExecution(context, machine, input);
  const answerKey = `stepfunctions/${execution.arn}`;
  begin(context, { ...execution, answerKey });
  return new Later(answerKey);
}

function startable(context: Context, { stateMachineArn }: StartInput): MachineRecord {
  const machine = findMachine(context, stateMachineArn);
  if (machine.status === 'DELETING') throw machineDeleting(stateMachineArn);
  return machine;
}

function newExecution(context: Context, machine: MachineRecord, { name: asked, input = '{}', traceHeader }: StartInput): ExecutionRecord {
  const bytes = context.id('execution', machine.name);
  const name = asked ?? idFormat.uuid(bytes);
  checkName(name);
  try {
    JSON.parse(input);
  } catch (error) {
    throw invalidInput((error as Error).message);
  }
  const { type } = machine;
  return {
    arn: context.arn('states', type === 'EXPRESS' ? `express:${machine.name}:${name}:${idFormat.uuid(bytes)}` : `execution:${machine.name}:${name}`),
    name,
    machineArn: machine.arn,
    machineName: machine.name,
    type,
    definition: machine.definition,
    roleArn: machine.roleArn,
    machineUpdatedAt: machine.updatedAt,
    input,
    traceHeader,
    status: 'RUNNING',
    startedAt: context.now,
    steps: 0,
    draws: 0,
  };
}

/** What a task has begun elsewhere goes on, but nobody waits for it any more. */
export function stopExecution(context: Context, input: { readonly executionArn: string; readonly error?: string; readonly cause?: string }): Output {
  const { arn, status, stoppedAt } = findExecution(context, input.executionArn);
  if (status === 'RUNNING') endExecution(context, arn, { status: 'ABORTED', error: input.error, cause: input.cause });
  return { stopDate: wireTime(context, stoppedAt ?? context.now) };
}

export function describeExecution(context: Context, { executionArn }: { readonly executionArn: string }): Output {
  const execution = findExecution(context, executionArn);
  const { input, output, traceHeader, error, cause } = execution;
  return {
    ...listed(context, execution),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    traceHeader,
    error,
    cause,
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: execution.status === 'RUNNING' ? 'Execution is RUNNING and cannot be redriven' : '[emulator] redriving is not emulated',
  };
}

interface ListInput {
  readonly stateMachineArn: string;
  readonly statusFilter?: ExecutionStatus;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** The newest first. */
export function listExecutions(context: Context, input: ListInput): Output {
  const machine = findMachine(context, input.stateMachineArn);
  if (machine.type === 'EXPRESS') throw wrongType();
  const all = tables.executions(context).values().reverse()
    .filter(({ machineArn, status }) => machineArn === machine.arn && (input.statusFilter === undefined || input.statusFilter === status));
  const { items, nextToken } = page(all, input);
  return { executions: items.map((execution) => listed(context, execution)), nextToken };
}

function listed(context: Context, { arn, machineArn, name, status, startedAt, stoppedAt }: ExecutionRecord): Output {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: wireTime(context, startedAt),
    ...(stoppedAt === undefined ? {} : { stopDate: wireTime(context, stoppedAt) }),
  };
}

export function describeStateMachineForExecution(context: Context, { executionArn }: { readonly executionArn: string }): Output {
  const { machineArn, machineName, definition, roleArn, machineUpdatedAt } = findExecution(context, executionArn);
  const machine = tables.machines(context).get(machineArn);
  return {
    stateMachineArn: machineArn,
    name: machineName,
    definition,
    roleArn,
    updateDate: wireTime(context, machineUpdatedAt),
    loggingConfiguration: machine?.loggingConfiguration,
    tracingConfiguration: machine?.tracingConfiguration,
  };
}
