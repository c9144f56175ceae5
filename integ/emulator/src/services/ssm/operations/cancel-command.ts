import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { timeoutEvent } from '../commands/deliver';
import { commands, invocationKey, invocations, isOver, stepKey } from '../commands/state';

/** What has not started never will; a script that runs is stopped. */
export function cancelCommand(context: Context, input: { CommandId: string; InstanceIds?: readonly string[] }): void {
  const command = commands(context).get(input.CommandId);
  if (!command) throw new ServiceError('InvalidCommandId', 'The specified command ID isn\'t valid. Verify the ID and try again.');
  const unknown = (input.InstanceIds ?? []).find((id) => !command.sentTo.includes(id));
  if (unknown !== undefined) throw new ServiceError('InvalidInstanceId', `Instance ${unknown} is not among those the command was sent to.`);
  for (const instanceId of input.InstanceIds?.length ? input.InstanceIds : command.sentTo) {
    const invocation = invocations(context).get(invocationKey(command.commandId, instanceId))!;
    if (isOver(invocation)) continue;
    context.cancel(timeoutEvent(command.commandId, instanceId));
    const key = stepKey(command.commandId, instanceId, invocation.at);
    context.cancel(`ssm-fault/${key}`);
    context.kernel.abandon(key);
    invocations(context).put(invocationKey(command.commandId, instanceId), {
      ...invocation,
      status: 'Cancelled',
      details: 'Cancelled',
      steps: invocation.steps.map((step) => (isOver(step)
        ? step
        : { ...step, status: 'Cancelled' as const, details: 'Cancelled', endedAt: step.startedAt === undefined ? undefined : context.now })),
    });
    context.emit('Cancelled', `${command.commandId}/${instanceId}`);
  }
}
