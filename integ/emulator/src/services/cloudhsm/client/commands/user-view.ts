import type { UserSummary } from '../../hsm/coverage';

/** A user as `user list` shows it. */
export function userView({ username, role, locked, coverage, quorum }: UserSummary): object {
  return {
    username,
    role,
    locked,
    'mfa': [],
    'quorum': quorum ? [{ strategy: 'token-sign', status: 'enabled' }] : [],
    'cluster-coverage': coverage,
  };
}
