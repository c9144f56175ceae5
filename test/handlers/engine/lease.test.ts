import fc from 'fast-check';
import { claimLease, holdsLease, LEASE_MS, releaseLease } from '../../../src/handlers/engine/lease';
import type { Claimant } from '../../../src/handlers/engine/lease';
import { FakeParameters } from '../_helpers/aws';
import { CLUSTER_ID, MINUTE, NOW, SECOND } from '../_helpers/request';

const LEASE = `/cdk-cloudhsm/${CLUSTER_ID}/lease`;

const claimant = (resource: string, request = '1', since = NOW): Claimant => ({ clusterId: CLUSTER_ID, resource, request: `${resource}-${request}`, since });
const FLEET = claimant('fleet');
const USER = claimant('user');

const generations = (parameters: FakeParameters) => [...parameters.values.keys()].map((name) => name.slice(LEASE.length + 1));

describe('a claim', () => {
  test('of a free cluster makes the first generation', async () => {
    const parameters = new FakeParameters();

    expect(await claimLease(parameters, FLEET, NOW)).toEqual({ generation: 1, until: NOW + LEASE_MS });
    expect(await holdsLease(parameters, FLEET, NOW)).toBe(true);
    expect(await holdsLease(parameters, USER, NOW)).toBe(false);
  });

  test('of a cluster that somebody else holds is refused until the lease has expired', async () => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);

    expect(await claimLease(parameters, USER, NOW + LEASE_MS - 1)).toBeUndefined();
    expect(await claimLease(parameters, USER, NOW + LEASE_MS)).toEqual({ generation: 2, until: NOW + 2 * LEASE_MS });
    expect(await holdsLease(parameters, FLEET, NOW + LEASE_MS)).toBe(false);
  });

  test.each([
    ['is left alone with 4 minutes left', MINUTE, 1, NOW + LEASE_MS],
    ['is renewed with less than 4 minutes left', MINUTE + 1, 1, NOW + MINUTE + 1 + LEASE_MS],
    ['is taken anew with no more left than is safe', 3 * MINUTE, 2, NOW + 3 * MINUTE + LEASE_MS],
  ])('of one\'s own lease: it %s', async (_, after, generation, until) => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);

    expect(await claimLease(parameters, FLEET, NOW + after)).toEqual({ generation, until });
    expect(JSON.parse(parameters.values.get(`${LEASE}/${generation}`)!)).toMatchObject({ until });
  });

  test('by a newer request of the same resource takes over at once, and the older one never gets it back', async () => {
    const parameters = new FakeParameters();
    const newer = claimant('fleet', '2', NOW + SECOND);
    await claimLease(parameters, FLEET, NOW);

    expect(await claimLease(parameters, newer, NOW + SECOND)).toEqual({ generation: 2, until: NOW + SECOND + LEASE_MS });
    expect(await claimLease(parameters, FLEET, NOW + 2 * SECOND)).toBeUndefined();
    await releaseLease(parameters, newer);
    expect(await claimLease(parameters, FLEET, NOW + 10 * MINUTE)).toBeUndefined();
    expect(await holdsLease(parameters, FLEET, NOW + 10 * MINUTE)).toBe(false);
  });

  test('of two at once is won by one, because the generation is created on condition', async () => {
    const parameters = new FakeParameters();

    const claims = await Promise.all([claimLease(parameters, FLEET, NOW), claimLease(parameters, USER, NOW)]);

    expect(claims.filter((lease) => lease !== undefined)).toEqual([{ generation: 1, until: NOW + LEASE_MS }]);
  });
});

describe('a lease', () => {
  test.each([[LEASE_MS - 2 * MINUTE - 1, true], [LEASE_MS - 2 * MINUTE, false]])('%d ms after the claim is good for an act: %s', async (after, good) => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);

    expect(await holdsLease(parameters, FLEET, NOW + after)).toBe(good);
  });

  test('given back is free at once; older generations are forgotten, the newest number stays', async () => {
    const parameters = new FakeParameters({ [`${LEASE}/1`]: '{}', [`${LEASE}/2`]: '{}', [`${LEASE}/9`]: JSON.stringify({ ...FLEET, until: NOW - 1 }) });
    await claimLease(parameters, USER, NOW);

    await releaseLease(parameters, USER);

    expect(generations(parameters)).toEqual(['10']);
    expect(await claimLease(parameters, FLEET, NOW + 1)).toEqual({ generation: 11, until: NOW + 1 + LEASE_MS });
  });

  test('is not given back by one who lost it', async () => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);
    await claimLease(parameters, USER, NOW + LEASE_MS);

    await releaseLease(parameters, FLEET);

    expect(await holdsLease(parameters, USER, NOW + LEASE_MS + 1)).toBe(true);
    expect(generations(parameters)).toEqual(['1', '2']);
  });
});

/** A step lasts a minute at most: then the function is killed. The clock of an execution begins with such a step and may be late by as much. */
const STEP_MS = MINUTE;

test('is never held by two at once, in whatever order their steps interleave and however long they take', async () => {
  // Around the ends of steps and leases, where it is tight; within a step mostly no time passes.
  const seconds = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2, 30, 58) });
  const pauses = fc.infiniteStream(seconds.map((some) => some * SECOND));
  const late = fc.tuple(fc.constantFrom(0, 59), fc.constantFrom(0, 59));
  const operations = fc.array(fc.record({
    who: fc.nat(1),
    what: fc.constantFrom('work', 'work', 'act', 'claim', 'release', 'idle', 'idle'),
    idle: fc.constantFrom(1, 2, 120, 178, 180, 238, 240, 299, 300).map((some) => some * SECOND),
  }), { minLength: 3, maxLength: 10 });
  await fc.assert(fc.asyncProperty(fc.scheduler(), operations, pauses, late, async (scheduler, given, pause, lateBy) => {
    const store = new FakeParameters();
    let now = NOW;
    const pass = (milliseconds: number) => {
      now += milliseconds;
    };
    /** The store as one step sees it: its calls come through in an order of the scheduler's, and not at all once the step is dead. */
    const seenBy = (began: number) => {
      const later = async <T>(call: () => Promise<T>): Promise<T> => {
        await scheduler.schedule(Promise.resolve());
        pass(pause.next().value as number);
        if (now - began >= STEP_MS) throw new Error('killed');
        return call();
      };
      return {
        get: (name: string) => later(() => store.get(name)),
        all: (names: readonly string[]) => later(() => store.all(names)),
        under: (path: string) => later(() => store.under(path)),
        create: (name: string, value: string) => later(() => store.create(name, value)),
        overwrite: (name: string, value: string) => later(() => store.overwrite(name, value)),
        delete: (names: readonly string[]) => later(() => store.delete(names)),
      };
    };
    const actsUntil = [0, 0];
    const claim = (who: number, began: number) => claimLease(seenBy(began), claimant(`resource-${who}`), began - lateBy[who] * SECOND);
    const actIfAllowed = async (who: number, began: number) => {
      if (!await holdsLease(seenBy(began), claimant(`resource-${who}`), began - lateBy[who] * SECOND)) return;
      expect(actsUntil.filter((until, other) => other !== who && until > now)).toEqual([]);
      actsUntil[who] = began + STEP_MS;
    };
    const doOne = async (who: number, what: string) => {
      if (what === 'release') return actsUntil[who] <= now ? releaseLease(seenBy(now), claimant(`resource-${who}`)) : undefined;
      const isClaimed = what === 'act' || await claim(who, now);
      return what !== 'claim' && isClaimed ? actIfAllowed(who, now) : undefined;
    };
    // Each claimant does one thing after the other, both at the same time.
    const lives = [0, 1].map(async (who) => {
      for (const { what, idle } of given.filter((one) => one.who === who)) {
        await (what === 'idle' ? scheduler.schedule(Promise.resolve()).then(() => pass(idle)) : doOne(who, what)).catch((error: Error) => {
          if (error.message !== 'killed') throw error;
        });
      }
    });

    await scheduler.waitFor(Promise.all(lives));
  }), { numRuns: 2_000 });
});
