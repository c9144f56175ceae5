import fc from 'fast-check';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import type { Request } from '../../../src/handlers/engine/request';
import { keyStoreKey as lifecycle } from '../../../src/handlers/key-store-key/key-store-key';
import { KEY_STORE_KEY_TYPE } from '../../../src/lifecycle/key-store-key-contract';
import { KeyWorld } from '../_helpers/key-world';
import type { KeyCallFate } from '../_helpers/key-world';
import { FENCE_SECONDS, run } from '../_helpers/machine';
import type { Run, StepFate } from '../_helpers/machine';
import { MINUTE, newRequest, NOW, SECOND } from '../_helpers/request';

/** Repeated, lost, lagging, denied and superseded steps, over the real plan, edge and engine. */
const key = lifecycle as unknown as AnyLifecycle;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const STORE = 'cks-1234567890abcdef0';
const PROPERTIES = {
  CustomKeyStoreId: STORE, Policy: { Statement: ['one'] }, Description: 'one', Enabled: 'true', PendingWindowDays: '30', Tags: [{ Key: 'team', Value: 'one' }, { Key: 'gone', Value: 'x' }],
};
const WANTED = { ...PROPERTIES, Policy: { Statement: ['two'] }, Description: 'two', Enabled: 'false', Tags: [{ Key: 'team', Value: 'two' }] };
const DAY = 24 * 60 * MINUTE;

const request = (type: Request['type'], there: KeyWorld, requestId: string, properties: object = PROPERTIES, oldProperties?: object): Request => ({
  ...newRequest(type, KEY_STORE_KEY_TYPE, properties, type === 'Create' ? {} : { physicalId: `${STORE}/key/x` }),
  requestId,
  deadline: there.now + 58 * MINUTE,
  oldProperties: oldProperties as Request['oldProperties'],
});

const calls = fc.array(fc.constantFrom<KeyCallFate>('done', 'done', 'done', 'done, answer lost', 'not done, answer lost', 'throttled', 'denied'), { maxLength: 8 });
const steps = fc.array(fc.constantFrom<StepFate>('well', 'well', 'well', 'repeated', 'killed before', 'killed after'), { maxLength: 16 });
const lags = fc.integer({ min: 0, max: 150 }).map((seconds) => seconds * SECOND);

const statusOf = ({ execution }: Run) => execution.outcome?.status;

describe('a Create', () => {
  test('ends in time with one Enabled key, or with none but one that is pending for a week', async () => {
    await fc.assert(fc.asyncProperty(calls, steps, lags, async (callFates, stepFates, lag) => {
      const there = new KeyWorld({ calls: callFates, lag });
      const create = request('Create', there, 'create');

      const created = await run(there, key, create, { steps: stepFates });

      expect(there.now).toBeLessThan(create.deadline);
      expect(there.keys.size).toBeLessThanOrEqual(1);
      const states = [...there.keys.values()].map(({ state }) => state);
      if (statusOf(created) === 'SUCCESS') expect(states).toEqual(['Enabled']);
      else expect(states.filter((state) => state !== 'PendingDeletion')).toEqual([]);
    }), { numRuns: 150 });
  });

  test('that was stopped anywhere never makes a second key, whatever request follows', async () => {
    await fc.assert(fc.asyncProperty(
      calls, steps, lags, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60 }), fc.constantFrom<Request['type']>('Create', 'Delete'),
      async (callFates, stepFates, lag, stopAfter, actsOnFor, type) => {
        const there = new KeyWorld({ calls: callFates, lag, stackStatus: 'ROLLBACK_IN_PROGRESS' });
        await run(there, key, request('Create', there, 'create'), { steps: stepFates, stopAfter: stopAfter * SECOND, actsOnFor: actsOnFor * SECOND });

        const next = await run(there, key, request(type, there, 'next'), { delay: FENCE_SECONDS * SECOND });

        const states = [...there.keys.values()].map(({ state }) => state);
        expect(states.length).toBeLessThanOrEqual(1);
        if (statusOf(next) === 'SUCCESS') expect(states).toEqual(type === 'Create' ? ['Enabled'] : states.map(() => 'PendingDeletion'));
      },
    ), { numRuns: 150 });
  });

  test('after a Delete has its key back, with what is wanted now', async () => {
    const there = new KeyWorld();
    await run(there, key, request('Create', there, 'create'));
    await run(there, key, request('Delete', there, 'delete'));

    const again = await run(there, key, request('Create', there, 'again', WANTED));

    expect(statusOf(again)).toBe('SUCCESS');
    expect([...there.keys.values()]).toMatchObject([{ keyId: 'key-1', state: 'Disabled', description: 'two', policy: JSON.stringify(WANTED.Policy), tags: { team: 'two' } }]);
  });
});

describe('an Update', () => {
  test('brings policy, description, tags and state, on the same key', async () => {
    await fc.assert(fc.asyncProperty(calls, steps, async (callFates, stepFates) => {
      const there = new KeyWorld();
      await run(there, key, request('Create', there, 'create'));
      const troubled = new KeyWorld({ calls: callFates });
      for (const [id, made] of there.keys) troubled.keys.set(id, made);
      for (const [name, value] of there.parameters.values) troubled.parameters.values.set(name, value);

      const updated = await run(troubled, key, request('Update', troubled, 'update', WANTED, PROPERTIES), { steps: stepFates });

      const [only, ...others] = [...troubled.keys.values()];
      expect(others).toEqual([]);
      if (statusOf(updated) !== 'SUCCESS') return;
      expect(only).toMatchObject({ state: 'Disabled', description: 'two', policy: JSON.stringify(WANTED.Policy) });
      expect(only.tags).toEqual({ 'team': 'two', 'cdk-cloudhsm:stack': expect.any(String), 'cdk-cloudhsm:resource': expect.any(String) });
    }), { numRuns: 100 });
  });

  test('that changes nothing asks nothing of KMS but to look', async () => {
    const there = new KeyWorld();
    await run(there, key, request('Create', there, 'create'));
    there.aws.calls.length = 0;

    await run(there, key, request('Update', there, 'update', PROPERTIES, PROPERTIES));

    expect(there.aws.calls.map(({ name }) => name)).toEqual(['storeKeys.describe']);
  });

  test('finds a key by its tag when its record is lost, and fails when the key is gone', async () => {
    const there = new KeyWorld();
    await run(there, key, request('Create', there, 'create'));
    there.parameters.values.clear();

    expect(statusOf(await run(there, key, request('Update', there, 'update', WANTED, PROPERTIES)))).toBe('SUCCESS');

    there.keys.clear();
    const { execution } = await run(there, key, request('Update', there, 'later', PROPERTIES, WANTED));
    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^KeyGone: key key-1 does not exist any more/) });
  });

  test('that would move a key to another store is refused before any call', async () => {
    const there = new KeyWorld();

    const { execution } = await run(there, key, request('Update', there, 'update', { ...PROPERTIES, CustomKeyStoreId: 'cks-other' }, PROPERTIES));

    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^KeyStoreChanged: a key cannot be moved from cks-1234567890abcdef0 to cks-other/) });
    expect(there.aws.calls).toEqual([]);
  });
});

describe('a Delete', () => {
  test.each<[string, string, number]>([
    ['in a rollback takes the shortest window: nobody used the key', 'ROLLBACK_IN_PROGRESS', 7], ['after an update that is rolled back, too', 'UPDATE_ROLLBACK_IN_PROGRESS', 7],
    ['of a stack takes the key\'s own window', 'DELETE_IN_PROGRESS', 30], ['of a resource that is removed, too', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 30],
  ])('%s', async (_, stackStatus, days) => {
    const there = new KeyWorld({ stackStatus });
    await run(there, key, request('Create', there, 'create'));

    const { execution } = await run(there, key, request('Delete', there, 'delete'));

    const [only] = [...there.keys.values()];
    expect(only.state).toBe('PendingDeletion');
    expect(Math.round((only.deletionAt! - there.now) / DAY)).toBe(days);
    expect(execution.outcome).toMatchObject({ status: 'SUCCESS', note: expect.stringMatching(/^key key-1 is deleted on 2026-1\d-\d\d; until then it can be had back by aws kms cancel-key-deletion --key-id key-1$/) });
  });

  test('of what never was, and of what is gone, is done', async () => {
    const there = new KeyWorld();
    expect(statusOf(await run(there, key, request('Delete', there, 'delete')))).toBe('SUCCESS');

    await run(there, key, request('Create', there, 'create'));
    there.keys.clear();
    expect(statusOf(await run(there, key, request('Delete', there, 'again')))).toBe('SUCCESS');
  });

  test('that is denied until the tags count waits for them, and says so when they never do', async () => {
    const late = new KeyWorld({ calls: ['done', ...Array<KeyCallFate>(10).fill('denied')] });
    await run(late, key, request('Create', late, 'create'));
    expect(statusOf(await run(late, key, request('Delete', late, 'delete')))).toBe('SUCCESS');

    const never = new KeyWorld({ calls: ['done', ...Array<KeyCallFate>(1_000).fill('denied')] });
    await run(never, key, request('Create', never, 'create'));
    const { execution } = await run(never, key, request('Delete', never, 'delete'));
    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^KeyAccessDenied: KMS does not let the lifecycle function manage key key-1/) });
    expect(never.now - NOW).toBeLessThan(10 * MINUTE);
  });
});

test('a Create that KMS refuses says why; one whose policy names somebody too new is tried for a while', async () => {
  const refused = new KeyWorld({ calls: ['refused'] });
  const { execution } = await run(refused, key, request('Create', refused, 'create'));
  expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: 'CreateKeyRefused: KMS refused to make the key: no (UnsupportedOperationException)' });
  expect(refused.keys.size).toBe(0);
});
