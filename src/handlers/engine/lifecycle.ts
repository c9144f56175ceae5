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
  /** Whether a failed Create or growth has something to remove before it answers: `plan` is then asked on, with `memory.failure` set. */
  readonly cleansUp: boolean;
  /** The cluster that is written in the properties; `undefined` when there is none yet. */
  clusterId(request: Request): string | undefined;
  physicalId(request: Request): string;
  /** Problems of the properties, found before any call. */
  refuse?(request: Request): { readonly code: string; readonly message: string } | undefined;
  observe(aws: Aws, request: Request, memory: Memory, now: number): Promise<O>;
  plan(request: Request, observed: O, memory: Memory, now: number): Step<A>;
  /** Carries out acts that do not depend on each other, and returns what was learned. */
  act(aws: Aws, acts: readonly A[], request: Request, memory: Memory, now: number): Promise<Memory>;
}

/** A lifecycle of any observation and act: what the registry holds. */
export type AnyLifecycle = Lifecycle<never, never>;
