import type { Problem } from './errors';

/** What an import says of admin clients. */
interface AdminClients {
  readonly adminClient?: unknown;
  readonly adminClientOptions?: unknown;
}

export function twoAdminClientsProblem({ adminClient, adminClientOptions }: AdminClients): Problem | undefined {
  if (adminClient === undefined || adminClientOptions === undefined) return undefined;
  return {
    code: 'TwoAdminClients',
    text: 'adminClient and adminClientOptions are both given; give adminClient for one that is there, or adminClientOptions to make one',
  };
}
