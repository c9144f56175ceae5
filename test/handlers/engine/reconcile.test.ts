import type { Execution } from '../../../src/handlers/engine/execution';
import { Failure } from '../../../src/handlers/engine/failure';
import type { Lifecycle } from '../../../src/handlers/engine/lifecycle';
import { reconcile } from '../../../src/handlers/engine/reconcile';
import { resourceKey } from '../../../src/handlers/engine/request';
import type { Request } from '../../../src/handlers/engine/request';
import type { Step } from '../../../src/handlers/engine/step';
import { fakeAws, FakeParameters, serviceError } from '../_helpers/aws';
import { CLUSTER_ID, MINUTE, newExecution, newRequest, NOW, SECOND } from '../_helpers/request';

const logged = jest.fn<void, [string]>();

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(logged);
});

type Toy = Lifecycle<string, string>;

/** A lifecycle that plans one step, whatever it sees; like a real one it keeps what it is told to remember. */
const planning = (step: Step<string>, overrides: Partial<Toy> = {}): Toy => ({
  type: 'Custom::Toy',
  needsLease: false,
  clusterId: () => CLUSTER_ID,
  physicalId: () => `${CLUSTER_ID}/toy/new`,
  observe: async () => 'seen',
  plan: (_request, _observed, memory) => (step.kind === 'act' ? { ...step, memory: { ...memory, ...step.memory } } : step),
  act: async (_aws, _acts, _request, memory) => memory,
  ...overrides,
});

const failing = (error: Error, overrides: Partial<Toy> = {}) => planning(WAIT, { observe: () => Promise.reject(error), ...overrides });

const WAIT: Step<string> = { kind: 'wait', seconds: 15, because: 'it takes time' };
const ACT: Step<string> = { kind: 'act', acts: ['buy'], memory: { attempts: 1 }, because: 'one is missing' };
const DONE: Step<string> = { kind: 'done', attributes: { Color: 'blue' } };
const FAIL: Step<string> = { kind: 'fail', code: 'NoColor', message: 'choose a color' };

const create = newRequest('Create', 'Custom::Toy', {});
const update = newRequest('Update', 'Custom::Toy', {});
const removal = newRequest('Delete', 'Custom::Toy', {});

describe('goes where the plan says', () => {
  test('an act: with the memory of the act already in it, and the one before kept', async () => {
    const after = await reconcile(fakeAws(), planning(ACT), newExecution(create, { memory: { attempts: 0 } }), NOW);

    expect(after).toMatchObject({ next: 'ACT', acts: ['buy'], memory: { attempts: 1 }, memoryBefore: { attempts: 0 } });
  });

  test('a wait: with what was remembered', async () => {
    const after = await reconcile(fakeAws(), planning(WAIT), newExecution(create, { memory: { since: 1 } }), NOW);

    expect(after).toMatchObject({ next: 'WAIT', seconds: 15, memory: { since: 1 } });
  });

  test('a wait that has gone on for long is looked at less often, until something else is waited for or done', async () => {
    const step = (execution: Execution, lifecycle: Toy, at: number) => reconcile(fakeAws(), lifecycle, execution, at);
    const soon = planning({ ...WAIT, seconds: 5 });
    const began = await step(newExecution(create), soon, NOW);
    const long = await step(began, soon, NOW + 600_000);
    const other = await step(long, planning({ ...WAIT, seconds: 5, because: 'another thing takes time' }), NOW + 600_000);
    const acted = await step(long, planning(ACT), NOW + 600_000);

    expect([began, long, other].map(({ seconds, waiting }) => [seconds, waiting!.since - NOW])).toEqual([[5, 0], [12, 0], [5, 600_000]]);
    expect(acted.waiting).toBeUndefined();
  });

  test.each([[create, `${CLUSTER_ID}/toy/new`], [update, `${CLUSTER_ID}/toy/new`]])('the end of a $type', async (request, physicalId) => {
    const after = await reconcile(fakeAws(), planning(DONE), newExecution(request), NOW);

    expect(after).toMatchObject({ next: 'RESPOND', outcome: { status: 'SUCCESS', physicalId, attributes: { Color: 'blue' } } });
  });

  test.each([
    ['a Create: the id that the resource would have had', create, `${CLUSTER_ID}/toy/new`],
    ['an Update: the id that CloudFormation knows, or it would take the resource for replaced', update, `${CLUSTER_ID}/known/0123456789abcdef`],
    ['a Delete: the id that CloudFormation knows', removal, `${CLUSTER_ID}/known/0123456789abcdef`],
  ])('the failure of %s', async (_, request, physicalId) => {
    const after = await reconcile(fakeAws(), planning(FAIL), newExecution(request), NOW);

    expect(after).toMatchObject({ next: 'RESPOND', outcome: { status: 'FAILED', physicalId, reason: 'NoColor: choose a color' } });
  });

  test('logs ids and the decision only', async () => {
    await reconcile(fakeAws(), planning(WAIT), newExecution(create), NOW);

    expect(logged.mock.calls.map(([line]) => JSON.parse(line) as unknown)).toEqual([{
      type: 'Create', logicalId: 'Toy', resourceType: 'Custom::Toy', requestId: create.requestId, decision: 'wait', because: 'it takes time', seconds: 15,
    }]);
  });
});

test('refuses bad properties before any call', async () => {
  const aws = fakeAws();
  const lifecycle = planning(DONE, { refuse: () => ({ code: 'ClusterChanged', message: 'no' }), observe: async (given) => `${(await given.cloudHsm.describe('x'))?.cluster}` });

  const after = await reconcile(aws, lifecycle, newExecution(update), NOW);

  expect(after.outcome).toMatchObject({ status: 'FAILED', reason: 'ClusterChanged: no' });
  expect(aws.calls).toEqual([]);
});

describe('the end of time', () => {
  const at = (before: number) => create.deadline - before;

  test('two minutes before CloudFormation stops listening nothing is looked at any more', async () => {
    const observe = jest.fn(async () => 'seen');

    const inTime = await reconcile(fakeAws(), planning(WAIT, { observe }), newExecution(create), at(2 * MINUTE));
    const late = await reconcile(fakeAws(), planning(WAIT, { observe }), newExecution(create), at(2 * MINUTE) + 1);

    expect(inTime.next).toBe('WAIT');
    expect(late).toMatchObject({ next: 'RESPOND', outcome: { status: 'FAILED', reason: expect.stringMatching(/^OutOfTime: the create was not finished in time/) } });
    expect(observe).toHaveBeenCalledTimes(1);
  });

  test('an Update says what goes on and what to run again', async () => {
    const { outcome } = await reconcile(fakeAws(), planning(WAIT), newExecution(update), update.deadline);

    expect(outcome).toMatchObject({ reason: expect.stringMatching(/goes on, deploy the same template again/) });
  });

  test('what cleans up stops so early that the clean-up fits', async () => {
    const lifecycle = planning(WAIT, { cleanUpMs: () => 15 * MINUTE });

    const inTime = await reconcile(fakeAws(), lifecycle, newExecution(create), at(17 * MINUTE));
    const late = await reconcile(fakeAws(), lifecycle, newExecution(create), at(17 * MINUTE) + 1);
    const cleaning = await reconcile(fakeAws(), lifecycle, late, at(16 * MINUTE));
    const deleting = await reconcile(fakeAws(), lifecycle, newExecution(removal), at(3 * MINUTE));

    expect(inTime).toMatchObject({ next: 'WAIT', seconds: 15 });
    expect(late).toMatchObject({ next: 'WAIT', memory: { failure: { code: 'OutOfTime' } } });
    expect(cleaning).toMatchObject({ next: 'WAIT', seconds: 15 });
    expect(deleting).toMatchObject({ next: 'WAIT', seconds: 15 });
  });

  test('a clean-up that does not end says so, after the failure itself', async () => {
    const memory = { failure: { code: 'NoColor', message: 'choose a color' } };

    const { outcome } = await reconcile(
      fakeAws(), planning(WAIT, { cleanUpMs: () => 15 * MINUTE }), newExecution(create, { memory }), create.deadline);

    expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^NoColor: choose a color; the clean-up did not end in time/) });
  });

  test.each<[string, Request, object, string]>([
    ['a Delete', removal, {}, 'OutOfTime: the delete was not finished in time: HSM x remains'],
    ['an Update', update, {}, 'OutOfTime: the update was not finished in time: HSM x remains'],
    ['a clean-up', create, { failure: { code: 'NoColor', message: 'choose a color' } },
      'NoColor: choose a color; the clean-up did not end in time, first deal with what is left: HSM x remains'],
  ])('%s says what remains', async (_, request, memory, reason) => {
    const { outcome } = await reconcile(
      fakeAws(), planning(WAIT), newExecution(request, { memory: { ...memory, remains: 'HSM x remains' } }), request.deadline);

    expect(outcome).toMatchObject({ status: 'FAILED', reason });
  });

  test('something that has nothing to take back goes on to the end', async () => {
    const late = await reconcile(fakeAws(), planning(WAIT, { cleanUpMs: () => 0 }), newExecution(update), at(2 * MINUTE));

    expect(late).toMatchObject({ next: 'WAIT', seconds: 15 });
  });
});

describe('an observation that fails', () => {
  const THROTTLED = serviceError('ThrottlingException', 'slow down');

  const repeat = async (lifecycle: Toy, every: number, startedAt = NOW): Promise<{ rounds: number; last: Execution }> => {
    let last = newExecution(create, { startedAt });
    for (let rounds = 1; ; rounds += 1) {
      last = await reconcile(fakeAws(), lifecycle, last, startedAt + rounds * every);
      if (last.next === 'RESPOND') return { rounds, last };
    }
  };

  test('is repeated five times, then named', async () => {
    const { rounds, last } = await repeat(failing(THROTTLED), SECOND);

    expect(rounds).toBe(6);
    expect(last.outcome).toMatchObject({ status: 'FAILED', reason: 'ThrottlingException: slow down' });
  });

  test('counts in a row only', async () => {
    const before = newExecution(create, { memory: { observeAttempts: 5 } });

    const well = await reconcile(fakeAws(), planning(WAIT), before, NOW);

    expect(well.memory.observeAttempts).toBeUndefined();
  });

  test('for want of permissions is repeated for a minute after the request', async () => {
    const { rounds, last } = await repeat(failing(serviceError('AccessDeniedException', 'not you')), 5 * SECOND);

    expect(rounds).toBe(12);
    expect(last.outcome).toMatchObject({ status: 'FAILED', reason: 'AccessDeniedException: not you' });
  });

  test('with a sentence for the user fails at once', async () => {
    const { rounds, last } = await repeat(failing(new Failure('TrustAnchorExpired', 'too late')), SECOND);

    expect(rounds).toBe(1);
    expect(last.outcome).toMatchObject({ reason: 'TrustAnchorExpired: too late' });
  });
});

describe('an act that fails', () => {
  const afterAct = (error: Execution['error'], memory = {}) => newExecution(create, { memory, error, acts: ['buy'], memoryBefore: {}, next: 'ACT' });
  const cause = (errorType: string, errorMessage: string) => ({ Error: errorType, Cause: JSON.stringify({ errorType, errorMessage, trace: ['at …'] }) });

  test('is looked at again', async () => {
    const after = await reconcile(fakeAws(), planning(WAIT), afterAct(cause('TimeoutError', 'socket hang up')), NOW);

    expect(after).toMatchObject({ next: 'WAIT', error: undefined, acts: undefined, memory: { actFailures: 1 } });
  });

  test('and is repeatable is planned by what was known before it: nothing may be taken for done', async () => {
    const planned = await reconcile(fakeAws(), planning({ ...ACT, isRepeatable: true }), newExecution(create, { memory: { attempts: 0 } }), NOW);
    const after = await reconcile(fakeAws(), planning(WAIT), { ...planned, error: cause('TimeoutError', 'socket hang up') }, NOW);

    expect(planned.memory).toMatchObject({ attempts: 1 });
    expect(after).toMatchObject({ memory: { attempts: 0, actFailures: 1 } });
    expect([after.isRepeatable, after.memoryBefore]).toEqual([undefined, undefined]);
  });

  test('and is not repeatable counts as done, for it may be', async () => {
    const planned = await reconcile(fakeAws(), planning(ACT), newExecution(create, { memory: { attempts: 0 } }), NOW);
    const after = await reconcile(fakeAws(), planning(WAIT), { ...planned, error: cause('TimeoutError', 'socket hang up') }, NOW);

    expect(after).toMatchObject({ memory: { attempts: 1, actFailures: 1 } });
  });

  test('six times in a row ends the request, with what was said last', async () => {
    const after = await reconcile(fakeAws(), planning(ACT), afterAct(cause('InvalidParameterException', 'no "such" key'), { actFailures: 5 }), NOW);

    expect(after.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^InvalidParameterException: no "such" key; see the function's log/) });
  });

  test.each([[5, 'WAIT'], [18, 'WAIT'], [19, 'RESPOND']])('of a delete, which has no way back, may fail twenty times (%d before: %s)', async (actFailures, next) => {
    const execution = { ...afterAct(cause('ThrottlingException', 'slow down'), { actFailures }), request: removal };

    expect((await reconcile(fakeAws(), planning(WAIT), execution, NOW)).next).toBe(next);
  });

  test.each([[5, 'WAIT'], [18, 'WAIT'], [19, 'RESPOND']])('of a clean-up, which has no way back either, may fail twenty times (%d before: %s)', async (actFailures, next) => {
    const failure = { code: 'NoColor', message: 'choose a color' };
    const execution = afterAct(cause('ThrottlingException', 'slow down'), { actFailures, failure });

    expect((await reconcile(fakeAws(), planning(WAIT, { cleanUpMs: () => 15 * MINUTE }), execution, NOW)).next).toBe(next);
  });

  test('for want of permissions ends the request at once: while they settle, the act itself waits', async () => {
    const after = await reconcile(fakeAws(), planning(ACT), afterAct(cause('CloudHsmAccessDeniedException', 'not you')), NOW + 2 * MINUTE);

    expect(after.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^CloudHsmAccessDeniedException: not you/) });
  });
});

describe('a failure of what cleans up', () => {
  const cleansUp = { cleanUpMs: () => 15 * MINUTE };

  test.each([create, update])('of a $type is remembered, and the plan asked on', async (request) => {
    const after = await reconcile(fakeAws(), planning(FAIL, cleansUp), newExecution(request, { memory: { attempts: 1, actFailures: 3 } }), NOW);

    expect(after).toMatchObject({ next: 'WAIT', seconds: 1, memory: { attempts: 1, failure: { code: 'NoColor', message: 'choose a color' } } });
    expect(after.memory.actFailures).toBeUndefined();
  });

  test('of a Delete is answered', async () => {
    expect(await reconcile(fakeAws(), planning(FAIL, cleansUp), newExecution(removal), NOW)).toMatchObject({ next: 'RESPOND' });
  });

  test('is answered once all is cleaned up, and never as a success', async () => {
    const memory = { failure: { code: 'NoColor', message: 'choose a color' } };

    for (const step of [FAIL, DONE]) {
      const { outcome } = await reconcile(fakeAws(), planning(step, cleansUp), newExecution(create, { memory }), NOW);
      expect(outcome).toMatchObject({ status: 'FAILED', reason: 'NoColor: choose a color' });
    }
  });

  test('comes before that of its clean-up', async () => {
    const memory = { failure: { code: 'HsmNeverCame', message: 'still not there' } };

    const { outcome } = await reconcile(fakeAws(), planning(FAIL, cleansUp), newExecution(create, { memory }), NOW);

    expect(outcome).toMatchObject({ reason: 'HsmNeverCame: still not there; then NoColor: choose a color' });
  });
});

describe('the lease', () => {
  const leased = (step: Step<string>) => planning(step, { needsLease: true });
  const held = (resource: string) => new FakeParameters({
    [`/cdk-cloudhsm/${CLUSTER_ID}/lease/4`]: JSON.stringify({ resource, request: create.requestId, since: NOW, until: NOW + 4 * MINUTE }),
  });

  test('is claimed before the first act only, and the world looked at again with it', async () => {
    const waiting = await reconcile(fakeAws(), leased(WAIT), newExecution(create), NOW);
    const acting = await reconcile(fakeAws(), leased(ACT), newExecution(create, { memory: { attempts: 0 } }), NOW);
    const again = await reconcile(fakeAws({}, held(resourceKey(create))), leased(ACT), acting, NOW + MINUTE + 1);

    expect(waiting.memory.lease).toBeUndefined();
    expect(acting).toMatchObject({ next: 'WAIT', seconds: 0, memory: { attempts: 0, lease: { generation: 1, until: NOW + 5 * MINUTE } } });
    expect(again).toMatchObject({ next: 'ACT', memory: { attempts: 1, lease: { generation: 4, until: NOW + MINUTE + 1 + 5 * MINUTE } } });
  });

  test('that somebody else holds is waited for, without the plan\'s memory', async () => {
    const after = await reconcile(fakeAws({}, held('another')), leased(ACT), newExecution(create, { memory: { attempts: 0 } }), NOW);

    expect(after).toMatchObject({ next: 'WAIT', seconds: 5, memory: { attempts: 0 } });
    expect(after.memory.lease).toBeUndefined();
  });

  test('that may not be written down yet is tried again for a minute, and then what the service said ends the request', async () => {
    const denied = Object.assign(held('another'), { under: () => Promise.reject(serviceError('AccessDeniedException', 'not you')) });
    const first = await reconcile(fakeAws({}, denied), leased(ACT), newExecution(create, { startedAt: NOW }), NOW + SECOND);
    let last = first;
    for (let at = NOW + 6 * SECOND; last.next === 'WAIT'; at += 5 * SECOND) last = await reconcile(fakeAws({}, denied), leased(ACT), last, at);

    expect(first).toMatchObject({ next: 'WAIT', seconds: 5 });
    expect(last.outcome).toMatchObject({ status: 'FAILED', reason: 'AccessDeniedException: not you' });
  });

  test('that is far from its end is not looked at by a step that waits', async () => {
    const unasked = Object.assign(held('another'), { under: () => Promise.reject(new Error('asked')) });
    const lease = { generation: 3, until: NOW + 4 * MINUTE };

    const after = await reconcile(fakeAws({}, unasked), leased(WAIT), newExecution(create, { memory: { attempts: 1, lease } }), NOW);

    expect(after.memory.lease).toEqual(lease);
  });

  test('that was lost meanwhile is claimed again before the next act', async () => {
    const after = await reconcile(fakeAws({}, held('another')), leased(ACT), newExecution(create, { memory: { attempts: 1, lease: { generation: 3, until: NOW + 4 * MINUTE - 1 } } }), NOW);

    expect(after).toMatchObject({ next: 'WAIT', seconds: 5 });
    expect(after.memory.lease).toBeUndefined();
  });
});
