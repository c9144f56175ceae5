import type { Context, Output } from '../../../wire/operation';
import { formatBlock, hasBlock, overlap, RESERVED_PER_SUBNET, sizeOf } from '../addresses';
import { find } from '../find';
import { newId } from '../ids';
import { hasBlock6 } from '../ipv6';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { associateAcl, defaultAclOf, dropAclAssociation } from '../network-acl-records';
import { refuse } from '../refusals';
import { interfaces, natGateways, routeTables, subnets } from '../state';
import type { CidrAssociation, Subnet, Vpc } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { block6Given, blockGiven, blockOf, blocks6Of, blocksOf, newAssociation } from '../vpc-blocks';
import { vpcOf } from '../vpc-of';
import { chosenZone, zoneId } from '../zones';

interface CreateSubnetInput extends WithTags {
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
}

export function createSubnet(context: Context, input: CreateSubnetInput): Output {
  checkTagTypes(context, input, 'subnet');
  const vpc = vpcOf(context, input.VpcId);
  if (input.CidrBlock === undefined) throw refuse(context, 'missing-parameter', 'cidrBlock');
  const block = blockGiven(context, input.CidrBlock, 'cidrBlock');
  const zone = chosenZone(context, input.AvailabilityZone, input.AvailabilityZoneId);
  const inRange = block.prefix >= 16 && block.prefix <= 28 && blocksOf(vpc).some((outer) => hasBlock(outer, block));
  if (!inRange) throw refuse(context, 'subnet-range', input.CidrBlock);
  const siblings = subnets(context).values().filter(({ vpcId }) => vpcId === vpc.id);
  if (siblings.some((sibling) => overlap(blockOf(sibling), block))) throw refuse(context, 'subnet-conflict', input.CidrBlock);
  if (siblings.length >= context.row<number>('subnets-per-vpc')) throw refuse(context, 'subnet-limit');
  const subnet = addSubnet(context, vpc, {
    cidr: formatBlock(block),
    zone,
    ipv6: input.Ipv6CidrBlock === undefined ? [] : [association6(context, vpc, input.Ipv6CidrBlock)],
  });
  tagNew(context, input, 'subnet', subnet.id);
  return { Subnet: view(context, subnet) };
}

export function addSubnet(context: Context, vpc: Vpc, more: Pick<Subnet, 'cidr' | 'zone' | 'ipv6'> & Partial<Subnet>): Subnet {
  const id = newId(context, 'subnet');
  const subnet = subnets(context).put(id, {
    id,
    vpcId: vpc.id,
    isDefault: false,
    mapPublicIp: false,
    assignIpv6: false,
    dns64: false,
    hostnameType: 'ip-name',
    resourceNameA: false,
    resourceNameAaaa: false,
    ...more,
  });
  associateAcl(context, id, defaultAclOf(context, vpc.id).id);
  context.emit('created', id);
  return subnet;
}

function association6(context: Context, vpc: Vpc, cidr: string): CidrAssociation {
  const block = block6Given(context, cidr, 'ipv6CidrBlock');
  if (!blocks6Of(vpc).some((outer) => hasBlock6(outer, block))) throw refuse(context, 'subnet-range', cidr);
  const taken = subnets(context).values().filter(({ vpcId }) => vpcId === vpc.id).flatMap(blocks6Of);
  if (taken.some((other) => hasBlock6(other, block) || hasBlock6(block, other))) throw refuse(context, 'subnet-conflict', cidr);
  return newAssociation(context, 'subnet-cidr-assoc', cidr);
}

export function deleteSubnet(context: Context, { SubnetId }: { SubnetId: string }): Output {
  const subnet = subnetOf(context, SubnetId);
  const used = interfaces(context).values().some(({ subnetId }) => subnetId === subnet.id)
    || natGateways(context).values().some((nat) => nat.subnetId === subnet.id && nat.state !== 'deleted');
  if (used) throw refuse(context, 'subnet-dependency', subnet.id);
  for (const table of routeTables(context).values()) {
    const associations = table.associations.filter(({ subnetId }) => subnetId !== subnet.id);
    if (associations.length !== table.associations.length) routeTables(context).put(table.id, { ...table, associations });
  }
  dropAclAssociation(context, subnet.id);
  subnets(context).delete(subnet.id);
  dropTags(context, subnet.id);
  context.emit('deleted', subnet.id);
  return {};
}

export function describeSubnets(context: Context, input: ListInput & { SubnetIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: subnets(context).values(),
    idOf: (subnet) => subnet.id,
    ids: input.SubnetIds,
    missing: 'subnet',
    filters: {
      'subnet-id': (subnet) => subnet.id,
      'vpc-id': (subnet) => subnet.vpcId,
      'availability-zone': (subnet) => subnet.zone,
      'availabilityZone': (subnet) => subnet.zone,
      'availability-zone-id': (subnet) => zoneId(context, subnet.zone),
      'available-ip-address-count': (subnet) => availableAddresses(context, subnet),
      'cidr-block': (subnet) => subnet.cidr,
      'cidr': (subnet) => subnet.cidr,
      'cidrBlock': (subnet) => subnet.cidr,
      'ipv6-cidr-block-association.ipv6-cidr-block': (subnet) => subnet.ipv6.map(({ cidr }) => cidr),
      'default-for-az': (subnet) => subnet.isDefault,
      'defaultForAz': (subnet) => subnet.isDefault,
      'map-public-ip-on-launch': (subnet) => subnet.mapPublicIp,
      'state': () => 'available',
      'subnet-arn': (subnet) => context.arn('ec2', `subnet/${subnet.id}`),
    },
  });
  return { Subnets: page.map((subnet) => view(context, subnet)), NextToken };
}

interface Switch {
  readonly Value?: boolean;
}

interface ModifySubnetAttributeInput {
  readonly SubnetId: string;
  readonly MapPublicIpOnLaunch?: Switch;
  readonly AssignIpv6AddressOnCreation?: Switch;
  readonly EnableDns64?: Switch;
  readonly PrivateDnsHostnameTypeOnLaunch?: string;
  readonly EnableResourceNameDnsARecordOnLaunch?: Switch;
  readonly EnableResourceNameDnsAAAARecordOnLaunch?: Switch;
}

export function modifySubnetAttribute(context: Context, input: ModifySubnetAttributeInput): Output {
  const { SubnetId: id, ...changes } = input;
  const subnet = subnetOf(context, id);
  if (Object.entries(changes).filter(([name, value]) => name !== 'DryRun' && value !== undefined).length > 1) throw refuse(context, 'one-attribute');
  if (input.AssignIpv6AddressOnCreation?.Value && subnet.ipv6.length === 0) throw refuse(context, 'subnet-without-ipv6', id);
  subnets(context).put(id, {
    ...subnet,
    mapPublicIp: input.MapPublicIpOnLaunch?.Value ?? subnet.mapPublicIp,
    assignIpv6: input.AssignIpv6AddressOnCreation?.Value ?? subnet.assignIpv6,
    dns64: input.EnableDns64?.Value ?? subnet.dns64,
    hostnameType: input.PrivateDnsHostnameTypeOnLaunch ?? subnet.hostnameType,
    resourceNameA: input.EnableResourceNameDnsARecordOnLaunch?.Value ?? subnet.resourceNameA,
    resourceNameAaaa: input.EnableResourceNameDnsAAAARecordOnLaunch?.Value ?? subnet.resourceNameAaaa,
  });
  return {};
}

export function associateSubnetCidrBlock(context: Context, input: { SubnetId: string; Ipv6CidrBlock?: string }): Output {
  const subnet = subnetOf(context, input.SubnetId);
  if (input.Ipv6CidrBlock === undefined) throw refuse(context, 'missing-parameter', 'ipv6CidrBlock');
  const association = association6(context, vpcOf(context, subnet.vpcId), input.Ipv6CidrBlock);
  subnets(context).put(subnet.id, { ...subnet, ipv6: [...subnet.ipv6, association] });
  return { SubnetId: subnet.id, Ipv6CidrBlockAssociation: { ...view6(association), Ipv6CidrBlockState: { State: 'associating' } } };
}

export function disassociateSubnetCidrBlock(context: Context, { AssociationId }: { AssociationId: string }): Output {
  const subnet = subnets(context).values().find(({ ipv6 }) => ipv6.some(({ id }) => id === AssociationId));
  if (!subnet) throw refuse(context, 'subnet-cidr-association', AssociationId);
  const association = subnet.ipv6.find(({ id }) => id === AssociationId)!;
  const used = interfaces(context).values().some((card) => card.subnetId === subnet.id && card.addresses6.length > 0);
  if (used) throw refuse(context, 'subnet-dependency', subnet.id);
  subnets(context).put(subnet.id, { ...subnet, ipv6: subnet.ipv6.filter(({ id }) => id !== AssociationId) });
  return { SubnetId: subnet.id, Ipv6CidrBlockAssociation: { ...view6(association), Ipv6CidrBlockState: { State: 'disassociating' } } };
}

export function subnetOf(context: Context, id: string | undefined): Subnet {
  return find(context, subnets(context), 'subnet', 'subnet', id);
}

export function availableAddresses(context: Context, subnet: Subnet): number {
  const taken = interfaces(context).values().filter(({ subnetId }) => subnetId === subnet.id);
  return sizeOf(blockOf(subnet)) - RESERVED_PER_SUBNET - taken.reduce((sum, { addresses }) => sum + addresses.length, 0);
}

function view6({ id, cidr }: CidrAssociation): Output {
  return { AssociationId: id, Ipv6CidrBlock: cidr, Ipv6CidrBlockState: { State: 'associated' } };
}

function view(context: Context, subnet: Subnet): Output {
  return {
    SubnetId: subnet.id,
    SubnetArn: context.arn('ec2', `subnet/${subnet.id}`),
    VpcId: subnet.vpcId,
    OwnerId: context.account,
    State: 'available',
    CidrBlock: subnet.cidr,
    Ipv6CidrBlockAssociationSet: subnet.ipv6.map(view6),
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneId(context, subnet.zone),
    AvailableIpAddressCount: availableAddresses(context, subnet),
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: subnet.assignIpv6,
    EnableDns64: subnet.dns64,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.resourceNameA,
      EnableResourceNameDnsAAAARecord: subnet.resourceNameAaaa,
    },
    Tags: tagsOf(context, subnet.id),
  };
}
