import { formatAddress, hasAddress, isReserved, lowestFree, parseAddress } from './addresses';
import { newId } from './ids';
import { formatAddress6, parseAddress6, parseBlock6 } from './ipv6';
import { refuse } from './refusals';
import { addresses, interfaces, securityGroups, subnets } from './state';
import type { Attachment, NetworkInterface, Subnet } from './state';
import { dropTags, tagsOf } from './tags';
import { blockOf } from './vpc-blocks';
import { zoneId } from './zones';
import { idFormat } from '../../kernel';
import type { Context, Output } from '../../wire/operation';

export interface NewInterface {
  readonly description?: string;
  readonly groupIds?: readonly string[];
  /** The first is the primary one; without any, the lowest free address of the subnet. */
  readonly addresses?: readonly string[];
  readonly more?: number;
  readonly addresses6?: readonly string[];
  readonly count6?: number;
  readonly interfaceType?: string;
  readonly requesterId?: string;
  readonly attachment?: Omit<Attachment, 'id' | 'attachedAt'>;
  readonly sourceDestCheck?: boolean;
}

/** Makes an interface in a subnet: for a caller, an instance, a NAT gateway or an endpoint. */
export function addInterface(context: Context, subnet: Subnet, wanted: NewInterface): NetworkInterface {
  const id = newId(context, 'eni');
  const groupIds = wanted.groupIds?.length ? wanted.groupIds : [defaultGroupOf(context, subnet.vpcId)];
  checkGroups(context, subnet.vpcId, groupIds);
  const named = wanted.addresses ?? [];
  const count = Math.max(1, named.length) + (wanted.more ?? 0);
  const card = interfaces(context).put(id, {
    id,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    zone: subnet.zone,
    description: wanted.description ?? '',
    groupIds,
    addresses: chosenAddresses(context, subnet, named, count),
    addresses6: [
      ...(wanted.addresses6 ?? []).map((address) => checked6(context, subnet, address)),
      ...newAddresses6(context, subnet, wanted.count6 ?? (subnet.assignIpv6 && !wanted.addresses6 ? 1 : 0), id),
    ],
    interfaceType: wanted.interfaceType ?? 'interface',
    mac: macOf(context, id),
    requesterId: wanted.requesterId,
    requesterManaged: wanted.requesterId !== undefined,
    sourceDestCheck: wanted.sourceDestCheck ?? true,
    attachment: wanted.attachment && newAttachment(context, wanted.attachment),
  });
  context.emit('created', id);
  return card;
}

export function newAttachment(context: Context, attachment: Omit<Attachment, 'id' | 'attachedAt'>): Attachment {
  // Attachments of AWS's own services have ids of another kind.
  const prefix = attachment.instanceId === undefined ? 'ela-attach' : 'eni-attach';
  return { id: newId(context, prefix), attachedAt: context.now, ...attachment };
}

export function dropInterface(context: Context, card: NetworkInterface): void {
  for (const address of addresses(context).values()) {
    if (address.interfaceId !== card.id) continue;
    addresses(context).put(address.id, { id: address.id, publicIp: address.publicIp });
  }
  interfaces(context).delete(card.id);
  dropTags(context, card.id);
  context.emit('deleted', card.id);
}

export function defaultGroupOf(context: Context, vpcId: string): string {
  return securityGroups(context).values().find((group) => group.vpcId === vpcId && group.name === 'default')!.id;
}

/** Groups must be of the interface's VPC, and not too many. */
export function checkGroups(context: Context, vpcId: string, groupIds: readonly string[]): void {
  for (const id of groupIds) {
    const group = securityGroups(context).get(id);
    if (!group) throw refuse(context, 'group', id);
    if (group.vpcId !== vpcId) throw refuse(context, 'group-of-other-vpc', id, vpcId);
  }
  if (new Set(groupIds).size > context.row<number>('security-groups-per-interface')) throw refuse(context, 'groups-per-interface');
}

function takenIn(context: Context, subnet: Subnet): Set<number> {
  return new Set(interfaces(context).values().filter(({ subnetId }) => subnetId === subnet.id)
    .flatMap((card) => card.addresses.map((address) => parseAddress(address)!)));
}

export function chosenAddresses(context: Context, subnet: Subnet, named: readonly string[], count: number): string[] {
  const block = blockOf(subnet);
  const taken = takenIn(context, subnet);
  const chosen: string[] = [];
  for (const text of named) {
    const address = parseAddress(text);
    if (address === undefined) throw refuse(context, 'address-malformed', text);
    if (!hasAddress(block, address)) throw refuse(context, 'address-outside-subnet', text);
    if (isReserved(block, address)) throw refuse(context, 'address-reserved', text);
    if (taken.has(address)) throw refuse(context, 'address-in-use', text);
    taken.add(address);
    chosen.push(text);
  }
  while (chosen.length < count) {
    const address = lowestFree(block, taken);
    if (address === undefined) throw refuse(context, 'subnet-full', subnet.id);
    taken.add(address);
    chosen.push(formatAddress(address));
  }
  return chosen;
}

function checked6(context: Context, subnet: Subnet, text: string): string {
  const address = parseAddress6(text);
  const block = subnet.ipv6.map(({ cidr }) => parseBlock6(cidr)!)[0];
  if (address === undefined || !block || address >> 64n !== block.base >> 64n) throw refuse(context, 'address-outside-subnet', text);
  return formatAddress6(address);
}

export function newAddresses6(context: Context, subnet: Subnet, count: number, interfaceId: string): string[] {
  if (count === 0) return [];
  const block = subnet.ipv6.map(({ cidr }) => parseBlock6(cidr)!)[0];
  if (!block) throw refuse(context, 'subnet-without-ipv6', subnet.id);
  return Array.from({ length: count }, () => {
    const host = BigInt(`0x${idFormat.hex(context.id('ipv6-address', interfaceId), 16)}`);
    return formatAddress6(block.base | host);
  });
}

function macOf(context: Context, id: string): string {
  const digits = idFormat.hex(context.kernel.ids.named('mac', id), 10);
  return `0a:${digits.match(/../g)!.join(':')}`;
}

/** `10.0.1.5` as `ip-10-0-1-5.ec2.internal`. */
export function privateName(context: Context, address: string): string {
  const domain = context.region === 'us-east-1' ? 'ec2.internal' : `${context.region}.compute.internal`;
  return `ip-${address.replace(/\./g, '-')}.${domain}`;
}

export function publicName(context: Context, address: string): string {
  const domain = context.region === 'us-east-1' ? 'compute-1' : `${context.region}.compute`;
  return `ec2-${address.replace(/\./g, '-')}.${domain}.amazonaws.com`;
}

/** The public address of a private one: an Elastic IP, or one that comes and goes with the instance. */
export function associationOf(context: Context, card: NetworkInterface, privateIp: string): Output | undefined {
  const elastic = addresses(context).values().find((address) => address.interfaceId === card.id && address.privateIp === privateIp);
  if (elastic) {
    return {
      AllocationId: elastic.id,
      AssociationId: elastic.associationId,
      IpOwnerId: context.account,
      PublicIp: elastic.publicIp,
      PublicDnsName: publicName(context, elastic.publicIp),
    };
  }
  if (card.publicIp === undefined || card.addresses[0] !== privateIp) return undefined;
  return { IpOwnerId: 'amazon', PublicIp: card.publicIp, PublicDnsName: publicName(context, card.publicIp) };
}

export function groupIdentifiers(context: Context, groupIds: readonly string[]): Output[] {
  return groupIds.map((id) => ({ GroupId: id, GroupName: securityGroups(context).get(id)?.name }));
}

export function interfaceView(context: Context, card: NetworkInterface): Output {
  const { attachment } = card;
  return {
    NetworkInterfaceId: card.id,
    SubnetId: card.subnetId,
    VpcId: card.vpcId,
    AvailabilityZone: card.zone,
    AvailabilityZoneId: zoneId(context, card.zone),
    Description: card.description,
    OwnerId: context.account,
    RequesterId: card.requesterId,
    RequesterManaged: card.requesterManaged,
    Status: attachment ? 'in-use' : 'available',
    MacAddress: card.mac,
    PrivateIpAddress: card.addresses[0],
    PrivateDnsName: privateName(context, card.addresses[0]),
    SourceDestCheck: card.sourceDestCheck,
    InterfaceType: card.interfaceType,
    Groups: groupIdentifiers(context, card.groupIds),
    Attachment: attachment && {
      AttachmentId: attachment.id,
      InstanceId: attachment.instanceId,
      InstanceOwnerId: attachment.owner,
      DeviceIndex: attachment.deviceIndex,
      NetworkCardIndex: 0,
      Status: 'attached',
      AttachTime: new Date(context.kernel.hostTime(attachment.attachedAt)),
      DeleteOnTermination: attachment.deleteOnTermination,
    },
    Association: associationOf(context, card, card.addresses[0]),
    PrivateIpAddresses: card.addresses.map((address, at) => ({
      PrivateIpAddress: address,
      PrivateDnsName: privateName(context, address),
      Primary: at === 0,
      Association: associationOf(context, card, address),
    })),
    Ipv6Address: card.addresses6[0],
    Ipv6Addresses: card.addresses6.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })),
    TagSet: tagsOf(context, card.id),
  };
}

export function subnetOfInterface(context: Context, card: NetworkInterface): Subnet {
  return subnets(context).get(card.subnetId)!;
}
