import { hasAddress, hasBlock, parseAddress, parseBlock } from './addresses';
import { endpointServices } from './endpoint-services';
import { hasAddress6, parseAddress6, parseBlock6 } from './ipv6';
import { awsPrefixLists } from './prefix-list-records';
import {
  addresses, endpoints, internetGateways, interfaces, natGateways, networkAcls, peerings, prefixLists, routeTables, securityGroupRules, subnets,
} from './state';
import type { AclEntry, NetworkInterface, Route, RouteTable, SecurityGroupRule, Subnet } from './state';
import type { Context, Position } from '../../wire/operation';

/**
 * Whether a connection from one place to another would come about, and by which rules and routes.
 *
 * Reads records only. Security groups keep state, so the way back needs no rule of theirs; network ACLs keep none.
 */
export interface Path {
  readonly allowed: boolean;
  /** What lets it through, in the order in which it is passed. */
  readonly hops: readonly string[];
  /** What does not. */
  readonly missing?: string;
}

export interface Destination {
  readonly address?: string;
  readonly interfaceId?: string;
}

export type VpcPosition = Extract<Position, { kind: 'vpc' }>;

/** A port that clients connect from. */
const EPHEMERAL_PORT = 49_152;

interface Flow {
  readonly protocol: string;
  readonly port: number;
}

export function canConnect(context: Context, from: Position, to: Destination, port: number, protocol: string = 'tcp'): Path {
  if (from.kind === 'service') return { allowed: true, hops: [`AWS service ${from.service}`] };
  if (from.kind !== 'vpc') return blocked([], `${describe(from)} is in no VPC`);
  const source = subnets(context).get(from.subnetId);
  if (!source) return blocked([], `subnet ${from.subnetId} does not exist`);
  const card = destinationOf(context, source, to);
  if (!card) return blocked([], `no network interface has the address ${to.address ?? to.interfaceId ?? ''}`);
  const home = subnets(context).get(card.subnetId)!;
  const flow = { protocol, port };
  return inTurn([
    () => allowedByGroups(context, from.securityGroupIds, true, flow, { address: addressOf(card, to), groupIds: card.groupIds }),
    () => routed(context, source, card, to),
    () => allowedByAcls(context, source, home, flow, from.address, addressOf(card, to)),
    () => allowedByGroups(context, card.groupIds, false, flow, { address: from.address, cidr: source.cidr, groupIds: from.securityGroupIds }),
  ]);
}

/**
 * Whether a call to an AWS service in the same region gets out: by an interface endpoint, a gateway endpoint, or the internet.
 *
 * @param service its name in endpoint names: `ssm`, `s3`, `cloudhsmv2`
 */
export function canReachService(context: Context, from: Position, service: string): Path {
  if (from.kind !== 'vpc') return { allowed: true, hops: [describe(from)] };
  const source = subnets(context).get(from.subnetId);
  if (!source) return blocked([], `subnet ${from.subnetId} does not exist`);
  const name = endpointServices(context).find(({ short }) => short === service)?.name;
  const inVpc = endpoints(context).values().filter((endpoint) =>
    endpoint.vpcId === from.vpcId && endpoint.serviceName === name && endpoint.state === 'available');
  const own = inVpc.find(({ type, privateDns }) => type === 'Interface' && privateDns);
  // The private name hides the public one: when it does not answer, nothing else is tried.
  if (own) return prefixed(`endpoint ${own.id}`, anyInterface(context, from, own.interfaceIds));
  const table = tableFor(context, source);
  const gateway = inVpc.find(({ type, routeTableIds }) => type === 'Gateway' && routeTableIds.includes(table.id));
  const https = { protocol: 'tcp', port: 443 };
  if (gateway) {
    const list = awsPrefixLists(context).find(({ name: listed }) => listed === name)!;
    const out = allowedByGroups(context, from.securityGroupIds, true, https, { prefixListId: list.id, address: list.cidrs[0].split('/')[0], groupIds: [] });
    return prefixed(`endpoint ${gateway.id}`, out);
  }
  return inTurn([
    () => allowedByGroups(context, from.securityGroupIds, true, https, { address: SOMEWHERE, groupIds: [] }),
    () => toInternet(context, from, table),
  ]);
}

/** An address that is in no rule but those for the whole internet. */
const SOMEWHERE = '192.0.2.1';

function anyInterface(context: Context, from: VpcPosition, interfaceIds: readonly string[]): Path {
  const home = subnets(context).get(from.subnetId)?.zone;
  const near = (id: string): number => Number(interfaces(context).get(id)?.zone !== home);
  const [first] = [...interfaceIds].sort((a, b) => near(a) - near(b));
  if (first === undefined) return blocked([], 'the endpoint is in no subnet');
  return canConnect(context, from, { interfaceId: first }, 443);
}

function toInternet(context: Context, from: VpcPosition, table: RouteTable): Path {
  const route = best(context, table, SOMEWHERE);
  if (!route) return blocked([], `route table ${table.id} has no route to the internet, and the VPC no endpoint`);
  const hop = `${table.id} ${route.destination} → ${route.target}`;
  if (route.target.startsWith('nat-')) {
    const nat = natGateways(context).get(route.target);
    if (nat?.state !== 'available') return blocked([hop], `NAT gateway ${route.target} is not available`);
    if (nat.connectivity !== 'public') return blocked([hop], `NAT gateway ${route.target} is private`);
    const beyond = toGateway(context, tableFor(context, subnets(context).get(nat.subnetId)!));
    return beyond.allowed ? { allowed: true, hops: [hop, ...beyond.hops] } : beyond;
  }
  if (!hasPublicAddress(context, from)) return blocked([hop], 'the caller has no public address');
  return toGateway(context, table);
}

function toGateway(context: Context, table: RouteTable): Path {
  const route = best(context, table, SOMEWHERE);
  const attached = route && internetGateways(context).get(route.target)?.vpcId === table.vpcId;
  if (!route || !attached) return blocked([], `route table ${table.id} has no route to an internet gateway`);
  return { allowed: true, hops: [`${table.id} ${route.destination} → ${route.target}`] };
}

/** Interfaces of functions never have one. */
function hasPublicAddress(context: Context, from: VpcPosition): boolean {
  const card = interfaces(context).values()
    .find((each) => each.vpcId === from.vpcId && from.address !== undefined && each.addresses.includes(from.address));
  return card !== undefined && (card.publicIp !== undefined || addresses(context).values().some(({ interfaceId }) => interfaceId === card.id));
}

function describe(from: Position): string {
  if (from.kind === 'lambda') return 'a function outside VPCs';
  return from.kind === 'service' ? `AWS service ${from.service}` : 'a caller outside AWS';
}

function blocked(hops: readonly string[], missing: string): Path {
  return { allowed: false, hops, missing };
}

function prefixed(hop: string, path: Path): Path {
  return { ...path, hops: [hop, ...path.hops] };
}

function inTurn(steps: ReadonlyArray<() => Path>): Path {
  let hops: readonly string[] = [];
  for (const step of steps) {
    const path = step();
    hops = [...hops, ...path.hops];
    if (!path.allowed) return { ...path, hops };
  }
  return { allowed: true, hops };
}

function addressOf(card: NetworkInterface, to: Destination): string {
  return to.address ?? card.addresses[0];
}

/** The interface behind an address, in the source's own VPC before its peers'. */
function destinationOf(context: Context, source: Subnet, to: Destination): NetworkInterface | undefined {
  if (to.interfaceId !== undefined) return interfaces(context).get(to.interfaceId);
  const having = interfaces(context).values().filter((card) => [...card.addresses, ...card.addresses6].includes(to.address ?? ''));
  return having.find(({ vpcId }) => vpcId === source.vpcId) ?? having[0];
}

/** The table of a subnet: its own, or the VPC's main one. */
function tableFor(context: Context, subnet: Subnet): RouteTable {
  const all = routeTables(context).values().filter(({ vpcId }) => vpcId === subnet.vpcId);
  return all.find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id))
    ?? all.find(({ associations }) => associations.some(({ main }) => main))!;
}

/** The narrowest route that covers an address. */
function best(context: Context, table: RouteTable, address: string): Route | undefined {
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

function cidrsOf(context: Context, prefixListId: string): readonly string[] {
  return awsPrefixLists(context).find(({ id }) => id === prefixListId)?.cidrs
    ?? prefixLists(context).get(prefixListId)?.entries.map(({ cidr }) => cidr)
    ?? [];
}

function covers(cidr: string, address: string): boolean {
  const [block, number] = [parseBlock(cidr), parseAddress(address)];
  if (block && number !== undefined) return hasAddress(block, number);
  const [block6, number6] = [parseBlock6(cidr), parseAddress6(address)];
  return block6 !== undefined && number6 !== undefined && hasAddress6(block6, number6);
}

function routed(context: Context, source: Subnet, card: NetworkInterface, to: Destination): Path {
  const home = subnets(context).get(card.subnetId)!;
  const table = tableFor(context, source);
  const there = oneWay(context, table, addressOf(card, to), card.vpcId);
  if (!there.allowed || card.vpcId === source.vpcId) return there;
  return inTurn([() => there, () => oneWay(context, tableFor(context, home), source.cidr.split('/')[0], source.vpcId)]);
}

function oneWay(context: Context, table: RouteTable, address: string, vpcId: string): Path {
  const route = best(context, table, address);
  if (!route) return blocked([], `route table ${table.id} has no route to ${address}`);
  const hop = `${table.id} ${route.destination} → ${route.target}`;
  if (route.target === 'local') return table.vpcId === vpcId ? { allowed: true, hops: [hop] } : blocked([hop], `${address} is not in ${table.vpcId}`);
  const peering = peerings(context).get(route.target);
  const joins = peering?.status === 'active' && [peering.requester, peering.accepter].some((side) => side.vpcId === vpcId);
  return joins ? { allowed: true, hops: [hop] } : blocked([hop], `${route.target} does not lead to ${vpcId}`);
}

/** Whom a rule is held against. */
interface Peer {
  readonly address?: string;
  /** Where the address may be, when it is not known. */
  readonly cidr?: string;
  readonly groupIds: readonly string[];
  readonly prefixListId?: string;
}

function allowedByGroups(context: Context, groupIds: readonly string[], egress: boolean, flow: Flow, peer: Peer): Path {
  const rules = securityGroupRules(context).values().filter((rule) => rule.egress === egress && groupIds.includes(rule.groupId));
  const rule = rules.find((candidate) => isFor(candidate, flow) && isAbout(context, candidate, peer));
  const way = egress ? 'egress' : 'ingress';
  if (rule) return { allowed: true, hops: [`${rule.groupId} ${way} ${rule.id}`] };
  const whom = peer.address ?? peer.groupIds.join(', ');
  return blocked([], `no ${way} rule of ${groupIds.join(', ') || 'any security group'} allows ${flow.protocol} ${flow.port} ${egress ? 'to' : 'from'} ${whom}`);
}

function isFor(rule: SecurityGroupRule, { protocol, port }: Flow): boolean {
  if (rule.protocol === '-1') return true;
  return rule.protocol === protocol && (rule.fromPort ?? 0) <= port && port <= (rule.toPort ?? 65_535);
}

function isAbout(context: Context, rule: SecurityGroupRule, peer: Peer): boolean {
  if (rule.peerGroupId !== undefined) return peer.groupIds.includes(rule.peerGroupId);
  if (rule.prefixListId !== undefined) {
    return rule.prefixListId === peer.prefixListId || cidrsOf(context, rule.prefixListId).some((cidr) => isIn(cidr, peer));
  }
  return isIn(rule.cidr ?? rule.cidr6 ?? '', peer);
}

function isIn(cidr: string, peer: Peer): boolean {
  if (peer.address !== undefined) return covers(cidr, peer.address);
  const [outer, inner] = [parseBlock(cidr), parseBlock(peer.cidr ?? '')];
  return outer !== undefined && inner !== undefined && hasBlock(outer, inner);
}

/** Between two subnets each one's list is passed, in both directions; within one subnet none is. */
function allowedByAcls(context: Context, source: Subnet, home: Subnet, flow: Flow, from: string | undefined, to: string): Path {
  if (source.id === home.id) return { allowed: true, hops: [] };
  const back = { protocol: flow.protocol, port: EPHEMERAL_PORT };
  const sourceAddress = from ?? source.cidr.split('/')[0];
  return inTurn([
    () => allowedByAcl(context, source, true, flow, to),
    () => allowedByAcl(context, home, false, flow, sourceAddress),
    () => allowedByAcl(context, home, true, back, sourceAddress),
    () => allowedByAcl(context, source, false, back, to),
  ]);
}

const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1' };

function allowedByAcl(context: Context, subnet: Subnet, egress: boolean, flow: Flow, address: string): Path {
  const acl = networkAcls(context).values().find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id));
  const entry = acl?.entries.find((candidate) => candidate.egress === egress && decides(candidate, flow, address));
  const what = `${acl?.id ?? 'network ACL'} ${egress ? 'outbound' : 'inbound'}`;
  if (entry?.action === 'allow') return { allowed: true, hops: [`${what} ${entry.number}`] };
  return blocked([], `${what} does not allow ${flow.protocol} ${flow.port} ${egress ? 'to' : 'from'} ${address}`);
}

function decides(entry: AclEntry, { protocol, port }: Flow, address: string): boolean {
  const protocolFits = entry.protocol === '-1' || entry.protocol === protocol || entry.protocol === PROTOCOL_NUMBERS[protocol];
  const portFits = entry.protocol === '-1' || entry.fromPort === undefined || (entry.fromPort <= port && port <= (entry.toPort ?? 65_535));
  return protocolFits && portFits && covers(entry.cidr ?? entry.cidr6 ?? '', address);
}
