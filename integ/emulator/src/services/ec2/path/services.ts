import { canConnect } from './connect';
import { outOfVpc } from './internet';
import { blocked, describe, inTurn, open, supported } from './path';
import type { Flow, Path, View, VpcPosition } from './path';
import type { Context, Position } from '../../../wire/operation';
import { endpointServices, isNamedBy, serviceOfHost } from '../endpoint-services';
import { awsPrefixLists } from '../prefix-list-records';
import { endpoints, interfaces, subnets, vpcs } from '../state';
import type { Endpoint } from '../state';

/** A public address in no rule but those for the whole internet. */
const SOMEWHERE = '192.0.2.1';

/** Whether a call to a host of AWS gets there: by an interface endpoint, a gateway endpoint, or the internet. */
export function canReachHost(view: View, from: Position, host: string, port: number): Path {
  if (from.kind !== 'vpc') return open(describe(from));
  const { context } = view;
  const source = subnets(context).get(from.subnetId);
  if (!source) return blocked(`subnet ${from.subnetId} does not exist`);
  if (vpcs(context).get(source.vpcId)?.dnsSupport === false) {
    return { ...blocked(`${source.vpcId} resolves no names: ${host} has no address`, `turn on DNS support of ${source.vpcId}`), unresolved: true };
  }
  const flow = { protocol: 'tcp', port };
  const own = endpointOf(view, source.vpcId, host);
  // A private name hides the public one: when it does not answer, nothing else is tried.
  if (own) return throughEndpoint(view, from, own, flow);
  const service = serviceOfHost(context, host);
  const list = awsPrefixLists(context).find(({ name }) => name === service?.name);
  const address = list?.cidrs[0].split('/')[0] ?? SOMEWHERE;
  return { ...outOfVpc(view, from, source, address, flow, service?.name), address };
}

/** The endpoint whose private name or own name this is. */
function endpointOf({ context, without }: View, vpcId: string, host: string): Endpoint | undefined {
  const ownName = /^(vpce-[0-9a-f]+)-[^.]+\..+\.vpce\.amazonaws\.com$/.exec(host)?.[1];
  const services = endpointServices(context);
  return endpoints(context).values().find((endpoint) => {
    if (endpoint.vpcId !== vpcId || endpoint.type !== 'Interface' || endpoint.state !== 'available' || endpoint.id === without) return false;
    const service = services.find(({ name }) => name === endpoint.serviceName);
    return endpoint.id === ownName || (endpoint.privateDns && service !== undefined && isNamedBy(service, host));
  });
}

function throughEndpoint(view: View, from: VpcPosition, endpoint: Endpoint, flow: Flow): Path {
  const interfaceId = nearest(view.context, from, endpoint.interfaceIds);
  if (interfaceId === undefined) return blocked(`endpoint ${endpoint.id} is in no subnet`, `put ${endpoint.id} into subnets`);
  const path = inTurn(() => supported(`endpoint ${endpoint.id}`, endpoint.id), () => canConnect(view, from, { interfaceId }, flow));
  return { ...path, endpointId: endpoint.id };
}

/** One in the caller's own zone, if there is one. */
function nearest(context: Context, from: VpcPosition, interfaceIds: readonly string[]): string | undefined {
  const home = subnets(context).get(from.subnetId)?.zone;
  const near = (id: string): number => Number(interfaces(context).get(id)?.zone !== home);
  return [...interfaceIds].sort((a, b) => near(a) - near(b))[0];
}
