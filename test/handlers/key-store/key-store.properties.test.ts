import fc from 'fast-check';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import type { Request } from '../../../src/handlers/engine/request';
import { keyStore as keyStoreLifecycle } from '../../../src/handlers/key-store/key-store';
import { KEY_STORE_TYPE } from '../../../src/lifecycle/key-store-contract';
import { A, B, cluster, hsm } from '../_helpers/cluster';
import { KeyStoreWorld } from '../_helpers/key-store-world';
import type { CallFate, ConnectFate, ScriptFate } from '../_helpers/key-store-world';
import { FENCE_SECONDS, run } from '../_helpers/machine';
import type { Run, StepFate } from '../_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, SECOND } from '../_helpers/request';

/** Repeated, lost, lagging and superseded steps, over the real plan, edge, engine and lease. */
const keyStore = keyStoreLifecycle as unknown as AnyLifecycle;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const PROPERTIES = {
  ClusterId: CLUSTER_ID, CustomKeyStoreName: 'orders', TrustAnchorParameterName: `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`, AdminSecretArn: 'arn:admin',
  AdminClientGroupName: 'Admin', AdminClientRoleArn: 'arn:role/admin', ProviderRoleArn: 'arn:role/provider', SecretKeyArn: '', ResetKmsUserDocumentName: 'Reset',
  Paused: 'false',
};

const request = (type: Request['type'], there: KeyStoreWorld, requestId = '5f1c2c2b-8a0e-4b0b-9d43-3f0a5a0c7d11', properties: Partial<typeof PROPERTIES> = {}) => ({
  ...newRequest(type, KEY_STORE_TYPE, { ...PROPERTIES, ...properties }), requestId, deadline: there.now + 58 * MINUTE,
});

const callFates = fc.array(fc.constantFrom<CallFate>('done', 'done', 'done', 'done, answer lost', 'not done, answer lost', 'throttled'), { maxLength: 10 });
const connectFates = fc.array(fc.record<ConnectFate>({
  takes: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 20 }).map((minutes) => minutes * MINUTE) }, { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  error: fc.constantFrom(undefined, undefined, undefined, 'NETWORK_ERRORS', 'USER_NOT_FOUND', 'NEW_CODE'),
}), { maxLength: 4 });
const steps = fc.array(fc.constantFrom<StepFate>('well', 'well', 'well', 'repeated', 'killed before', 'killed after'), { maxLength: 20 });
const lags = fc.integer({ min: 0, max: 90 }).map((seconds) => seconds * SECOND);

type Fates = [CallFate[], ConnectFate[], StepFate[], number];

/** The list shows a connect that was given up before it shows that the store was disconnected. */
const SEEN_CONNECTED_WHILE_DISCONNECTED: readonly Fates[] = [
  [['done', 'done', 'done', 'done', 'not done, answer lost'], [{ takes: MINUTE }], [], 74 * SECOND],
  [['done', 'done', 'done', 'done', 'throttled', 'not done, answer lost', 'done, answer lost'], [{ takes: MINUTE }], [], 76 * SECOND],
];

const SLOWED_DOWN_IN_THE_CLEAN_UP: [...Fates, number, number, Request['type']] = [
  ['done', 'done', 'done', 'not done, answer lost', 'not done, answer lost', 'done, answer lost', 'throttled', 'throttled', 'throttled'],
  [{ takes: undefined }], [], 0, 0, 0, 'Create',
];

const statusOf = ({ execution }: Run) => execution.outcome?.status;

/** What holds however it ends. */
function expectSafe(there: KeyStoreWorld): void {
  expect(new Set(there.tried).size).toBe(there.tried.length);
  expect(there.wrongLogins).toBe(0);
  expect(there.stores.length).toBeLessThanOrEqual(1);
}

describe('a Create', () => {
  test('ends in time with one CONNECTED store or with none, no secret left, no password tried twice', async () => {
    await fc.assert(fc.asyncProperty(callFates, connectFates, steps, lags, async (calls, connects, stepFates, lag) => {
      const there = new KeyStoreWorld({ calls, connects, lag });
      const create = request('Create', there);

      const created = await run(there, keyStore, create, { steps: stepFates });

      expectSafe(there);
      expect(there.now).toBeLessThan(create.deadline);
      expect([...there.secrets.keys()]).toEqual([]);
      expect(there.stores.map(({ name, state }) => `${name} ${state}`)).toEqual(statusOf(created) === 'SUCCESS' ? ['orders CONNECTED'] : []);
    }), { numRuns: 150, examples: [...SEEN_CONNECTED_WHILE_DISCONNECTED] });
  });

  test('that was stopped anywhere is finished, or taken back, by the next request', async () => {
    await fc.assert(fc.asyncProperty(
      callFates, connectFates, steps, lags, fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 60 }), fc.constantFrom<Request['type']>('Create', 'Delete'),
      async (calls, connects, stepFates, lag, stopAfter, actsOnFor, type) => {
        const there = new KeyStoreWorld({ calls, connects, lag });
        await run(there, keyStore, request('Create', there), { steps: stepFates, stopAfter: stopAfter * SECOND, actsOnFor: actsOnFor * SECOND });

        const next = await run(there, keyStore, request(type, there, 'next'), { delay: FENCE_SECONDS * SECOND });

        expectSafe(there);
        expect([...there.secrets.keys()]).toEqual([]);
        const isConnected = type === 'Create' && statusOf(next) === 'SUCCESS';
        expect(there.stores.map(({ state }) => state)).toEqual(isConnected ? ['CONNECTED'] : []);
      },
    ), { numRuns: 150, examples: [SLOWED_DOWN_IN_THE_CLEAN_UP] });
  });
});

describe('an Update', () => {
  test.each(['CONNECTED', 'DISCONNECTED', 'FAILED', 'CONNECTING'])('of a store that is %s ends in time, and never loses the store', async (state) => {
    await fc.assert(fc.asyncProperty(callFates, connectFates, steps, lags, async (calls, connects, stepFates, lag) => {
      const stable = state === 'CONNECTING' ? 'DISCONNECTED' : state;
      const there = new KeyStoreWorld({ calls, connects, lag, stores: [{ storeId: 'cks-a', name: 'orders', clusterId: CLUSTER_ID, state: stable }] });
      if (state === 'CONNECTING') await there.aws.keyStores.connect('cks-a').catch(() => {});
      const update = request('Update', there, 'update', { CustomKeyStoreName: 'renamed' });

      const updated = await run(there, keyStore, update, { steps: stepFates });

      expectSafe(there);
      expect(there.now).toBeLessThan(update.deadline);
      expect([...there.secrets.keys()]).toEqual([]);
      expect(there.stores.map(({ storeId }) => storeId)).toEqual(['cks-a']);
      if (statusOf(updated) === 'SUCCESS') expect(there.stores).toMatchObject([{ name: 'renamed', state: 'CONNECTED' }]);
    }), { numRuns: 40 });
  });

  test('to another cluster ends on one of the two, also when it is rolled back, connects with no password that may be stale, and never loses the store', async () => {
    const other = 'cluster-restored2345';
    const clusters = { [CLUSTER_ID]: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]), [other]: cluster('ACTIVE', [hsm('3', A), hsm('4', B)], { clusterId: other }) };
    const scripts = fc.array(fc.constantFrom<ScriptFate>('well', 'well', 'failed', 'set, then failed'), { maxLength: 4 });
    await fc.assert(fc.asyncProperty(callFates, connectFates, scripts, steps, lags, async (calls, connects, scriptFates, stepFates, lag) => {
      const there = new KeyStoreWorld({
        clusters, calls, connects, lag, scripts: scriptFates, stores: [{ storeId: 'cks-a', name: 'orders', clusterId: CLUSTER_ID, state: 'CONNECTED' }],
      });
      const update = { ...request('Update', there, 'update', { ClusterId: other }), oldProperties: { ...PROPERTIES } as unknown as Request['oldProperties'] };

      const updated = await run(there, keyStore, update, { steps: stepFates });
      there.pass(30 * MINUTE);

      expectSafe(there);
      expect([...there.secrets.keys()]).toEqual([]);
      expect(there.stores.map(({ storeId }) => storeId)).toEqual(['cks-a']);
      if (statusOf(updated) === 'SUCCESS') return expect(there.stores).toMatchObject([{ clusterId: other, state: 'CONNECTED' }]);
      const back = await run(there, keyStore, request('Update', there, 'back'), { delay: FENCE_SECONDS * SECOND });
      expectSafe(there);
      if (statusOf(back) === 'SUCCESS') expect(there.stores).toMatchObject([{ clusterId: CLUSTER_ID, state: 'CONNECTED' }]);
    }), { numRuns: 60 });
  });
});
