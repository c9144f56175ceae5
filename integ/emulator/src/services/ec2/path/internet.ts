import { allowedOut } from './acls';
import { allowedByGroups } from './groups';
import { blocked, inTurn } from './path';
import type { Flow, Path, View, VpcPosition } from './path';
import { best, hopOf, tableFor } from './routes';
import type { Context } from '../../../wire/operation';
import { addresses, endpoints, interfaces, internetGateways, natGateways, subnets } from '../state';
import type { RouteTable, Subnet } from '../state';

/** Out of the VPC to a public address: by a gateway endpoint, a NAT gateway or an internet gateway, whichever the narrowest route names. */
export function outOfVpc(view: View, from: VpcPosition, source: Subnet, address: string, flow: Flow, endpointName: string | undefined): Path {
  return inTurn(
    () => allowedByGroups(view, from.securityGroupIds, true, flow, { address, groupIds: [] }),
    () => byRoute(view, from, source, address, flow, endpointName),
    () => allowedOut(view, source, flow, address),
  );
}

function byRoute(view: View, from: VpcPosition, source: Subnet, address: string, flow: Flow, endpointName: string | undefined): Path {
  const { context } = view;
  const table = tableFor(view, source);
  const route = best(context, table, address);
  const remedy = endpointName === undefined
    ? `add a route to a NAT gateway to ${table.id}`
    : `add an endpoint for ${endpointName} to ${source.vpcId}, or a route to a NAT gateway to ${table.id}`;
  if (!route) {
    const orEndpoint = endpointName === undefined ? '' : `, and the VPC no endpoint ${endpointName}`;
    return blocked(`route table ${table.id} has no route to the internet${orEndpoint}`, remedy);
  }
  const hop = hopOf(table, route);
  if (route.target.startsWith('vpce-')) return throughGatewayEndpoint(context, route.target, hop);
  if (route.target.startsWith('nat-')) return inTurn(() => hop, () => throughNat(view, route.target, address, flow));
  const gateway = toGateway(view, table, address);
  if (gateway.allowed && !hasPublicAddress(context, from)) return blocked('the caller has no public address', remedy, gateway.hops);
  return gateway;
}

function throughGatewayEndpoint(context: Context, id: string, hop: Path): Path {
  const endpoint = endpoints(context).get(id);
  if (endpoint?.state !== 'available') return blocked(`endpoint ${id} is not available`, undefined, hop.hops);
  return { ...hop, hops: [`endpoint ${id}`, ...hop.hops], supports: [id, ...hop.supports], endpointId: id };
}

function throughNat(view: View, id: string, address: string, flow: Flow): Path {
  const nat = natGateways(view.context).get(id);
  if (nat?.state !== 'available') return blocked(`NAT gateway ${id} is not available`);
  if (nat.connectivity !== 'public') return blocked(`NAT gateway ${id} is private`, 'route to a public NAT gateway');
  const home = subnets(view.context).get(nat.subnetId)!;
  return inTurn(() => toGateway(view, tableFor(view, home), address), () => allowedOut(view, home, flow, address));
}

function toGateway({ context }: View, table: RouteTable, address: string): Path {
  const route = best(context, table, address);
  const attached = route && internetGateways(context).get(route.target)?.vpcId === table.vpcId;
  if (!route || !attached) return blocked(`route table ${table.id} has no route to an internet gateway`, `add a route to an internet gateway to ${table.id}`);
  return hopOf(table, route);
}

/** Interfaces of functions never have one. */
function hasPublicAddress(context: Context, from: VpcPosition): boolean {
  const card = interfaces(context).values()
    .find((each) => each.vpcId === from.vpcId && from.address !== undefined && each.addresses.includes(from.address));
  return card !== undefined && (card.publicIp !== undefined || addresses(context).values().some(({ interfaceId }) => interfaceId === card.id));
}

