import { itself } from './itself';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** What SSM needs of EC2's description of an instance. */
export interface InstanceFacts {
  readonly InstanceId: string;
  readonly State?: { readonly Name?: string };
  readonly PrivateIpAddress?: string;
  readonly PrivateDnsName?: string;
  readonly VpcId?: string;
  readonly SubnetId?: string;
  readonly SecurityGroups?: ReadonlyArray<{ readonly GroupId?: string }>;
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
