import { byItself } from './role';
import type { Context } from '../../../wire/operation';

/** What KMS may look at in a cluster's subnets; nobody has published what it does look at. */

interface Placed {
  readonly VpcId: string;
  /** Subnet by Availability Zone. */
  readonly SubnetMapping: Readonly<Record<string, string>>;
}

interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

interface RouteTable {
  readonly Associations?: ReadonlyArray<{ readonly SubnetId?: string }>;
  readonly Routes?: ReadonlyArray<{ readonly GatewayId?: string }>;
}

/** Subnets that were deleted are found while connecting. */
export function subnetsArePrivate(context: Context, cluster: Placed): boolean {
  return existing(context, cluster).every((subnetId) => isPrivate(context, cluster.VpcId, subnetId));
}

/** Whether the network ACLs let the client ports through both ways. */
export function aclsLetThrough(context: Context, cluster: Placed): boolean {
  return existing(context, cluster).every((subnetId) => aclLetsThrough(context, subnetId));
}

function existing(context: Context, { SubnetMapping }: Placed): string[] {
  const asked = [{ Name: 'subnet-id', Values: Object.values(SubnetMapping) }];
  const { Subnets = [] } = ec2<{ Subnets?: Array<{ SubnetId: string }> }>(context, 'DescribeSubnets', asked);
  return Subnets.map(({ SubnetId }) => SubnetId);
}

/** A subnet is private when its route table, or else the VPC's main one, leads to no internet gateway. */
function isPrivate(context: Context, vpcId: string, subnetId: string): boolean {
  const tables = (...filters: Filter[]) => ec2<{ RouteTables?: RouteTable[] }>(context, 'DescribeRouteTables', filters).RouteTables ?? [];
  const [own] = tables({ Name: 'association.subnet-id', Values: [subnetId] });
  const [main] = own ? [] : tables({ Name: 'vpc-id', Values: [vpcId] }, { Name: 'association.main', Values: ['true'] });
  return !(own ?? main)?.Routes?.some(({ GatewayId }) => GatewayId?.startsWith('igw-'));
}

interface AclEntry {
  readonly RuleNumber: number;
  readonly Protocol: string;
  readonly RuleAction: string;
  readonly Egress: boolean;
  readonly PortRange?: { readonly From: number; readonly To: number };
}

/** The first rule that speaks of the client ports decides. */
function aclLetsThrough(context: Context, subnetId: string): boolean {
  const [from, to] = context.row<[number, number]>('kms/client-ports');
  const { NetworkAcls: [acl] = [] } = ec2<{ NetworkAcls?: Array<{ Entries?: AclEntry[] }> }>(
    context, 'DescribeNetworkAcls', [{ Name: 'association.subnet-id', Values: [subnetId] }]);
  const speaksOfThem = ({ Protocol, PortRange = { From: 0, To: 65_535 } }: AclEntry) =>
    ['-1', '6'].includes(Protocol) && PortRange.From <= to && PortRange.To >= from;
  return [true, false].every((egress) => (acl?.Entries ?? [])
    .filter((entry) => entry.Egress === egress && speaksOfThem(entry))
    .sort((a, b) => a.RuleNumber - b.RuleNumber)[0]?.RuleAction === 'allow');
}

function ec2<O>(context: Context, operation: string, Filters: readonly Filter[]): O {
  return context.call<O>('ec2', operation, { Filters }, byItself(context));
}
