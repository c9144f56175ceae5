import { hasModel, loadModel, modelIndex } from '../wire/model';
import { ServiceError } from '../wire/operation';
import type { Caller, Output, Position } from '../wire/operation';

/** How a call comes, or does not come, to a host of AWS. */
export interface Way {
  readonly allowed: boolean;
  /** What it passes, in order. */
  readonly hops: readonly string[];
  /** The hop that is not there. */
  readonly missing?: string;
  /** What would make a way. */
  readonly remedy?: string;
  /** The address that is dialled. */
  readonly address?: string;
  /** The endpoint that is passed. */
  readonly endpointId?: string;
  /** There is not even an address. */
  readonly unresolved?: boolean;
}

/** Thrown where a call cannot get there. To the caller it is silence: what a client makes of that is the client's own. */
export class Unreachable extends Error {
  public constructor(public readonly host: string, public readonly way: Way) {
    super(way.missing);
    this.name = 'Unreachable';
  }
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** How EC2 of a place is asked. */
type Ask = (place: Place, question: { readonly from: Position; readonly host: string }, caller: Caller) => Output;

type VpcPosition = Extract<Position, { kind: 'vpc' }>;

/**
 * Whether calls get to AWS from where they are made.
 *
 * Only calls from inside a VPC can be held up. EC2 has the records and decides, and remembers until one of them changes.
 */
export class Reach {
  public constructor(private readonly askEc2: Ask) {}

  /** The way of a call to a service; undefined for callers in no VPC. @param host if the client named one of AWS's */
  public toService(caller: Caller, target: Place & { readonly service: string }, operation: string, host?: string): Way | undefined {
    const { service, region, account } = target;
    // What AWS has no such operation of is no call over the network.
    if (caller.position.kind !== 'vpc' || !hasModel(service) || !loadModel(service).operations.has(operation)) return undefined;
    const name = host !== undefined && isAwsHost(host) ? host : hostOfService(service, region);
    return name === undefined ? undefined : this.toHost(caller, name, { region, account });
  }

  /** @param place where the caller's VPC is taken to be, if its position does not say */
  public toHost(caller: Caller, host: string, place?: Place): Way | undefined {
    const { position } = caller;
    if (position.kind !== 'vpc') return undefined;
    const home = position.home ?? place;
    return home && this.ask(caller, position, host.toLowerCase(), home);
  }

  private ask(caller: Caller, from: VpcPosition, host: string, home: Place): Way | undefined {
    try {
      return this.askEc2(home, { from, host }, caller) as unknown as Way;
    } catch (error) {
      // Without an emulated network everything can be reached.
      if (error instanceof ServiceError && error.code === 'NotImplemented') return undefined;
      throw error;
    }
  }
}

export function isAwsHost(host: string): boolean {
  return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/i.test(host);
}

/** The name under which clients call a service; undefined for what has none, because it is no service of AWS. */
export function hostOfService(service: string, region: string): string | undefined {
  const entry = modelIndex()[service];
  if (!entry) return undefined;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return entry.global ? `${entry.endpointPrefix}.${suffix}` : `${entry.endpointPrefix}.${region}.${suffix}`;
}
