import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';
import { hideSecrets } from '../parameters-in-force';
import { nextOrdinal, operations, patchResource, patchStack, stackEvents, stacks } from '../state';
import type { ResourceRecord, StackRecord } from '../state';

const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** What a stack's operation comes to: nobody works at it any more. */
export function isTerminal(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS';
}

/** A stack takes a status: record, event and timeline. */
export function stackStatus(context: Context, stackId: string, status: string, reason?: string): StackRecord {
  const host = context.kernel.hostTime();
  const stack = patchStack(context, stackId, {
    status,
    statusReason: reason,
    ...(status === 'DELETE_COMPLETE' ? { deletedHost: host } : {}),
    ...(status === 'UPDATE_IN_PROGRESS' || status === 'UPDATE_ROLLBACK_IN_PROGRESS' ? { updatedHost: host } : {}),
  });
  append(context, stack, { logicalId: stack.stackName, physicalId: stackId, type: STACK_TYPE, status, reason });
  context.emit(status, stack.stackName);
  if (isTerminal(status)) context.kernel.signal(settledSignal(stackId));
  return stack;
}

/** The kernel's signal that a stack has come to rest. */
export function settledSignal(stackId: string): string {
  return `cloudformation/settled/${stackId}`;
}

export interface ResourceStatusOptions {
  readonly reason?: string;
  readonly physicalId?: string;
  readonly properties?: unknown;
}

/** A resource takes a status: record, event and timeline. */
export function resourceStatus(
  context: Context, stackId: string, logicalId: string, status: string, options: ResourceStatusOptions = {},
): ResourceRecord {
  const stack = stacks(context).get(stackId)!;
  const record = patchResource(context, stackId, logicalId, {
    status,
    reason: options.reason,
    host: context.kernel.hostTime(),
    ...(options.physicalId === undefined ? {} : { physicalId: options.physicalId }),
  });
  append(context, stack, {
    logicalId,
    physicalId: options.physicalId ?? '',
    type: record.type,
    status,
    reason: options.reason,
    properties: options.properties === undefined ? undefined : hideSecrets(stack, JSON.stringify(options.properties)),
  });
  context.emit(status, `${stack.stackName}/${logicalId}`);
  return record;
}

interface NewEvent {
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
}

function append(context: Context, stack: StackRecord, event: NewEvent): void {
  const ordinal = nextOrdinal(context, stack.stackId);
  const unique = idFormat.uuid(context.kernel.ids.named('cloudformation-event', stack.stackId, String(ordinal)));
  const eventId = event.type === STACK_TYPE && event.physicalId === stack.stackId ? unique : `${event.logicalId}-${event.status}-${unique}`;
  const operation = operations(context).get(stack.stackId);
  stackEvents(context, stack.stackId).put(eventId, {
    ...event,
    eventId,
    stackId: stack.stackId,
    stackName: stack.stackName,
    operationId: operation?.id,
    token: operation?.token,
    host: context.kernel.hostTime(),
  });
}
