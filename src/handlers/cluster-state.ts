import type { Cluster, Hsm } from './aws/cloudhsm';
import { Failure } from './engine/failure';

/**
 * A cluster's state as a question, over all states that the API documents. A state it does not know is refused by name.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_Cluster.html
 */
export type Phase = 'changing' | 'uninitialized' | 'initializing' | 'initialized' | 'active' | 'gone';

const PHASES: Readonly<Record<string, Phase>> = {
  CREATE_IN_PROGRESS: 'changing',
  UNINITIALIZED: 'uninitialized',
  INITIALIZE_IN_PROGRESS: 'initializing',
  INITIALIZED: 'initialized',
  ACTIVE: 'active',
  // An HSM of it failed and is being replaced; keys and users are there.
  DEGRADED: 'active',
  UPDATE_IN_PROGRESS: 'changing',
  MODIFY_IN_PROGRESS: 'changing',
  ROLLBACK_IN_PROGRESS: 'changing',
  DELETE_IN_PROGRESS: 'gone',
  DELETED: 'gone',
};

export function phaseOf(cluster: Cluster | undefined): Phase {
  if (!cluster) return 'gone';
  const phase = PHASES[cluster.state];
  if (!phase) {
    throw new Failure('UnknownClusterState', `cluster ${cluster.clusterId} is in state ${cluster.state}, which this version does not know; update cdk-cloudhsm`);
  }
  return phase;
}

/** How an HSM counts: there or on its way, on its way out, or gone. */
export type Presence = 'joining' | 'present' | 'leaving' | 'gone';

const PRESENCES: Readonly<Record<string, Presence>> = {
  CREATE_IN_PROGRESS: 'joining',
  ACTIVE: 'present',
  // The service replaces it by itself, on the same interface.
  DEGRADED: 'present',
  DELETE_IN_PROGRESS: 'leaving',
  DELETED: 'gone',
};

export function presenceOf(hsm: Hsm): Presence {
  const presence = PRESENCES[hsm.state];
  if (!presence) throw new Failure('UnknownHsmState', `HSM ${hsm.hsmId} is in state ${hsm.state}, which this version does not know; update cdk-cloudhsm`);
  return presence;
}

/** HSMs that count: there or on their way. */
export function counted(cluster: Cluster): Hsm[] {
  return cluster.hsms.filter((hsm) => ['joining', 'present'].includes(presenceOf(hsm)));
}

/** HSMs that are still on the list. */
export function listed(cluster: Cluster): Hsm[] {
  return cluster.hsms.filter((hsm) => presenceOf(hsm) !== 'gone');
}
