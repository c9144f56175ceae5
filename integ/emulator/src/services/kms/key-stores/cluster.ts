import { keyStoreRole, onBehalf } from './role';
import { aclsLetThrough, subnetsArePrivate } from './subnets';
import { ServiceError } from '../../../wire/operation';
import type { Caller, Context } from '../../../wire/operation';
import { refusal } from '../text';

/** What KMS sees of a cluster. */
export interface Cluster {
  readonly ClusterId: string;
  readonly State: string;
  readonly VpcId: string;
  readonly SecurityGroup?: string;
  /** Subnet by Availability Zone. */
  readonly SubnetMapping: Readonly<Record<string, string>>;
  readonly Hsms?: ReadonlyArray<{ readonly AvailabilityZone: string; readonly State: string }>;
  readonly Certificates?: { readonly ClusterCertificate?: string };
}

/** The cluster, or undefined when there is none (any more). */
export function clusterNamed(context: Context, clusterId: string, as: Caller = onBehalf(context)): Cluster | undefined {
  const { Clusters = [] } = context.call<{ Clusters?: Cluster[] }>('cloudhsmv2', 'DescribeClusters', { Filters: { clusterIds: [clusterId] } }, as);
  return Clusters.find(({ State }) => State !== 'DELETED');
}

/** @throws ServiceError CloudHsmClusterNotFoundException */
export function findCluster(context: Context, clusterId: string): Cluster {
  const cluster = clusterNamed(context, clusterId);
  if (!cluster) throw refusal(context, 'CloudHsmClusterNotFoundException', 'text-cluster-not-found', { cluster: clusterId });
  return cluster;
}

export function certificateOf({ Certificates }: Cluster): string {
  return Certificates?.ClusterCertificate ?? '';
}

/** Clusters share a backup history exactly when they have the same certificate. */
export function isRelated(cluster: Cluster, certificate: string): boolean {
  return certificate !== '' && certificateOf(cluster) === certificate;
}

/** @throws ServiceError CloudHsmClusterNotActiveException */
export function requireActive(context: Context, { ClusterId, State }: Cluster): void {
  if (context.row<readonly string[]>('kms/cluster-states').includes(State)) return;
  throw refusal(context, 'CloudHsmClusterNotActiveException', 'text-cluster-not-active', { cluster: ClusterId, state: State });
}

/** @throws ServiceError CloudHsmClusterInvalidConfigurationException for subnets, security group or fewer active HSMs in different zones */
export function requireConfiguration(context: Context, cluster: Cluster, hsms: number): void {
  const refuse = (row: string) => refusal(context, 'CloudHsmClusterInvalidConfigurationException', row, { cluster: cluster.ClusterId, hsms });
  if (Object.keys(cluster.SubnetMapping).length < 2) throw refuse('text-cluster-subnets');
  if (context.row<boolean>('kms/subnets-must-be-private') && !subnetsArePrivate(context, cluster)) throw refuse('text-cluster-subnets');
  if (context.row<boolean>('kms/network-acls-tested') && !aclsLetThrough(context, cluster)) throw refuse('text-cluster-acl');
  if (!letsItselfThrough(context, cluster)) throw refuse('text-cluster-group');
  if (activeZones(cluster).length < hsms) throw refuse('text-cluster-hsms');
}

/** Zones in which an HSM is active. */
export function activeZones({ Hsms = [] }: Cluster): string[] {
  return [...new Set(Hsms.filter(({ State }) => State === 'ACTIVE').map(({ AvailabilityZone }) => AvailabilityZone))];
}

interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly UserIdGroupPairs?: ReadonlyArray<{ readonly GroupId?: string }>;
}

/** Whether the cluster's group has the client ports open from and to itself, as CloudHSM made it. */
function letsItselfThrough(context: Context, { SecurityGroup: GroupId }: Cluster): boolean {
  const group = GroupId === undefined ? undefined : describeGroup(context, GroupId);
  return [group?.IpPermissions, group?.IpPermissionsEgress].every((rules) => rules?.some((rule) => isOpen(context, rule, GroupId!)));
}

interface Group {
  readonly IpPermissions?: readonly Permission[];
  readonly IpPermissionsEgress?: readonly Permission[];
}

function describeGroup(context: Context, GroupId: string): Group | undefined {
  try {
    return context.call<{ SecurityGroups?: Group[] }>('ec2', 'DescribeSecurityGroups', { GroupIds: [GroupId] }, keyStoreRole(context)).SecurityGroups?.[0];
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'InvalidGroup.NotFound') return undefined;
    throw error;
  }
}

function isOpen(context: Context, { IpProtocol, FromPort = 0, ToPort = 65_535, UserIdGroupPairs = [] }: Permission, groupId: string): boolean {
  const [from, to] = context.row<[number, number]>('kms/client-ports');
  return ['tcp', '6', '-1'].includes(IpProtocol) && FromPort <= from && ToPort >= to && UserIdGroupPairs.some(({ GroupId }) => GroupId === groupId);
}
