import { hearsCommands, isReachable } from '../agents';
import { runNextStep } from './run';
import { commands, invocationKey, invocations, isOver } from './state';
import type { InvocationRecord } from './state';
import type { Context } from '../../../wire/operation';

export function timeoutEvent(commandId: string, instanceId: string): string {
  return `ssm-delivery/${commandId}/${instanceId}`;
}

/** Hands a command to an agent that hears of it. One that does not hear asks again and again; nobody is owed that. */
export function offer(context: Context, invocation: InvocationRecord): void {
  const { commandId, instanceId } = invocation;
  if (!isReachable(context, instanceId)) return;
  if (hearsCommands(context, instanceId)) deliver(context, invocation);
  else context.after(context.delay('agent-reconnect', instanceId), { kind: 'command-sent', args: { commandId, instanceId }, daemon: true });
}

/** Hands a command to the instance's agent. */
function deliver(context: Context, invocation: InvocationRecord): void {
  const { commandId, instanceId } = invocation;
  context.cancel(timeoutEvent(commandId, instanceId));
  const started = invocations(context).put(invocationKey(commandId, instanceId), {
    ...invocation, status: 'InProgress', details: context.row<string>('details-in-progress'),
  });
  context.emit('InProgress', `${commandId}/${instanceId}`);
  runNextStep(context, started);
}

/** An agent that has come asks for what waits for it. */
export function deliverWaiting(context: Context, instanceId: string): void {
  for (const command of commands(context).values()) {
    const invocation = invocations(context).get(invocationKey(command.commandId, instanceId));
    if (invocation && !isOver(invocation) && invocation.status === 'Pending') offer(context, invocation);
  }
}
