import { invalidArn, noExecution, noMachine } from './errors';
import { tables } from './state';
import type { ExecutionRecord, MachineRecord } from './state';
import type { Context } from '../../wire/operation';

export function findMachine(context: Context, arn: string): MachineRecord {
  if (!/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+(:[^:]+)?$/.test(arn)) throw invalidArn(arn);
  const machine = tables.machines(context).get(arn);
  if (!machine) throw noMachine(arn);
  return machine;
}

/** Executions of Express machines cannot be asked about. */
export function findExecution(context: Context, arn: string): ExecutionRecord {
  if (!/^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) throw invalidArn(arn);
  const execution = tables.executions(context).get(arn);
  if (!execution) throw noExecution(arn);
  return execution;
}

export function wireTime(context: Context, at: number): Date {
  return new Date(context.kernel.hostTime(at));
}
