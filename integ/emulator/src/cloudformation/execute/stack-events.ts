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
  const host = nextInstant(context, stackId);
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
  const record = patchResource(context, stackId, logicalId, {
    status,
    reason: options.reason,
    host: nextInstant(context, stackId),
    ...(options.physicalId === undefined ? {} : { physicalId: options.physicalId }),
  });
  const stack = stacks(context).get(stackId)!;
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

/** Host time, but never the same twice: clients sort events by it. */
function nextInstant(context: Context, stackId: string): number {
  const host = Math.max(context.kernel.hostTime(), (stacks(context).get(stackId)!.eventHost ?? 0) + 1);
  patchStack(context, stackId, { eventHost: host });
  return host;
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
    host: stack.eventHost!,
  });
}
