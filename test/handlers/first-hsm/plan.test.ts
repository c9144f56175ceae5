import { planFirstHsm } from '../../../src/handlers/first-hsm/plan';
import type { FirstHsmMemory, ObservedFirstHsm } from '../../../src/handlers/first-hsm/plan';
import { FIRST_HSM_TYPE } from '../../../src/lifecycle/first-hsm-contract';
import { A, ADOPTED, B, cluster, CLUSTER_STATES, hsm, HSM_STATES, MADE_ELSEWHERE, MADE_HERE } from '../_helpers/cluster';
import type { ClusterState, HsmState } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, newRequest, NOW, REQUEST_TYPES, SECOND } from '../_helpers/request';

type Type = typeof REQUEST_TYPES[number];

const PROPERTIES = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, AvailabilityZones: `${B},${A}`, AuditLogRetentionDays: '', AuditLogKeyArn: '',
};
const FAILURE = { code: 'CsrNeverCame', message: 'no CSR' };

const plan = (
  type: Type, observed: Partial<ObservedFirstHsm>, memory: FirstHsmMemory = {}, now = NOW, properties: Partial<typeof PROPERTIES> = {},
) => planFirstHsm(
  newRequest(type, FIRST_HSM_TYPE, PROPERTIES), { ...PROPERTIES, ...properties },
  { cluster: cluster('UNINITIALIZED'), hasCsr: false, origin: MADE_HERE, hasEvidence: false, keyStores: [], ...observed }, memory, now,
);

/** What a step is, in a word or two. */
const gist = (run: () => ReturnType<typeof plan>): string => {
  try {
    const step = run();
    switch (step.kind) {
      case 'act': return step.acts.map(({ kind }) => kind).join();
      case 'wait': return 'wait';
      case 'done': return 'done';
      case 'fail': return step.code;
    }
  } catch (error) {
    return (error as Error).name;
  }
};

test('a cluster that is to be adopted and is not initialized is refused before an HSM is bought for it', () => {
  const adopting = { AdoptedClusterId: CLUSTER_ID } as Partial<typeof PROPERTIES>;

  expect(gist(() => plan('Create', { cluster: cluster('UNINITIALIZED'), origin: undefined }, {}, NOW, adopting))).toBe('AdoptedClusterNotActive');
});

const EXPECTED: Record<typeof CLUSTER_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'forget' },
  UNINITIALIZED: { Create: 'create-hsm', Update: 'create-hsm', Delete: 'forget' },
  INITIALIZE_IN_PROGRESS: { Create: 'InitializedElsewhere', Update: 'InitializedElsewhere', Delete: 'forget' },
  INITIALIZED: { Create: 'InitializedElsewhere', Update: 'InitializedElsewhere', Delete: 'forget' },
  ACTIVE: { Create: 'ensure-audit-log', Update: 'ensure-audit-log', Delete: 'forget' },
  DEGRADED: { Create: 'ensure-audit-log', Update: 'ensure-audit-log', Delete: 'forget' },
  UPDATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'forget' },
  MODIFY_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'forget' },
  ROLLBACK_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'forget' },
  DELETE_IN_PROGRESS: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'forget' },
  DELETED: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'forget' },
};

const rows = CLUSTER_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, EXPECTED[state][type]]));

describe('a cluster without HSMs that this stack made', () => {
  test.each(rows)('%s on %s: %s', (type, state, expected) => {
    expect(gist(() => plan(type, { cluster: cluster(state as ClusterState) }))).toBe(expected);
  });

  test.each(REQUEST_TYPES)('%s on a state that is not known: refused by name', (type) => {
    expect(() => plan(type, { cluster: cluster('NEW_STATE') })).toThrow(/is in state NEW_STATE, which this version does not know/);
  });

  test.each<[Type, string]>([['Create', 'ClusterGone'], ['Update', 'ClusterGone'], ['Delete', 'forget']])('%s on a cluster that is gone: %s', (type, expected) => {
    expect(gist(() => plan(type, { cluster: undefined }))).toBe(expected);
  });
});

const HSM_EXPECTED: Record<typeof HSM_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'delete-hsm' },
  ACTIVE: { Create: 'record-evidence', Update: 'record-evidence', Delete: 'delete-hsm' },
  DEGRADED: { Create: 'record-evidence', Update: 'record-evidence', Delete: 'delete-hsm' },
  DELETE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  DELETED: { Create: 'create-hsm', Update: 'create-hsm', Delete: 'forget' },
};

describe('an UNINITIALIZED cluster with one HSM and its CSR', () => {
  test.each(HSM_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, HSM_EXPECTED[state][type]])))(
    '%s, HSM %s: %s', (type, state, expected) => {
      expect(gist(() => plan(type, { cluster: cluster('UNINITIALIZED', [hsm('1', A, state as HsmState)]), hasCsr: true }))).toBe(expected);
    });

  test.each(REQUEST_TYPES)('%s, HSM in a state that is not known: refused by name', (type) => {
    expect(() => plan(type, { cluster: cluster('UNINITIALIZED', [hsm('1', A, 'NEW_STATE')]) })).toThrow(/HSM hsm-1 is in state NEW_STATE/);
  });
});

describe('HSM 1', () => {
  test('is bought only after it was written down who made the cluster', () => {
    expect(plan('Create', { origin: undefined })).toMatchObject({ kind: 'act', acts: [{ kind: 'record-origin', origin: MADE_HERE }] });
  });

  test('goes to the first zone that the cluster has; the attempt is remembered with the act', () => {
    expect(plan('Create', {}, {}, NOW, { AvailabilityZones: `eu-west-1z,${B},${A}` })).toMatchObject({
      kind: 'act', acts: [{ kind: 'create-hsm', attemptId: '1', availabilityZone: B }], memory: { attempts: [{ id: '1', availabilityZone: B, at: NOW }], hsmAwaitedSince: NOW },
    });
  });

  test('is refused when the cluster has none of the zones', () => {
    expect(plan('Create', {}, {}, NOW, { AvailabilityZones: 'eu-west-1z' })).toMatchObject({ kind: 'fail', code: 'NoZoneForHsm', message: expect.stringContaining(`(${A}, ${B}`) });
  });

  test.each<[string, number, string]>([['is waited for', 179 * SECOND, 'wait'], ['has come to nothing and is asked for again', 180 * SECOND, 'create-hsm']])(
    'that nobody has seen %s (%d ms after)', (_, after, expected) => {
      expect(gist(() => plan('Create', {}, { attempts: [{ id: '1', availabilityZone: B, at: NOW }] }, NOW + after))).toBe(expected);
    });

  test('that was refused fails the request, with what the service said', () => {
    const attempts = [{ id: '1', availabilityZone: B, at: NOW, refused: { code: 'CloudHsmInvalidRequestException', message: 'no room' } }];

    expect(plan('Create', {}, { attempts })).toMatchObject({
      kind: 'fail', code: 'CreateHsmRefused', message: expect.stringContaining('no room (CloudHsmInvalidRequestException)'),
    });
  });

  test.each([[239 * SECOND, 15], [240 * SECOND, 5]])('%d ms after it was asked for is looked at again in %d s', (after, seconds) => {
    const joining = cluster('UNINITIALIZED', [hsm('1', A, 'CREATE_IN_PROGRESS')]);

    expect(plan('Create', { cluster: joining }, { hsmAwaitedSince: NOW }, NOW + after)).toMatchObject({ kind: 'wait', seconds });
  });

  test.each([[30 * MINUTE, 'wait'], [30 * MINUTE + 1, 'FirstHsmNeverCame']])('%d ms after it was asked for: %s', (after, expected) => {
    const joining = cluster('UNINITIALIZED', [hsm('1', A, 'CREATE_IN_PROGRESS')]);

    expect(gist(() => plan('Create', { cluster: joining }, { hsmAwaitedSince: NOW }, NOW + after))).toBe(expected);
  });

  test.each([[8 * MINUTE, 'wait'], [8 * MINUTE + 1, 'CsrNeverCame']])('%d ms after it is ACTIVE without a CSR: %s', (after, expected) => {
    expect(gist(() => plan('Create', { cluster: cluster('UNINITIALIZED', [hsm('1', A)]) }, { csrAwaitedSince: NOW }, NOW + after))).toBe(expected);
  });
});

describe('the end of a Create', () => {
  const there = { cluster: cluster('UNINITIALIZED', [hsm('1', A)]), hasCsr: true, hasEvidence: true };

  test('tells security group, VPC and log group', () => {
    expect(plan('Create', there, { auditLogEnsured: true })).toMatchObject({
      kind: 'done', attributes: { SecurityGroupId: 'sg-cluster', VpcId: 'vpc-1', AuditLogGroupName: `/aws/cloudhsm/${CLUSTER_ID}` },
    });
  });

  test('waits for the audit log and the security group', () => {
    expect(gist(() => plan('Create', there))).toBe('ensure-audit-log');
    expect(gist(() => plan('Create', { ...there, cluster: { ...there.cluster, securityGroup: undefined } }, { auditLogEnsured: true }))).toBe('wait');
  });

  test.each<ClusterState>(['INITIALIZED', 'ACTIVE'])('comes also when the cluster is %s by now', (state) => {
    expect(gist(() => plan('Create', { ...there, cluster: cluster(state, [hsm('1', A)]) }, { auditLogEnsured: true }))).toBe('done');
  });
});

describe('an ACTIVE cluster that nobody wrote down', () => {
  test('is adopted: written down, and nothing else', () => {
    expect(plan('Create', { cluster: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]), origin: undefined })).toMatchObject({
      kind: 'act', acts: [{ kind: 'record-origin', origin: ADOPTED }],
    });
  });
});

describe('a Delete', () => {
  const two = cluster('ACTIVE', [hsm('1', A), hsm('2', B)]);

  test.each([['adopted', ADOPTED], ['made by another stack', MADE_ELSEWHERE], ['never written down', undefined]])('of a cluster that was %s takes nothing', (_, origin) => {
    expect(plan('Delete', { cluster: two, origin })).toEqual({ kind: 'done', attributes: {}, memory: {} });
  });

  test('of an ACTIVE cluster takes all HSMs but the last at once', () => {
    expect(plan('Delete', { cluster: two })).toMatchObject({
      kind: 'act', acts: [{ kind: 'record-removal' }, { kind: 'delete-hsm', hsmId: 'hsm-1' }], memory: { removals: { 'hsm-1': NOW }, beganWith: 2 },
    });
  });

  test('of a cluster that holds nothing yet takes all HSMs at once and remembers it', () => {
    expect(plan('Delete', { cluster: { ...two, state: 'UNINITIALIZED' } })).toMatchObject({
      kind: 'act', acts: [{ kind: 'delete-hsm', hsmId: 'hsm-1' }, { kind: 'delete-hsm', hsmId: 'hsm-2' }], memory: { removals: { 'hsm-1': NOW, 'hsm-2': NOW } },
    });
  });

  test.each([[180 * SECOND, 'wait'], [180 * SECOND + 1, 'delete-hsm']])('whose removal shows no effect after %d ms: %s', (after, expected) => {
    expect(gist(() => plan('Delete', { cluster: cluster('ACTIVE', [hsm('1', A)]) }, { removals: { 'hsm-1': NOW } }, NOW + after))).toBe(expected);
  });

  test('is refused while a key store rests on the HSMs, by its name', () => {
    expect(plan('Delete', { cluster: two, keyStores: ['orders'] })).toMatchObject({
      kind: 'fail', code: 'KeyStoreUsesCluster', message: expect.stringContaining('key store orders'),
    });
  });

  test('ends when all is gone and forgotten', () => {
    expect(gist(() => plan('Delete', { cluster: cluster('ACTIVE') }))).toBe('forget');
    expect(gist(() => plan('Delete', { cluster: cluster('ACTIVE') }, { forgotten: true }))).toBe('done');
  });
});

describe('the clean-up of a failed request', () => {
  const attempts = [{ id: '1', availabilityZone: A, at: NOW, hsmId: 'hsm-1' }];
  const after = NOW + 40 * MINUTE;

  test.each<Type>(['Create', 'Update'])('%s: takes the HSM that it made', (type) => {
    expect(gist(() => plan(type, { cluster: cluster('UNINITIALIZED', [hsm('1', A)]) }, { failure: FAILURE, attempts }, after))).toBe('delete-hsm');
  });

  test.each<[Type, ClusterState]>([['Create', 'UNINITIALIZED'], ['Update', 'UNINITIALIZED'], ['Create', 'ACTIVE'], ['Update', 'ACTIVE']])(
    '%s, %s: leaves HSMs that it did not make, and what was written down', (type, state) => {
      expect(plan(type, { cluster: cluster(state, [hsm('1', A)]) }, { failure: FAILURE }, after)).toEqual({ kind: 'fail', ...FAILURE });
    });

  test.each([[179 * SECOND, 'wait'], [180 * SECOND, 'forget']])('waits for an HSM that may still come: %d ms after, %s', (later, expected) => {
    expect(gist(() => plan('Create', {}, { failure: FAILURE, attempts: [{ id: '1', availabilityZone: A, at: NOW }] }, NOW + later))).toBe(expected);
  });

  test.each<[Type, string]>([['Create', 'forget'], ['Update', FAILURE.code]])('%s on a cluster that holds nothing: %s', (type, expected) => {
    expect(gist(() => plan(type, {}, { failure: FAILURE }, after))).toBe(expected);
  });

  test('ends with the failure', () => {
    expect(plan('Create', {}, { failure: FAILURE, forgotten: true }, after)).toEqual({ kind: 'fail', ...FAILURE });
  });
});
