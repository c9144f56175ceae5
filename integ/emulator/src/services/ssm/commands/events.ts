import { offer } from './deliver';
import { stepEnded } from './run';
import type { ScriptEnd } from './run';
import { invocationKey, invocations, isOver } from './state';
import type { InvocationRecord } from './state';
import type { Context, ServiceEvent } from '../../../wire/operation';

interface InvocationArgs {
  readonly commandId: string;
  readonly instanceId: string;
}

function waiting(context: Context, { commandId, instanceId }: InvocationArgs): InvocationRecord | undefined {
  const invocation = invocations(context).get(invocationKey(commandId, instanceId));
  return invocation?.status === 'Pending' ? invocation : undefined;
}

/** The command has reached the message service; an agent that is away asks for it when it is back. */
const commandSent: ServiceEvent = (context, args: InvocationArgs) => {
  const invocation = waiting(context, args);
  if (invocation) offer(context, invocation);
};

const deliveryTimedOut: ServiceEvent = (context, args: InvocationArgs) => {
  const invocation = waiting(context, args);
  if (!invocation) return;
  const details = context.row<string>('details-delivery-timed-out');
  invocations(context).put(invocationKey(args.commandId, args.instanceId), {
    ...invocation, status: 'TimedOut', details, steps: invocation.steps.map((step) => ({ ...step, status: 'TimedOut' as const, details })),
  });
  context.emit(details, `${args.commandId}/${args.instanceId}`);
};

const scriptEnded: ServiceEvent = (context, args: ScriptEnd & { readonly invocationId: string }) => {
  const [commandId, instanceId, step] = args.invocationId.split('/');
  const invocation = invocations(context).get(invocationKey(commandId, instanceId));
  if (!invocation || isOver(invocation) || invocation.at !== Number(step)) return;
  stepEnded(context, invocation, args);
};

/** Changes nothing: time has to get there, even when the command is over sooner. */
const invocationVisible: ServiceEvent = () => undefined;

export const commandEvents: Readonly<Record<string, ServiceEvent>> = {
  'command-sent': commandSent,
  'delivery-timed-out': deliveryTimedOut,
  'invocation-visible': invocationVisible,
  'script-ended': scriptEnded,
};
