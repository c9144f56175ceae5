import type { Hsm } from '../../../src/handlers/aws/cloudhsm';
import { mayShrink, planFleet } from '../../../src/handlers/fleet/plan';
import { wantedByZone } from '../../../src/handlers/fleet/spread';
import type { FleetAct, FleetMemory, ObservedFleet } from '../../../src/handlers/fleet/state';
import { FLEET_TYPE } from '../../../src/lifecycle/fleet-contract';
import type { FleetProperties } from '../../../src/lifecycle/fleet-contract';
import type { ClusterState, HsmState } from '../_helpers/cluster';
import { A, ADOPTED, B, C, cluster, CLUSTER_STATES, hsm, HSM_STATES, MADE_ELSEWHERE, MADE_HERE, ZONES } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, newRequest, NOW, REQUEST_TYPES, SECOND } from '../_helpers/request';

type Type = typeof REQUEST_TYPES[number];

const PROPERTIES: FleetProperties = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, HsmCount: '2', AvailabilityZones: ZONES.join(','),
};
const FAILURE = { code: 'HsmNeverCame', message: 'still not ACTIVE' };

const plan = (
  type: Type, observed: Partial<ObservedFleet>, memory: FleetMemory = {}, now = NOW, properties: Partial<FleetProperties> = {},
) => planFleet(
  newRequest(type, FLEET_TYPE, PROPERTIES), { ...PROPERTIES, ...properties },
  { cluster: cluster('ACTIVE'), origin: MADE_HERE, keyStores: [], ...observed }, memory, now,
);
const count = (HsmCount: number, ...Placement: string[]) => ({ HsmCount: String(HsmCount), ...(Placement.length > 0 ? { Placement } : {}) });
const active = (...hsms: Hsm[]) => ({ cluster: cluster('ACTIVE', hsms) });

const word = (act: FleetAct): string => {
  switch (act.kind) {
    case 'create-hsm': return `+${act.availabilityZone.slice(-1)}`;
    case 'delete-hsm': return `-${act.hsmId.slice(4)}`;
    case 'record-removal': return '';
    case 'record-latecomers': return `!${act.hsmIds.map((hsmId) => hsmId.slice(4)).join()}`;
    default: return `${act.kind} ${act.storeId}`;
  }
};

const gist = (run: () => ReturnType<typeof plan>): string => {
  try {
    const step = run();
    switch (step.kind) {
      case 'act': return step.acts.map(word).filter((one) => one !== '').join(' ');
      case 'fail': return step.code;
      default: return step.kind;
    }
  } catch (error) {
    return (error as Error).name;
  }
};

const EXPECTED: Record<typeof CLUSTER_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  UNINITIALIZED: { Create: 'ClusterNotActive', Update: 'ClusterNotActive', Delete: 'done' },
  INITIALIZE_IN_PROGRESS: { Create: 'ClusterNotActive', Update: 'ClusterNotActive', Delete: 'done' },
  INITIALIZED: { Create: 'ClusterNotActive', Update: 'ClusterNotActive', Delete: 'done' },
  ACTIVE: { Create: '+b', Update: '+b', Delete: 'done' },
  DEGRADED: { Create: '+b', Update: '+b', Delete: 'done' },
  UPDATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  MODIFY_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  ROLLBACK_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  DELETE_IN_PROGRESS: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'done' },
  DELETED: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'done' },
};

describe('a cluster with one HSM of two', () => {
  test.each(CLUSTER_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, EXPECTED[state][type]])))(
    '%s on %s: %s', (type, state, expected) => {
      expect(gist(() => plan(type, { cluster: cluster(state as ClusterState, [hsm('1', A)]) }))).toBe(expected);
    });

  test.each(REQUEST_TYPES)('%s on a state that is not known: refused by name', (type) => {
    expect(() => plan(type, { cluster: cluster('NEW_STATE', [hsm('1', A)]) })).toThrow(/is in state NEW_STATE/);
  });

  test.each<[Type, string]>([['Create', 'ClusterGone'], ['Update', 'ClusterGone'], ['Delete', 'done']])('%s on a cluster that is gone: %s', (type, expected) => {
    expect(gist(() => plan(type, { cluster: undefined }))).toBe(expected);
  });
});

const HSM_EXPECTED: Record<typeof HSM_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: '-2' },
  ACTIVE: { Create: 'done', Update: 'done', Delete: '-1' },
  DEGRADED: { Create: 'done', Update: 'done', Delete: '-2' },
  DELETE_IN_PROGRESS: { Create: '+b', Update: '+b', Delete: 'wait' },
  DELETED: { Create: '+b', Update: '+b', Delete: 'done' },
};

describe('an ACTIVE cluster with an ACTIVE HSM in a and one in b', () => {
  test.each(HSM_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, HSM_EXPECTED[state][type]])))(
    '%s, the other %s: %s', (type, state, expected) => {
      expect(gist(() => plan(type, active(hsm('1', A), hsm('2', B, state as HsmState))))).toBe(expected);
    });

  test.each(REQUEST_TYPES)('%s, the other in a state that is not known: refused by name', (type) => {
    expect(() => plan(type, active(hsm('1', A), hsm('2', B, 'NEW_STATE')))).toThrow(/HSM hsm-2 is in state NEW_STATE/);
  });
});

describe('growth', () => {
  test('asks for all missing HSMs in one batch, remembered with the act', () => {
    expect(plan('Update', active(hsm('1', A)), {}, NOW, count(4))).toMatchObject({
      kind: 'act',
      acts: [
        { kind: 'create-hsm', attemptId: '1', availabilityZone: A }, { kind: 'create-hsm', attemptId: '2', availabilityZone: B },
        { kind: 'create-hsm', attemptId: '3', availabilityZone: C },
      ],
      memory: {
        attempts: [{ id: '1', availabilityZone: A, at: NOW }, { id: '2', availabilityZone: B, at: NOW }, { id: '3', availabilityZone: C, at: NOW }],
        before: [{ hsmId: 'hsm-1', availabilityZone: A, eniId: 'eni-1' }],
        growingSince: NOW,
      },
    });
  });

  test('from none begins with one, from which the others are restored', () => {
    expect(gist(() => plan('Update', active(), {}, NOW, count(3)))).toBe('+a');
    expect(gist(() => plan('Update', active(hsm('1', A, 'CREATE_IN_PROGRESS')), {}, NOW, count(3)))).toBe('wait');
    expect(gist(() => plan('Update', active(hsm('1', A)), {}, NOW, count(3)))).toBe('+b +c');
  });

  test('from none gives the others as long as the first one had, once', () => {
    const first = { before: [], growingSince: NOW, attempts: [{ id: '1', availabilityZone: A, at: NOW, hsmId: 'hsm-1' }] };
    const others = plan('Update', active(hsm('1', A)), first, NOW + 25 * MINUTE, count(3));
    const replaced = plan('Update', active(hsm('1', A)), { ...first, growingSince: NOW, hasFirst: true }, NOW + 25 * MINUTE, count(3));

    expect(others).toMatchObject({ kind: 'act', memory: { growingSince: NOW + 25 * MINUTE, hasFirst: true } });
    expect(replaced).toMatchObject({ kind: 'act', memory: { growingSince: NOW, hasFirst: true } });
  });

  test('counts what was asked for, so the larger share does not wander while the list lags', () => {
    const attempts = [B, A, C].map((availabilityZone, index) => ({ id: `${index + 1}`, availabilityZone, at: NOW, hsmId: `hsm-${index + 2}` }));
    const lagging = active(hsm('1', B), hsm('3', A, 'CREATE_IN_PROGRESS'), hsm('4', C, 'CREATE_IN_PROGRESS'));

    expect(gist(() => plan('Update', lagging, { attempts, before: [hsm('1', B)] }, NOW + MINUTE, count(4)))).toBe('wait');
  });

  test('whose answer was lost counts for 180 s, then is asked for again', () => {
    const memory = { attempts: [{ id: '1', availabilityZone: B, at: NOW }], before: [hsm('1', A)] };

    expect(gist(() => plan('Update', active(hsm('1', A)), memory, NOW + 179 * SECOND))).toBe('wait');
    expect(gist(() => plan('Update', active(hsm('1', A)), memory, NOW + 180 * SECOND))).toBe('+b');
  });

  test('takes no replacement of an older HSM for what it asked for', () => {
    const memory = { attempts: [{ id: '1', availabilityZone: A, at: NOW }], before: [hsm('1', A)] };

    for (const eniId of ['eni-1', undefined]) {
      expect(gist(() => plan('Update', active(hsm('9', A, 'CREATE_IN_PROGRESS', { eniId })), memory, NOW + MINUTE, count(2, 'subnet-a=2')))).toBe('wait');
    }
  });

  test('that is refused fails the request, with what the service said', () => {
    const memory = { attempts: [{ id: '1', availabilityZone: B, at: NOW, refused: { code: 'CloudHsmInvalidRequestException', message: 'no room' } }], before: [hsm('1', A)] };

    expect(plan('Update', active(hsm('1', A)), memory)).toMatchObject({ kind: 'fail', code: 'CreateHsmRefused', message: expect.stringContaining('no room') });
  });

  test.each([[239 * SECOND, 15], [240 * SECOND, 5]])('%d ms after it began is looked at again in %d s', (after, seconds) => {
    expect(plan('Update', active(hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')), { growingSince: NOW }, NOW + after)).toMatchObject({ kind: 'wait', seconds });
  });

  test.each([[33 * MINUTE, 'wait'], [33 * MINUTE + 1, 'HsmNeverCame']])('%d ms after it began: %s', (after, expected) => {
    const attempts = [{ id: '1', availabilityZone: B, at: NOW, hsmId: 'hsm-2' }];

    expect(gist(() => plan('Update', active(hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')), { attempts, growingSince: NOW }, NOW + after))).toBe(expected);
  });

  test('ends well, and says so, when only an HSM is missing that the service itself makes', () => {
    const step = plan('Update', active(hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')), { growingSince: NOW }, NOW + 33 * MINUTE + 1);

    expect(step).toMatchObject({ kind: 'done', note: expect.stringMatching(/^hsm-2 of cluster-\w+ is still not ACTIVE after 33 minutes/) });
  });

  test('does not fail for it when what it asked for has come', () => {
    const memory = { before: [hsm('2', B)], attempts: [{ id: '1', availabilityZone: A, at: NOW, hsmId: 'hsm-1' }], growingSince: NOW };

    expect(plan('Update', active(hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')), memory, NOW + 33 * MINUTE + 1)).toMatchObject({ kind: 'done' });
  });

  describe('with an HSM off the list that nobody here asked to go', () => {
    const before = [hsm('1', A), hsm('2', B)];

    test.each<[number, number, string]>([[2, 0, 'wait'], [2, 179, 'wait'], [2, 180, '+b'], [3, 0, '+c'], [3, 180, '+b +c']])(
      'to %d HSMs, %d s later: %s', (wanted, after, expected) => {
        expect(gist(() => plan('Update', active(hsm('1', A)), { before, absentSince: { 'hsm-2': NOW } }, NOW + after * SECOND, count(wanted)))).toBe(expected);
      });

    test('neither removes another for it, nor forgets it', () => {
      const step = plan('Update', active(hsm('1', A), hsm('3', C)), { before: [...before, hsm('3', C)] }, NOW);

      expect(step).toMatchObject({ kind: 'wait', memory: { absentSince: { 'hsm-2': NOW } } });
    });

    test('learns of the interface of one that came when it is shown', () => {
      const attempts = [{ id: '1', availabilityZone: C, at: NOW - 10 * MINUTE, hsmId: 'hsm-3' }];
      const came = [{ hsmId: 'hsm-3', availabilityZone: C, eniId: undefined }];

      expect(plan('Update', active(...before, hsm('3', C)), { before, attempts, came }, NOW, count(3))).toMatchObject({ memory: { came: [{ hsmId: 'hsm-3', eniId: 'eni-3' }] } });
    });

    test('knows those that came of this request as well', () => {
      const attempts = [{ id: '1', availabilityZone: C, at: NOW - 10 * MINUTE, hsmId: 'hsm-3' }];
      const came = plan('Update', active(...before, hsm('3', C)), { before, attempts }, NOW, count(3));
      const gone = plan('Update', active(...before), { before, attempts, came: [{ hsmId: 'hsm-3', availabilityZone: C, eniId: 'eni-3' }] }, NOW, count(3));

      expect(came).toMatchObject({ kind: 'done', memory: { came: [{ hsmId: 'hsm-3' }] } });
      expect(gist(() => gone)).toBe('wait');
    });
  });

  test('ends with addresses and interfaces in the order of zones', () => {
    expect(plan('Update', active(hsm('2', B), hsm('1', A)))).toMatchObject({
      kind: 'done', attributes: { ClusterId: CLUSTER_ID, HsmAddresses: '10.0.0.49,10.0.0.50', NetworkInterfaceIds: 'eni-1,eni-2' },
    });
  });
});

describe('shrinking', () => {
  const three = [hsm('1', A), hsm('2', B), hsm('3', C)];

  test.each<[string, Hsm[], number, string]>([
    ['the last of equal zones goes', three, 2, '-3'],
    ['what is still joining goes first, and is not waited for', [hsm('1', A), hsm('2', A, 'CREATE_IN_PROGRESS'), hsm('3', B)], 2, '-2'],
    ['what is degraded goes before what is well', [hsm('1', A), hsm('2', A, 'DEGRADED'), hsm('3', B)], 2, '-2'],
    ['a pause takes all but the last, which waits for a backup', three, 0, '-1 -2'],
  ])('%s', (_, hsms, wanted, expected) => {
    expect(gist(() => plan('Update', active(...hsms), {}, NOW, count(wanted)))).toBe(expected);
  });

  test('to a zone less moves by growing first', () => {
    expect(gist(() => plan('Update', active(hsm('1', A), hsm('2', B)), {}, NOW, count(2, 'subnet-b=1', 'subnet-c=1')))).toBe('+c');
    expect(gist(() => plan('Update', active(hsm('1', A), hsm('2', B), hsm('3', C, 'CREATE_IN_PROGRESS')), {}, NOW, count(2, 'subnet-b=1', 'subnet-c=1')))).toBe('wait');
    expect(gist(() => plan('Update', active(hsm('1', A), hsm('2', B), hsm('3', C)), {}, NOW, count(2, 'subnet-b=1', 'subnet-c=1')))).toBe('-1');
  });

  test('that was asked for does not count any more, although the list lags', () => {
    expect(gist(() => plan('Update', active(...three), { removals: { 'hsm-3': NOW } }, NOW + MINUTE))).toBe('wait');
    expect(gist(() => plan('Update', active(...three), { removals: { 'hsm-3': NOW } }, NOW + 180 * SECOND + 1))).toBe('-3');
  });

  test('ends when what went is off the list', () => {
    const memory = { removals: { 'hsm-3': NOW } };

    expect(gist(() => plan('Update', active(hsm('1', A), hsm('2', B), hsm('3', C, 'DELETE_IN_PROGRESS')), memory, NOW + 5 * MINUTE))).toBe('wait');
    expect(gist(() => plan('Update', active(hsm('1', A), hsm('2', B)), memory, NOW + 5 * MINUTE))).toBe('done');
  });

  test.each<[string, Hsm[], Partial<FleetProperties>, string]>([
    ['to two in two zones', three, count(2), '-3'],
    ['to one', [hsm('1', A), hsm('2', B)], count(1), 'KeyStoreUsesCluster'],
    ['to none', [hsm('1', A), hsm('2', B)], count(0), 'KeyStoreUsesCluster'],
    ['to two in one zone', [hsm('1', A), hsm('2', A), hsm('3', B)], count(2, 'subnet-a=2'), 'KeyStoreUsesCluster'],
  ])('under a key store: %s', (_, hsms, properties, expected) => {
    expect(gist(() => plan('Update', { ...active(...hsms), keyStores: ['orders'] }, {}, NOW, properties))).toBe(expected);
  });

  test('never happens before the key stores were looked at, whatever the states are, and they are looked at whenever it might', () => {
    const states = [undefined, ...HSM_STATES];
    const lists = states.flatMap((one) => states.flatMap((two) => states.map((other) => [one, two, other]
      .flatMap((state, index) => state ? [hsm(String(index + 1), [A, B, A][index], state)] : []))));
    const removals = [undefined, { 'hsm-1': NOW }];
    const cases = REQUEST_TYPES.flatMap((type) => [0, 1, 2].flatMap((hsmCount) =>
      lists.flatMap((hsms) => removals.map((asked) => ({ type, hsmCount, hsms, asked })))));
    const stepOf = ({ type, hsmCount, hsms, asked }: typeof cases[number], keyStores: readonly string[] | undefined) =>
      gist(() => plan(type, { ...active(...hsms), keyStores }, { removals: asked }, NOW, count(hsmCount)));
    const looks = ({ type, hsmCount, hsms }: typeof cases[number]) =>
      mayShrink(newRequest(type, FLEET_TYPE, { ...PROPERTIES, ...count(hsmCount) }), cluster('ACTIVE', hsms));

    const unseen = cases.filter((one) => !looks(one));
    expect(unseen.filter((one) => stepOf(one, undefined) === 'Error')).toEqual([]);
    expect(unseen.filter((one) => /-|KeyStoreUsesCluster/.test(stepOf(one, ['orders'])))).toEqual([]);
    expect(cases.filter((one) => /^-/.test(stepOf(one, undefined)))).toEqual([]);
    expect(unseen.length).toBeGreaterThan(100);
    expect(cases.filter((one) => stepOf(one, undefined) === 'Error').length).toBeGreaterThan(100);
  });
});

describe('a Create', () => {
  test('on a cluster that was made here may move HSM 1', () => {
    expect(gist(() => plan('Create', active(hsm('1', A)), {}, NOW, count(1, 'subnet-b=1')))).toBe('+b');
    expect(gist(() => plan('Create', active(hsm('1', A), hsm('2', B)), { before: [hsm('1', A)] }, NOW, count(1, 'subnet-b=1')))).toBe('-1');
    expect(gist(() => plan('Create', active(hsm('1', A)), {}, NOW, count(0)))).toBe('-1');
  });

  const others = [['adopted', ADOPTED], ['made elsewhere', MADE_ELSEWHERE], ['never written down', undefined]] as const;

  test.each(others)('on a cluster that was %s takes no HSM, and says so before it buys one', (_, origin) => {
    const two = { ...active(hsm('1', A), hsm('2', B)), origin };

    for (const properties of [count(1), count(0), count(2, 'subnet-b=1', 'subnet-c=1')]) {
      expect(plan('Create', two, {}, NOW, properties)).toMatchObject({
        kind: 'fail', code: 'AdoptedClusterIsLarger', message: expect.stringContaining('has 2 HSMs (in eu-west-1a, eu-west-1b)'),
      });
    }
    expect(gist(() => plan('Create', { ...active(hsm('1', A)), origin }, {}, NOW, count(0)))).toBe('AdoptedClusterIsLarger');
    expect(gist(() => plan('Create', two, {}, NOW, count(3)))).toBe('+c');
  });

  test('on a cluster with more HSMs than HSM 1 takes none, although it was made here', () => {
    expect(gist(() => plan('Create', active(hsm('1', A), hsm('2', B)), {}, NOW, count(1)))).toBe('AdoptedClusterIsLarger');
  });
});

describe('a Delete', () => {
  const three = active(hsm('1', A), hsm('2', B), hsm('3', C));

  test('goes back to one HSM', () => {
    expect(gist(() => plan('Delete', three))).toBe('-1 -2');
  });

  test('sticks to those that it asked to go, whatever their states become', () => {
    const memory = { before: [], removals: { 'hsm-2': NOW, 'hsm-3': NOW } };

    expect(gist(() => plan('Delete', three, memory, NOW + MINUTE))).toBe('wait');
  });

  test.each([['adopted', ADOPTED], ['made elsewhere', MADE_ELSEWHERE], ['never written down', undefined]])('of a cluster that was %s takes nothing', (_, origin) => {
    expect(gist(() => plan('Delete', { ...three, origin }))).toBe('done');
  });

  test('is refused while a key store rests on the HSMs, by its name', () => {
    expect(plan('Delete', { ...three, keyStores: ['orders'] })).toMatchObject({ kind: 'fail', code: 'KeyStoreUsesCluster', message: expect.stringContaining('key store orders') });
  });
});

describe('the clean-up of failed growth', () => {
  const before = [hsm('1', A)];
  const attempts = [{ id: '1', availabilityZone: A, at: NOW, hsmId: 'hsm-2' }, { id: '2', availabilityZone: B, at: NOW }];
  const later = NOW + 34 * MINUTE;

  test.each<[string, Hsm[], string]>([
    ['what was added goes, also when its answer was lost', [hsm('1', A), hsm('2', A), hsm('3', B)], '-2 -3'],
    ['a replacement of an older one stays', [hsm('9', A, 'ACTIVE', { eniId: 'eni-1' }), hsm('2', A), hsm('3', B)], '-2 -3'],
    ['a replacement that shows no interface yet stays', [hsm('9', A, 'CREATE_IN_PROGRESS', { eniId: undefined }), hsm('2', A), hsm('3', B)], '-2 -3'],
    ['a replacement of one that was added goes', [hsm('1', A), hsm('9', A), hsm('3', B)], '-9 -3'],
    ['what somebody else added in another zone stays', [hsm('1', A), hsm('7', C)], 'HsmNeverCame'],
    ['what has not come goes, and is written down', [hsm('1', A), hsm('2', A, 'CREATE_IN_PROGRESS'), hsm('3', B)], '-2 -3 !2'],
    ['what is leaving is waited for', [hsm('1', A), hsm('2', A, 'DELETE_IN_PROGRESS')], 'wait'],
    ['nothing is left: the failure', [hsm('1', A)], 'HsmNeverCame'],
  ])('%s', (_, hsms, expected) => {
    const removals: Record<string, number> = hsms.some(({ state }) => state === 'DELETE_IN_PROGRESS') ? { 'hsm-2': later } : {};

    expect(gist(() => plan('Update', active(...hsms), { failure: FAILURE, before, attempts, removals }, later, count(3)))).toBe(expected);
  });

  test('that did not end leaves its latecomers to the roll back, also when they have come', () => {
    const three = active(hsm('1', A), hsm('2', B), hsm('3', C));

    expect(gist(() => plan('Update', { ...three, latecomers: ['hsm-1'] }, {}, NOW, count(2)))).toBe('-1');
    expect(gist(() => plan('Update', three, {}, NOW, count(2)))).toBe('-3');
  });

  test('waits for what may still come', () => {
    expect(gist(() => plan('Update', active(hsm('1', A)), { failure: FAILURE, before, attempts }, NOW + 179 * SECOND))).toBe('wait');
  });

  test('of a request that asked for nothing takes nothing', () => {
    expect(plan('Update', active(hsm('1', A), hsm('2', B)), { failure: FAILURE })).toEqual({ kind: 'fail', ...FAILURE });
  });
});

describe('the spread', () => {
  const spread = (hsmCount: number, present: Record<string, number> = {}, overrides: Partial<FleetProperties> = {}, settled = present) =>
    wantedByZone({ ...PROPERTIES, ...count(hsmCount), ...overrides }, cluster('ACTIVE'), (zone) => present[zone] ?? 0, (zone) => settled[zone] ?? 0);

  test.each<[number, Record<string, number>, number[]]>([
    [0, {}, [0, 0, 0]], [1, {}, [1, 0, 0]], [1, { [C]: 1 }, [0, 0, 1]], [4, {}, [2, 1, 1]], [4, { [B]: 1 }, [1, 2, 1]], [28, {}, [10, 9, 9]],
    [2, { [A]: 3 }, [1, 1, 0]],
  ])('of %d over three zones with %j there', (hsmCount, present, expected) => {
    const wanted = spread(hsmCount, present);

    expect(wanted instanceof Map && ZONES.map((zone) => (wanted as ReadonlyMap<string, number>).get(zone))).toEqual(expected);
  });

  test('keeps what is settled rather than what is still joining', () => {
    expect([...spread(2, { [A]: 1, [B]: 1, [C]: 1 }, {}, { [B]: 1, [C]: 1 }) as ReadonlyMap<string, number>]).toEqual([[B, 1], [C, 1], [A, 0]]);
  });

  test.each<[string, Partial<FleetProperties>, RegExp]>([
    ['no zone of the cluster', { AvailabilityZones: 'eu-west-1z' }, /none of the Availability Zones eu-west-1z is one of the cluster's/],
    ['a subnet that is not the cluster\'s', { Placement: ['subnet-x=1'] }, /placement names subnet-x, .* \(subnet-a, subnet-b, subnet-c\)/],
  ])('is refused for %s', (_, overrides, message) => {
    expect(spread(2, {}, overrides)).toMatchObject({ message: expect.stringMatching(message) });
  });
});

describe('a reconciliation', () => {
  const reconcile = (observed: Partial<ObservedFleet>, memory: FleetMemory = {}) => gist(() => planFleet(
    newRequest('Update', FLEET_TYPE, PROPERTIES, { scheduled: 'RECONCILE' }), PROPERTIES,
    { cluster: cluster('ACTIVE'), origin: MADE_HERE, keyStores: [], ...observed }, memory, NOW,
  ));

  test.each<[string, Partial<ObservedFleet>, string]>([
    ['makes what is missing', active(hsm('1', A)), '+b'],
    ['takes away what is beyond', active(hsm('1', A), hsm('2', B), hsm('3', C)), '-3'],
    ['finds nothing to do', active(hsm('1', A), hsm('2', B)), 'done'],
    ['leaves a paused cluster alone', active(), 'done'],
  ])('%s', (_title, observed, expected) => {
    expect(reconcile(observed)).toBe(expected);
  });

  test('goes on when all HSMs are gone that were there when it began', () => {
    expect(reconcile(active(), { before: [{ hsmId: 'hsm-1', availabilityZone: A }] })).not.toBe('done');
  });
});

describe('a fleet that may pause key stores', () => {
  const PAUSE = { PauseKeyStores: 'true' };
  const store = (state: string) => [{ storeId: 'cks-a', name: 'orders', clusterId: CLUSTER_ID, state }];
  const two = active(hsm('1', A), hsm('2', B));
  const shrink = (state: string, memory: FleetMemory = {}, now = NOW) => gist(() => plan('Update', { ...two, keyStores: ['orders'], pausable: store(state) }, memory, now, { ...PAUSE, ...count(0) }));

  test.each([
    ['CONNECTED', 'disconnect-store cks-a'], ['CONNECTING', 'disconnect-store cks-a'], ['FAILED', 'disconnect-store cks-a'], ['DISCONNECTING', 'wait'], ['DISCONNECTED', '-1'],
  ])('with one that is %s: %s', (state, expected) => {
    expect(shrink(state)).toBe(expected);
  });

  test('asks once, and again when nothing shows of it', () => {
    expect(shrink('CONNECTED', { disconnectedAt: NOW }, NOW + 59_000)).toBe('wait');
    expect(shrink('CONNECTED', { disconnectedAt: NOW }, NOW + 60_000)).toBe('disconnect-store cks-a');
  });

  test('leaves it connected as long as there are enough HSMs', () => {
    const three = active(hsm('1', A), hsm('2', B), hsm('3', C));

    expect(gist(() => plan('Update', { ...three, keyStores: ['orders'], pausable: store('CONNECTED') }, {}, NOW, { ...PAUSE, ...count(2) }))).toBe('-3');
  });

  const FEW: FleetMemory = { before: [{ hsmId: 'hsm-1', availabilityZone: A }] };

  test.each<[string, Type, string, FleetMemory, string]>([
    ['connects it when there are enough again', 'Update', 'DISCONNECTED', FEW, 'connect-store cks-a'],
    ['connects it once', 'Update', 'DISCONNECTED', { ...FEW, isReconnected: true }, 'done'],
    ['leaves one that is connected', 'Update', 'CONNECTED', FEW, 'done'],
    ['leaves one that somebody disconnected while there were enough', 'Update', 'DISCONNECTED', {}, 'done'],
    ['connects none on a Create: the store is made later', 'Create', 'DISCONNECTED', FEW, 'done'],
  ])('%s', (_, type, state, memory, expected) => {
    expect(gist(() => plan(type, { ...two, keyStores: ['orders'], pausable: store(state) }, memory, NOW, PAUSE))).toBe(expected);
  });

  test.each<[string, Partial<FleetProperties>, string]>([
    ['connects it after a pause that did not come to its end, although no HSM has gone', count(0), 'connect-store cks-a'],
    ['so when all were to be in one zone', count(2, 'subnet-a=2', 'subnet-b=0'), 'connect-store cks-a'],
    ['leaves it when there were to be enough', count(3, 'subnet-a=2', 'subnet-b=1'), 'done'],
  ])('in a rollback %s', (_, former, expected) => {
    const request = newRequest('Update', FLEET_TYPE, PROPERTIES, { oldProperties: { ...PROPERTIES, ...former } });
    const observed = { ...two, origin: MADE_HERE, keyStores: ['orders'], pausable: store('DISCONNECTED') };

    expect(gist(() => planFleet(request, { ...PROPERTIES, ...PAUSE }, observed, {}, NOW))).toBe(expected);
  });
});
