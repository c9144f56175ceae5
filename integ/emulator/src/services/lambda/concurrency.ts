import { throttled } from './errors';
import { tables } from './state';
import type { FunctionRecord } from './state';
import type { Context } from '../../wire/operation';

/** What functions without a reservation share. */
export function unreserved(context: Context): number {
  const reserved = tables.functions(context).values().reduce((sum, record) => sum + (record.reserved ?? 0), 0);
  return context.row<number>('quota-concurrency') - reserved;
}

/** @throws TooManyRequestsException when no further invocation may run now */
export function checkConcurrency(context: Context, record: FunctionRecord): void {
  const busy = tables.environments(context).values().filter(({ invocationId }) => invocationId !== undefined);
  if (record.reserved !== undefined) {
    const own = busy.filter(({ functionName }) => functionName === record.name).length;
    if (own >= record.reserved) throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    return;
  }
  const functions = tables.functions(context);
  const shared = busy.filter(({ functionName }) => functions.get(functionName)?.reserved === undefined).length;
  if (shared >= unreserved(context)) throw throttled('ConcurrentInvocationLimitExceeded');
}
