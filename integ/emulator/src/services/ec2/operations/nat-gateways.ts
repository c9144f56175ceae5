import { addressOf } from './addresses';
import { subnetOf } from './subnets';
import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { newId } from '../ids';
import { addInterface, dropInterface } from '../interface-records';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { addresses, interfaces, internetGateways, natGateways } from '../state';
import type { NatGateway } from '../state';
import { checkTagTypes, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';

interface CreateNatGatewayInput extends WithTags {
  readonly SubnetId?: string;
  readonly AllocationId?: string;
  readonly ConnectivityType?: string;
  readonly PrivateIpAddress?: string;
  readonly ClientToken?: string;
}

/** Takes an address of its subnet at once and works after a while. */
export function createNatGateway(context: Context, input: CreateNatGatewayInput): Output {
  checkTagTypes(context, input, 'natgateway');
  const subnet = subnetOf(context, input.SubnetId);
  const connectivity = input.ConnectivityType ?? 'public';
  if (connectivity === 'public' && input.AllocationId === undefined) throw refuse(context, 'missing-parameter', 'allocationId');
  const address = input.AllocationId === undefined ? undefined : addressOf(context, input.AllocationId);
  if (address?.associationId !== undefined) throw refuse(context, 'allocation-associated', address.id);
  if (connectivity === 'public' && !internetGateways(context).values().some(({ vpcId }) => vpcId === subnet.vpcId)) {
    throw refuse(context, 'nat-without-internet-gateway', subnet.vpcId);
  }
  const inZone = natGateways(context).values().filter(({ state, subnetId }) =>
    (state === 'pending' || state === 'available') && subnetOf(context, subnetId).zone === subnet.zone);
  if (inZone.length >= context.row<number>('nat-gateways-per-zone')) throw refuse(context, 'nat-gateway-limit', subnet.zone);
  const id = newId(context, 'nat');
  const card = addInterface(context, subnet, {
    description: `Interface for NAT Gateway ${id}`,
    addresses: input.PrivateIpAddress === undefined ? [] : [input.PrivateIpAddress],
    interfaceType: 'nat_gateway',
    requesterId: 'amazon-nat-gateway',
    attachment: { owner: 'amazon-aws', deviceIndex: 1, deleteOnTermination: false },
    sourceDestCheck: false,
  });
  const nat = natGateways(context).put(id, {
    id,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    state: 'pending',
    connectivity,
    interfaceId: card.id,
    privateIp: card.addresses[0],
    allocationId: address?.id,
    publicIp: address?.publicIp,
    createdAt: context.now,
  });
  if (address) {
    addresses(context).put(address.id, {
      ...address, associationId: newId(context, 'eipassoc'), interfaceId: card.id, privateIp: card.addresses[0],
    });
  }
  tagNew(context, input, 'natgateway', id);
  context.emit('pending', id);
  const delay = context.delay('nat-gateway-create', id);
  context.busy('NAT gateway pending', id, delay);
  context.after(delay, { kind: 'nat-gateway-ready', args: { id } });
  return { NatGateway: view(context, nat), ClientToken: input.ClientToken };
}

export function natGatewayReady(context: Context, { id }: { id: string }): void {
  const nat = natGateways(context).get(id);
  if (nat?.state !== 'pending') return;
  natGateways(context).put(id, { ...nat, state: 'available' });
  context.emit('available', id);
}

export function deleteNatGateway(context: Context, { NatGatewayId }: { NatGatewayId: string }): Output {
  const nat = find(context, natGateways(context), 'nat', 'nat-gateway', NatGatewayId);
  if (nat.state === 'deleting' || nat.state === 'deleted') return { NatGatewayId: nat.id };
  natGateways(context).put(nat.id, { ...nat, state: 'deleting' });
  context.emit('deleting', nat.id);
  const delay = context.delay('nat-gateway-delete', nat.id);
  context.busy('NAT gateway deleting', nat.id, delay);
  context.after(delay, { kind: 'nat-gateway-gone', args: { id: nat.id } });
  return { NatGatewayId: nat.id };
}

/** The record stays for about an hour, as AWS shows it. */
export function natGatewayGone(context: Context, { id }: { id: string }): void {
  const nat = natGateways(context).get(id);
  if (!nat) return;
  const card = interfaces(context).get(nat.interfaceId);
  if (card) dropInterface(context, card);
  natGateways(context).put(id, { ...nat, state: 'deleted', deletedAt: context.now });
  context.emit('deleted', id);
  context.after(context.delay('deleted-visible', id), { kind: 'nat-gateway-forgotten', args: { id }, daemon: true });
}

export function natGatewayForgotten(context: Context, { id }: { id: string }): void {
  natGateways(context).delete(id);
}

interface DescribeNatGatewaysInput extends ListInput {
  readonly NatGatewayIds?: readonly string[];
  readonly Filter?: ListInput['Filters'];
}

export function describeNatGateways(context: Context, input: DescribeNatGatewaysInput): Output {
  const { page, NextToken } = list(context, { ...input, Filters: input.Filter ?? input.Filters }, {
    records: natGateways(context).values(),
    idOf: (nat) => nat.id,
    ids: input.NatGatewayIds,
    missing: 'nat-gateway',
    filters: {
      'nat-gateway-id': (nat) => nat.id,
      'state': (nat) => nat.state,
      'subnet-id': (nat) => nat.subnetId,
      'vpc-id': (nat) => nat.vpcId,
    },
  });
  return { NatGateways: page.map((nat) => view(context, nat)), NextToken };
}

function view(context: Context, nat: NatGateway): Output {
  const association = nat.allocationId === undefined ? undefined : addresses(context).get(nat.allocationId)?.associationId;
  return {
    NatGatewayId: nat.id,
    VpcId: nat.vpcId,
    SubnetId: nat.subnetId,
    State: nat.state,
    ConnectivityType: nat.connectivity,
    CreateTime: new Date(context.kernel.hostTime(nat.createdAt)),
    DeleteTime: nat.deletedAt === undefined ? undefined : new Date(context.kernel.hostTime(nat.deletedAt)),
    NatGatewayAddresses: [{
      AllocationId: nat.allocationId,
      AssociationId: association,
      NetworkInterfaceId: nat.interfaceId,
      PrivateIp: nat.privateIp,
      PublicIp: nat.publicIp,
      IsPrimary: true,
      Status: nat.state === 'pending' ? 'associating' : 'succeeded',
    }],
    Tags: tagsOf(context, nat.id),
  };
}
