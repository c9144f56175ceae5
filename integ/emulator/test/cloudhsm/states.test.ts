import { Lab } from './lab';
import type { ClusterState } from '../../src/services/cloudhsm/state';
import { clusters, update } from '../../src/services/cloudhsm/state';

/** Which call a cluster takes in which state, with and without an HSM. */
const STATES: readonly ClusterState[] = [
  'CREATE_IN_PROGRESS', 'UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED', 'ACTIVE', 'UPDATE_IN_PROGRESS', 'MODIFY_IN_PROGRESS',
  'ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETED', 'DEGRADED',
];

const ALLOWED_EMPTY: Readonly<Record<string, readonly ClusterState[]>> = {
  CreateHsm: ['UNINITIALIZED', 'ACTIVE', 'DEGRADED'],
  DeleteCluster: ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE', 'DEGRADED'],
  InitializeCluster: [],
  ModifyCluster: STATES.filter((state) => !['DELETE_IN_PROGRESS', 'DELETED'].includes(state)),
};

const ALLOWED_WITH_HSM: Readonly<Record<string, readonly ClusterState[]>> = {
  CreateHsm: ['ACTIVE', 'DEGRADED'],
  DeleteHsm: ['CREATE_IN_PROGRESS', 'UNINITIALIZED', 'INITIALIZED', 'ACTIVE', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DEGRADED'],
  DeleteCluster: [],
  InitializeCluster: ['UNINITIALIZED'],
  ModifyCluster: ALLOWED_EMPTY.ModifyCluster,
};

function cases(table: Readonly<Record<string, readonly ClusterState[]>>): Array<[string, ClusterState, string]> {
  return Object.entries(table).flatMap(([operation, allowed]) => STATES.map((state): [string, ClusterState, string] =>
    [operation, state, allowed.includes(state) ? 'is taken' : 'is refused']));
}

/** Calls an operation in a transaction that is taken back, so that one cluster serves all cases. */
function attempt(lab: Lab, clusterId: string, state: ClusterState, operation: string): string {
  class TakeBack extends Error {}
  const { ClusterCsr } = lab.cluster(clusterId).Certificates;
  const inputs: Record<string, object> = {
    CreateHsm: { AvailabilityZone: 'us-east-1c' },
    DeleteHsm: { HsmId: lab.cluster(clusterId).Hsms[0]?.HsmId },
    InitializeCluster: ClusterCsr ? { SignedCert: lab.authority.sign(ClusterCsr), TrustAnchor: lab.authority.anchor } : { SignedCert: 'a', TrustAnchor: 'b' },
    ModifyCluster: { BackupRetentionPolicy: { Type: 'DAYS', Value: '10' } },
  };
  let outcome = 'is taken';
  try {
    lab.kernel.store.transaction(() => {
      update(clusters(lab.context('cloudhsmv2')), clusterId, { state });
      try {
        lab.hsm2(operation, { ClusterId: clusterId, ...inputs[operation] });
      } catch (error) {
        const { name } = error as Error;
        const expected = state === 'DELETED' ? 'CloudHsmResourceNotFoundException' : 'CloudHsmInvalidRequestException';
        outcome = name === expected ? 'is refused' : String(error);
      }
      throw new TakeBack();
    });
  } catch (error) {
    if (!(error instanceof TakeBack)) throw error;
  }
  return outcome;
}

describe('a cluster without an HSM', () => {
  let lab: Lab;
  let clusterId: string;

  beforeAll(async () => {
    lab = new Lab();
    clusterId = await lab.uninitialized();
  });

  afterAll(() => lab.stop());

  test.each(cases(ALLOWED_EMPTY))('%s in %s %s', (operation, state, expected) => {
    expect(attempt(lab, clusterId, state, operation)).toBe(expected);
  });
});

describe('a cluster with one HSM', () => {
  let lab: Lab;
  let clusterId: string;

  beforeAll(async () => {
    lab = new Lab();
    clusterId = await lab.withFirstHsm();
  });

  afterAll(() => lab.stop());

  test.each(cases(ALLOWED_WITH_HSM))('%s in %s %s', (operation, state, expected) => {
    expect(attempt(lab, clusterId, state, operation)).toBe(expected);
  });
});
