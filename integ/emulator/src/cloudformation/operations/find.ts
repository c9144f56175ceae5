import type { Context } from '../../wire/operation';
import { changeSets, findStack, isDeleted, operations } from '../state';
import type { ChangeSetRecord, StackRecord } from '../state';
import { refused } from '../texts';

/** @throws as `DescribeStacks` and most others word it */
export function stackNamed(context: Context, nameOrId: string): StackRecord {
  const stack = findStack(context, nameOrId);
  if (!stack) throw refused('text-no-stack-with-id', { nameOrId });
  return stack;
}

/** A stack that exists; `Stack [X] does not exist` is what operations say that work on one. */
export function existingStack(context: Context, nameOrId: string): StackRecord {
  const stack = findStack(context, nameOrId);
  if (!stack || isDeleted(stack)) throw refused('text-no-stack-named', { stackName: nameOrId });
  return stack;
}

export function changeSetNamed(context: Context, nameOrId: string, stackName: string | undefined): ChangeSetRecord {
  const all = changeSets(context).values();
  const byId = nameOrId.startsWith('arn:') ? all.find(({ changeSetId }) => changeSetId === nameOrId) : undefined;
  if (!byId && !nameOrId.startsWith('arn:')) {
    if (stackName === undefined) throw refused('text-change-set-needs-stack');
    const stack = findStack(context, stackName);
    if (!stack) throw refused('text-no-stack-named', { stackName });
    const found = all.find(({ name, stackId }) => name === nameOrId && stackId === stack.stackId);
    if (found) return found;
  }
  if (byId) return byId;
  throw refused('text-no-change-set', { nameOrId }, 'ChangeSetNotFoundException', 404);
}

const UPDATABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;

export function checkUpdatable(context: Context, stack: StackRecord): void {
  const { status, stackId } = stack;
  const half = status === 'UPDATE_FAILED' || status === 'CREATE_FAILED';
  if (operations(context).has(stackId) || !(UPDATABLE.test(status) || half)) {
    throw refused('text-stack-not-updatable', { stackId, status });
  }
}

/** A page of a list; the token is the place to go on. */
export function page<T>(items: readonly T[], size: number, token: string | undefined): { items: readonly T[]; next?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8').replace(/^at-/, ''));
  if (!Number.isInteger(from) || from < 0) throw refused('text-next-token', { token: String(token) });
  const end = from + size;
  return { items: items.slice(from, end), next: end < items.length ? Buffer.from(`at-${end}`).toString('base64url') : undefined };
}
