import type { Context, Output } from '../../../wire/operation';
import { formatBlock, hasBlock, overlap, parseBlock } from '../addresses';
import type { Block } from '../addresses';
import { defaultDhcpOptions } from './dhcp-options';
import { ruleOf } from './security-groups';
import { find } from '../find';
import { newId } from '../ids';
import { hasBlock6, parseBlock6 } from '../ipv6';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { newDefaultAcl } from '../network-acl-records';
import { refuse } from '../refusals';
import {
  dhcpOptions, egressOnlyGateways, endpoints, interfaces, internetGateways, natGateways, networkAcls, peerings, routeTables, securityGroupRules,
  securityGroups, subnets, vpcs,
} from '../state';
import type { Vpc } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { amazonBlock6, block6Given, blockGiven, blocksOf, newAssociation } from '../vpc-blocks';
import { vpcOf } from '../vpc-of';

interface CreateVpcInput extends WithTags {
  readonly CidrBlock?: string;
  readonly InstanceTenancy?: string;
  readonly AmazonProvidedIpv6CidrBlock?: boolean;
}

/** A VPC brings its main route table, its default network ACL and its default security group. */
export function createVpc(context: Context, input: CreateVpcInput): Output {
  checkTagTypes(context, input, 'vpc');
  if (input.CidrBlock === undefined) throw refuse(context, 'missing-parameter', 'cidrBlock');
  const block = vpcBlock(context, input.CidrBlock);
  if (vpcs(context).size() >= context.row<number>('vpcs-per-region')) throw refuse(context, 'vpc-limit');
  const vpc = addVpc(context, block, {
    ipv6: input.AmazonProvidedIpv6CidrBlock ? [newAssociation(context, 'vpc-cidr-assoc', amazonBlock6(context))] : [],
    tenancy: input.InstanceTenancy ?? 'default',
  });
  tagNew(context, input, 'vpc', vpc.id);
  return { Vpc: { ...view(context, vpc), State: 'pending' } };
}

export function addVpc(context: Context, block: Block, more: Partial<Vpc>): Vpc {
  const id = newId(context, 'vpc');
  const vpc = vpcs(context).put(id, {
    id,
    cidrs: [newAssociation(context, 'vpc-cidr-assoc', formatBlock(block))],
    ipv6: [],
    isDefault: false,
    tenancy: 'default',
    dnsSupport: true,
    dnsHostnames: false,
    dhcpOptionsId: defaultDhcpOptions(context).id,
    ...more,
  });
  addMainRouteTable(context, vpc);
  newDefaultAcl(context, vpc);
  addDefaultGroup(context, vpc);
  context.emit('created', id);
  return vpc;
}

function addMainRouteTable(context: Context, vpc: Vpc): void {
  const id = newId(context, 'rtb');
  routeTables(context).put(id, {
    id,
    vpcId: vpc.id,
    routes: [...vpc.cidrs, ...vpc.ipv6].map(({ cidr }) => ({ destination: cidr, target: 'local', origin: 'CreateRouteTable' })),
    associations: [{ id: newId(context, 'rtbassoc'), main: true }],
  });
}

function addDefaultGroup(context: Context, vpc: Vpc): void {
  const id = newId(context, 'sg');
  securityGroups(context).put(id, { id, vpcId: vpc.id, name: 'default', description: 'default VPC security group' });
  const rules = [
    ruleOf(context, id, { egress: false, protocol: '-1', peerGroupId: id, peerAccount: context.account }),
    ruleOf(context, id, { egress: true, protocol: '-1', cidr: '0.0.0.0/0' }),
    ...(vpc.ipv6.length > 0 ? [ruleOf(context, id, { egress: true, protocol: '-1', cidr6: '::/0' })] : []),
  ];
  rules.forEach((rule) => securityGroupRules(context).put(rule.id, rule));
}

function vpcBlock(context: Context, cidr: string): Block {
  const block = blockGiven(context, cidr, 'cidrBlock');
  if (block.prefix < 16 || block.prefix > 28) throw refuse(context, 'vpc-range', cidr);
  return block;
}

export function deleteVpc(context: Context, { VpcId }: { VpcId: string }): Output {
  const vpc = vpcOf(context, VpcId);
  if (isUsed(context, vpc.id)) throw refuse(context, 'vpc-dependency', vpc.id);
  const groups = securityGroups(context).values().filter(({ vpcId }) => vpcId === vpc.id);
  for (const group of groups) {
    for (const rule of securityGroupRules(context).values()) {
      if (rule.groupId === group.id) securityGroupRules(context).delete(rule.id);
    }
    securityGroups(context).delete(group.id);
    dropTags(context, group.id);
  }
  routeTables(context).values().filter(({ vpcId }) => vpcId === vpc.id).forEach(({ id }) => routeTables(context).delete(id));
  networkAcls(context).values().filter(({ vpcId }) => vpcId === vpc.id).forEach(({ id }) => networkAcls(context).delete(id));
  vpcs(context).delete(vpc.id);
  dropTags(context, vpc.id);
  context.emit('deleted', vpc.id);
  return {};
}

/** Anything that was put into the VPC by hand, beyond what came with it. */
function isUsed(context: Context, id: string): boolean {
  const inVpc = ({ vpcId }: { vpcId?: string }): boolean => vpcId === id;
  return subnets(context).values().some(inVpc)
    || interfaces(context).values().some(inVpc)
    || internetGateways(context).values().some(inVpc)
    || egressOnlyGateways(context).values().some(inVpc)
    || natGateways(context).values().some((nat) => inVpc(nat) && nat.state !== 'deleted')
    || endpoints(context).values().some((endpoint) => inVpc(endpoint) && endpoint.state !== 'deleted')
    || securityGroups(context).values().some((group) => inVpc(group) && group.name !== 'default')
    || routeTables(context).values().some((table) => inVpc(table) && !table.associations.some(({ main }) => main))
    || networkAcls(context).values().some((acl) => inVpc(acl) && !acl.isDefault)
    || peerings(context).values().some((peering) => peering.status === 'active' && [peering.requester, peering.accepter].some(inVpc));
}

export function describeVpcs(context: Context, input: ListInput & { VpcIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: vpcs(context).values(),
    idOf: (vpc) => vpc.id,
    ids: input.VpcIds,
    missing: 'vpc',
    filters: {
      'vpc-id': (vpc) => vpc.id,
      'state': () => 'available',
      'cidr': (vpc) => vpc.cidrs[0].cidr,
      'cidr-block-association.cidr-block': (vpc) => vpc.cidrs.map(({ cidr }) => cidr),
      'cidr-block-association.association-id': (vpc) => vpc.cidrs.map(({ id }) => id),
      'ipv6-cidr-block-association.ipv6-cidr-block': (vpc) => vpc.ipv6.map(({ cidr }) => cidr),
      'dhcp-options-id': (vpc) => vpc.dhcpOptionsId,
      'is-default': (vpc) => vpc.isDefault,
      'isDefault': (vpc) => vpc.isDefault,
    },
  });
  return { Vpcs: page.map((vpc) => view(context, vpc)), NextToken };
}

export function describeVpcAttribute(context: Context, { VpcId, Attribute }: { VpcId: string; Attribute: string }): Output {
  const vpc = vpcOf(context, VpcId);
  const attributes: Record<string, Output> = {
    enableDnsSupport: { EnableDnsSupport: { Value: vpc.dnsSupport } },
    enableDnsHostnames: { EnableDnsHostnames: { Value: vpc.dnsHostnames } },
    enableNetworkAddressUsageMetrics: { EnableNetworkAddressUsageMetrics: { Value: false } },
  };
  return { VpcId: vpc.id, ...attributes[Attribute] };
}

interface ModifyVpcAttributeInput {
  readonly VpcId: string;
  readonly EnableDnsSupport?: { readonly Value?: boolean };
  readonly EnableDnsHostnames?: { readonly Value?: boolean };
}

export function modifyVpcAttribute(context: Context, input: ModifyVpcAttributeInput): Output {
  const vpc = vpcOf(context, input.VpcId);
  if (input.EnableDnsSupport && input.EnableDnsHostnames) throw refuse(context, 'one-attribute');
  vpcs(context).put(vpc.id, {
    ...vpc,
    dnsSupport: input.EnableDnsSupport?.Value ?? vpc.dnsSupport,
    dnsHostnames: input.EnableDnsHostnames?.Value ?? vpc.dnsHostnames,
  });
  return {};
}

interface AssociateVpcCidrBlockInput {
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly AmazonProvidedIpv6CidrBlock?: boolean;
  readonly Ipv6CidrBlock?: string;
}

export function associateVpcCidrBlock(context: Context, input: AssociateVpcCidrBlockInput): Output {
  const vpc = vpcOf(context, input.VpcId);
  if (input.CidrBlock !== undefined) {
    const block = vpcBlock(context, input.CidrBlock);
    if (blocksOf(vpc).some((other) => overlap(other, block))) throw refuse(context, 'vpc-block-overlap', input.CidrBlock);
    if (vpc.cidrs.length >= context.row<number>('cidrs-per-vpc')) throw refuse(context, 'cidr-limit', vpc.id);
    const association = newAssociation(context, 'vpc-cidr-assoc', formatBlock(block));
    vpcs(context).put(vpc.id, { ...vpc, cidrs: [...vpc.cidrs, association] });
    addLocalRoutes(context, vpc.id, association.cidr);
    return {
      VpcId: vpc.id,
      CidrBlockAssociation: { AssociationId: association.id, CidrBlock: association.cidr, CidrBlockState: { State: 'associating' } },
    };
  }
  const cidr = input.Ipv6CidrBlock ?? amazonBlock6(context);
  block6Given(context, cidr, 'ipv6CidrBlock');
  const association = newAssociation(context, 'vpc-cidr-assoc', cidr);
  vpcs(context).put(vpc.id, { ...vpc, ipv6: [...vpc.ipv6, association] });
  addLocalRoutes(context, vpc.id, cidr);
  return {
    VpcId: vpc.id,
    Ipv6CidrBlockAssociation: { ...view6(context, association), Ipv6CidrBlockState: { State: 'associating' } },
  };
}

function addLocalRoutes(context: Context, vpcId: string, destination: string): void {
  for (const table of routeTables(context).values()) {
    if (table.vpcId !== vpcId) continue;
    routeTables(context).put(table.id, { ...table, routes: [...table.routes, { destination, target: 'local', origin: 'CreateRouteTable' }] });
  }
}

export function disassociateVpcCidrBlock(context: Context, { AssociationId }: { AssociationId: string }): Output {
  const vpc = vpcs(context).values().find(({ cidrs, ipv6 }) => [...cidrs, ...ipv6].some(({ id }) => id === AssociationId));
  if (!vpc) throw refuse(context, 'vpc-cidr-association', AssociationId);
  if (vpc.cidrs[0].id === AssociationId) throw refuse(context, 'vpc-primary-block', AssociationId);
  const association = [...vpc.cidrs, ...vpc.ipv6].find(({ id }) => id === AssociationId)!;
  const inside = subnets(context).values().filter(({ vpcId }) => vpcId === vpc.id);
  const used = inside.some((subnet) => [subnet.cidr, ...subnet.ipv6.map(({ cidr }) => cidr)].some((cidr) => isInside(cidr, association.cidr)));
  if (used) throw refuse(context, 'vpc-block-used', association.cidr);
  vpcs(context).put(vpc.id, {
    ...vpc,
    cidrs: vpc.cidrs.filter(({ id }) => id !== AssociationId),
    ipv6: vpc.ipv6.filter(({ id }) => id !== AssociationId),
  });
  for (const table of routeTables(context).values()) {
    if (table.vpcId !== vpc.id) continue;
    const routes = table.routes.filter(({ destination, target }) => target !== 'local' || destination !== association.cidr);
    routeTables(context).put(table.id, { ...table, routes });
  }
  const is6 = association.cidr.includes(':');
  return {
    VpcId: vpc.id,
    ...(is6
      ? { Ipv6CidrBlockAssociation: { ...view6(context, association), Ipv6CidrBlockState: { State: 'disassociating' } } }
      : { CidrBlockAssociation: { AssociationId, CidrBlock: association.cidr, CidrBlockState: { State: 'disassociating' } } }),
  };
}

function isInside(inner: string, outer: string): boolean {
  const [block, block6] = [parseBlock(inner), parseBlock6(inner)];
  const [around, around6] = [parseBlock(outer), parseBlock6(outer)];
  return Boolean((block && around && hasBlock(around, block)) || (block6 && around6 && hasBlock6(around6, block6)));
}

export function associateDhcpOptions(context: Context, { DhcpOptionsId, VpcId }: { DhcpOptionsId: string; VpcId: string }): Output {
  const vpc = vpcOf(context, VpcId);
  const chosen = DhcpOptionsId === 'default' ? defaultDhcpOptions(context) : find(context, dhcpOptions(context), 'dopt', 'dhcp-options', DhcpOptionsId);
  vpcs(context).put(vpc.id, { ...vpc, dhcpOptionsId: chosen.id });
  return {};
}

function view6(context: Context, { id, cidr }: { id: string; cidr: string }): Output {
  return {
    AssociationId: id,
    Ipv6CidrBlock: cidr,
    Ipv6CidrBlockState: { State: 'associated' },
    NetworkBorderGroup: context.region,
    Ipv6Pool: 'Amazon',
  };
}

function view(context: Context, vpc: Vpc): Output {
  return {
    VpcId: vpc.id,
    OwnerId: context.account,
    State: 'available',
    CidrBlock: vpc.cidrs[0].cidr,
    CidrBlockAssociationSet: vpc.cidrs.map(({ id, cidr }) => ({ AssociationId: id, CidrBlock: cidr, CidrBlockState: { State: 'associated' } })),
    Ipv6CidrBlockAssociationSet: vpc.ipv6.map((association) => view6(context, association)),
    DhcpOptionsId: vpc.dhcpOptionsId,
    InstanceTenancy: vpc.tenancy,
    IsDefault: vpc.isDefault,
    Tags: tagsOf(context, vpc.id),
  };
}
