import type { Context, Output } from '../../../wire/operation';
import { unreserved } from '../concurrency';
import { invalid } from '../errors';
import { findFunction, parseName } from '../names';
import { tables } from '../state';

interface Input {
  readonly FunctionName: string;
}

export function putFunctionConcurrency(context: Context, input: Input & { readonly ReservedConcurrentExecutions: number }): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  const reserved = input.ReservedConcurrentExecutions;
  const minimum = context.row<number>('unreserved-minimum');
  if (reserved > 0 && unreserved(context) + (record.reserved ?? 0) - reserved < minimum) {
    throw invalid('Specified ReservedConcurrentExecutions for function decreases account\'s UnreservedConcurrentExecution below its minimum value of '
      + `[${minimum}].`);
  }
  tables.functions(context).put(record.name, { ...record, reserved });
  return { ReservedConcurrentExecutions: reserved };
}

export function getFunctionConcurrency(context: Context, input: Input): Output {
  const { reserved } = findFunction(context, parseName(context, input.FunctionName));
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
}

export function deleteFunctionConcurrency(context: Context, input: Input): void {
  const record = findFunction(context, parseName(context, input.FunctionName));
  tables.functions(context).put(record.name, { ...record, reserved: undefined });
}

export function getAccountSettings(context: Context): Output {
  const functions = tables.functions(context).values();
  return {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: context.row<number>('unzipped-limit'),
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: context.row<number>('quota-concurrency'),
      UnreservedConcurrentExecutions: unreserved(context),
    },
    AccountUsage: { TotalCodeSize: functions.reduce((sum, { latest }) => sum + latest.CodeSize, 0), FunctionCount: functions.length },
  };
}
