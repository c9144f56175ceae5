import type { Path } from './path';
import type { Table } from '../../../kernel';
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

export const decisions = (context: Context): Table<NetworkDecision> => context.table('ec2/network-decisions');

/** Writes a decision down, unless it is known. In a transaction. */
export function decided(context: Context, from: Position, to: string, { path, needed }: { readonly path: Path; readonly needed: readonly string[] }): void {
  if (from.kind !== 'vpc') return;
  const { allowed, hops, missing, remedy } = path;
  const key = JSON.stringify([from, to, hops, missing]);
  if (decisions(context).has(key)) return;
  decisions(context).put(key, { at: context.now, from, principal: context.caller.principal.arn, to, allowed, hops, needed, missing, remedy });
}
