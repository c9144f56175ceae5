import { tableOf } from './route-tables';
import { subnetOf } from './subnets';
import type { Context, Output } from '../../../wire/operation';
import { endpointService } from '../endpoint-services';
import type { EndpointService } from '../endpoint-services';
import { find } from '../find';
import { newId } from '../ids';
import { addInterface, checkGroups, defaultGroupOf, dropInterface, groupIdentifiers } from '../interface-records';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { awsPrefixLists } from '../prefix-list-records';
import { refuse } from '../refusals';
import { endpoints, interfaces, routeTables } from '../state';
import type { Endpoint, Subnet } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { vpcOf } from '../vpc-of';
import { zonesOf } from '../zones';

interface CreateVpcEndpointInput extends WithTags {
  readonly VpcEndpointType?: string;
  readonly VpcId: string;
  readonly ServiceName: string;
  readonly PolicyDocument?: string;
  readonly RouteTableIds?: readonly string[];
  readonly SubnetIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
  readonly IpAddressType?: string;
  readonly PrivateDnsEnabled?: boolean;
  readonly ClientToken?: string;
}

const FULL_ACCESS = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** A gateway endpoint is a route, there at once; an interface endpoint is interfaces in subnets and takes a while. */
export function createVpcEndpoint(context: Context, input: CreateVpcEndpointInput): Output {
  checkTagTypes(context, input, 'vpc-endpoint');
  const vpc = vpcOf(context, input.VpcId);
  const service = endpointService(context, input.ServiceName);
  if (!service) throw refuse(context, 'endpoint-service', input.ServiceName);
  const type = input.VpcEndpointType ?? 'Gateway';
  if (type !== 'Gateway' && type !== 'Interface') throw refuse(context, 'endpoint-type-not-emulated', type);
  if (!service.types.includes(type)) throw refuse(context, 'endpoint-type', type, service.types.join(', '));
  if (input.PolicyDocument !== undefined) checkPolicy(context, input.PolicyDocument);
  const id = newId(context, 'vpce');
  const empty: Endpoint = {
    id,
    type,
    vpcId: vpc.id,
    serviceName: service.name,
    state: 'pending',
    policy: input.PolicyDocument ?? FULL_ACCESS,
    routeTableIds: [],
    subnetIds: [],
    groupIds: [],
    interfaceIds: [],
    privateDns: false,
    ipAddressType: input.IpAddressType ?? 'ipv4',
    createdAt: context.now,
  };
  const endpoint = type === 'Gateway' ? makeGateway(context, empty, input) : makeInterface(context, empty, service, input);
  endpoints(context).put(id, endpoint);
  tagNew(context, input, 'vpc-endpoint', id);
  context.emit(endpoint.state, id);
  return { VpcEndpoint: view(context, endpoint), ClientToken: input.ClientToken };
}

function checkPolicy(context: Context, document: string): void {
  try {
    const parsed = JSON.parse(document) as { Statement?: unknown };
    if (parsed.Statement !== undefined) return;
  } catch {
    // Refused below, like a document without statements.
  }
  throw refuse(context, 'endpoint-policy');
}

function makeGateway(context: Context, endpoint: Endpoint, input: CreateVpcEndpointInput): Endpoint {
  const limit = context.row<number>('gateway-endpoints-per-region');
  if (endpoints(context).values().filter(({ type }) => type === 'Gateway').length >= limit) throw refuse(context, 'endpoint-limit', endpoint.vpcId);
  if (input.SubnetIds?.length || input.SecurityGroupIds?.length || input.PrivateDnsEnabled) throw refuse(context, 'gateway-endpoint-extras');
  const made: Endpoint = { ...endpoint, state: 'available' };
  // Routes look at the state of their target: the record comes first.
  endpoints(context).put(made.id, made);
  const tables = input.RouteTableIds ?? [];
  tables.forEach((id) => addGatewayRoute(context, made, id));
  return { ...made, routeTableIds: tables };
}

function addGatewayRoute(context: Context, endpoint: Endpoint, tableId: string): void {
  const table = tableOf(context, tableId);
  if (table.vpcId !== endpoint.vpcId) throw refuse(context, 'route-table-of-other-vpc', table.id, endpoint.vpcId);
  const prefixes = awsPrefixLists(context).find(({ name }) => name === endpoint.serviceName)!;
  if (table.routes.some(({ destination }) => destination === prefixes.id)) throw refuse(context, 'gateway-route-exists', table.id, prefixes.id);
  routeTables(context).put(table.id, {
    ...table, routes: [...table.routes, { destination: prefixes.id, target: endpoint.id, origin: 'CreateRoute' }],
  });
}

function dropGatewayRoute(context: Context, endpoint: Endpoint, tableId: string): void {
  const table = routeTables(context).get(tableId);
  if (table) routeTables(context).put(table.id, { ...table, routes: table.routes.filter(({ target }) => target !== endpoint.id) });
}

function makeInterface(context: Context, endpoint: Endpoint, service: EndpointService, input: CreateVpcEndpointInput): Endpoint {
  const inVpc = endpoints(context).values().filter(({ vpcId, type, state }) => vpcId === endpoint.vpcId && type === 'Interface' && state !== 'deleted');
  if (inVpc.length >= context.row<number>('interface-endpoints-per-vpc')) throw refuse(context, 'endpoint-limit', endpoint.vpcId);
  if (input.RouteTableIds?.length) throw refuse(context, 'interface-endpoint-route-tables');
  const privateDns = input.PrivateDnsEnabled ?? true;
  if (privateDns) checkPrivateDns(context, endpoint, service);
  const groupIds = input.SecurityGroupIds?.length ? [...new Set(input.SecurityGroupIds)] : [defaultGroupOf(context, endpoint.vpcId)];
  checkGroups(context, endpoint.vpcId, groupIds);
  const empty: Endpoint = { ...endpoint, groupIds, privateDns };
  const made = (input.SubnetIds ?? []).reduce((sofar, id) => addEndpointSubnet(context, sofar, service, id), empty);
  schedule(context, made.id);
  return made;
}

function checkPrivateDns(context: Context, endpoint: Endpoint, service: EndpointService): void {
  const vpc = vpcOf(context, endpoint.vpcId);
  if (!vpc.dnsSupport || !vpc.dnsHostnames) throw refuse(context, 'private-dns-attributes', vpc.id);
  const rival = endpoints(context).values().find((other) =>
    other.id !== endpoint.id && other.vpcId === vpc.id && other.serviceName === service.name && other.privateDns && other.state !== 'deleted');
  if (rival) throw refuse(context, 'private-dns-conflict', service.privateDnsName, vpc.id);
}

function addEndpointSubnet(context: Context, endpoint: Endpoint, service: EndpointService, subnetId: string): Endpoint {
  const subnet = subnetOf(context, subnetId);
  if (subnet.vpcId !== endpoint.vpcId) throw refuse(context, 'subnet-of-other-vpc', subnet.id, endpoint.vpcId);
  if (!service.zones.some(({ name }) => name === subnet.zone)) throw refuse(context, 'endpoint-zone', service.name, subnet.id);
  const zones = endpoint.subnetIds.map((id) => subnetOf(context, id).zone);
  if (zones.includes(subnet.zone)) throw refuse(context, 'endpoint-zone-twice', subnet.id);
  const card = addEndpointInterface(context, endpoint, subnet);
  return { ...endpoint, subnetIds: [...endpoint.subnetIds, subnet.id], interfaceIds: [...endpoint.interfaceIds, card] };
}

function addEndpointInterface(context: Context, endpoint: Endpoint, subnet: Subnet): string {
  return addInterface(context, subnet, {
    description: `VPC Endpoint Interface ${endpoint.id}`,
    groupIds: endpoint.groupIds,
    interfaceType: 'vpc_endpoint',
    requesterId: 'amazon-vpce',
    attachment: { owner: 'amazon-aws', deviceIndex: 1, deleteOnTermination: false },
  }).id;
}

function schedule(context: Context, id: string): void {
  const delay = context.delay('interface-endpoint-create', id);
  context.busy('VPC endpoint pending', id, delay);
  context.after(delay, { kind: 'endpoint-ready', args: { id } });
}

export function endpointReady(context: Context, { id }: { id: string }): void {
  const endpoint = endpoints(context).get(id);
  if (endpoint?.state !== 'pending') return;
  endpoints(context).put(id, { ...endpoint, state: 'available' });
  context.emit('available', id);
}

export function deleteVpcEndpoints(context: Context, { VpcEndpointIds }: { VpcEndpointIds: string[] }): Output {
  const unknown = VpcEndpointIds.filter((id) => !endpoints(context).has(id));
  for (const id of VpcEndpointIds) {
    const endpoint = endpoints(context).get(id);
    if (!endpoint || endpoint.state === 'deleting' || endpoint.state === 'deleted') continue;
    endpoint.routeTableIds.forEach((tableId) => dropGatewayRoute(context, endpoint, tableId));
    if (endpoint.type === 'Gateway') {
      forget(context, endpoint);
      continue;
    }
    endpoints(context).put(id, { ...endpoint, state: 'deleting' });
    context.emit('deleting', id);
    const delay = context.delay('interface-endpoint-delete', id);
    context.busy('VPC endpoint deleting', id, delay);
    context.after(delay, { kind: 'endpoint-gone', args: { id } });
  }
  return {
    Unsuccessful: unknown.map((id) => {
      const { name: Code, message: Message } = refuse(context, 'endpoint', id);
      return { ResourceId: id, Error: { Code, Message } };
    }),
  };
}

export function endpointGone(context: Context, { id }: { id: string }): void {
  const endpoint = endpoints(context).get(id);
  if (endpoint) forget(context, endpoint);
}

function forget(context: Context, endpoint: Endpoint): void {
  for (const id of endpoint.interfaceIds) {
    const card = interfaces(context).get(id);
    if (card) dropInterface(context, card);
  }
  endpoints(context).delete(endpoint.id);
  dropTags(context, endpoint.id);
  context.emit('deleted', endpoint.id);
}

/** No operation of AWS: an endpoint as it has a say in the calls that come through it. */
export function emulatedEndpoint(context: Context, { VpcEndpointId }: { readonly VpcEndpointId: string }): Output {
  const { id, vpcId, policy } = find(context, endpoints(context), 'vpce', 'endpoint', VpcEndpointId);
  return { id, vpcId, policy };
}

interface ModifyVpcEndpointInput {
  readonly VpcEndpointId: string;
  readonly ResetPolicy?: boolean;
  readonly PolicyDocument?: string;
  readonly AddRouteTableIds?: readonly string[];
  readonly RemoveRouteTableIds?: readonly string[];
  readonly AddSubnetIds?: readonly string[];
  readonly RemoveSubnetIds?: readonly string[];
  readonly AddSecurityGroupIds?: readonly string[];
  readonly RemoveSecurityGroupIds?: readonly string[];
  readonly PrivateDnsEnabled?: boolean;
}

export function modifyVpcEndpoint(context: Context, input: ModifyVpcEndpointInput): Output {
  let endpoint = find(context, endpoints(context), 'vpce', 'endpoint', input.VpcEndpointId);
  const service = endpointService(context, endpoint.serviceName)!;
  if (input.PolicyDocument !== undefined) checkPolicy(context, input.PolicyDocument);
  if (input.PrivateDnsEnabled && !endpoint.privateDns) checkPrivateDns(context, endpoint, service);
  for (const id of input.RemoveRouteTableIds ?? []) dropGatewayRoute(context, endpoint, id);
  for (const id of input.AddRouteTableIds ?? []) addGatewayRoute(context, endpoint, id);
  const groupIds = [...endpoint.groupIds.filter((id) => !input.RemoveSecurityGroupIds?.includes(id)), ...(input.AddSecurityGroupIds ?? [])];
  if (endpoint.type === 'Interface') checkGroups(context, endpoint.vpcId, groupIds);
  endpoint = {
    ...endpoint,
    groupIds: [...new Set(groupIds)],
    policy: input.ResetPolicy ? FULL_ACCESS : input.PolicyDocument ?? endpoint.policy,
    privateDns: input.PrivateDnsEnabled ?? endpoint.privateDns,
    routeTableIds: [...endpoint.routeTableIds.filter((id) => !input.RemoveRouteTableIds?.includes(id)), ...(input.AddRouteTableIds ?? [])],
  };
  for (const id of endpoint.interfaceIds) {
    const card = interfaces(context).get(id)!;
    interfaces(context).put(id, { ...card, groupIds: endpoint.groupIds });
  }
  endpoint = (input.RemoveSubnetIds ?? []).reduce((sofar, id) => dropEndpointSubnet(context, sofar, id), endpoint);
  endpoint = (input.AddSubnetIds ?? []).reduce((sofar, id) => addEndpointSubnet(context, sofar, service, id), endpoint);
  if (input.AddSubnetIds?.length || input.RemoveSubnetIds?.length) {
    endpoint = { ...endpoint, state: 'pending' };
    schedule(context, endpoint.id);
  }
  endpoints(context).put(endpoint.id, endpoint);
  return { Return: true };
}

function dropEndpointSubnet(context: Context, endpoint: Endpoint, subnetId: string): Endpoint {
  const gone = endpoint.interfaceIds.find((id) => interfaces(context).get(id)?.subnetId === subnetId);
  if (gone !== undefined) dropInterface(context, interfaces(context).get(gone)!);
  return {
    ...endpoint,
    subnetIds: endpoint.subnetIds.filter((id) => id !== subnetId),
    interfaceIds: endpoint.interfaceIds.filter((id) => id !== gone),
  };
}

export function describeVpcEndpoints(context: Context, input: ListInput & { VpcEndpointIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: endpoints(context).values(),
    idOf: (endpoint) => endpoint.id,
    ids: input.VpcEndpointIds,
    missing: 'endpoint',
    filters: {
      'vpc-endpoint-id': (endpoint) => endpoint.id,
      'vpc-id': (endpoint) => endpoint.vpcId,
      'service-name': (endpoint) => endpoint.serviceName,
      'vpc-endpoint-type': (endpoint) => endpoint.type,
      'vpc-endpoint-state': (endpoint) => endpoint.state,
      'ip-address-type': (endpoint) => endpoint.ipAddressType,
    },
  });
  return { VpcEndpoints: page.map((endpoint) => view(context, endpoint)), NextToken };
}

function view(context: Context, endpoint: Endpoint): Output {
  return {
    VpcEndpointId: endpoint.id,
    VpcEndpointType: endpoint.type,
    VpcId: endpoint.vpcId,
    ServiceName: endpoint.serviceName,
    ServiceRegion: context.region,
    State: endpoint.state,
    PolicyDocument: endpoint.policy,
    RouteTableIds: endpoint.routeTableIds,
    SubnetIds: endpoint.subnetIds,
    Groups: groupIdentifiers(context, endpoint.groupIds),
    IpAddressType: endpoint.type === 'Interface' ? endpoint.ipAddressType : undefined,
    DnsOptions: { DnsRecordIpType: endpoint.type === 'Interface' ? 'ipv4' : 'service-defined' },
    PrivateDnsEnabled: endpoint.privateDns,
    RequesterManaged: false,
    NetworkInterfaceIds: endpoint.interfaceIds,
    DnsEntries: endpoint.type === 'Interface' ? dnsEntries(context, endpoint) : [],
    CreationTimestamp: new Date(context.kernel.hostTime(endpoint.createdAt)),
    OwnerId: context.account,
    Tags: tagsOf(context, endpoint.id),
  };
}

/** The regional name first, then one for each zone, then the service's own name. */
function dnsEntries(context: Context, endpoint: Endpoint): Output[] {
  const service = endpointService(context, endpoint.serviceName)!;
  const zoneHash = (what: string): string => context.kernel.ids.named('hosted-zone', context.region, what).toString('hex').slice(0, 20).toUpperCase();
  const suffix = context.kernel.ids.named('vpce-dns', endpoint.id).toString('base64url').replace(/[^a-z0-9]/g, '').padEnd(8, '0').slice(0, 8);
  const base = `${service.short}.${context.region}.vpce.amazonaws.com`;
  const placed = new Set(endpoint.subnetIds.map((id) => subnetOf(context, id).zone));
  const zones = zonesOf(context).filter(({ name }) => placed.has(name));
  return [
    { DnsName: `${endpoint.id}-${suffix}.${base}`, HostedZoneId: `Z${zoneHash('vpce')}` },
    ...zones.map(({ name }) => ({ DnsName: `${endpoint.id}-${suffix}-${name}.${base}`, HostedZoneId: `Z${zoneHash('vpce')}` })),
    ...(endpoint.privateDns ? [{ DnsName: service.privateDnsName, HostedZoneId: `Z${zoneHash(endpoint.id)}` }] : []),
  ];
}

/** No endpoint services of one's own, so nobody is connected to them. */
export function describeVpcEndpointConnections(): Output {
  return { VpcEndpointConnections: [] };
}
