import type { Found } from './remembered';
import type { Kernel, Table } from '../../../kernel';
import type { Context, Position } from '../../../wire/operation';

/** A way that somebody asked for, and what came of it; kept once for each answer. */
export interface NetworkDecision {
  /** Emulated milliseconds, of the first time. */
  readonly at: number;
  readonly from: Extract<Position, { kind: 'vpc' }>;
  readonly principal: string;
  /** Host or address, and port. */
  readonly to: string;
  readonly allowed: boolean;
  readonly hops: readonly string[];
  /** Rules, routes and endpoints each of which, taken away, would have closed the way. */
  readonly needed: readonly string[];
  readonly missing?: string;
  readonly remedy?: string;
}

const table = (context: Context): Table<NetworkDecision> => context.table('ec2/network-decisions');

/** Those of this process: what is decided inside a transaction that fails was decided all the same. */
const made = new WeakMap<Kernel, Map<string, Map<string, NetworkDecision>>>();

/** Keys of ways that are remembered. */
const keys = new WeakMap<Found, string>();

function madeIn({ kernel, account, region }: Context): Map<string, NetworkDecision> {
  const places = made.get(kernel) ?? new Map<string, Map<string, NetworkDecision>>();
  made.set(kernel, places);
  const place = `${account}/${region}`;
  const here = places.get(place) ?? new Map<string, NetworkDecision>();
  places.set(place, here);
  return here;
}

/** Writes a decision down, unless it is known. In a transaction. */
export function decided(context: Context, from: Position, to: string, found: Found): void {
  if (from.kind !== 'vpc') return;
  const { path: { allowed, hops, missing, remedy }, needed } = found;
  const key = keys.get(found) ?? JSON.stringify([from, to, hops, missing]);
  keys.set(found, key);
  if (table(context).has(key)) return;
  const decision = { at: context.now, from, principal: context.caller.principal.arn, to, allowed, hops, needed, missing, remedy };
  madeIn(context).set(key, madeIn(context).get(key) ?? decision);
  table(context).put(key, decision);
}

/** All of them, in the order in which they were first made. In a transaction. */
export function decisions(context: Context): NetworkDecision[] {
  for (const [key, decision] of madeIn(context)) if (!table(context).has(key)) table(context).put(key, decision);
  return table(context).values().sort((a, b) => a.at - b.at);
}
