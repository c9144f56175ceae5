import { getsThrough } from './channels';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** An instance whose agent has registered. */
export interface Agent {
  readonly instanceId: string;
  readonly registeredAt: number;
  /** Since when it is gone; not there while it runs. */
  readonly stoppedAt?: number;
  readonly roleName: string;
}

export type PingStatus = 'Online' | 'ConnectionLost';

export function agents(context: Context): Table<Agent> {
  return context.table('ssm/agents');
}

/** An agent that stops pinging is missed only after a while; one whose way was closed, at once. */
export function pingStatus(context: Context, { instanceId, stoppedAt, roleName }: Agent): PingStatus {
  if (stoppedAt === undefined) return getsThrough(context, instanceId, 'registers', roleName) ? 'Online' : 'ConnectionLost';
  return context.now < stoppedAt + context.delay('connection-lost', instanceId) ? 'Online' : 'ConnectionLost';
}

export function isReachable(context: Context, instanceId: string): boolean {
  const agent = agents(context).get(instanceId);
  return agent !== undefined && agent.stoppedAt === undefined && getsThrough(context, instanceId, 'registers', agent.roleName);
}

/** Whether it can be told what to do. */
export function hearsCommands(context: Context, instanceId: string): boolean {
  return isReachable(context, instanceId) && getsThrough(context, instanceId, 'messages', agents(context).get(instanceId)!.roleName);
}
