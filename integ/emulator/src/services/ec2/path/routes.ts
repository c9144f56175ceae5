import { cidrsOf, covers } from './blocks';
import { blocked, inTurn, open, supported } from './path';
import type { Path, View } from './path';
import type { Context } from '../../../wire/operation';
import { peerings, routeTables } from '../state';
import type { NetworkInterface, Route, RouteTable, Subnet } from '../state';

/** The table of a subnet: its own, or the VPC's main one. */
export function tableFor({ context, without }: View, subnet: Subnet): RouteTable {
  const all = routeTables(context).values().filter(({ vpcId }) => vpcId === subnet.vpcId);
  const table = all.find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id))
    ?? all.find(({ associations }) => associations.some(({ main }) => main))!;
  if (without === undefined) return table;
  return { ...table, routes: table.routes.filter((route) => nameOf(table, route) !== without && route.target !== without) };
}

/** How a route is called: routes have no ids. */
function nameOf({ id }: RouteTable, { destination }: Route): string {
  return `${id} ${destination}`;
}

export function hopOf(table: RouteTable, route: Route): Path {
  const hop = `${nameOf(table, route)} → ${route.target}`;
  // Local routes cannot be taken away.
  return route.target === 'local' ? open(hop) : supported(hop, nameOf(table, route));
}

/** The narrowest route that covers an address. */
export function best(context: Context, table: RouteTable, address: string): Route | undefined {
  const covering = table.routes
    .map((route) => ({ route, prefix: coverage(context, route.destination, address) }))
    .filter(({ prefix }) => prefix !== undefined);
  return covering.sort((a, b) => b.prefix! - a.prefix!)[0]?.route;
}

function coverage(context: Context, destination: string, address: string): number | undefined {
  const blocks = destination.startsWith('pl-') ? cidrsOf(context, destination) : [destination];
  const fitting = blocks.filter((cidr) => covers(cidr, address)).map((cidr) => Number(cidr.split('/')[1]));
  return fitting.length === 0 ? undefined : Math.max(...fitting);
}

/** There and back, between two subnets of one VPC or of two that are joined. */
export function routed(view: View, source: Subnet, home: Subnet, card: NetworkInterface, address: string): Path {
  const there = (): Path => oneWay(view, tableFor(view, source), address, card.vpcId);
  if (card.vpcId === source.vpcId) return there();
  return inTurn(there, () => oneWay(view, tableFor(view, home), source.cidr.split('/')[0], source.vpcId));
}

function oneWay({ context }: View, table: RouteTable, address: string, vpcId: string): Path {
  const route = best(context, table, address);
  if (!route) return blocked(`route table ${table.id} has no route to ${address}`, `add a route to ${address} to ${table.id}`);
  const hop = hopOf(table, route);
  if (route.target === 'local') return table.vpcId === vpcId ? hop : blocked(`${address} is not in ${table.vpcId}`, undefined, hop.hops);
  const peering = peerings(context).get(route.target);
  const joins = peering?.status === 'active' && [peering.requester, peering.accepter].some((side) => side.vpcId === vpcId);
  return joins ? hop : blocked(`${route.target} does not lead to ${vpcId}`, `route ${address} over a peering connection with ${vpcId}`, hop.hops);
}
