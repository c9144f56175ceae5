import type { KeyStore } from '../../../src/handlers/aws/key-stores';
import { isLeftBehind, leftBehindName } from '../../../src/handlers/aws/left-behind';
import type { StoreKey } from '../../../src/handlers/aws/store-keys';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import { resourceKey } from '../../../src/handlers/engine/request';
import type { Request } from '../../../src/handlers/engine/request';
import { keyStore as lifecycle } from '../../../src/handlers/key-store/key-store';
import { planKeyStore } from '../../../src/handlers/key-store/plan';
import type { KeyStoreMemory, KeyStoreRecord, ObservedKeyStore } from '../../../src/handlers/key-store/state';
import { KEY_STORE_TYPE } from '../../../src/lifecycle/key-store-contract';
import { serviceError } from '../_helpers/aws';
import { A, B, cluster, hsm } from '../_helpers/cluster';
import type { ClusterState, HsmState } from '../_helpers/cluster';
import { KeyStoreWorld } from '../_helpers/key-store-world';
import { run } from '../_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, NOW, SECOND } from '../_helpers/request';

const keyStore = lifecycle as unknown as AnyLifecycle;
const OTHER_CLUSTER = 'cluster-restored2345';
const PROPERTIES = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, CustomKeyStoreName: 'orders',
  TrustAnchorParameterName: `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`, AdminSecretArn: 'arn:admin', AdminClientGroupName: 'Admin', AdminClientRoleArn: 'arn:role/admin',
  ProviderRoleArn: 'arn:role/provider', SecretKeyArn: 'arn:key', ResetKmsUserDocumentName: 'Reset', Paused: 'false',
};
type Properties = Partial<typeof PROPERTIES>;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const request = (type: Request['type'], properties: Properties = {}, old?: Properties): Request => newRequest(type, KEY_STORE_TYPE, { ...PROPERTIES, ...properties }, {
  oldProperties: old && { ...PROPERTIES, ...old }, deadline: NOW + 58 * MINUTE,
});
const RECORD = `/cdk-cloudhsm/key-stores/${resourceKey(request('Create'))}`;
const store = (state: string, overrides: Partial<KeyStore> = {}): KeyStore => ({ storeId: 'cks-a', name: 'orders', clusterId: CLUSTER_ID, state, ...overrides });
const MADE: KeyStoreRecord = { how: 'made', storeId: 'cks-a' };
const recorded = (record: KeyStoreRecord) => ({ [RECORD]: JSON.stringify(record) });
const pendingKey = (id: string, day: number): StoreKey => ({ keyId: id, keyArn: `arn:${id}`, state: 'PendingDeletion', deletionAt: Date.UTC(2026, 11, day) });
const reasonOf = async (there: KeyStoreWorld, of: Request) => (await run(there, keyStore, of)).execution.outcome;
const names = (there: KeyStoreWorld) => there.aws.calls.map(({ name }) => name).filter((name) => /^(keyStores\.(?!all)|secrets|commands\.send)/.test(name));

const plan = (type: Request['type'], observed: Partial<ObservedKeyStore>, memory: KeyStoreMemory = {}, now = NOW, properties: Properties = {}) => {
  const step = planKeyStore(request(type), { ...PROPERTIES, ...properties }, {
    clusterId: CLUSTER_ID, cluster: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]), record: MADE, stores: [], keys: [], isRollingBack: false, trustAnchor: 'PEM',
    command: { groupName: 'Admin', client: { instanceId: 'i-1', agentStatus: 'Online' }, refusedVersions: [] }, ...observed,
  }, memory, now);
  if (step.kind === 'act') return step.acts.map(({ kind }) => kind).join();
  return step.kind === 'fail' ? step.code : step.kind;
};

describe('by the state of the store', () => {
  test.each<[string, string, string, string, string]>([
    // state, Create or Update, Delete, Delete with a key in it, rollback with a key that is pending
    ['CONNECTED', 'done', 'disconnect', 'KeyStoreHasKeys', 'disconnect'],
    ['DISCONNECTED', 'make-sure', 'delete-store', 'KeyStoreHasKeys', 'rename'],
    ['CONNECTING', 'wait', 'disconnect', 'KeyStoreHasKeys', 'disconnect'],
    ['DISCONNECTING', 'wait', 'wait', 'KeyStoreHasKeys', 'wait'],
    ['FAILED', 'disconnect', 'disconnect', 'KeyStoreHasKeys', 'disconnect'],
    ['NEW_STATE', 'UnknownKeyStoreState', 'UnknownKeyStoreState', 'KeyStoreHasKeys', 'UnknownKeyStoreState'],
  ])('%s: %s, on a Delete %s, with keys %s, in a rollback %s', (state, connected, removed, withKeys, rolledBack) => {
    const stores = [store(state)];
    const keys = [pendingKey('k', 30)];

    expect([
      plan('Create', { stores }), plan('Update', { stores }), plan('Delete', { stores }), plan('Delete', { stores, keys }), plan('Delete', { stores, keys, isRollingBack: true }),
    ]).toEqual([connected, connected, removed, withKeys, rolledBack]);
  });

  test.each<[ClusterState, string]>([
    ['ACTIVE', 'record,make-secret'], ['DEGRADED', 'record,make-secret'], ['MODIFY_IN_PROGRESS', 'wait'], ['INITIALIZED', 'ClusterNotActive'], ['DELETE_IN_PROGRESS', 'ClusterNotActive'],
  ])('a cluster that is %s: %s', (state, expected) => {
    expect(plan('Create', { record: { how: 'intended' }, cluster: cluster(state, [hsm('1', A), hsm('2', B)]) })).toBe(expected);
  });

  test.each<[string, ReadonlyArray<[string, HsmState?]>, string]>([
    ['two HSMs in two zones', [[A], [B]], 'record,make-secret'], ['two in one zone', [[A], [A]], 'TooFewHsms'], ['one', [[A]], 'TooFewHsms'], ['none', [], 'TooFewHsms'],
    ['one that is joining', [[A], [B], [B, 'CREATE_IN_PROGRESS']], 'wait'], ['one that is leaving', [[A], [B], [B, 'DELETE_IN_PROGRESS']], 'wait'],
    ['one that is replaced', [[A], [B, 'DEGRADED']], 'wait'], ['one that is gone', [[A], [B], [B, 'DELETED']], 'record,make-secret'],
  ])('with %s', (_, hsms, expected) => {
    const of = cluster('ACTIVE', hsms.map(([zone, state], index) => hsm(`${index}`, zone, state)));

    expect(plan('Create', { record: { how: 'intended' }, cluster: of })).toBe(expected);
  });

  test('an HSM that never comes to rest is waited for half an hour', () => {
    const joining = cluster('ACTIVE', [hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')]);

    expect(plan('Create', { record: { how: 'intended' }, cluster: joining }, { quietAwaitedSince: NOW }, NOW + 30 * MINUTE)).toBe('wait');
    expect(plan('Create', { record: { how: 'intended' }, cluster: joining }, { quietAwaitedSince: NOW }, NOW + 30 * MINUTE + 1)).toBe('ClusterNotQuiet');
  });

  test.each<[string | undefined, string]>([[undefined, 'TrustAnchorMissing'], ['x'.repeat(5_001), 'TrustAnchorTooLong'], ['x'.repeat(5_000), 'record,make-secret']])(
    'the trust anchor is looked at before anything is made', (trustAnchor, expected) => {
      expect(plan('Create', { record: { how: 'intended' }, trustAnchor })).toBe(expected);
    });
});

describe('a Create', () => {
  test('makes the password, sets it, tells KMS, connects, and destroys it: in this order, each once', async () => {
    const there = new KeyStoreWorld();

    const outcome = await reasonOf(there, request('Create'));

    expect(outcome).toMatchObject({ status: 'SUCCESS', attributes: { CustomKeyStoreId: expect.stringMatching(/^cks-/), ClusterId: CLUSTER_ID } });
    expect(names(there)).toEqual([
      'secrets.makeTemporary', 'commands.send', 'secrets.temporaryPassword', 'keyStores.create', 'keyStores.connect', 'secrets.destroyTemporary',
    ]);
    expect(there.aws.inputs('secrets.makeTemporary')[0][0]).toMatchObject({
      name: expect.stringMatching(/^cdk-cloudhsm\/kmsuser\//), userName: 'kmsuser', keyArn: 'arn:key', reader: 'arn:role/admin', readers: ['arn:role/admin', 'arn:role/provider'],
    });
    expect(JSON.parse(there.parameters.values.get(RECORD)!)).toEqual({ how: 'made', storeId: there.stores[0].storeId });
  });

  test('carries no password from step to step, nor logs one', async () => {
    const logged = jest.spyOn(console, 'log').mockImplementation(() => {});
    const there = new KeyStoreWorld({ connects: [{ takes: MINUTE, error: 'NETWORK_ERRORS' }] });

    const { execution } = await run(there, keyStore, request('Create'));

    expect(there.tried).toHaveLength(1);
    expect(JSON.stringify([execution, logged.mock.calls, [...there.parameters.values]])).not.toContain(there.tried[0]);
  });

  test('adopts a CONNECTED store of the cluster without a touch', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')] });

    expect(await reasonOf(there, request('Create'))).toMatchObject({ status: 'SUCCESS', attributes: { CustomKeyStoreId: 'cks-a' } });
    expect(names(there)).toEqual([]);
    expect(JSON.parse(there.parameters.values.get(RECORD)!)).toEqual({ how: 'adopted', storeId: 'cks-a', formerName: 'orders' });
  });

  test('finds a store that a rollback left behind, and gives it its name back', async () => {
    const left = store('DISCONNECTED', { name: leftBehindName({ name: 'orders', storeId: 'cks-a' }, NOW) });
    const there = new KeyStoreWorld({ stores: [left], parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Create'))).toMatchObject({ status: 'SUCCESS', attributes: { CustomKeyStoreId: 'cks-a' } });
    expect(there.stores).toMatchObject([{ name: 'orders', state: 'CONNECTED' }]);
    expect(there.created).toBe(0);
  });

  test.each([
    ['CLUSTER_NOT_FOUND', /restore one from a backup/], ['INSUFFICIENT_CLOUDHSM_HSMS', /set hsmCount to 2 or more/], ['INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET', /free two addresses in each/],
    ['INTERNAL_ERROR', /error of its own; deploy again/], ['INVALID_CREDENTIALS', /every deploy sets a new one/], ['NETWORK_ERRORS', /TCP 2223 to 2225/],
    ['SUBNET_NOT_FOUND', /a subnet of the cluster was deleted/], ['USER_LOCKED_OUT', /which unlocks the user/], ['USER_LOGGED_IN', /log out everywhere/],
    ['USER_NOT_FOUND', /on every HSM/], ['CODE_OF_TOMORROW', /Fixing a custom key store/],
  ])('that fails with %s ends at once, says the code and what to do, and takes all back', async (error, remedy) => {
    const there = new KeyStoreWorld({ connects: [{ takes: 4 * MINUTE, error }] });

    const outcome = await reasonOf(there, request('Create'));

    expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(`^KeyStoreNotConnected: key store orders could not be connected: ${error}: `) });
    expect(outcome).toMatchObject({ reason: expect.stringMatching(remedy) });
    expect([there.stores, [...there.secrets], there.tried.length]).toEqual([[], [], 1]);
    expect(there.parameters.values.has(RECORD)).toBe(false);
    expect(there.now - NOW).toBeLessThan(10 * MINUTE);
  });

  test.each([
    ['CloudHsmClusterInUseException', /belongs to another key store already/], ['CustomKeyStoreNameInUseException', /choose another customKeyStoreName/],
    ['IncorrectTrustAnchorException', /does not hold the certificate/], ['LimitExceededException', /at most ten custom key stores/], ['SomethingException', /create key store orders: no/],
  ])('that KMS refuses by %s says what to do, and leaves nothing', async (code, remedy) => {
    const there = new KeyStoreWorld();
    there.aws.keyStores.create = () => Promise.reject(serviceError(code, 'no'));

    expect(await reasonOf(there, request('Create'))).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(remedy) });
    expect([there.stores, [...there.secrets]]).toEqual([[], []]);
  });

  test('whose script finds kmsuser missing on an HSM never reaches KMS', async () => {
    const there = new KeyStoreWorld({ scriptError: 'CoverageInconsistent' });

    expect(await reasonOf(there, request('Create'))).toMatchObject({ status: 'FAILED', reason: 'CoverageInconsistent: no' });
    expect(there.aws.inputs('keyStores.create')).toEqual([]);
    expect([there.tried, [...there.secrets]]).toEqual([[], []]);
  });

  test('whose connect never ends is given up in time, and taken back', async () => {
    const there = new KeyStoreWorld({ connects: [{ takes: undefined }] });

    expect(await reasonOf(there, request('Create'))).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^ConnectNeverEnded: key store orders was still CONNECTING after 31 minutes/) });
    expect(there.stores).toEqual([]);
  });

  test('that fails leaves a store that was there before', async () => {
    const there = new KeyStoreWorld({ stores: [store('DISCONNECTED', { name: 'theirs' })], connects: [{ takes: MINUTE, error: 'NETWORK_ERRORS' }] });

    expect(await reasonOf(there, request('Create'))).toMatchObject({ status: 'FAILED' });
    expect(there.stores).toMatchObject([{ name: 'theirs', state: 'DISCONNECTED' }]);
  });

  test('of a paused cluster waits for another deploy', async () => {
    expect(await reasonOf(new KeyStoreWorld(), request('Create', { Paused: 'true' }))).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^ClusterPaused: /) });
  });
});

describe('an Update', () => {
  test('renames a CONNECTED store, and does nothing else', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Update', { CustomKeyStoreName: 'invoices' }, {}))).toMatchObject({ status: 'SUCCESS' });
    expect(names(there)).toEqual(['keyStores.rename']);
  });

  test('to a restored cluster prepares that first, and gives KMS cluster and password together', async () => {
    const clusters = { [CLUSTER_ID]: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]), [OTHER_CLUSTER]: cluster('ACTIVE', [hsm('3', A), hsm('4', B)], { clusterId: OTHER_CLUSTER }) };
    const there = new KeyStoreWorld({ clusters, stores: [store('CONNECTED')], parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Update', { ClusterId: OTHER_CLUSTER }, {}))).toMatchObject({ status: 'SUCCESS', physicalId: request('Update').physicalId, attributes: { ClusterId: OTHER_CLUSTER } });
    expect(names(there)).toEqual([
      'secrets.makeTemporary', 'commands.send', 'keyStores.disconnect', 'secrets.temporaryPassword', 'keyStores.give', 'keyStores.connect', 'secrets.destroyTemporary',
    ]);
    expect(there.stores).toMatchObject([{ storeId: 'cks-a', clusterId: OTHER_CLUSTER, state: 'CONNECTED' }]);
    expect(there.wrongLogins).toBe(0);
  });

  test.each<[string, Partial<ObservedKeyStore>, string]>([
    ['has another certificate', { isRelated: false }, 'ClusterNotRelated'], ['has one HSM', { cluster: cluster('ACTIVE', [hsm('1', A)]) }, 'TooFewHsms'],
    ['is gone', { cluster: undefined }, 'ClusterNotActive'],
  ])('to a cluster that %s leaves the store connected', (_, observed, expected) => {
    expect(plan('Update', { stores: [store('CONNECTED', { clusterId: OTHER_CLUSTER })], ...observed })).toBe(expected);
    expect(plan('Update', { stores: [store('CONNECTED', { clusterId: OTHER_CLUSTER })], ...observed }, { failure: { code: expected, message: 'no' } })).toBe(expected);
  });

  test('to a cluster whose admin cannot log in leaves the store connected, and no password', async () => {
    const clusters = { [CLUSTER_ID]: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]), [OTHER_CLUSTER]: cluster('ACTIVE', [hsm('3', A), hsm('4', B)], { clusterId: OTHER_CLUSTER }) };
    const there = new KeyStoreWorld({ clusters, stores: [store('CONNECTED')], parameters: recorded(MADE), scriptError: 'LoginRefused' });

    expect(await reasonOf(there, request('Update', { ClusterId: OTHER_CLUSTER }, {}))).toMatchObject({ status: 'FAILED', reason: 'LoginRefused: no' });
    expect(names(there)).not.toContain('keyStores.disconnect');
    expect([there.stores[0].state, [...there.secrets]]).toEqual(['CONNECTED', []]);
  });

  test('to a cluster that KMS refuses after all connects the store again where it was, with the password that KMS has', async () => {
    const clusters = { [CLUSTER_ID]: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]), [OTHER_CLUSTER]: cluster('ACTIVE', [hsm('3', A), hsm('4', B)], { clusterId: OTHER_CLUSTER }) };
    const there = new KeyStoreWorld({ clusters, stores: [store('CONNECTED')], parameters: recorded(MADE) });
    there.aws.keyStores.give = () => Promise.reject(serviceError('CloudHsmClusterInvalidConfigurationException', 'no'));

    expect(await reasonOf(there, request('Update', { ClusterId: OTHER_CLUSTER }, {}))).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^KmsRefused: .*TCP 2223 to 2225/) });
    there.pass(10 * MINUTE);
    expect(there.stores).toMatchObject([{ clusterId: CLUSTER_ID, state: 'CONNECTED' }]);
    expect([there.tried, there.wrongLogins, [...there.secrets]]).toEqual([['KMS'], 0, []]);
  });

  test('of a store that somebody disconnected sets another password and connects', async () => {
    const there = new KeyStoreWorld({ stores: [store('DISCONNECTED')], parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Update', {}, {}))).toMatchObject({ status: 'SUCCESS' });
    expect([there.stores[0].state, there.tried.includes('KMS')]).toEqual(['CONNECTED', false]);
  });

  test('of a store that somebody deleted says so', async () => {
    const there = new KeyStoreWorld({ parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Update', {}, {}))).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^KeyStoreGone: key store cks-a does not exist any more/) });
  });

  test('that pauses disconnects, and the next one connects with another password', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Update', { Paused: 'true' }, {}))).toMatchObject({ status: 'SUCCESS' });
    expect(there.stores[0].state).toBe('DISCONNECTED');
    expect(await reasonOf(there, { ...request('Update', {}, { Paused: 'true' }), requestId: 'later', deadline: there.now + 58 * MINUTE })).toMatchObject({ status: 'SUCCESS' });
    expect(there.stores[0].state).toBe('CONNECTED');
  });
});

describe('a Delete', () => {
  test('disconnects, deletes, forgets', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Delete'))).toMatchObject({ status: 'SUCCESS' });
    expect(names(there)).toEqual(['keyStores.disconnect', 'keyStores.delete']);
    expect([there.stores, there.parameters.values.has(RECORD)]).toEqual([[], false]);
  });

  test.each<[string, StoreKey[], string]>([
    ['that are pending', [pendingKey('k1', 10), pendingKey('k2', 24)],
      'KeyStoreHasKeys: key store orders (cks-a) stays connected, for it holds keys k1 (deleted on 2026-12-10), k2 (deleted on 2026-12-24): delete again after 2026-12-24'],
    ['that are in use', [{ keyId: 'k1', keyArn: 'arn:k1', state: 'Enabled' }],
      'KeyStoreHasKeys: key store orders (cks-a) stays connected, for it holds key k1 (Enabled): run aws kms schedule-key-deletion --key-id k1 if nothing encrypted with it is '
      + 'needed any more, wait until it is deleted, then delete again'],
    ['of which there are many', ['a', 'b', 'c', 'd', 'e'].map((id) => pendingKey(id, 10)),
      'KeyStoreHasKeys: key store orders (cks-a) stays connected, for it holds keys a (deleted on 2026-12-10), b (deleted on 2026-12-10), c (deleted on 2026-12-10) and 2 more: '
      + 'delete again after 2026-12-10'],
  ])('with keys %s is refused, and the store stays connected', async (_, keys, reason) => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], keys, parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Delete'))).toMatchObject({ status: 'FAILED', reason });
    expect([there.stores[0].state, names(there)]).toEqual(['CONNECTED', []]);
  });

  test('in a rollback with keys nobody used leaves the store behind, disconnected, with a name that says when and how it goes', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], keys: [pendingKey('k', 7)], stackStatus: 'ROLLBACK_IN_PROGRESS', parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Delete'))).toMatchObject({
      status: 'SUCCESS', note: 'key store cks-a is left, disconnected: run aws kms delete-custom-key-store --custom-key-store-id cks-a after 2026-12-07',
    });
    expect(there.stores).toMatchObject([{
      state: 'DISCONNECTED', name: 'orders (rolled back: run aws kms delete-custom-key-store --custom-key-store-id cks-a after 2026-12-07)',
    }]);
    expect(isLeftBehind(there.stores[0])).toBe(true);
  });

  test('in a rollback with a key that somebody uses is refused', async () => {
    const keys: StoreKey[] = [{ keyId: 'k1', keyArn: 'arn:k1', state: 'Enabled' }];
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], keys, stackStatus: 'ROLLBACK_IN_PROGRESS', parameters: recorded(MADE) });

    expect(await reasonOf(there, request('Delete'))).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^KeyStoreHasKeys: /) });
  });

  test('in a rollback leaves an adopted store as it was', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')], stackStatus: 'ROLLBACK_IN_PROGRESS', parameters: recorded({ how: 'adopted', storeId: 'cks-a', formerName: 'theirs' }) });

    expect(await reasonOf(there, request('Delete'))).toMatchObject({ status: 'SUCCESS' });
    expect(there.stores).toMatchObject([{ name: 'theirs', state: 'CONNECTED' }]);
  });

  test('of a store of which nothing was written down touches nothing', async () => {
    const there = new KeyStoreWorld({ stores: [store('CONNECTED')] });

    expect(await reasonOf(there, request('Delete'))).toMatchObject({ status: 'SUCCESS' });
    expect(names(there)).toEqual([]);
  });

  test('destroys the temporary secret that a stopped request left', async () => {
    const there = new KeyStoreWorld({ parameters: recorded({ how: 'intended', secret: 'cdk-cloudhsm/kmsuser/left' }) });
    there.secrets.set('cdk-cloudhsm/kmsuser/left', 'password');

    expect(await reasonOf(there, request('Delete'))).toMatchObject({ status: 'SUCCESS' });
    expect([[...there.secrets], there.parameters.values.has(RECORD)]).toEqual([[], false]);
  });
});

describe('a store that was left behind', () => {
  test('is one no more when it is connected, or has another name', () => {
    const name = leftBehindName({ name: 'orders', storeId: 'cks-a' }, NOW);

    expect([isLeftBehind({ name, state: 'DISCONNECTED' }), isLeftBehind({ name, state: 'CONNECTED' }), isLeftBehind({ name: 'orders', state: 'DISCONNECTED' })]).toEqual([true, false, false]);
  });

  test('has a name that KMS takes, also when it is left a second time', () => {
    const name = leftBehindName({ name: 'x'.repeat(256), storeId: 'cks-1234567890abcdef0' }, NOW);

    expect(name).toHaveLength(256);
    expect(leftBehindName({ name: leftBehindName({ name: 'orders', storeId: 'cks-a' }, NOW), storeId: 'cks-a' }, NOW + 86_400 * SECOND)).toMatch(/^orders \(rolled back: [^(]* after 2026-11-24\)$/);
  });
});
