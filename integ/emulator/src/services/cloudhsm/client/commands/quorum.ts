import type { Command } from './command';
import type { Session } from '../session';

/** hsm2m has a value more: changes of the cluster itself. */
function listQuorumValues({ links: [{ hsm, partition }] }: Session): object {
  const { user, quorum, cluster } = partition.quorum;
  return hsm.hsmType.startsWith('hsm1') ? { user, quorum } : { user, quorum, cluster };
}

export const quorumCommands: readonly Command[] = [
  { path: 'quorum token-sign list-quorum-values', options: {}, roles: [], prepare: () => listQuorumValues },
];
