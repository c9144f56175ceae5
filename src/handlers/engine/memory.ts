/**
 * What one execution remembers between its steps: plain JSON, never a secret or a certificate.
 *
 * Each resource keeps its own members; those that several share are named here.
 */
export interface Memory {
  /** Set when the request has failed: what is left is to clean up, then to say this. */
  readonly failure?: { readonly code: string; readonly message: string };
  readonly [member: string]: unknown;
}
