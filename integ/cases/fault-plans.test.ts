import { beginWith } from './_harness/beginning';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { Course } from '../plans/course';
import { inventoryProblems, isHeldByService, statusProblems, timelineProblems } from '../plans/invariants';
import type { Inventory } from '../plans/inventory';
import type { Place } from '../plans/places';
import { planOf } from '../plans/plan';
import type { Plan } from '../plans/plan';
import { play } from '../plans/play';
import type { Played } from '../plans/play';
import { World } from '../plans/world';

/** `npm run plans -- --runs 200` plays whole lives; these are a few that begin with a cluster which other cases have made. */
const SEEDS = [1, 2, 3];

describe('whatever goes wrong', () => {
  let world: World;
  let course: Course;

  beforeAll(async () => {
    world = new World({ app: (hsmCount) => quickStart({ hsmCount }), deployed: async () => beginWith(QUICK_START) });
    course = new Course({ places: await world.places(), play: async (plan) => play(world, plan), shrinkSeconds: 0 });
  });

  afterAll(() => world.remove());

  test.each(SEEDS)('in plan %i, growth and shrinking end well or as before, and again they end well', async (seed) => {
    const { problems, endings } = await course.run(seed);

    expect(problems).toEqual([]);
    expect(endings.length).toBeGreaterThan(0);
  });

  test.each<[string, Plan['faults'][number]]>([
    ['an HSM is bought once although nobody ever hears that it was', {
      during: 'grow', service: 'cloudhsmv2', operation: 'CreateHsm', kind: 'lost-answer', times: 6,
    }],
    ['steps for which Lambda has no room for a minute are waited for', {
      during: 'grow', service: 'lambda', operation: 'Invoke', caller: 'MachineRole', kind: 'error', params: { code: 'TooManyRequestsException', status: 429 }, nth: 20, times: 6,
    }],
  ])('%s', async (_, fault) => {
    const { problems, endings, fired } = await play(world, { seed: 1, faults: [fault], replacements: [] });

    expect([problems, endings, fired]).toEqual([[], ['grow: UPDATE_COMPLETE'], 1]);
  });
});

describe('a plan that fails', () => {
  const PLACES: readonly Place[] = ['CreateHsm', 'DescribeClusters'].map((operation) => ({
    during: 'grow', service: 'cloudhsmv2', operation, caller: 'role/Hsm-Lifecycle-', calls: 30,
  }));

  const played = (problems: readonly string[]): Played => ({ endings: [], reasons: [], fired: 0, problems, hostSeconds: 0 });

  const isCulprit = ({ operation, kind, times = 1 }: Plan['faults'][number]): boolean => operation === 'CreateHsm' && kind === 'lost-answer' && times > 1;

  test('is shrunk to the one fault that matters, and reads the same when it is written down', async () => {
    const course = new Course({ places: PLACES, shrinkSeconds: 60, play: async ({ faults }) => played(faults.some(isCulprit) ? ['too many HSMs'] : []) });

    const ended = await Promise.all(Array.from({ length: 60 }, async (_, seed) => course.run(seed)));
    const failing = ended.filter(({ problems }) => problems.length > 0);

    expect(failing.length).toBeGreaterThan(0);
    for (const { plan } of failing) {
      expect(plan.faults).toEqual([{ during: 'grow', service: 'cloudhsmv2', operation: 'CreateHsm', caller: 'role/Hsm-Lifecycle-', kind: 'lost-answer', nth: 1, times: 2 }]);
      expect(plan.replacements).toEqual([]);
      expect(planOf(JSON.stringify(plan))).toEqual(plan);
    }
  });

  test.each([
    ['{}', 'a plan is { "seed": number, "faults": [ … ], "replacements": [ … ] }'],
    ['{ "seed": 1, "faults": [{ "during": "sleep" }], "replacements": [] }', 'during must be one of deploy, grow, shrink, destroy, got sleep'],
  ])('is refused where it is none: %s', (text, message) => {
    expect(() => planOf(text)).toThrow(message);
  });
});

describe('what must not be', () => {
  const before: Inventory = {
    clusters: ['cluster-a'], interfaces: ['eni-1', 'eni-2'], hsmStates: ['ACTIVE', 'ACTIVE'], hsms: ['cluster-a/hsm-1', 'cluster-a/hsm-2'], stores: ['orders: CONNECTED'],
    kmsUserSecrets: [], troubledUsers: [],
  };
  const grown: Inventory = { ...before, interfaces: ['eni-1', 'eni-2', 'eni-3'], hsmStates: ['ACTIVE', 'ACTIVE', 'ACTIVE'] };
  const stack = (status: string) => ({ name: 'Hsm', status, hostMilliseconds: 0 });
  const [good, back] = [stack('UPDATE_COMPLETE'), stack('UPDATE_ROLLBACK_COMPLETE')];

  test('nothing, when it is as it should be', () => {
    expect(inventoryProblems('grow', good, before, grown)).toEqual([]);
    expect(inventoryProblems('grow', back, before, before)).toEqual([]);
    expect([...statusProblems('grow', good, [], []), ...statusProblems('grow', back, [], [])]).toEqual([]);
  });

  test('a shrinking that is rolled back may end with another HSM in the place of one that had gone', () => {
    const other: Inventory = { ...grown, interfaces: ['eni-1', 'eni-2', 'eni-4'] };

    expect(inventoryProblems('shrink', back, grown, other)).toEqual([]);
    expect(inventoryProblems('shrink', back, grown, before)).toEqual(['number of HSMs: 2, not 3']);
  });

  test('an HSM that the service is still making stands for the one in whose place it comes, and for no other', () => {
    expect(inventoryProblems('grow', back, before, { ...before, interfaces: ['eni-1', 'hsm-9'] })).toEqual([]);
    expect(inventoryProblems('grow', back, before, { ...before, interfaces: ['eni-1', 'eni-2', 'hsm-9'] })).toHaveLength(1);
  });

  test('nor is a rollback one that waits for an HSM which the service does not let go, if it says so', () => {
    const said = 'Fleet: HsmNeverCame: …; HSM hsm-aaaaaaaaaaa (CREATE_IN_PROGRESS) of cluster-a remains and is billed; … (aws cloudhsmv2 delete-hsm …)';

    expect(statusProblems('grow', stack('UPDATE_ROLLBACK_FAILED'), [said], [])).toEqual([]);
    expect(statusProblems('grow', stack('UPDATE_ROLLBACK_FAILED'), [said, 'Placement: ThrottlingException'], [])).toHaveLength(1);
  });

  test('a shrinking that waits for such an HSM is over, for it is rolled back again; a growth that was rolled back is tried again', () => {
    const said = 'Fleet: OutOfTime: …: HSM hsm-aaaaaaaaaaa (CREATE_IN_PROGRESS) of cluster-a remains and is billed; … (aws cloudhsmv2 delete-hsm …)';

    expect(isHeldByService('shrink', back, [said])).toBe(true);
    expect(isHeldByService('shrink', back, [said, 'Placement: ThrottlingException'])).toBe(false);
    expect(isHeldByService('grow', back, [said])).toBe(false);
  });

  test('nor has a delete failed whose requests Lambda itself gave up, each of them', () => {
    const said = (id: string) => `${id}: CloudFormation did not receive a response from your Custom Resource. Please check your logs`;
    const lost = { at: 1, service: 'lambda', event: 'event given up: RetriesExhausted', resource: 'Hsm-Lifecycle' };
    const failed = stack('DELETE_FAILED');

    expect(statusProblems('destroy', failed, [said('User'), said('Key')], [lost, lost])).toEqual([]);
    expect(statusProblems('destroy', failed, [said('User'), said('Key')], [lost])).toHaveLength(1);
    expect(statusProblems('destroy', failed, [said('User'), 'Key: AccessDenied'], [lost, lost])).toHaveLength(1);
    expect(statusProblems('grow', stack('UPDATE_ROLLBACK_FAILED'), [said('User')], [lost])).toHaveLength(1);
  });

  test.each<[string, () => readonly string[], RegExp]>([
    ['a rollback that failed', () => statusProblems('grow', stack('UPDATE_ROLLBACK_FAILED'), ['why'], []), /grow came to UPDATE_ROLLBACK_FAILED: why/],
    ['an HSM that a rollback left', () => inventoryProblems('grow', back, before, grown), /HSMs by interface: eni-1, eni-2, eni-3, not eni-1, eni-2/],
    ['one too few', () => inventoryProblems('grow', good, before, before), /HSMs: 2 \(ACTIVE, ACTIVE\), not 3/],
    ['a cluster that is gone', () => inventoryProblems('grow', back, before, { ...before, clusters: [] }), /clusters: none, not cluster-a/],
    ['a store that is not connected any more', () => inventoryProblems('grow', good, before, { ...grown, stores: ['orders: FAILED'] }), /stores: orders: FAILED/],
    ['a password that is left', () => inventoryProblems('grow', good, before, { ...grown, kmsUserSecrets: ['kmsuser/1'] }), /secrets of kmsuser: kmsuser\/1, not none/],
    ['a user who is locked or not on all HSMs', () => inventoryProblems('grow', good, before, { ...grown, troubledUsers: ['app (full, locked true)'] }), /user app \(full, locked true\)/],
    ['a cluster that outlives its stack', () => inventoryProblems('destroy', stack('DELETE_COMPLETE'), before, { ...before, interfaces: [], stores: [] }), /clusters: cluster-a, not none/],
    [
      'a custom resource that took longer than CloudFormation waits',
      () => timelineProblems([
        { at: 10, service: 'cloudformation', event: 'UPDATE_IN_PROGRESS', resource: 'Hsm/Fleet' }, { at: 3_700, service: 'cloudformation', event: 'UPDATE_FAILED', resource: 'Hsm/Fleet' },
      ], before, 3),
      /Hsm\/Fleet took 3690 s until UPDATE_FAILED/,
    ],
    [
      'more HSMs than anybody asked for, if only for a while',
      () => timelineProblems([
        ...['hsm-3', 'hsm-4'].map((hsm) => ({ at: 1, service: 'cloudhsmv2', event: 'CREATE_IN_PROGRESS', resource: `cluster-a/${hsm}` })),
        { at: 2, service: 'cloudhsmv2', event: 'DELETE_IN_PROGRESS', resource: 'cluster-a/hsm-4' },
      ], before, 3),
      /there were 4 HSMs at once, and 3 were asked for/,
    ],
  ])('%s is found', (_, look, problem) => {
    expect(look()).toEqual([expect.stringMatching(problem)]);
  });
});
