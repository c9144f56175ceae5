import { allowedByAcls } from './acls';
import { allowedByGroups } from './groups';
import { blocked, describe, inTurn, open } from './path';
import type { Flow, Path, View } from './path';
import { routed } from './routes';
import type { Context, Position } from '../../../wire/operation';
import { interfaces, subnets } from '../state';
import type { NetworkInterface, Subnet } from '../state';

export interface Destination {
  readonly address?: string;
  readonly interfaceId?: string;
}

/** Whether a connection to a network interface would come about. */
export function canConnect(view: View, from: Position, to: Destination, flow: Flow): Path {
  const { context } = view;
  if (from.kind === 'service') return open(describe(from));
  if (from.kind !== 'vpc') return blocked(`${describe(from)} is in no VPC`);
  const source = subnets(context).get(from.subnetId);
  if (!source) return blocked(`subnet ${from.subnetId} does not exist`);
  const card = destinationOf(context, source, to);
  if (!card) return blocked(`no network interface has the address ${to.address ?? to.interfaceId ?? ''}`);
  const home = subnets(context).get(card.subnetId)!;
  const address = to.address ?? card.addresses[0];
  const path = inTurn(
    () => allowedByGroups(view, from.securityGroupIds, true, flow, { address, groupIds: card.groupIds }),
    () => routed(view, source, home, card, address),
    () => allowedByAcls(view, source, home, flow, from.address, address),
    () => allowedByGroups(view, card.groupIds, false, flow, { address: from.address, cidr: source.cidr, groupIds: from.securityGroupIds }),
  );
  return { ...path, address };
}

/** The interface behind an address, in the source's own VPC before its peers'. */
function destinationOf(context: Context, source: Subnet, to: Destination): NetworkInterface | undefined {
  if (to.interfaceId !== undefined) return interfaces(context).get(to.interfaceId);
  const having = interfaces(context).values().filter((card) => [...card.addresses, ...card.addresses6].includes(to.address ?? ''));
  return having.find(({ vpcId }) => vpcId === source.vpcId) ?? having[0];
}
