import { invalid, text } from './refusals';
import { ServiceError } from '../../wire/operation';
import type { Caller, Context } from '../../wire/operation';

/**
 * What CloudHSM does in EC2 and IAM. It acts with the caller's own permissions, so a call that the caller may not make
 * fails the CloudHSM operation.
 */
export interface Subnet {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly AvailabilityZone: string;
  readonly Ipv6CidrBlockAssociationSet?: readonly unknown[];
}

export interface Interface {
  readonly eniId: string;
  readonly eniIp: string;
  readonly eniIpV6?: string;
}

const DENIED = /^(UnauthorizedOperation|AccessDenied|AccessDeniedException)$/;

/** The identity of a caller, on whose behalf the service acts from its own network. */
function onBehalfOf(caller: Caller): Caller {
  return { principal: caller.principal, position: { kind: 'service', service: 'cloudhsm' }, activityId: undefined };
}

function ec2<O>(context: Context, operation: string, input: object, caller: Caller = context.caller): O {
  try {
    return context.call<O>('ec2', operation, input, onBehalfOf(caller));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.options.status === 501) throw error;
    if (DENIED.test(error.code)) throw denied(context, error);
    throw invalid(context, 'text-ec2', { reason: error.message });
  }
}

function denied(context: Context, error: ServiceError): ServiceError {
  return new ServiceError('CloudHsmAccessDeniedException', text(context, 'text-dependent-denied', { reason: error.message }));
}

export function describeSubnets(context: Context, subnetIds: readonly string[]): Subnet[] {
  const { Subnets = [] } = ec2<{ Subnets?: Subnet[] }>(context, 'DescribeSubnets', { SubnetIds: subnetIds });
  return Subnets;
}

/** The cluster's own group: client ports from and to itself, nothing else. */
export function createSecurityGroup(context: Context, clusterId: string, vpcId: string): string {
  const { GroupId } = ec2<{ GroupId: string }>(context, 'CreateSecurityGroup', {
    GroupName: text(context, 'security-group-name', { cluster: clusterId }),
    Description: `Security group for ${clusterId}`,
    VpcId: vpcId,
  });
  const [FromPort, ToPort] = context.row<[number, number]>('cloudhsmv2/client-ports');
  const toItself = [{ IpProtocol: 'tcp', FromPort, ToPort, UserIdGroupPairs: [{ GroupId }] }];
  ec2(context, 'RevokeSecurityGroupEgress', { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
  ec2(context, 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: toItself });
  ec2(context, 'AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: toItself });
  return GroupId;
}

/** False when something still uses the group. */
export function deleteSecurityGroup(context: Context, groupId: string, caller: Caller): boolean {
  return succeeds(() => context.call('ec2', 'DeleteSecurityGroup', { GroupId: groupId }, onBehalfOf(caller)));
}

export function createInterface(
  context: Context,
  hsm: { hsmId: string; clusterId: string; subnetId: string; securityGroup: string; address?: string; ipv6: boolean },
): Interface {
  const { NetworkInterface: made } = ec2<{
    NetworkInterface: { NetworkInterfaceId: string; PrivateIpAddress: string; Ipv6Addresses?: Array<{ Ipv6Address: string }> };
  }>(context, 'CreateNetworkInterface', {
    SubnetId: hsm.subnetId,
    Groups: [hsm.securityGroup],
    Description: text(context, 'eni-description', { hsm: hsm.hsmId, cluster: hsm.clusterId }),
    ...(hsm.address ? { PrivateIpAddress: hsm.address } : {}),
    ...(hsm.ipv6 ? { Ipv6AddressCount: 1 } : {}),
  });
  return {
    eniId: made.NetworkInterfaceId,
    eniIp: made.PrivateIpAddress,
    ...(made.Ipv6Addresses?.[0] ? { eniIpV6: made.Ipv6Addresses[0].Ipv6Address } : {}),
  };
}

/** False when it could not be deleted: it stays behind. */
export function deleteInterface(context: Context, eniId: string, caller: Caller): boolean {
  return succeeds(() => context.call('ec2', 'DeleteNetworkInterface', { NetworkInterfaceId: eniId }, onBehalfOf(caller)));
}

function succeeds(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.options.status === 501) throw error;
    return /NotFound$/.test(error.code);
  }
}

/** Makes the account's service-linked role unless it is there. */
export function ensureServiceLinkedRole(context: Context): void {
  try {
    context.call('iam', 'GetRole', { RoleName: context.row('cloudhsmv2/service-linked-role') }, serviceLinkedRole(context));
  } catch (error) {
    if (!(error instanceof ServiceError) || !/^NoSuchEntity/.test(error.code)) throw error;
    createServiceLinkedRole(context);
  }
}

function createServiceLinkedRole(context: Context): void {
  try {
    context.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'cloudhsm.amazonaws.com' }, onBehalfOf(context.caller));
  } catch (error) {
    if (!(error instanceof ServiceError) || !DENIED.test(error.code)) throw error;
    throw new ServiceError('CloudHsmAccessDeniedException', text(context, 'text-service-linked-role'));
  }
}

/** CloudHSM acting by itself. */
export function serviceLinkedRole(context: Context): Caller {
  const role = context.row<string>('cloudhsmv2/service-linked-role');
  const path = 'aws-service-role/cloudhsm.amazonaws.com';
  return {
    principal: {
      kind: 'service',
      account: context.account,
      arn: `arn:${context.partition}:iam::${context.account}:role/${path}/${role}`,
      roleArn: `arn:${context.partition}:iam::${context.account}:role/${path}/${role}`,
      service: 'cloudhsm.amazonaws.com',
    },
    position: { kind: 'service', service: 'cloudhsm' },
    activityId: undefined,
  };
}
