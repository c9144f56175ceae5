import type { Context, Position } from '../../../wire/operation';

/**
 * Whether a connection would come about, and by which rules, routes and endpoints.
 *
 * Reads records only. Security groups keep state, so the way back needs no rule of theirs; network ACLs keep none.
 */
export interface Path {
  readonly allowed: boolean;
  /** What lets it through, in the order in which it is passed. */
  readonly hops: readonly string[];
  /** Of the hops, what could be taken away: a rule by its id, a route as `<table> <destination>`, an endpoint by its id. */
  readonly supports: readonly string[];
  /** What does not let it through. */
  readonly missing?: string;
  /** What would. */
  readonly remedy?: string;
  /** The address that the client dials. */
  readonly address?: string;
  /** The endpoint that it passes. */
  readonly endpointId?: string;
  /** The name has no address: there is nothing to dial. */
  readonly unresolved?: boolean;
}

/** The records as they are, or as they would be without one rule, route or endpoint. */
export interface View {
  readonly context: Context;
  readonly without?: string;
}

export type VpcPosition = Extract<Position, { kind: 'vpc' }>;

/** What is let through or not. */
export interface Flow {
  readonly protocol: string;
  readonly port: number;
}

/** A port that clients connect from. */
export const EPHEMERAL_PORT = 49_152;

export function open(...hops: readonly string[]): Path {
  return { allowed: true, hops, supports: [] };
}

/** A hop that somebody could take away. */
export function supported(hop: string, support: string): Path {
  return { allowed: true, hops: [hop], supports: [support] };
}

export function blocked(missing: string, remedy?: string, hops: readonly string[] = []): Path {
  return { allowed: false, hops, supports: [], missing, ...(remedy === undefined ? {} : { remedy }) };
}

/** One step after the other, until one does not let through. */
export function inTurn(...steps: ReadonlyArray<() => Path>): Path {
  let sofar: Path = open();
  for (const step of steps) {
    const next = step();
    sofar = { ...sofar, ...next, hops: [...sofar.hops, ...next.hops], supports: [...sofar.supports, ...next.supports] };
    if (!next.allowed) return sofar;
  }
  return sofar;
}

/** Those of the supports without which there would be no way at all. */
export function neededFor(context: Context, find: (view: View) => Path): { readonly path: Path; readonly needed: readonly string[] } {
  const path = find({ context });
  const needed = path.allowed ? [...new Set(path.supports)].filter((without) => !find({ context, without }).allowed) : [];
  return { path, needed };
}

export function describe(from: Position): string {
  if (from.kind === 'lambda') return 'a function outside VPCs';
  if (from.kind === 'vpc') return from.subnetId;
  return from.kind === 'service' ? `AWS service ${from.service}` : 'a caller outside AWS';
}
