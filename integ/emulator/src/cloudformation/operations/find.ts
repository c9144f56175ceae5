import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';
import { validationError } from '../errors';
import { changeSets, findStack, isDeleted, operations } from '../state';
import type { ChangeSetRecord, StackRecord } from '../state';

/** @throws as `DescribeStacks` and most others word it */
export function stackNamed(context: Context, nameOrId: string): StackRecord {
  const stack = findStack(context, nameOrId);
  if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** A stack that exists; `Stack [X] does not exist` is what operations say that work on one. */
export function existingStack(context: Context, nameOrId: string): StackRecord {
  const stack = findStack(context, nameOrId);
  if (!stack || isDeleted(stack)) throw validationError(`Stack [${nameOrId}] does not exist`);
  return stack;
}

export function changeSetNamed(context: Context, nameOrId: string, stackName: string | undefined): ChangeSetRecord {
  const all = changeSets(context).values();
  const byId = nameOrId.startsWith('arn:') ? all.find(({ changeSetId }) => changeSetId === nameOrId) : undefined;
  if (!byId && !nameOrId.startsWith('arn:')) {
    if (stackName === undefined) throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
    const stack = findStack(context, stackName);
    if (!stack) throw validationError(`Stack [${stackName}] does not exist`);
    const found = all.find(({ name, stackId }) => name === nameOrId && stackId === stack.stackId);
    if (found) return found;
  }
  if (byId) return byId;
  throw new ServiceError('ChangeSetNotFoundException', `ChangeSet [${nameOrId}] does not exist`, { status: 404 });
}

const UPDATABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;

export function checkUpdatable(context: Context, stack: StackRecord): void {
  const { status, stackId } = stack;
  const half = status === 'UPDATE_FAILED' || status === 'CREATE_FAILED';
  if (operations(context).has(stackId) || !(UPDATABLE.test(status) || half)) {
    throw validationError(`Stack:${stackId} is in ${status} state and can not be updated.`);
  }
}

/** A page of a list; the token is the place to go on. */
export function page<T>(items: readonly T[], size: number, token: string | undefined): { items: readonly T[]; next?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8').replace(/^at-/, ''));
  if (!Number.isInteger(from) || from < 0) throw validationError(`Invalid NextToken: ${token}`);
  const end = from + size;
  return { items: items.slice(from, end), next: end < items.length ? Buffer.from(`at-${end}`).toString('base64url') : undefined };
}
