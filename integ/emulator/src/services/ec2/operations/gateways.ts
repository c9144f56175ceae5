import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { addresses, egressOnlyGateways, interfaces, internetGateways, natGateways } from '../state';
import type { InternetGateway } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { vpcOf } from '../vpc-of';

export function createInternetGateway(context: Context, input: WithTags): Output {
  checkTagTypes(context, input, 'internet-gateway');
  if (internetGateways(context).size() >= context.row<number>('internet-gateways-per-region')) throw refuse(context, 'internet-gateway-limit');
  const id = newId(context, 'igw');
  const gateway = internetGateways(context).put(id, { id });
  tagNew(context, input, 'internet-gateway', id);
  context.emit('created', id);
  return { InternetGateway: view(context, gateway) };
}

export function attachInternetGateway(context: Context, input: { InternetGatewayId: string; VpcId: string }): Output {
  const gateway = gatewayOf(context, input.InternetGatewayId);
  const vpc = vpcOf(context, input.VpcId);
  if (gateway.vpcId !== undefined) throw refuse(context, 'gateway-attached', gateway.id, gateway.vpcId);
  if (internetGateways(context).values().some(({ vpcId }) => vpcId === vpc.id)) throw refuse(context, 'vpc-has-gateway', vpc.id);
  internetGateways(context).put(gateway.id, { ...gateway, vpcId: vpc.id });
  return {};
}

export function detachInternetGateway(context: Context, input: { InternetGatewayId: string; VpcId: string }): Output {
  const gateway = gatewayOf(context, input.InternetGatewayId);
  const vpc = vpcOf(context, input.VpcId);
  if (gateway.vpcId !== vpc.id) throw refuse(context, 'gateway-not-attached', gateway.id, vpc.id);
  const cards = interfaces(context).values().filter(({ vpcId }) => vpcId === vpc.id);
  const mapped = cards.some(({ publicIp, id }) => publicIp !== undefined || addresses(context).values().some(({ interfaceId }) => interfaceId === id))
    || natGateways(context).values().some((nat) => nat.vpcId === vpc.id && nat.publicIp !== undefined && nat.state !== 'deleted');
  if (mapped) throw refuse(context, 'vpc-mapped-addresses', vpc.id);
  internetGateways(context).put(gateway.id, { id: gateway.id });
  return {};
}

export function deleteInternetGateway(context: Context, { InternetGatewayId }: { InternetGatewayId: string }): Output {
  const gateway = gatewayOf(context, InternetGatewayId);
  if (gateway.vpcId !== undefined) throw refuse(context, 'gateway-dependency', gateway.id);
  internetGateways(context).delete(gateway.id);
  dropTags(context, gateway.id);
  context.emit('deleted', gateway.id);
  return {};
}

export function describeInternetGateways(context: Context, input: ListInput & { InternetGatewayIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: internetGateways(context).values(),
    idOf: (gateway) => gateway.id,
    ids: input.InternetGatewayIds,
    missing: 'internet-gateway',
    filters: {
      'internet-gateway-id': (gateway) => gateway.id,
      'attachment.vpc-id': (gateway) => gateway.vpcId,
      'attachment.state': (gateway) => gateway.vpcId && 'available',
    },
  });
  return { InternetGateways: page.map((gateway) => view(context, gateway)), NextToken };
}

function gatewayOf(context: Context, id: string): InternetGateway {
  return find(context, internetGateways(context), 'igw', 'internet-gateway', id);
}

function view(context: Context, { id, vpcId }: InternetGateway): Output {
  return {
    InternetGatewayId: id,
    OwnerId: context.account,
    Attachments: vpcId === undefined ? [] : [{ State: 'available', VpcId: vpcId }],
    Tags: tagsOf(context, id),
  };
}

export function createEgressOnlyInternetGateway(context: Context, input: WithTags & { VpcId: string }): Output {
  const vpc = vpcOf(context, input.VpcId);
  const id = newId(context, 'eigw');
  egressOnlyGateways(context).put(id, { id, vpcId: vpc.id });
  tagNew(context, input, 'egress-only-internet-gateway', id);
  return { EgressOnlyInternetGateway: egressView(context, id, vpc.id) };
}

export function deleteEgressOnlyInternetGateway(context: Context, input: { EgressOnlyInternetGatewayId: string }): Output {
  const gateway = find(context, egressOnlyGateways(context), 'eigw', 'egress-only-gateway', input.EgressOnlyInternetGatewayId);
  egressOnlyGateways(context).delete(gateway.id);
  dropTags(context, gateway.id);
  return { ReturnCode: true };
}

export function describeEgressOnlyInternetGateways(context: Context, input: ListInput & { EgressOnlyInternetGatewayIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: egressOnlyGateways(context).values(),
    idOf: (gateway) => gateway.id,
    ids: input.EgressOnlyInternetGatewayIds,
    missing: 'egress-only-gateway',
    filters: {},
  });
  return { EgressOnlyInternetGateways: page.map(({ id, vpcId }) => egressView(context, id, vpcId)), NextToken };
}

function egressView(context: Context, id: string, vpcId: string): Output {
  return { EgressOnlyInternetGatewayId: id, Attachments: [{ State: 'attached', VpcId: vpcId }], Tags: tagsOf(context, id) };
}

/** There are none; lookups ask for them all the same. */
export function describeVpnGateways(): Output {
  return { VpnGateways: [] };
}
