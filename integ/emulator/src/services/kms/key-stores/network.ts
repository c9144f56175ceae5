import type { Cluster } from './cluster';
import { byItself, keyStoreRole } from './role';
import type { ConnectionErrorCode, KeyStoreRecord, StoreInterface, StoreNetwork } from './state';
import { ServiceError } from '../../../wire/operation';
import type { Context, Position } from '../../../wire/operation';
import { text } from '../text';

/** What came of it: what was made, and why no more was. */
export interface MadeNetwork {
  readonly network: StoreNetwork;
  readonly problem?: ConnectionErrorCode;
}

/** KMS's own security group and an interface in each of the cluster's subnets. */
export function makeNetwork(context: Context, store: KeyStoreRecord, cluster: Cluster): MadeNetwork {
  const { VpcId: vpcId, SecurityGroup: clusterGroupId = '' } = cluster;
  const made: { groupId?: string; interfaces: StoreInterface[] } = { interfaces: [] };
  const network = (): StoreNetwork => ({ vpcId, clusterGroupId, ...made });
  try {
    made.groupId = ec2<{ GroupId: string }>(context, 'CreateSecurityGroup', {
      GroupName: text(context, 'key-store-group', { id: store.id }), Description: text(context, 'key-store-group', { id: store.id }), VpcId: vpcId,
    }).GroupId;
    const everywhere = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    ec2(context, 'RevokeSecurityGroupEgress', { GroupId: made.groupId, IpPermissions: everywhere });
    const fromCluster = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: clusterGroupId }] }];
    ec2(context, 'AuthorizeSecurityGroupIngress', { GroupId: made.groupId, IpPermissions: fromCluster });
    for (const subnetId of Object.values(cluster.SubnetMapping)) {
      made.interfaces.push(makeInterface(context, cluster, subnetId, [clusterGroupId, made.groupId]));
    }
    return { network: network() };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { network: network(), problem: problemOf(error) };
  }
}

/** What cannot be deleted, because somebody else uses it by now, stays behind. */
export function deleteNetwork(context: Context, { interfaces, groupId }: StoreNetwork): void {
  for (const { id } of interfaces) quietly(context, 'DeleteNetworkInterface', { NetworkInterfaceId: id }, id);
  if (groupId !== undefined) quietly(context, 'DeleteSecurityGroup', { GroupId: groupId }, groupId);
}

/** From where KMS dials: any of its interfaces. */
export function dialsFrom({ vpcId, clusterGroupId, groupId, interfaces }: StoreNetwork): Position[] {
  const securityGroupIds = [clusterGroupId, ...(groupId === undefined ? [] : [groupId])];
  return interfaces.map(({ subnetId, address }) => ({ kind: 'vpc', vpcId, subnetId, address, securityGroupIds }));
}

function makeInterface(context: Context, cluster: Cluster, subnetId: string, groups: readonly string[]): StoreInterface {
  const { NetworkInterface: made } = ec2<{ NetworkInterface: { NetworkInterfaceId: string; PrivateIpAddress: string } }>(
    context, 'CreateNetworkInterface', {
      SubnetId: subnetId, Groups: groups, Description: text(context, 'key-store-interface', { cluster: cluster.ClusterId }),
    });
  return { id: made.NetworkInterfaceId, subnetId, address: made.PrivateIpAddress };
}

function problemOf({ code }: ServiceError): ConnectionErrorCode {
  if (code.startsWith('InvalidSubnetID')) return 'SUBNET_NOT_FOUND';
  return code === 'InsufficientFreeAddressesInSubnet' ? 'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET' : 'INTERNAL_ERROR';
}

function ec2<O>(context: Context, operation: string, input: object): O {
  return context.call<O>('ec2', operation, input, keyStoreRole(context));
}

function quietly(context: Context, operation: string, input: object, id: string): void {
  try {
    context.call('ec2', operation, input, operation === 'DeleteNetworkInterface' ? byItself(context) : keyStoreRole(context));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (!/NotFound$/.test(error.code)) context.emit('LEFT_BEHIND', id);
  }
}
