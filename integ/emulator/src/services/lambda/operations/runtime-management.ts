import type { Context, Output } from '../../../wire/operation';
import { arnOf, findFunction, parseName } from '../names';
import { tables } from '../state';

interface Input {
  readonly FunctionName: string;
}

interface PutInput extends Input {
  readonly UpdateRuntimeOn: string;
  readonly RuntimeVersionArn?: string;
}

/** Kept, and without effect: one Node.js runs every runtime. */
export function putRuntimeManagementConfig(context: Context, input: PutInput): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  const { UpdateRuntimeOn, RuntimeVersionArn } = input;
  tables.functions(context).put(record.name, { ...record, runtimeManagement: { UpdateRuntimeOn, RuntimeVersionArn } });
  return { UpdateRuntimeOn, RuntimeVersionArn, FunctionArn: arnOf(context, record.name) };
}

export function getRuntimeManagementConfig(context: Context, input: Input): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  return { UpdateRuntimeOn: 'Auto', ...record.runtimeManagement, FunctionArn: arnOf(context, record.name) };
}

/** No function here has signed code. */
export function getFunctionCodeSigningConfig(context: Context, input: Input): Output {
  return { FunctionName: findFunction(context, parseName(context, input.FunctionName)).name };
}
