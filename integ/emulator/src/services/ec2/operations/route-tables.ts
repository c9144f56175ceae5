import type { Context, Output } from '../../../wire/operation';
import { formatBlock, hasBlock, overlap, parseBlock } from '../addresses';
import { subnetOf } from './subnets';
import { find } from '../find';
import { newId } from '../ids';
import { formatBlock6, parseBlock6 } from '../ipv6';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { awsPrefixLists } from '../prefix-list-records';
import { refuse } from '../refusals';
import {
  egressOnlyGateways, endpoints, instances, interfaces, internetGateways, natGateways, peerings, prefixLists, routeTables,
} from '../state';
import type { Route, RouteTable, RouteTableAssociation } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { blocksOf } from '../vpc-blocks';
import { vpcOf } from '../vpc-of';

export function createRouteTable(context: Context, input: WithTags & { VpcId: string }): Output {
  checkTagTypes(context, input, 'route-table');
  const vpc = vpcOf(context, input.VpcId);
  const siblings = routeTables(context).values().filter(({ vpcId }) => vpcId === vpc.id);
  if (siblings.length >= context.row<number>('route-tables-per-vpc')) throw refuse(context, 'route-table-limit');
  const id = newId(context, 'rtb');
  const table = routeTables(context).put(id, {
    id,
    vpcId: vpc.id,
    routes: [...vpc.cidrs, ...vpc.ipv6].map(({ cidr }) => ({ destination: cidr, target: 'local', origin: 'CreateRouteTable' })),
    associations: [],
  });
  tagNew(context, input, 'route-table', id);
  context.emit('created', id);
  return { RouteTable: view(context, table) };
}

export function deleteRouteTable(context: Context, { RouteTableId }: { RouteTableId: string }): Output {
  const table = tableOf(context, RouteTableId);
  const used = endpoints(context).values().some(({ routeTableIds, state }) => state !== 'deleted' && routeTableIds.includes(table.id));
  if (table.associations.length > 0 || used) throw refuse(context, 'route-table-dependency', table.id);
  routeTables(context).delete(table.id);
  dropTags(context, table.id);
  context.emit('deleted', table.id);
  return {};
}

interface AssociateInput {
  readonly RouteTableId: string;
  readonly SubnetId?: string;
  readonly GatewayId?: string;
}

export function associateRouteTable(context: Context, input: AssociateInput): Output {
  const table = tableOf(context, input.RouteTableId);
  if (input.SubnetId === undefined && input.GatewayId === undefined) throw refuse(context, 'missing-parameter', 'subnetId');
  const association: RouteTableAssociation = { id: newId(context, 'rtbassoc'), main: false, subnetId: input.SubnetId, gatewayId: input.GatewayId };
  if (input.SubnetId !== undefined) {
    const subnet = subnetOf(context, input.SubnetId);
    if (subnet.vpcId !== table.vpcId) throw refuse(context, 'route-table-other-vpc', table.id, subnet.id);
    const present = routeTables(context).values().flatMap(({ associations }) => associations).find(({ subnetId }) => subnetId === subnet.id);
    if (present) throw refuse(context, 'already-associated', present.id);
  }
  routeTables(context).put(table.id, { ...table, associations: [...table.associations, association] });
  return { AssociationId: association.id, AssociationState: { State: 'associated' } };
}

export function disassociateRouteTable(context: Context, { AssociationId }: { AssociationId: string }): Output {
  const { table, association } = associationOf(context, AssociationId);
  if (association.main) throw refuse(context, 'main-association', AssociationId);
  routeTables(context).put(table.id, { ...table, associations: table.associations.filter(({ id }) => id !== AssociationId) });
  return {};
}

export function replaceRouteTableAssociation(context: Context, input: { AssociationId: string; RouteTableId: string }): Output {
  const { table, association } = associationOf(context, input.AssociationId);
  const next = tableOf(context, input.RouteTableId);
  if (next.vpcId !== table.vpcId) throw refuse(context, 'route-table-other-vpc', next.id, association.subnetId ?? '');
  routeTables(context).put(table.id, { ...table, associations: table.associations.filter(({ id }) => id !== association.id) });
  const moved = { ...association, id: newId(context, 'rtbassoc') };
  const present = routeTables(context).get(next.id)!;
  routeTables(context).put(next.id, { ...present, associations: [...present.associations, moved] });
  return { NewAssociationId: moved.id, AssociationState: { State: 'associated' } };
}

function associationOf(context: Context, id: string): { table: RouteTable; association: RouteTableAssociation } {
  for (const table of routeTables(context).values()) {
    const association = table.associations.find((candidate) => candidate.id === id);
    if (association) return { table, association };
  }
  throw refuse(context, 'association', id);
}

interface RouteInput {
  readonly RouteTableId: string;
  readonly DestinationCidrBlock?: string;
  readonly DestinationIpv6CidrBlock?: string;
  readonly DestinationPrefixListId?: string;
  readonly GatewayId?: string;
  readonly NatGatewayId?: string;
  readonly InstanceId?: string;
  readonly NetworkInterfaceId?: string;
  readonly VpcPeeringConnectionId?: string;
  readonly EgressOnlyInternetGatewayId?: string;
  readonly VpcEndpointId?: string;
  readonly LocalTarget?: boolean;
}

export function createRoute(context: Context, input: RouteInput): Output {
  const table = tableOf(context, input.RouteTableId);
  const destination = destinationOf(context, input);
  const target = targetOf(context, table, input);
  if (table.routes.some((route) => route.destination === destination)) throw refuse(context, 'route-exists', destination);
  if (table.routes.length >= context.row<number>('routes-per-table')) throw refuse(context, 'route-limit');
  checkAgainstLocal(context, table, destination);
  routeTables(context).put(table.id, { ...table, routes: [...table.routes, { destination, target, origin: 'CreateRoute' }] });
  context.emit(`route to ${destination} created`, table.id);
  return { Return: true };
}

export function replaceRoute(context: Context, input: RouteInput): Output {
  const table = tableOf(context, input.RouteTableId);
  const destination = destinationOf(context, input);
  const present = table.routes.find((route) => route.destination === destination);
  if (!present) throw refuse(context, 'route-to-replace', destination);
  const target = input.LocalTarget ? 'local' : targetOf(context, table, input);
  routeTables(context).put(table.id, { ...table, routes: table.routes.map((route) => (route === present ? { ...route, target } : route)) });
  return {};
}

export function deleteRoute(context: Context, input: RouteInput): Output {
  const table = tableOf(context, input.RouteTableId);
  const destination = destinationOf(context, input);
  const present = table.routes.find((route) => route.destination === destination);
  if (!present) throw refuse(context, 'route', destination, table.id);
  if (present.target === 'local') throw refuse(context, 'route-local', destination, table.id);
  if (present.target.startsWith('vpce-')) throw refuse(context, 'route-of-endpoint', destination);
  routeTables(context).put(table.id, { ...table, routes: table.routes.filter((route) => route !== present) });
  return {};
}

function destinationOf(context: Context, input: RouteInput): string {
  if (input.DestinationPrefixListId !== undefined) {
    const id = input.DestinationPrefixListId;
    if (!prefixLists(context).has(id) && !awsPrefixLists(context).some((known) => known.id === id)) throw refuse(context, 'prefix-list', id);
    return id;
  }
  const [text, parameter] = input.DestinationIpv6CidrBlock !== undefined
    ? [input.DestinationIpv6CidrBlock, 'destinationIpv6CidrBlock']
    : [input.DestinationCidrBlock, 'destinationCidrBlock'];
  if (text === undefined) throw refuse(context, 'missing-parameter', 'destinationCidrBlock');
  const [block, block6] = [parseBlock(text), parseBlock6(text)];
  if (block) return formatBlock(block);
  if (block6) return formatBlock6(block6);
  throw refuse(context, 'cidr', text, parameter);
}

/** A route may not be wider than and cover the VPC's own block unless it is a default or wider route; narrower than local needs a target inside. */
function checkAgainstLocal(context: Context, table: RouteTable, destination: string): void {
  const block = parseBlock(destination);
  if (!block) return;
  const inside = blocksOf(vpcOf(context, table.vpcId)).some((own) => overlap(own, block) && hasBlock(own, block));
  if (inside) throw refuse(context, 'route-inside-vpc', destination);
}

function targetOf(context: Context, table: RouteTable, input: RouteInput): string {
  const given = [
    input.GatewayId, input.NatGatewayId, input.InstanceId, input.NetworkInterfaceId, input.VpcPeeringConnectionId,
    input.EgressOnlyInternetGatewayId, input.VpcEndpointId,
  ].filter((id) => id !== undefined);
  if (given.length === 0) throw refuse(context, 'missing-parameter', 'gatewayId');
  if (given.length > 1) throw refuse(context, 'one-route-target');
  if (input.GatewayId?.startsWith('igw-')) {
    const gateway = find(context, internetGateways(context), 'igw', 'internet-gateway', input.GatewayId);
    if (gateway.vpcId !== table.vpcId) throw refuse(context, 'route-other-network', table.id, gateway.id);
    return gateway.id;
  }
  if (input.GatewayId !== undefined) throw refuse(context, 'internet-gateway', input.GatewayId);
  if (input.NatGatewayId !== undefined) return find(context, natGateways(context), 'nat', 'nat-gateway', input.NatGatewayId).id;
  if (input.InstanceId !== undefined) {
    const instance = find(context, instances(context), 'i', 'instance', input.InstanceId);
    return instance.interfaceIds[0];
  }
  if (input.NetworkInterfaceId !== undefined) return find(context, interfaces(context), 'eni', 'interface', input.NetworkInterfaceId).id;
  if (input.VpcPeeringConnectionId !== undefined) return find(context, peerings(context), 'pcx', 'peering', input.VpcPeeringConnectionId).id;
  if (input.EgressOnlyInternetGatewayId !== undefined) {
    return find(context, egressOnlyGateways(context), 'eigw', 'egress-only-gateway', input.EgressOnlyInternetGatewayId).id;
  }
  throw refuse(context, 'route-not-supported', input.VpcEndpointId ?? '');
}

export function describeRouteTables(context: Context, input: ListInput & { RouteTableIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: routeTables(context).values(),
    idOf: (table) => table.id,
    ids: input.RouteTableIds,
    missing: 'route-table',
    filters: {
      'route-table-id': (table) => table.id,
      'vpc-id': (table) => table.vpcId,
      'association.main': (table) => table.associations.some(({ main }) => main),
      'association.subnet-id': (table) => table.associations.map(({ subnetId }) => subnetId),
      'association.gateway-id': (table) => table.associations.map(({ gatewayId }) => gatewayId),
      'association.route-table-association-id': (table) => table.associations.map(({ id }) => id),
      'association.route-table-id': (table) => (table.associations.length > 0 ? table.id : undefined),
      'route.destination-cidr-block': (table) => table.routes.map(({ destination }) => destination),
      'route.destination-ipv6-cidr-block': (table) => table.routes.map(({ destination }) => destination),
      'route.destination-prefix-list-id': (table) => table.routes.map(({ destination }) => destination),
      'route.gateway-id': (table) => table.routes.map(({ target }) => (/^(igw-|vpce-|local$)/.test(target) ? target : undefined)),
      'route.nat-gateway-id': (table) => table.routes.map(({ target }) => (target.startsWith('nat-') ? target : undefined)),
      'route.vpc-peering-connection-id': (table) => table.routes.map(({ target }) => (target.startsWith('pcx-') ? target : undefined)),
      'route.origin': (table) => table.routes.map(({ origin }) => origin),
      'route.state': (table) => table.routes.map((route) => stateOf(context, route)),
    },
  });
  return { RouteTables: page.map((table) => view(context, table)), NextToken };
}

export function tableOf(context: Context, id: string): RouteTable {
  return find(context, routeTables(context), 'rtb', 'route-table', id);
}

/** A route whose target is gone, or goes nowhere, stays and swallows what it is given. */
export function stateOf(context: Context, { target }: Route): 'active' | 'blackhole' {
  const alive = target === 'local'
    || internetGateways(context).get(target)?.vpcId !== undefined
    || natGateways(context).get(target)?.state === 'available'
    || interfaces(context).get(target)?.attachment !== undefined
    || peerings(context).get(target)?.status === 'active'
    || egressOnlyGateways(context).has(target)
    || endpoints(context).get(target)?.state === 'available';
  return alive ? 'active' : 'blackhole';
}

/** Which members of a route name its target. */
function targetView(context: Context, target: string): Output {
  if (target.startsWith('nat-')) return { NatGatewayId: target };
  if (target.startsWith('pcx-')) return { VpcPeeringConnectionId: target };
  if (target.startsWith('eigw-')) return { EgressOnlyInternetGatewayId: target };
  if (!target.startsWith('eni-')) return { GatewayId: target };
  const instanceId = interfaces(context).get(target)?.attachment?.instanceId;
  return { NetworkInterfaceId: target, ...(instanceId === undefined ? {} : { InstanceId: instanceId, InstanceOwnerId: context.account }) };
}

function destinationView(destination: string): Output {
  if (destination.startsWith('pl-')) return { DestinationPrefixListId: destination };
  return destination.includes(':') ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };
}

function view(context: Context, table: RouteTable): Output {
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: context.account,
    PropagatingVgws: [],
    Routes: table.routes.map((route) => ({
      ...destinationView(route.destination),
      ...targetView(context, route.target),
      Origin: route.origin,
      State: stateOf(context, route),
    })),
    Associations: table.associations.map((association) => ({
      RouteTableAssociationId: association.id,
      RouteTableId: table.id,
      Main: association.main,
      SubnetId: association.subnetId,
      GatewayId: association.gatewayId,
      AssociationState: { State: 'associated' },
    })),
    Tags: tagsOf(context, table.id),
  };
}
