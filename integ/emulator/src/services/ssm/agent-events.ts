import { agents } from './agents';
import { getsThrough, sessionOf } from './channels';
import { deliverWaiting } from './commands/deliver';
import { loseScripts } from './commands/lose';
import type { InstanceFacts } from './instance-facts';
import { describeInstance } from './instance-facts';
import type { Context, ServiceEvent } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

/** The role behind an instance's profile; without one an agent has no credentials and cannot register. */
function roleOf(context: Context, facts: InstanceFacts): string | undefined {
  const profile = facts.IamInstanceProfile?.Arn?.split('/').pop();
  if (profile === undefined) return undefined;
  try {
    const { InstanceProfile } = context.call<{ InstanceProfile?: { Roles?: Array<{ RoleName?: string }> } }>(
      'iam', 'GetInstanceProfile', { InstanceProfileName: profile });
    return InstanceProfile?.Roles?.[0]?.RoleName;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** What an agent calls to be seen, and to be reached: by one of the two ways of messages. */
function mayRegister(context: Context, instanceId: string, roleName: string): boolean {
  const principal = sessionOf(context, instanceId, roleName);
  const { register, messages } = context.row<AgentActions>('agent-actions');
  const isGranted = (actions: readonly string[]): boolean => actions.every((action) => isAllowed(() => context.demand(action, '*', { principal })));
  return isGranted(register) && messages.some(isGranted);
}

interface AgentActions {
  readonly register: readonly string[];
  /** In the order in which an agent tries them. */
  readonly messages: ReadonlyArray<readonly string[]>;
}

function isAllowed(demand: () => void): boolean {
  try {
    demand();
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

interface AgentArgs {
  readonly instanceId: string;
}

const agentStarted: ServiceEvent = (context, { instanceId }: AgentArgs) => {
  const delay = context.delay('agent-registration', instanceId);
  context.busy('agent registration', instanceId, delay);
  context.after(delay, { kind: 'agent-registers', args: { instanceId }, id: `ssm-agent/${instanceId}` });
};

const agentRegisters: ServiceEvent = (context, { instanceId }: AgentArgs) => {
  const facts = describeInstance(context, instanceId);
  if (facts?.State?.Name !== 'running') return;
  const roleName = roleOf(context, facts);
  if (roleName === undefined || !getsThrough(context, instanceId, 'registers', roleName) || !mayRegister(context, instanceId, roleName)) {
    // It goes on trying; a profile may be attached later, leave be given, and a way opened. Nobody is owed that, so time does not move for it.
    context.after(context.delay('agent-retry', instanceId), {
      kind: 'agent-registers', args: { instanceId }, id: `ssm-agent/${instanceId}`, daemon: true,
    });
    return;
  }
  const before = agents(context).get(instanceId);
  agents(context).put(instanceId, { instanceId, registeredAt: before?.registeredAt ?? context.now, roleName });
  context.emit('Online', instanceId);
  deliverWaiting(context, instanceId);
};

const agentStopped: ServiceEvent = (context, { instanceId }: AgentArgs) => {
  context.cancel(`ssm-agent/${instanceId}`);
  loseScripts(context, instanceId);
  const agent = agents(context).get(instanceId);
  if (!agent) return;
  const state = describeInstance(context, instanceId)?.State?.Name;
  if (state === undefined || state === 'terminated' || state === 'shutting-down') agents(context).delete(instanceId);
  else agents(context).put(instanceId, { ...agent, stoppedAt: context.now });
  context.emit('Offline', instanceId);
};

export const agentEvents: Readonly<Record<string, ServiceEvent>> = {
  'agent-started': agentStarted,
  'agent-registers': agentRegisters,
  'agent-stopped': agentStopped,
};
