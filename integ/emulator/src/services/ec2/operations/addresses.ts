import { interfaceOf } from './network-interfaces';
import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { addresses, instances, interfaces, natGateways } from '../state';
import type { Address } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';

export function allocateAddress(context: Context, input: WithTags): Output {
  checkTagTypes(context, input, 'elastic-ip');
  if (addresses(context).size() >= context.row<number>('addresses-per-region')) throw refuse(context, 'address-limit');
  const id = newId(context, 'eipalloc');
  const address = addresses(context).put(id, { id, publicIp: newPublicIp(context) });
  tagNew(context, input, 'elastic-ip', id);
  context.emit('allocated', id);
  return {
    AllocationId: id, PublicIp: address.publicIp, Domain: 'vpc', PublicIpv4Pool: 'amazon', NetworkBorderGroup: context.region,
  };
}

/** Out of the block kept for documentation and tests (RFC 2544): nobody on the internet has it. */
export function newPublicIp(context: Context): string {
  const bytes = context.id('public-ip');
  return `198.${18 + (bytes[0] & 1)}.${bytes[1]}.${bytes[2]}`;
}

export function releaseAddress(context: Context, { AllocationId }: { AllocationId?: string }): Output {
  const address = addressOf(context, AllocationId ?? '');
  if (address.associationId !== undefined) throw refuse(context, 'address-associated', address.publicIp);
  addresses(context).delete(address.id);
  dropTags(context, address.id);
  context.emit('released', address.id);
  return {};
}

interface AssociateInput {
  readonly AllocationId?: string;
  readonly InstanceId?: string;
  readonly NetworkInterfaceId?: string;
  readonly PrivateIpAddress?: string;
  readonly AllowReassociation?: boolean;
}

export function associateAddress(context: Context, input: AssociateInput): Output {
  const address = addressOf(context, input.AllocationId ?? '');
  const instance = input.InstanceId === undefined ? undefined : find(context, instances(context), 'i', 'instance', input.InstanceId);
  const cardId = input.NetworkInterfaceId ?? instance?.interfaceIds[0];
  if (cardId === undefined) throw refuse(context, 'missing-parameter', 'instanceId');
  const card = interfaceOf(context, cardId);
  const privateIp = input.PrivateIpAddress ?? card.addresses[0];
  if (!card.addresses.includes(privateIp)) throw refuse(context, 'address-not-assigned', privateIp, card.id);
  if (address.associationId !== undefined && address.interfaceId !== card.id && input.AllowReassociation !== true) {
    throw refuse(context, 'already-associated', address.id);
  }
  const associationId = newId(context, 'eipassoc');
  addresses(context).put(address.id, {
    ...address, associationId, interfaceId: card.id, privateIp, instanceId: card.attachment?.instanceId,
  });
  return { AssociationId: associationId };
}

export function disassociateAddress(context: Context, { AssociationId, PublicIp }: { AssociationId?: string; PublicIp?: string }): Output {
  const address = addresses(context).values()
    .find(({ associationId, publicIp }) => associationId !== undefined && (associationId === AssociationId || publicIp === PublicIp));
  if (!address) throw refuse(context, 'association', AssociationId ?? PublicIp ?? '');
  if (natGateways(context).values().some(({ allocationId, state }) => allocationId === address.id && state !== 'deleted')) {
    throw refuse(context, 'address-of-nat-gateway');
  }
  addresses(context).put(address.id, { id: address.id, publicIp: address.publicIp });
  return {};
}

export function describeAddresses(context: Context, input: ListInput & { AllocationIds?: string[]; PublicIps?: string[] }): Output {
  const all = addresses(context).values();
  const wanted = input.PublicIps ?? [];
  const unknown = wanted.find((ip) => !all.some(({ publicIp }) => publicIp === ip));
  if (unknown !== undefined) throw refuse(context, 'address', unknown);
  const { page } = list(context, { Filters: input.Filters }, {
    records: wanted.length > 0 ? all.filter(({ publicIp }) => wanted.includes(publicIp)) : all,
    idOf: (address) => address.id,
    ids: input.AllocationIds,
    missing: 'allocation',
    filters: {
      'allocation-id': (address) => address.id,
      'association-id': (address) => address.associationId,
      'instance-id': (address) => address.instanceId,
      'network-interface-id': (address) => address.interfaceId,
      'private-ip-address': (address) => address.privateIp,
      'public-ip': (address) => address.publicIp,
      'domain': () => 'vpc',
      'network-border-group': () => context.region,
    },
  });
  return { Addresses: page.map((address) => view(context, address)) };
}

export function describeAddressesAttribute(context: Context, input: ListInput & { AllocationIds?: string[] }): Output {
  const { page } = list(context, {}, {
    records: addresses(context).values(), idOf: (address) => address.id, ids: input.AllocationIds, missing: 'allocation', filters: {},
  });
  return { Addresses: page.map(({ id, publicIp }) => ({ AllocationId: id, PublicIp: publicIp })) };
}

export function addressOf(context: Context, id: string): Address {
  return find(context, addresses(context), 'eipalloc', 'allocation', id);
}

function view(context: Context, address: Address): Output {
  return {
    AllocationId: address.id,
    PublicIp: address.publicIp,
    AssociationId: address.associationId,
    InstanceId: address.instanceId,
    NetworkInterfaceId: address.interfaceId,
    NetworkInterfaceOwnerId: address.interfaceId === undefined ? undefined : ownerOf(context, address.interfaceId),
    PrivateIpAddress: address.privateIp,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: context.region,
    Tags: tagsOf(context, address.id),
  };
}

function ownerOf(context: Context, interfaceId: string): string | undefined {
  return interfaces(context).has(interfaceId) ? context.account : undefined;
}
