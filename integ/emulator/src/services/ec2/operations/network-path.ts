import type { Context, Output, Position } from '../../../wire/operation';
import { canConnect, canReachService } from '../network-path';

interface PathInput {
  readonly from: Position;
  readonly toAddress?: string;
  readonly toNetworkInterfaceId?: string;
  readonly port: number;
  readonly protocol?: string;
}

/** No operation of AWS: how other parts of the emulator ask whether a connection would come about. */
export function emulatedNetworkPath(context: Context, input: PathInput): Output {
  return { ...canConnect(context, input.from, { address: input.toAddress, interfaceId: input.toNetworkInterfaceId }, input.port, input.protocol) };
}

/** No operation of AWS: whether a call to an AWS service of the region would get there. */
export function emulatedServicePath(context: Context, input: { from: Position; service: string }): Output {
  return { ...canReachService(context, input.from, input.service) };
}
