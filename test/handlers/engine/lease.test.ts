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

    expect(await claimLease(parameters, FLEET, NOW)).toEqual({ generation: 1 });
    expect(await holdsLease(parameters, FLEET, NOW)).toBe(true);
    expect(await holdsLease(parameters, USER, NOW)).toBe(false);
  });

  test('of a cluster that somebody else holds is refused until the lease has expired', async () => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);

    expect(await claimLease(parameters, USER, NOW + LEASE_MS - 1)).toBeUndefined();
    expect(await claimLease(parameters, USER, NOW + LEASE_MS)).toEqual({ generation: 2 });
    expect(await holdsLease(parameters, FLEET, NOW + LEASE_MS)).toBe(false);
  });

  test.each([
    ['is left alone with 3 minutes left', 2 * MINUTE, { generation: 1 }, NOW + LEASE_MS],
    ['is renewed with less than 3 minutes left', 2 * MINUTE + 1, { generation: 1 }, NOW + 2 * MINUTE + 1 + LEASE_MS],
    ['is taken anew with no more left than a step may last', 4 * MINUTE, { generation: 2 }, NOW + 4 * MINUTE + LEASE_MS],
  ])('of one\'s own lease: it %s', async (_, after, lease, until) => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);

    expect(await claimLease(parameters, FLEET, NOW + after)).toEqual(lease);
    expect(JSON.parse(parameters.values.get(`${LEASE}/${lease.generation}`)!)).toMatchObject({ until });
  });

  test('by a newer request of the same resource takes over at once, and the older one never gets it back', async () => {
    const parameters = new FakeParameters();
    const newer = claimant('fleet', '2', NOW + SECOND);
    await claimLease(parameters, FLEET, NOW);

    expect(await claimLease(parameters, newer, NOW + SECOND)).toEqual({ generation: 2 });
    expect(await claimLease(parameters, FLEET, NOW + 2 * SECOND)).toBeUndefined();
    await releaseLease(parameters, newer);
    expect(await claimLease(parameters, FLEET, NOW + 10 * MINUTE)).toBeUndefined();
    expect(await holdsLease(parameters, FLEET, NOW + 10 * MINUTE)).toBe(false);
  });

  test('of two at once is won by one, because the generation is created on condition', async () => {
    const parameters = new FakeParameters();

    const claims = await Promise.all([claimLease(parameters, FLEET, NOW), claimLease(parameters, USER, NOW)]);

    expect(claims.filter((lease) => lease !== undefined)).toEqual([{ generation: 1 }]);
  });
});

describe('a lease', () => {
  test.each([[LEASE_MS - MINUTE - 1, true], [LEASE_MS - MINUTE, false]])('%d ms after the claim is good for an act: %s', async (after, good) => {
    const parameters = new FakeParameters();
    await claimLease(parameters, FLEET, NOW);

    expect(await holdsLease(parameters, FLEET, NOW + after)).toBe(good);
  });

  test('given back is free at once; older generations are forgotten, the newest number stays', async () => {
    const parameters = new FakeParameters({ [`${LEASE}/1`]: '{}', [`${LEASE}/2`]: '{}', [`${LEASE}/9`]: JSON.stringify({ ...FLEET, until: NOW - 1 }) });
    await claimLease(parameters, USER, NOW);

    await releaseLease(parameters, USER);

    expect(generations(parameters)).toEqual(['10']);
    expect(await claimLease(parameters, FLEET, NOW + 1)).toEqual({ generation: 11 });
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

/** A step lasts a minute at most: then the function is killed. */
const STEP_MS = MINUTE;

test('is never held by two at once, in whatever order their steps interleave and however long they take', async () => {
  const operations = fc.array(fc.record({ who: fc.nat(2), what: fc.constantFrom('claim', 'claim', 'act', 'act', 'release') }), { minLength: 4, maxLength: 24 });
  const pauses = fc.infiniteStream(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 330 })).map((seconds) => seconds * SECOND));
  await fc.assert(fc.asyncProperty(fc.scheduler(), operations, pauses, async (scheduler, operationsOf, pause) => {
    const store = new FakeParameters();
    let now = NOW;
    const pass = () => {
      now += pause.next().value as number;
    };
    /** The store as one step sees it: each call comes through in an order of the scheduler's, unless the step is dead by then. */
    const seenBy = (began: number) => {
      const later = async <T>(call: () => Promise<T>): Promise<T> => {
        await scheduler.schedule(Promise.resolve());
        pass();
        if (now - began > STEP_MS) throw new Error('killed');
        return call();
      };
      return {
        get: (name: string) => later(() => store.get(name)),
        under: (path: string) => later(() => store.under(path)),
        create: (name: string, value: string) => later(() => store.create(name, value)),
        overwrite: (name: string, value: string) => later(() => store.overwrite(name, value)),
        delete: (names: readonly string[]) => later(() => store.delete(names)),
      };
    };
    const actsUntil = [0, 0, 0];
    const doOne = async (who: number, what: string) => {
      const began = now;
      const me = claimant(`resource-${who}`);
      if (what === 'claim') await claimLease(seenBy(began), me, began);
      if (what === 'release' && actsUntil[who] <= now) await releaseLease(seenBy(began), me);
      if (what === 'act' && await holdsLease(seenBy(began), me, began)) {
        expect(actsUntil.filter((until, other) => other !== who && until > now)).toEqual([]);
        actsUntil[who] = began + STEP_MS;
      }
    };
    // Each claimant does one thing after the other, all three at the same time.
    const lives = [0, 1, 2].map(async (who) => {
      for (const { what } of operationsOf.filter((one) => one.who === who)) {
        await doOne(who, what).catch((error: Error) => {
          if (error.message !== 'killed') throw error;
        });
      }
    });

    await scheduler.waitFor(Promise.all(lives));
  }), { numRuns: 500 });
});
