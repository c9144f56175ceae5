import fc from 'fast-check';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import type { Request } from '../../../src/handlers/engine/request';
import { fleet as fleetLifecycle } from '../../../src/handlers/fleet/fleet';
import type { Origin } from '../../../src/handlers/origin';
import { FLEET_TYPE } from '../../../src/lifecycle/fleet-contract';
import { A, ADOPTED, B, C, MADE_ELSEWHERE, MADE_HERE, ZONES } from '../_helpers/cluster';
import { FENCE_SECONDS, run } from '../_helpers/machine';
import type { Run, StepFate } from '../_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, SECOND } from '../_helpers/request';
import { World } from '../_helpers/world';
import type { HsmFate } from '../_helpers/world';

/**
 * Repeated, lost, lagging and superseded steps, over the real plan, edge, engine and lease.
 *
 * Provable as long as a new HSM is listed within 180 s (the model takes up to 170), which is how long an attempt counts.
 */
const fleet = fleetLifecycle as unknown as AnyLifecycle;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const fleetRequest = (type: Request['type'], count: number, overrides: { requestId?: string; placement?: string[]; now?: number } = {}) => {
  const made = newRequest(type, FLEET_TYPE, {
    ClusterId: CLUSTER_ID, HsmCount: String(count), AvailabilityZones: ZONES.join(','), ...(overrides.placement ? { Placement: overrides.placement } : {}),
  });
  return {
    ...made,
    requestId: overrides.requestId ?? made.requestId,
    deadline: overrides.now === undefined ? made.deadline : overrides.now + 58 * MINUTE,
  };
};

const world = (before: readonly string[], options: Partial<ConstructorParameters<typeof World>[0]> & { origin?: Origin } = {}) => new World({
  state: 'ACTIVE',
  before,
  parameters: { [`/cdk-cloudhsm/${CLUSTER_ID}/origin`]: JSON.stringify(options.origin ?? MADE_HERE) },
  ...options,
});

/** HSMs by zone, such as a spread leaves them: the larger shares come first, from any zone. */
const spreadBefore = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(2)).map(([count, first]) =>
  Array.from({ length: count }, (_, index) => ZONES[(first + index) % ZONES.length]));

const lag = fc.integer({ min: 0, max: 170 }).map((seconds) => seconds * SECOND);
const joins = fc.integer({ min: 4, max: 25 }).map((minutes) => minutes * MINUTE);
const fate: fc.Arbitrary<HsmFate> = fc.record({
  create: fc.constantFrom('made', 'made', 'made', 'made, answer lost', 'not made, answer lost', 'refused'),
  lag,
  joinsIn: fc.oneof({ weight: 8, arbitrary: joins }, { weight: 1, arbitrary: fc.constant(undefined) }),
});
const gentleFate: fc.Arbitrary<HsmFate> = fc.record({
  create: fc.constantFrom('made', 'made', 'made, answer lost', 'not made, answer lost'),
  lag,
  joinsIn: fc.integer({ min: 4, max: 12 }).map((minutes) => minutes * MINUTE),
});
const steps = fc.array(fc.constantFrom<StepFate>('well', 'well', 'repeated', 'killed before', 'killed after'), { maxLength: 14 });
const deletion = fc.record({
  deletionLag: fc.integer({ min: 0, max: 120 }).map((seconds) => seconds * SECOND),
  deletionTime: fc.integer({ min: 0, max: 12 }).map((minutes) => minutes * MINUTE),
});
/** Half of what the last HSM waits for. */
const backupTime = fc.integer({ min: 0, max: 10 }).map((minutes) => minutes * MINUTE);
const replacement = fc.record({ at: fc.integer({ min: 0, max: 20 }).map((minutes) => minutes * MINUTE), index: fc.nat(5) });
const replacements = fc.array(replacement, { maxLength: 2 });
const hsmCounts = fc.integer({ min: 0, max: 6 });
const seconds = (max: number) => fc.integer({ min: 0, max });

const statusOf = ({ execution }: Run) => execution.outcome?.status;
const lineages = (of: World) => of.living.map(({ lineage }) => lineage).sort();
const within = (one: Run, of: World, request: Request) => !one.stopped && of.now < request.deadline;
/** What no zone, and so no sum over zones, ever exceeds. */
const ceiling = (before: readonly string[], wanted: readonly string[]) => ZONES
  .map((zone) => Math.max(before.filter((other) => other === zone).length, wanted.filter((other) => other === zone).length))
  .reduce((sum, count) => sum + count, 0);

describe('a change of the count', () => {
  test('ends in time with exactly what was asked, or with what was there; never above both', async () => {
    await fc.assert(fc.asyncProperty(
      spreadBefore, hsmCounts, fc.array(fate, { maxLength: 8 }), steps, deletion, replacements,
      async (before, count, fates, stepFates, deletions, replaced) => {
        const there = world(before, { fates, ...deletions });
        replaced.forEach(({ at, index }) => there.replaceLater(at, index));
        const request = fleetRequest('Update', count);

        const result = await run(there, fleet, request, { steps: stepFates });

        expect(within(result, there, request)).toBe(true);
        expect(there.most).toBeLessThanOrEqual(Math.max(before.length, count));
        expect(there.living).toHaveLength(statusOf(result) === 'SUCCESS' ? count : before.length);
        if (statusOf(result) === 'FAILED') expect(lineages(there)).toEqual([...there.original].sort());
      },
    ), { numRuns: 150 });
  });

  test('succeeds in spite of lag, lost answers, lost steps and replacements', async () => {
    await fc.assert(fc.asyncProperty(
      spreadBefore, hsmCounts, fc.array(gentleFate, { maxLength: 4 }),
      fc.array(fc.constantFrom<StepFate>('well', 'repeated', 'killed after'), { maxLength: 4 }),
      async (before, count, fates, stepFates) => {
        const there = world(before, { fates });

        const result = await run(there, fleet, fleetRequest('Update', count), { steps: stepFates });

        expect(statusOf(result)).toBe('SUCCESS');
        const byZone = ZONES.map((zone) => there.livingIn(zone));
        expect(Math.max(...byZone) - Math.min(...byZone)).toBeLessThanOrEqual(1);
      },
    ), { numRuns: 75 });
  });

  test('by placement never has more in a zone than were there or were asked for', async () => {
    const zoneCounts = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2));
    const zonesOf = (counts: readonly number[]) => counts.flatMap((count, index) => Array<string>(count).fill(ZONES[index]));
    const given = [zoneCounts, zoneCounts, fc.array(fate, { maxLength: 8 }), steps, deletion] as const;
    await fc.assert(fc.asyncProperty(...given, async (beforeCounts, asked, fates, stepFates, deletions) => {
      const before = zonesOf(beforeCounts);
      const wanted = zonesOf(asked);
      const there = world(before, { fates, ...deletions });
      const request = fleetRequest('Update', wanted.length, { placement: asked.map((count, index) => `subnet-${'abc'[index]}=${count}`) });

      const result = await run(there, fleet, request, { steps: stepFates });

      expect(within(result, there, request)).toBe(true);
      expect(there.most).toBeLessThanOrEqual(Math.max(before.length, ceiling(before, wanted)));
      for (const [index, zone] of ZONES.entries()) {
        expect(there.mostByZone.get(zone) ?? 0).toBeLessThanOrEqual(Math.max(beforeCounts[index], asked[index]));
        if (statusOf(result) === 'SUCCESS') expect(there.livingIn(zone)).toBe(asked[index]);
      }
    }), { numRuns: 75 });
  });
});

describe('the last HSM', () => {
  test('goes only when a backup newer than the first removal is READY, however the steps go, also over two requests', async () => {
    await fc.assert(fc.asyncProperty(
      spreadBefore, steps, backupTime, deletion, replacements, seconds(20 * 60),
      async (before, stepFates, time, deletions, replaced, stopAfterSeconds) => {
        const there = world(before, { backupTime: time, ...deletions });
        replaced.forEach(({ at, index }) => there.replaceLater(at, index));
        const first = await run(there, fleet, fleetRequest('Update', 0), { steps: stepFates, stopAfter: stopAfterSeconds * SECOND });
        const second = first.stopped ? await run(there, fleet, fleetRequest('Update', 0, { requestId: 'again', now: there.now }), { delay: FENCE_SECONDS * SECOND }) : first;

        expect(statusOf(second)).toBe('SUCCESS');
        expect(there.living).toEqual([]);
        expect(there.isContentLost).toBe(false);
      },
    ), { numRuns: 100 });
  });

  test('stays when no backup comes, and the failure says so; the roll back brings the others back', async () => {
    const there = world([A, B], { backupTime: 'never' });

    const paused = await run(there, fleet, fleetRequest('Update', 0));
    const left = lineages(there);
    const back = await run(there, fleet, fleetRequest('Update', 2, { requestId: 'roll-back', now: there.now }));

    expect(paused.execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^NoBackupBeforeLastHsm: HSM \S+ is the last one of \S+ and stays, billed: no backup made since the first HSM went has become READY within 20 minutes/) });
    expect(left).toHaveLength(1);
    expect(statusOf(back)).toBe('SUCCESS');
    expect(there.living).toHaveLength(2);
  });

  test('of a cluster with one goes at once: nothing went before it', async () => {
    const there = world([A], { backupTime: 'never' });

    expect(statusOf(await run(there, fleet, fleetRequest('Update', 0)))).toBe('SUCCESS');
    expect(there.living).toEqual([]);
  });
});

describe('a change that is superseded', () => {
  test('by the roll back ends with the old count, whenever it is stopped and whatever was under way', async () => {
    await fc.assert(fc.asyncProperty(
      spreadBefore, hsmCounts, fc.array(gentleFate, { maxLength: 6 }), steps, seconds(30 * 60), seconds(55), fc.boolean(),
      async (before, count, fates, stepFates, stopAfterSeconds, actsOnSeconds, refusesWhileJoining) => {
        const there = world(before, { fates, refusesWhileJoining });
        const first = await run(there, fleet, fleetRequest('Update', count), {
          steps: stepFates, stopAfter: stopAfterSeconds * SECOND, actsOnFor: actsOnSeconds * SECOND,
        });
        const rollBack = fleetRequest('Update', before.length, { requestId: 'roll-back', now: there.now });

        // The fence's delay runs from the stop on, at which the last act may still go on.
        const result = await run(there, fleet, rollBack, { delay: first.stopped ? FENCE_SECONDS * SECOND - actsOnSeconds * SECOND : 0 });

        expect(statusOf(result)).toBe('SUCCESS');
        expect(there.living).toHaveLength(before.length);
        expect(there.most).toBeLessThanOrEqual(Math.max(before.length, count));
      },
    ), { numRuns: 100 });
  });

  test.each([[A, B], [B, C], [A, C]])('by the roll back ends with the HSMs of before in %s and %s although the new ones never come', async (...before) => {
    const never: HsmFate = { create: 'made', lag: 60 * SECOND, joinsIn: undefined };
    const there = world(before, { fates: [never, never] });
    await run(there, fleet, fleetRequest('Update', 4), { stopAfter: 10 * MINUTE });
    expect(there.living).toHaveLength(4);

    const result = await run(there, fleet, fleetRequest('Update', 2, { requestId: 'roll-back', now: there.now }), { delay: FENCE_SECONDS * SECOND });

    expect(statusOf(result)).toBe('SUCCESS');
    expect(lineages(there)).toEqual(there.original);
  });

  test('a Create by its Delete goes back to one HSM', async () => {
    await fc.assert(fc.asyncProperty(
      hsmCounts.filter((count) => count > 0), fc.array(gentleFate, { maxLength: 6 }), steps, seconds(30 * 60), seconds(55),
      async (count, fates, stepFates, stopAfterSeconds, actsOnSeconds) => {
        const there = world([A], { fates });
        const first = await run(there, fleet, fleetRequest('Create', count), {
          steps: stepFates, stopAfter: stopAfterSeconds * SECOND, actsOnFor: actsOnSeconds * SECOND,
        });
        const request = fleetRequest('Delete', count, { requestId: 'cancelled', now: there.now });

        const result = await run(there, fleet, { ...request, physicalId: 'made-up-by-cloudformation' }, {
          delay: first.stopped ? FENCE_SECONDS * SECOND - actsOnSeconds * SECOND : 0,
        });

        expect(statusOf(result)).toBe('SUCCESS');
        expect(there.living).toHaveLength(1);
      },
    ), { numRuns: 75 });
  });
});

describe('an adopted cluster', () => {
  test.each<[string, Origin]>([['adopted', ADOPTED], ['made by a stack that left it', MADE_ELSEWHERE]])('(%s) never loses an HSM to a Create or Delete', async (_, origin) => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 5 }), hsmCounts, fc.array(fate, { maxLength: 6 }), steps, replacements,
      async (before, count, fates, stepFates, replaced) => {
        const there = world(before, { fates, origin });
        replaced.forEach(({ at, index }) => there.replaceLater(at, index));

        const created = await run(there, fleet, fleetRequest('Create', count), { steps: stepFates });
        await run(there, fleet, fleetRequest('Delete', count, { requestId: 'gone', now: there.now }));

        expect(there.deleted.filter((lineage) => there.original.includes(lineage))).toEqual([]);
        if (statusOf(created) === 'FAILED') expect(lineages(there)).toEqual([...there.original].sort());
      },
    ), { numRuns: 75 });
  });
});

test.each([2, 3, 6])('a cluster without HSMs has %d again in time though each takes its 25 minutes', async (count) => {
  const slow: HsmFate = { create: 'made', lag: 60 * SECOND, joinsIn: 25 * MINUTE };
  const there = world([], { fates: Array<HsmFate>(count).fill(slow) });

  const { execution } = await run(there, fleet, fleetRequest('Update', count));

  expect(execution.outcome).toMatchObject({ status: 'SUCCESS' });
  expect(there.living).toHaveLength(count);
});

test('growth that waited long for somebody else\'s lease stops early enough to take back what it added', async () => {
  const never: HsmFate = { create: 'made', lag: 60 * SECOND, joinsIn: undefined };
  const there = world([A], { fates: [never, never] });
  const theirs = { resource: 'theirs', request: 'theirs', since: there.now, until: there.now + 25 * MINUTE };
  there.parameters.values.set(`/cdk-cloudhsm/${CLUSTER_ID}/lease/1`, JSON.stringify(theirs));

  const { execution } = await run(there, fleet, fleetRequest('Create', 3));

  expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^OutOfTime: .* what it added is taken back/) });
  expect(lineages(there)).toEqual(there.original);
});

test.each([[A, B], [A, C], [B, C]])('growth beyond %s and %s whose HSM comes hours late and cannot be deleted before says what remains and is billed, so does its roll back, and a later one removes it', async (...before) => {
  const late: HsmFate = { create: 'made', lag: 60 * SECOND, joinsIn: 180 * MINUTE };
  const there = world(before, { fates: [late], refusesWhileJoining: true });
  const rollBack = () => run(there, fleet, fleetRequest('Update', 2, { requestId: `${there.now}`, now: there.now }));

  const growth = await run(there, fleet, fleetRequest('Update', 3));
  const tooEarly = await rollBack();
  there.pass(90 * MINUTE);
  const again = await rollBack();

  const remains = /HSM (\S+) \(CREATE_IN_PROGRESS\) of \S+ remains and is billed; .*delete-hsm --cluster-id \S+ --hsm-id \1\).*ask AWS Support/;
  expect(growth.execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^HsmNeverCame: .*the clean-up did not end in time/) });
  expect(growth.execution.outcome).toMatchObject({ reason: expect.stringMatching(remains) });
  expect(tooEarly.execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(remains) });
  expect(again.execution.outcome).toMatchObject({ status: 'SUCCESS' });
  expect(lineages(there)).toEqual(there.original);
});

describe('what a request carries', () => {
  test('stays far below 256 KB and 25,000 events, with the most HSMs and the worst luck', async () => {
    const lost = Array<HsmFate>(400).fill({ create: 'not made, answer lost', lag: 0, joinsIn: 0 });
    const there = world([A], { fates: lost });

    const result = await run(there, fleet, fleetRequest('Update', 28));

    expect(statusOf(result)).toBe('FAILED');
    expect(result.bytes).toBeLessThan(128 * 1024);
    // Reconcile 5 events, Next 2, Wait 2, Act 5.
    expect(result.rounds * 9 + result.acts * 5).toBeLessThan(12_500);
  });
});
