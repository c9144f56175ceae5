import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { logsOf, truncate } from '../commands/describe';
import { commands, invocationKey, invocations, isOver } from '../commands/state';
import type { StepResult } from '../commands/state';

interface Input {
  readonly CommandId: string;
  readonly InstanceId: string;
  readonly PluginName?: string;
}

export function getCommandInvocation(context: Context, input: Input): Record<string, unknown> {
  const command = commands(context).get(input.CommandId);
  const invocation = invocations(context).get(invocationKey(input.CommandId, input.InstanceId));
  // The invocation can be read a moment after SendCommand has answered; the name of its absence has no text.
  const visibleAt = command && command.requestedAt + context.delay('invocation-visible', invocationKey(input.CommandId, input.InstanceId));
  if (!command || !invocation || context.now < visibleAt!) throw new ServiceError('InvocationDoesNotExist', '');
  const step = chosen(invocation.steps, input.PluginName);
  const over = isOver(invocation);
  return {
    CommandId: command.commandId,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: String(command.documentVersion),
    PluginName: step.name,
    ResponseCode: step.code,
    ExecutionStartDateTime: stamp(context, step.startedAt),
    ExecutionElapsedTime: step.endedAt === undefined || step.startedAt === undefined ? '' : elapsed(step.endedAt - step.startedAt),
    ExecutionEndDateTime: stamp(context, step.endedAt),
    // With one step the invocation's status is the step's.
    Status: invocation.steps.length === 1 || !over ? invocation.status : step.status,
    StatusDetails: invocation.steps.length === 1 || !over ? invocation.details : step.details,
    StandardOutputContent: truncate(context, step.stdout, 'max-stdout'),
    StandardOutputUrl: '',
    StandardErrorContent: truncate(context, step.stderr, 'max-stderr'),
    StandardErrorUrl: '',
    CloudWatchOutputConfig: logsOf(command),
  };
}

function chosen(steps: readonly StepResult[], name: string | undefined): StepResult {
  if (name === undefined && steps.length === 1) return steps[0];
  const step = steps.find((candidate) => candidate.name === name);
  if (!step) throw new ServiceError('InvalidPluginName', 'The plugin name isn\'t valid.');
  return step;
}

function stamp(context: Context, at: number | undefined): string {
  return at === undefined ? '' : new Date(context.kernel.hostTime(at)).toISOString();
}

/** ISO 8601 duration, as the API prints it: `PT1M2.5S`. */
function elapsed(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const seconds = (milliseconds % 60_000) / 1000;
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds}S`;
}
