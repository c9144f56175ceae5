import { itself } from './itself';
import type { Table } from '../../kernel';
import { ServiceError } from '../../wire/operation';
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

/** An agent that stops pinging is missed only after a while. */
export function pingStatus(context: Context, { instanceId, stoppedAt }: Agent): PingStatus {
  if (stoppedAt === undefined) return 'Online';
  return context.now < stoppedAt + context.delay('connection-lost', instanceId) ? 'Online' : 'ConnectionLost';
}

export function isReachable(context: Context, instanceId: string): boolean {
  const agent = agents(context).get(instanceId);
  return agent !== undefined && agent.stoppedAt === undefined;
}

/** What SSM needs of EC2's description of an instance. */
export interface InstanceFacts {
  readonly InstanceId: string;
  readonly State?: { readonly Name?: string };
  readonly PrivateIpAddress?: string;
  readonly PrivateDnsName?: string;
  readonly ImageId?: string;
  readonly IamInstanceProfile?: { readonly Arn?: string };
  readonly Tags?: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
}

export function describeInstance(context: Context, instanceId: string): InstanceFacts | undefined {
  try {
    return describeInstances(context, { InstanceIds: [instanceId] })[0];
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

export function describeInstances(context: Context, input: object): InstanceFacts[] {
  const { Reservations = [] } = context.call<{ Reservations?: Array<{ Instances?: InstanceFacts[] }> }>('ec2', 'DescribeInstances', input, itself(context));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}
