import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { associateAcl, LAST_ENTRY, lastEntries } from '../network-acl-records';
import { refuse } from '../refusals';
import { networkAcls } from '../state';
import type { AclEntry, NetworkAcl } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { vpcOf } from '../vpc-of';

/** A list of one's own lets nothing through until it says so. */
export function createNetworkAcl(context: Context, input: WithTags & { VpcId: string }): Output {
  checkTagTypes(context, input, 'network-acl');
  const vpc = vpcOf(context, input.VpcId);
  const id = newId(context, 'acl');
  const acl = networkAcls(context).put(id, {
    id, vpcId: vpc.id, isDefault: false, entries: lastEntries(vpc.ipv6.length > 0), associations: [],
  });
  tagNew(context, input, 'network-acl', id);
  return { NetworkAcl: view(context, acl) };
}

export function deleteNetworkAcl(context: Context, { NetworkAclId }: { NetworkAclId: string }): Output {
  const acl = aclOf(context, NetworkAclId);
  if (acl.isDefault) throw refuse(context, 'acl-default-delete', acl.id);
  if (acl.associations.length > 0) throw refuse(context, 'acl-dependency', acl.id);
  networkAcls(context).delete(acl.id);
  dropTags(context, acl.id);
  return {};
}

interface EntryInput {
  readonly NetworkAclId: string;
  readonly RuleNumber: number;
  readonly Egress: boolean;
  readonly Protocol?: string;
  readonly RuleAction?: 'allow' | 'deny';
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly PortRange?: { readonly From?: number; readonly To?: number };
  readonly IcmpTypeCode?: { readonly Type?: number; readonly Code?: number };
}

function entryOf(input: EntryInput): AclEntry {
  return {
    number: input.RuleNumber,
    egress: input.Egress,
    protocol: input.Protocol ?? '-1',
    action: input.RuleAction ?? 'allow',
    cidr: input.CidrBlock,
    cidr6: input.Ipv6CidrBlock,
    fromPort: input.PortRange?.From,
    toPort: input.PortRange?.To,
    icmp: input.IcmpTypeCode && { type: input.IcmpTypeCode.Type ?? -1, code: input.IcmpTypeCode.Code ?? -1 },
  };
}

export function createNetworkAclEntry(context: Context, input: EntryInput): Output {
  const acl = aclOf(context, input.NetworkAclId);
  if (input.RuleNumber < 1 || input.RuleNumber >= LAST_ENTRY) throw refuse(context, 'acl-rule-number', input.RuleNumber);
  if (acl.entries.some((entry) => isAt(entry, input))) throw refuse(context, 'acl-entry-exists', input.RuleNumber);
  networkAcls(context).put(acl.id, { ...acl, entries: sorted([...acl.entries, entryOf(input)]) });
  return {};
}

export function replaceNetworkAclEntry(context: Context, input: EntryInput): Output {
  const acl = aclOf(context, input.NetworkAclId);
  if (!acl.entries.some((entry) => isAt(entry, input))) throw refuse(context, 'acl-entry', input.RuleNumber);
  networkAcls(context).put(acl.id, { ...acl, entries: sorted([...acl.entries.filter((entry) => !isAt(entry, input)), entryOf(input)]) });
  return {};
}

export function deleteNetworkAclEntry(context: Context, input: EntryInput): Output {
  const acl = aclOf(context, input.NetworkAclId);
  if (!acl.entries.some((entry) => isAt(entry, input)) || input.RuleNumber >= LAST_ENTRY) throw refuse(context, 'acl-entry', input.RuleNumber);
  networkAcls(context).put(acl.id, { ...acl, entries: acl.entries.filter((entry) => !isAt(entry, input)) });
  return {};
}

function isAt(entry: AclEntry, { RuleNumber, Egress }: EntryInput): boolean {
  return entry.number === RuleNumber && entry.egress === Egress;
}

function sorted(entries: readonly AclEntry[]): AclEntry[] {
  return [...entries].sort((a, b) => Number(a.egress) - Number(b.egress) || a.number - b.number);
}

export function replaceNetworkAclAssociation(context: Context, input: { AssociationId: string; NetworkAclId: string }): Output {
  const association = networkAcls(context).values().flatMap(({ associations }) => associations).find(({ id }) => id === input.AssociationId);
  if (!association) throw refuse(context, 'association', input.AssociationId);
  const acl = aclOf(context, input.NetworkAclId);
  return { NewAssociationId: associateAcl(context, association.subnetId, acl.id) };
}

export function describeNetworkAcls(context: Context, input: ListInput & { NetworkAclIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: networkAcls(context).values(),
    idOf: (acl) => acl.id,
    ids: input.NetworkAclIds,
    missing: 'acl',
    filters: {
      'network-acl-id': (acl) => acl.id,
      'vpc-id': (acl) => acl.vpcId,
      'default': (acl) => acl.isDefault,
      'association.subnet-id': (acl) => acl.associations.map(({ subnetId }) => subnetId),
      'association.association-id': (acl) => acl.associations.map(({ id }) => id),
      'association.network-acl-id': (acl) => (acl.associations.length > 0 ? acl.id : undefined),
      'entry.cidr': (acl) => acl.entries.map(({ cidr }) => cidr),
      'entry.egress': (acl) => acl.entries.map(({ egress }) => egress),
      'entry.rule-action': (acl) => acl.entries.map(({ action }) => action),
      'entry.rule-number': (acl) => acl.entries.map(({ number }) => number),
    },
  });
  return { NetworkAcls: page.map((acl) => view(context, acl)), NextToken };
}

function aclOf(context: Context, id: string): NetworkAcl {
  return find(context, networkAcls(context), 'acl', 'acl', id);
}

function view(context: Context, acl: NetworkAcl): Output {
  return {
    NetworkAclId: acl.id,
    VpcId: acl.vpcId,
    OwnerId: context.account,
    IsDefault: acl.isDefault,
    Associations: acl.associations.map(({ id, subnetId }) => ({ NetworkAclAssociationId: id, NetworkAclId: acl.id, SubnetId: subnetId })),
    Entries: acl.entries.map((entry) => ({
      RuleNumber: entry.number,
      Egress: entry.egress,
      Protocol: entry.protocol,
      RuleAction: entry.action,
      CidrBlock: entry.cidr,
      Ipv6CidrBlock: entry.cidr6,
      PortRange: entry.fromPort === undefined ? undefined : { From: entry.fromPort, To: entry.toPort },
      IcmpTypeCode: entry.icmp && { Type: entry.icmp.type, Code: entry.icmp.code },
    })),
    Tags: tagsOf(context, acl.id),
  };
}
