import { covers } from './blocks';
import { EPHEMERAL_PORT, blocked, inTurn, open } from './path';
import type { Flow, Path, View } from './path';
import { networkAcls } from '../state';
import type { AclEntry, Subnet } from '../state';

/** Between two subnets each one's list is passed, in both directions; within one subnet none is. */
export function allowedByAcls(view: View, source: Subnet, home: Subnet, flow: Flow, from: string | undefined, to: string): Path {
  if (source.id === home.id) return open();
  const sourceAddress = from ?? source.cidr.split('/')[0];
  return inTurn(
    () => allowedByAcl(view, source, true, flow, to),
    () => allowedByAcl(view, home, false, flow, sourceAddress),
    () => allowedByAcl(view, home, true, answersTo(flow), sourceAddress),
    () => allowedByAcl(view, source, false, answersTo(flow), to),
  );
}

/** Out of a subnet to somewhere beyond all subnets, and back. */
export function allowedOut(view: View, source: Subnet, flow: Flow, to: string): Path {
  return inTurn(() => allowedByAcl(view, source, true, flow, to), () => allowedByAcl(view, source, false, answersTo(flow), to));
}

function answersTo({ protocol }: Flow): Flow {
  return { protocol, port: EPHEMERAL_PORT };
}

const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1' };

function allowedByAcl({ context }: View, subnet: Subnet, egress: boolean, flow: Flow, address: string): Path {
  const acl = networkAcls(context).values().find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id));
  const entry = acl?.entries.find((candidate) => candidate.egress === egress && decides(candidate, flow, address));
  const what = `${acl?.id ?? 'network ACL'} ${egress ? 'outbound' : 'inbound'}`;
  if (entry?.action === 'allow') return open(`${what} ${entry.number}`);
  const traffic = `${flow.protocol} ${flow.port} ${egress ? 'to' : 'from'} ${address}`;
  return blocked(
    `${what} does not allow ${traffic}`,
    entry ? `rule ${entry.number} denies it: put a rule with a lower number before it` : `add an ${egress ? 'outbound' : 'inbound'} rule for it`,
  );
}

function decides(entry: AclEntry, { protocol, port }: Flow, address: string): boolean {
  const protocolFits = entry.protocol === '-1' || entry.protocol === protocol || entry.protocol === PROTOCOL_NUMBERS[protocol];
  const portFits = entry.protocol === '-1' || entry.fromPort === undefined || (entry.fromPort <= port && port <= (entry.toPort ?? 65_535));
  return protocolFits && portFits && covers(entry.cidr ?? entry.cidr6 ?? '', address);
}
