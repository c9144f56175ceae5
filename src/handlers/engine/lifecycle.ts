import type { Aws } from '../aws';
import type { Memory } from './memory';
import type { Request } from './request';
import type { Step } from './step';

/**
 * One custom resource: how to look, how to decide, how to act.
 *
 * `plan` holds all decisions and touches nothing; `observe` and `act` hold no decisions.
 */
export interface Lifecycle<O, A> {
  /** The resource type, as in its contract. */
  readonly type: string;
  /** Whether its acts change HSMs, users or connections of a cluster and so exclude each other. */
  readonly needsLease: boolean;
  /**
   * How long taking back what a failed Create or Update made so far may last: so long before the end it fails, and `plan` is asked on, with
   * `memory.failure` set. Absent: there is never anything to take back.
   */
  cleanUpMs?(memory: Memory): number;
  /** The cluster that is written in the properties; `undefined` when there is none yet. */
  clusterId(request: Request): string | undefined;
  physicalId(request: Request): string;
  /** Problems of the properties, found before any call. */
  refuse?(request: Request): { readonly code: string; readonly message: string } | undefined;
  observe(aws: Aws, request: Request, memory: Memory, now: number): Promise<O>;
  plan(request: Request, observed: O, memory: Memory, now: number): Step<A>;
  /**
   * Carries out acts that do not depend on each other, and returns what was learned. Throws an access denied only when nothing was done that cannot
   * be done again: it is then planned anew.
   */
  act(aws: Aws, acts: readonly A[], request: Request, memory: Memory, now: number): Promise<Memory>;
}

/** A lifecycle of any observation and act: what the registry holds. */
export type AnyLifecycle = Lifecycle<never, never>;
