import { planInitialization } from '../../../src/handlers/initialization/plan';
import type { InitializationMemory, ObservedInitialization } from '../../../src/handlers/initialization/state';
import { INITIALIZATION_TYPE } from '../../../src/lifecycle/initialization-contract';
import { A, ADOPTED, cluster, CLUSTER_STATES, hsm, MADE_ELSEWHERE, MADE_HERE } from '../_helpers/cluster';
import type { ClusterState } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, newRequest, NOW, REQUEST_TYPES, SECOND } from '../_helpers/request';

type Type = typeof REQUEST_TYPES[number];

const PROPERTIES = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, Authority: 'KMS' as const, AuthorityKeyArn: 'arn:key', ValidityYears: '10',
};
const ANCHOR = { fingerprint: 'AB:CD', notAfter: '2036-11-23T00:00:00.000Z' };

const plan = (type: Type, observed: Partial<ObservedInitialization> = {}, memory: InitializationMemory = {}, now = NOW) => planInitialization(
  newRequest(type, INITIALIZATION_TYPE, PROPERTIES), PROPERTIES,
  {
    cluster: cluster('UNINITIALIZED', [hsm('1', A)]), origin: MADE_HERE, csr: 'recorded', hasSignedCertificate: false, trustAnchor: undefined, anchorFits: undefined, ...observed,
  }, memory, now,
);

const gist = (run: () => ReturnType<typeof plan>): string => {
  const step = run();
  if (step.kind === 'act') return step.acts.map(({ kind }) => kind).join();
  return step.kind === 'fail' ? step.code : step.kind;
};

const EXPECTED: Record<typeof CLUSTER_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'done' },
  UNINITIALIZED: { Create: 'issue', Update: 'issue', Delete: 'forget' },
  INITIALIZE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'done' },
  INITIALIZED: { Create: 'TrustAnchorMissing', Update: 'TrustAnchorMissing', Delete: 'done' },
  ACTIVE: { Create: 'TrustAnchorMissing', Update: 'TrustAnchorMissing', Delete: 'done' },
  DEGRADED: { Create: 'TrustAnchorMissing', Update: 'TrustAnchorMissing', Delete: 'done' },
  UPDATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'done' },
  MODIFY_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'done' },
  ROLLBACK_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'done' },
  DELETE_IN_PROGRESS: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'forget' },
  DELETED: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'forget' },
};

describe('with a CSR and no certificates', () => {
  test.each(CLUSTER_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, EXPECTED[state][type]])))(
    '%s on %s: %s', (type, state, expected) => {
      expect(gist(() => plan(type, { cluster: cluster(state as ClusterState, [hsm('1', A)]) }))).toBe(expected);
    });

  test.each(REQUEST_TYPES)('%s on a state that is not known: refused by name', (type) => {
    expect(() => plan(type, { cluster: cluster('NEW_STATE') })).toThrow(/is in state NEW_STATE/);
  });

  test.each<[Type, string]>([['Create', 'ClusterGone'], ['Update', 'ClusterGone'], ['Delete', 'forget']])('%s on a cluster that is gone: %s', (type, expected) => {
    expect(gist(() => plan(type, { cluster: undefined }))).toBe(expected);
  });
});

describe('with roots to verify the hardware by', () => {
  const withRoots = (observed: Partial<ObservedInitialization>, memory: InitializationMemory = {}) => {
    const properties = { ...PROPERTIES, AwsRootSources: ['Root'], ManufacturerRootSources: ['Maker'] };
    const seen: ObservedInitialization = {
      cluster: cluster('UNINITIALIZED', [hsm('1', A)]), origin: MADE_HERE, csr: 'recorded', hasSignedCertificate: false, trustAnchor: undefined, anchorFits: undefined,
    };
    return gist(() => planInitialization(newRequest('Create', INITIALIZATION_TYPE, properties), properties, { ...seen, ...observed }, memory, NOW));
  };

  test.each<[string, Partial<ObservedInitialization>, InitializationMemory, string]>([
    ['nothing is signed before it is', {}, {}, 'verify-identity'],
    ['nothing is sent before it is', { trustAnchor: ANCHOR, hasSignedCertificate: true }, {}, 'verify-identity'],
    ['nobody is asked to sign before it is', { external: 'awaited' }, {}, 'verify-identity'],
    ['nothing of another authority is taken over before it is', { external: 'given' }, {}, 'verify-identity'],
    ['afterwards all goes on', {}, { isIdentityVerified: true }, 'issue'],
    ['a wrong one ends it', {}, { refused: { code: 'HsmIdentityNotProven', message: 'no', here: true } }, 'HsmIdentityNotProven'],
    ['an initialized cluster cannot be asked any more', { cluster: cluster('ACTIVE', [hsm('1', A)]), trustAnchor: ANCHOR, anchorFits: true }, {}, 'done'],
  ])('%s', (_, observed, memory, expected) => {
    expect(withRoots(observed, memory)).toBe(expected);
  });
});

describe('an UNINITIALIZED cluster', () => {
  const ready = { trustAnchor: ANCHOR, hasSignedCertificate: true };

  test.each<[string, Partial<ObservedInitialization>, string]>([
    ['no CSR yet', { csr: 'none' }, 'wait'],
    ['another CSR than the one written down', { csr: 'other' }, 'CsrChanged'],
    ['an anchor without a certificate', { trustAnchor: ANCHOR }, 'issue'],
    ['a certificate without an anchor', { hasSignedCertificate: true }, 'issue'],
    ['both', ready, 'initialize'],
    ['both, but another CSR', { ...ready, csr: 'other' }, 'CsrChanged'],
  ])('with %s: %s', (_, observed, expected) => {
    expect(gist(() => plan('Create', observed))).toBe(expected);
  });

  test('is initialized once in two minutes and three times in all; the attempt is remembered with the act', () => {
    expect(plan('Create', ready)).toMatchObject({ kind: 'act', memory: { initializeAttempts: 1, initializedAt: NOW } });

    const memory = { initializeAttempts: 1, initializedAt: NOW };
    expect(gist(() => plan('Create', ready, memory, NOW + 119 * SECOND))).toBe('wait');
    expect(gist(() => plan('Create', ready, memory, NOW + 120 * SECOND))).toBe('initialize');
    expect(gist(() => plan('Create', ready, { initializeAttempts: 3, initializedAt: NOW }, NOW + 120 * SECOND))).toBe('InitializeLost');
  });

  test('whose certificates were refused fails, with what the service said', () => {
    expect(plan('Create', ready, { refused: { code: 'CloudHsmInvalidRequestException', message: 'bad chain' } })).toMatchObject({
      kind: 'fail', code: 'InitializeRefused', message: expect.stringContaining('bad chain (CloudHsmInvalidRequestException)'),
    });
  });
});

test.each([[30 * MINUTE, 'wait'], [30 * MINUTE + 1, 'InitializationHangs']])('INITIALIZE_IN_PROGRESS %d ms after the call: %s', (after, expected) => {
  expect(gist(() => plan('Create', { cluster: cluster('INITIALIZE_IN_PROGRESS') }, { initializedAt: NOW }, NOW + after))).toBe(expected);
});

describe.each<ClusterState>(['INITIALIZED', 'ACTIVE'])('a cluster that is %s', (state) => {
  const initialized = { cluster: cluster(state, [hsm('1', A)]), trustAnchor: ANCHOR };

  test.each<[string, boolean | undefined]>([['fits', true], ['cannot be told to fit', undefined]])('is done when the anchor %s', (_, anchorFits) => {
    expect(plan('Create', { ...initialized, anchorFits })).toMatchObject({
      kind: 'done',
      attributes: {
        TrustAnchorParameterName: `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`, TrustAnchorFingerprint: 'AB:CD', TrustAnchorNotAfter: ANCHOR.notAfter,
      },
    });
  });

  test('refuses an anchor that did not sign its certificate, and says where to put the right one', () => {
    expect(plan('Create', { ...initialized, anchorFits: false })).toMatchObject({
      kind: 'fail', code: 'TrustAnchorWrong', message: expect.stringContaining(`/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`),
    });
  });
});

describe('a Delete', () => {
  test.each([['adopted', ADOPTED], ['made elsewhere', MADE_ELSEWHERE], ['never written down', undefined]])('of a cluster that was %s forgets nothing', (_, origin) => {
    expect(gist(() => plan('Delete', { origin }))).toBe('done');
  });

  test('keeps the trust anchor of a cluster that was initialized: it goes with the HSMs', () => {
    expect(gist(() => plan('Delete', { cluster: cluster('ACTIVE', [hsm('1', A)]), trustAnchor: ANCHOR }))).toBe('done');
  });

  test('forgets once', () => {
    expect(gist(() => plan('Delete', {}, { forgotten: true }))).toBe('done');
  });
});
