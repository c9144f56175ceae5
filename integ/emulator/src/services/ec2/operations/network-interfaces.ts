import { subnetOf } from './subnets';
import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import {
  addInterface, checkGroups, chosenAddresses, dropInterface, interfaceView, newAddresses6, newAttachment, subnetOfInterface,
} from '../interface-records';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { instances, interfaces } from '../state';
import type { NetworkInterface } from '../state';
import { checkTagTypes, tagNew } from '../tags';
import type { WithTags } from '../tags';

interface CreateNetworkInterfaceInput extends WithTags {
  readonly SubnetId: string;
  readonly Description?: string;
  readonly Groups?: readonly string[];
  readonly PrivateIpAddress?: string;
  readonly PrivateIpAddresses?: ReadonlyArray<{ readonly PrivateIpAddress?: string; readonly Primary?: boolean }>;
  readonly SecondaryPrivateIpAddressCount?: number;
  readonly Ipv6Addresses?: ReadonlyArray<{ readonly Ipv6Address?: string }>;
  readonly Ipv6AddressCount?: number;
  readonly InterfaceType?: string;
}

export function createNetworkInterface(context: Context, input: CreateNetworkInterfaceInput): Output {
  checkTagTypes(context, input, 'network-interface');
  const subnet = subnetOf(context, input.SubnetId);
  const listed = [...(input.PrivateIpAddresses ?? [])].sort((a, b) => Number(b.Primary ?? false) - Number(a.Primary ?? false));
  const named = [input.PrivateIpAddress, ...listed.map(({ PrivateIpAddress }) => PrivateIpAddress)];
  const requester = requesterOf(context);
  const card = addInterface(context, subnet, {
    description: input.Description,
    groupIds: input.Groups,
    addresses: [...new Set(named.filter((address) => address !== undefined))],
    more: input.SecondaryPrivateIpAddressCount,
    addresses6: input.Ipv6Addresses?.map(({ Ipv6Address }) => Ipv6Address ?? ''),
    count6: input.Ipv6AddressCount,
    interfaceType: requester?.interfaceType ?? input.InterfaceType,
    requesterId: requester?.id,
    attachment: requester && { owner: 'amazon-aws', deviceIndex: 1, deleteOnTermination: false },
  });
  tagNew(context, input, 'network-interface', card.id);
  return { NetworkInterface: interfaceView(context, card) };
}

/**
 * A service that makes an interface in somebody's subnet keeps it: it is in use at once, and only that service may
 * detach or delete it. CloudFormation is no such service, it makes things for its caller.
 */
function requesterOf(context: Context): { id: string; interfaceType: string } | undefined {
  const name = actingService(context);
  if (name === undefined || name === 'cloudformation') return undefined;
  const types = context.row<Record<string, string>>('ec2/interface-types');
  return { id: `amazon-${name}`, interfaceType: types[name] ?? 'interface' };
}

function actingService({ caller: { principal, position } }: Context): string | undefined {
  if (principal.kind === 'service') return principal.service?.split('.')[0] ?? 'aws';
  return position.kind === 'service' ? position.service : undefined;
}

export function deleteNetworkInterface(context: Context, { NetworkInterfaceId }: { NetworkInterfaceId: string }): Output {
  const card = interfaceOf(context, NetworkInterfaceId);
  const own = card.requesterManaged && card.attachment?.instanceId === undefined && requesterOf(context)?.id === card.requesterId;
  if (card.attachment && !own) throw refuse(context, 'interface-in-use', card.id);
  dropInterface(context, card);
  return {};
}

export function describeNetworkInterfaces(context: Context, input: ListInput & { NetworkInterfaceIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: interfaces(context).values(),
    idOf: (card) => card.id,
    ids: input.NetworkInterfaceIds,
    missing: 'interface',
    filters: {
      'network-interface-id': (card) => card.id,
      'subnet-id': (card) => card.subnetId,
      'vpc-id': (card) => card.vpcId,
      'availability-zone': (card) => card.zone,
      'description': (card) => card.description,
      'group-id': (card) => card.groupIds,
      'group-name': (card) => (interfaceView(context, card).Groups as Array<{ GroupName: string }>).map(({ GroupName }) => GroupName),
      'interface-type': (card) => card.interfaceType,
      'mac-address': (card) => card.mac,
      'private-ip-address': (card) => card.addresses,
      'addresses.private-ip-address': (card) => card.addresses,
      'private-dns-name': (card) => String(interfaceView(context, card).PrivateDnsName),
      'ipv6-addresses.ipv6-address': (card) => card.addresses6,
      'requester-id': (card) => card.requesterId,
      'requester-managed': (card) => card.requesterManaged,
      'source-dest-check': (card) => card.sourceDestCheck,
      'status': (card) => (card.attachment ? 'in-use' : 'available'),
      'attachment.attachment-id': (card) => card.attachment?.id,
      'attachment.instance-id': (card) => card.attachment?.instanceId,
      'attachment.instance-owner-id': (card) => card.attachment?.owner,
      'attachment.status': (card) => card.attachment && 'attached',
      'attachment.delete-on-termination': (card) => card.attachment?.deleteOnTermination,
    },
  });
  return { NetworkInterfaces: page.map((card) => interfaceView(context, card)), NextToken };
}

export function describeNetworkInterfaceAttribute(context: Context, input: { NetworkInterfaceId: string; Attribute?: string }): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  const view = interfaceView(context, card);
  const attributes: Record<string, Output> = {
    description: { Description: { Value: card.description } },
    groupSet: { Groups: view.Groups },
    sourceDestCheck: { SourceDestCheck: { Value: card.sourceDestCheck } },
    attachment: { Attachment: view.Attachment },
  };
  if (input.Attribute === undefined) throw refuse(context, 'missing-parameter', 'attribute');
  return { NetworkInterfaceId: card.id, ...attributes[input.Attribute] };
}

interface ModifyNetworkInterfaceAttributeInput {
  readonly NetworkInterfaceId: string;
  readonly Description?: { readonly Value?: string };
  readonly SourceDestCheck?: { readonly Value?: boolean };
  readonly Groups?: readonly string[];
  readonly Attachment?: { readonly AttachmentId?: string; readonly DeleteOnTermination?: boolean };
}

export function modifyNetworkInterfaceAttribute(context: Context, input: ModifyNetworkInterfaceAttributeInput): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  if (input.Groups) checkGroups(context, card.vpcId, input.Groups);
  if (input.Attachment && card.attachment?.id !== input.Attachment.AttachmentId) {
    throw refuse(context, 'attachment', input.Attachment.AttachmentId ?? '');
  }
  interfaces(context).put(card.id, {
    ...card,
    description: input.Description?.Value ?? card.description,
    sourceDestCheck: input.SourceDestCheck?.Value ?? card.sourceDestCheck,
    groupIds: input.Groups ?? card.groupIds,
    attachment: card.attachment && {
      ...card.attachment,
      deleteOnTermination: input.Attachment?.DeleteOnTermination ?? card.attachment.deleteOnTermination,
    },
  });
  return {};
}

interface AttachInput {
  readonly NetworkInterfaceId: string;
  readonly InstanceId: string;
  readonly DeviceIndex: number;
}

export function attachNetworkInterface(context: Context, input: AttachInput): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  const instance = find(context, instances(context), 'i', 'instance', input.InstanceId);
  if (card.attachment) throw refuse(context, 'interface-already-attached', card.id);
  if (!['running', 'stopped'].includes(instance.state)) throw refuse(context, 'instance-state', instance.id);
  if (instance.zone !== card.zone) throw refuse(context, 'interface-other-zone', card.id);
  const others = interfaces(context).values().filter(({ attachment }) => attachment?.instanceId === instance.id);
  if (others.some(({ attachment }) => attachment?.deviceIndex === input.DeviceIndex)) {
    throw refuse(context, 'device-index', instance.id, input.DeviceIndex);
  }
  const attachment = newAttachment(context, {
    instanceId: instance.id, owner: context.account, deviceIndex: input.DeviceIndex, deleteOnTermination: false,
  });
  interfaces(context).put(card.id, { ...card, attachment });
  instances(context).put(instance.id, { ...instance, interfaceIds: [...instance.interfaceIds, card.id] });
  return { AttachmentId: attachment.id, NetworkCardIndex: 0 };
}

export function detachNetworkInterface(context: Context, { AttachmentId }: { AttachmentId: string }): Output {
  const card = interfaces(context).values().find(({ attachment }) => attachment?.id === AttachmentId);
  if (!card?.attachment) throw refuse(context, 'attachment', AttachmentId);
  const { instanceId, deviceIndex } = card.attachment;
  if (instanceId === undefined && requesterOf(context)?.id !== card.requesterId) throw refuse(context, 'attachment-not-yours');
  if (instanceId !== undefined && deviceIndex === 0) throw refuse(context, 'primary-interface', card.id);
  const { attachment: _gone, ...free } = card;
  interfaces(context).put(card.id, free);
  const instance = instanceId === undefined ? undefined : instances(context).get(instanceId);
  if (instance) {
    instances(context).put(instance.id, { ...instance, interfaceIds: instance.interfaceIds.filter((id) => id !== card.id) });
  }
  return {};
}

export function resetNetworkInterfaceAttribute(context: Context, { NetworkInterfaceId }: { NetworkInterfaceId: string }): Output {
  const card = interfaceOf(context, NetworkInterfaceId);
  interfaces(context).put(card.id, { ...card, sourceDestCheck: true });
  return {};
}

interface AssignInput {
  readonly NetworkInterfaceId: string;
  readonly PrivateIpAddresses?: readonly string[];
  readonly SecondaryPrivateIpAddressCount?: number;
}

export function assignPrivateIpAddresses(context: Context, input: AssignInput): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  const named = input.PrivateIpAddresses ?? [];
  const added = chosenAddresses(context, subnetOfInterface(context, card), named, named.length || (input.SecondaryPrivateIpAddressCount ?? 0));
  interfaces(context).put(card.id, { ...card, addresses: [...card.addresses, ...added] });
  return { NetworkInterfaceId: card.id, AssignedPrivateIpAddresses: added.map((PrivateIpAddress) => ({ PrivateIpAddress })) };
}

export function unassignPrivateIpAddresses(context: Context, input: { NetworkInterfaceId: string; PrivateIpAddresses?: string[] }): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  const gone = input.PrivateIpAddresses ?? [];
  const secondary = card.addresses.slice(1);
  const unknown = gone.find((address) => !secondary.includes(address));
  if (unknown !== undefined) throw refuse(context, 'address-not-assigned', unknown, card.id);
  interfaces(context).put(card.id, { ...card, addresses: card.addresses.filter((address) => !gone.includes(address)) });
  return {};
}

export function assignIpv6Addresses(context: Context, input: { NetworkInterfaceId: string; Ipv6AddressCount?: number }): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  const added = newAddresses6(context, subnetOfInterface(context, card), input.Ipv6AddressCount ?? 1, card.id);
  interfaces(context).put(card.id, { ...card, addresses6: [...card.addresses6, ...added] });
  return { NetworkInterfaceId: card.id, AssignedIpv6Addresses: added };
}

export function unassignIpv6Addresses(context: Context, input: { NetworkInterfaceId: string; Ipv6Addresses?: string[] }): Output {
  const card = interfaceOf(context, input.NetworkInterfaceId);
  const gone = input.Ipv6Addresses ?? [];
  interfaces(context).put(card.id, { ...card, addresses6: card.addresses6.filter((address) => !gone.includes(address)) });
  return { NetworkInterfaceId: card.id, UnassignedIpv6Addresses: gone };
}

export function interfaceOf(context: Context, id: string): NetworkInterface {
  return find(context, interfaces(context), 'eni', 'interface', id);
}
