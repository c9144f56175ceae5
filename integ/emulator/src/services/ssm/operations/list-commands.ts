import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { describeCommand } from '../commands/describe';
import { commands, statusOf } from '../commands/state';
import type { CommandRecord } from '../commands/state';
import { page } from '../paging';

interface CommandFilter {
  readonly key: string;
  readonly value: string;
}

interface Input {
  readonly CommandId?: string;
  readonly InstanceId?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Filters?: readonly CommandFilter[];
}

/** Newest first. */
export function listCommands(context: Context, input: Input): Record<string, unknown> {
  const { items, next } = page(selectCommands(context, input), input.NextToken, input.MaxResults ?? 50);
  return { Commands: items.map((command) => describeCommand(context, command)), NextToken: next };
}

export function selectCommands(context: Context, { CommandId, InstanceId, Filters = [] }: Input): CommandRecord[] {
  if (CommandId !== undefined && !commands(context).has(CommandId)) {
    throw new ServiceError('InvalidCommandId', 'The specified command ID isn\'t valid. Verify the ID and try again.');
  }
  return commands(context).values().reverse().filter((command) => (CommandId === undefined || command.commandId === CommandId)
    && (InstanceId === undefined || command.sentTo.includes(InstanceId))
    && Filters.every((filter) => fits(context, command, filter)));
}

function fits(context: Context, command: CommandRecord, { key, value }: CommandFilter): boolean {
  const requestedAt = context.kernel.hostTime(command.requestedAt);
  const { status, details } = statusOf(context, command);
  switch (key) {
    case 'InvokedAfter': return requestedAt > Date.parse(value);
    case 'InvokedBefore': return requestedAt < Date.parse(value);
    case 'Status': return status === value || details === value;
    case 'ExecutionStage': return (value === 'Executing') === ['Pending', 'InProgress', 'Cancelling'].includes(status);
    case 'DocumentName': return command.documentName === value;
    default: throw new ServiceError('InvalidFilterKey', 'The specified key isn\'t valid.');
  }
}
