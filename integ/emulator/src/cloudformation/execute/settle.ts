import type { Context } from '../../wire/operation';
import { stacks } from '../state';
import type { OperationRecord } from '../state';

/** A nested stack has come to rest: its parent's resource looks at it. */
export function settle(context: Context, stackId: string, operation: OperationRecord): void {
  const stack = stacks(context).get(stackId);
  if (!stack?.parentId) return;
  context.after(0, { kind: 'nested-settled', args: { stackId: stack.parentId, childId: stackId, operationId: operation.id } });
}
