import { describeInstance } from './instance-facts';
import { ServiceError } from '../../wire/operation';
import type { Context, Position, Principal } from '../../wire/operation';

/** What an agent needs a way to: one host to be there at all, and any of several to be given commands. */
type Purpose = 'registers' | 'messages';

/** Whether the agent of an instance gets through to Systems Manager. */
export function getsThrough(context: Context, instanceId: string, purpose: Purpose, roleName: string): boolean {
  const from = positionOf(context, instanceId);
  if (!from) return false;
  const services = context.row<Readonly<Record<Purpose, readonly string[]>>>('agent-channels')[purpose];
  return services.some((service) => isOpen(context, from, service, sessionOf(context, instanceId, roleName)));
}

function isOpen(context: Context, from: Position, service: string, principal: Principal): boolean {
  try {
    return context.call<{ allowed: boolean }>('ec2', 'EmulatedServicePath', { from, service }, { principal }).allowed;
  } catch (error) {
    // Without an emulated network everything can be reached.
    if (error instanceof ServiceError && error.code === 'NotImplemented') return true;
    throw error;
  }
}

function positionOf(context: Context, instanceId: string): Position | undefined {
  const facts = describeInstance(context, instanceId);
  if (!facts) return undefined;
  const { account, region } = context;
  const { VpcId = '', SubnetId = '', SecurityGroups = [], PrivateIpAddress } = facts;
  const securityGroupIds = SecurityGroups.map(({ GroupId = '' }) => GroupId);
  return { kind: 'vpc', vpcId: VpcId, subnetId: SubnetId, securityGroupIds, address: PrivateIpAddress, instanceId, home: { account, region } };
}

/** Whom an agent acts as. */
export function sessionOf({ account, partition }: Context, instanceId: string, roleName: string): Principal {
  return {
    kind: 'role',
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/${instanceId}`,
    roleArn: `arn:${partition}:iam::${account}:role/${roleName}`,
    sessionName: instanceId,
  };
}
