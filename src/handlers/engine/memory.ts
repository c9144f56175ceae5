/** A lease that an execution holds. */
export interface Lease {
  readonly generation: number;
  /** As far as its holder knows, in epoch milliseconds. */
  readonly until: number;
}

/**
 * What one execution remembers between its steps: plain JSON, never a secret or a certificate.
 *
 * Each resource keeps its own members; those that several share are named here.
 */
export interface Memory {
  /** Set when the request has failed: what is left is to clean up, then to say this. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** What is there that should not be, and what to do about it: said when time runs out. */
  readonly remains?: string;
  /** The lease of the cluster, while it is held. */
  readonly lease?: Lease;
  readonly [member: string]: unknown;
}
