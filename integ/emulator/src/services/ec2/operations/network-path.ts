import type { Context, Output, Position } from '../../../wire/operation';
import { hostOf } from '../endpoint-services';
import { canConnect } from '../path/connect';
import { decided, decisions } from '../path/decisions';
import { remembered } from '../path/remembered';
import { canReachHost } from '../path/services';

interface PathInput {
  readonly from: Position;
  readonly toAddress?: string;
  readonly toNetworkInterfaceId?: string;
  readonly port: number;
  readonly protocol?: string;
}

/** No operation of AWS: how other parts of the emulator ask whether a connection would come about. */
export function emulatedNetworkPath(context: Context, input: PathInput): Output {
  const { from, toAddress, toNetworkInterfaceId, port, protocol = 'tcp' } = input;
  const to = { address: toAddress, interfaceId: toNetworkInterfaceId };
  const found = remembered(context, JSON.stringify(input), (view) => canConnect(view, from, to, { protocol, port }));
  decided(context, from, `${found.path.address ?? toAddress ?? toNetworkInterfaceId ?? ''}:${port}`, found);
  return { ...found.path };
}

/** No operation of AWS: whether a call to an AWS service of the region, or to a host of AWS, would get there. */
export function emulatedServicePath(context: Context, input: { from: Position; service?: string; host?: string; port?: number }): Output {
  const { from, service = '', port = 443 } = input;
  const host = input.host ?? hostOf(context, service);
  const found = remembered(context, JSON.stringify([from, host, port]), (view) => canReachHost(view, from, host, port));
  decided(context, from, `${host}:${port}`, found);
  return { ...found.path };
}

/** No operation of AWS: every way that was asked for, and what held it up. */
export function emulatedNetworkDecisions(context: Context): Output {
  return { decisions: decisions(context) };
}
