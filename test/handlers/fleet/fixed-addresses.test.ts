import fc from 'fast-check';
import type { Cluster, Hsm } from '../../../src/handlers/aws/cloudhsm';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import { freeAddresses } from '../../../src/handlers/fixed-addresses';
import { fleet as fleetLifecycle } from '../../../src/handlers/fleet/fleet';
import { planFleet } from '../../../src/handlers/fleet/plan';
import type { FleetMemory } from '../../../src/handlers/fleet/state';
import { FLEET_TYPE } from '../../../src/lifecycle/fleet-contract';
import type { FleetProperties } from '../../../src/lifecycle/fleet-contract';
import { A, B, cluster, hsm, MADE_HERE, ZONES } from '../_helpers/cluster';
import { run } from '../_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, NOW, SECOND } from '../_helpers/request';
import { World } from '../_helpers/world';
import type { HsmFate } from '../_helpers/world';

const [ONE, TWO, THREE] = ['10.0.1.10', '10.0.1.11', '10.0.2.10'];
const ADDRESSES = [`subnet-a=${ONE},${TWO}`, `subnet-b=${THREE}`];

const PROPERTIES: FleetProperties = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, HsmCount: '3', AvailabilityZones: ZONES.join(','),
  Placement: ['subnet-a=2', 'subnet-b=1'], Addresses: ADDRESSES,
};
const plan = (hsms: Hsm[], memory: FleetMemory = {}, now = NOW) => planFleet(
  newRequest('Update', FLEET_TYPE, PROPERTIES), PROPERTIES, { cluster: cluster('ACTIVE', hsms), origin: MADE_HERE, keyStores: [] }, memory, now,
);
const at = (id: string, zone: string, eniIp?: string, state: 'ACTIVE' | 'CREATE_IN_PROGRESS' | 'DELETE_IN_PROGRESS' = 'ACTIVE') => hsm(id, zone, state, { eniIp });

describe('new HSMs', () => {
  test('are asked for at the addresses that are free, in their order', () => {
    expect(plan([at('1', A, TWO)])).toMatchObject({
      kind: 'act',
      acts: [
        { kind: 'create-hsm', attemptId: '1', availabilityZone: A, ipAddress: ONE }, { kind: 'create-hsm', attemptId: '2', availabilityZone: B, ipAddress: THREE },
      ],
      memory: { attempts: [{ id: '1', ipAddress: ONE }, { id: '2', ipAddress: THREE }] },
    });
  });

  test('wait while an HSM that leaves has the address', () => {
    expect(plan([at('1', A, TWO), at('2', A, ONE), at('3', B, THREE, 'DELETE_IN_PROGRESS')])).toMatchObject({ kind: 'wait' });
  });

  test('that are refused fail with the address that was asked for', () => {
    const refused = { code: 'CloudHsmInvalidRequestException', message: 'in use' };
    const memory = { before: [at('1', A, ONE)], attempts: [{ id: '1', availabilityZone: B, ipAddress: THREE, at: NOW, refused }] };

    expect(plan([at('1', A, ONE)], memory)).toMatchObject({
      kind: 'fail', code: 'CreateHsmRefused', message: expect.stringMatching(/asked for at 10\.0\.2\.10: .* free it or choose another in ipAddresses of placement$/),
    });
  });
});

describe('an address is', () => {
  const attempt = { id: '1', availabilityZone: A, ipAddress: ONE, at: NOW };
  const free = (hsms: Hsm[], attempts: Parameters<typeof freeAddresses>[3] = [], now = NOW) => freeAddresses(ADDRESSES, cluster('ACTIVE', hsms) as Cluster, A, attempts, now);

  test.each<[string, string[] | undefined, () => readonly string[] | undefined]>([
    ['free when no HSM has it', [ONE, TWO], () => free([])],
    ['taken by an HSM', [TWO], () => free([at('1', A, ONE)])],
    ['taken by an HSM that leaves', [TWO], () => free([at('1', A, ONE, 'DELETE_IN_PROGRESS')])],
    ['taken by an attempt that may come', [TWO], () => free([], [attempt], NOW + 179 * SECOND)],
    ['free again when it came to nothing', [ONE, TWO], () => free([], [attempt], NOW + 180 * SECOND)],
    ['taken by an HSM that came of an attempt, and is listed without it', [TWO], () => free([at('1', A)], [{ ...attempt, hsmId: 'hsm-1' }], NOW + 5 * MINUTE)],
    ['free when the service said no', [ONE, TWO], () => free([], [{ ...attempt, refused: { code: 'X', message: 'x' } }])],
    ['not free while another HSM of the zone does not show its own', [], () => free([at('1', A)])],
    ['free whatever HSMs of other zones show', [ONE, TWO], () => free([at('1', B)])],
    ['left to the service where none was asked for', undefined, () => freeAddresses([`subnet-b=${THREE}`], cluster('ACTIVE', []) as Cluster, A, [], NOW)],
  ])('%s', (_, expected, look) => {
    expect(look()).toEqual(expected);
  });
});

describe('over lag, lost answers and replacements', () => {
  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation(() => {});
  });

  const fleet = fleetLifecycle as unknown as AnyLifecycle;
  const fate: fc.Arbitrary<HsmFate> = fc.record({
    create: fc.constantFrom('made', 'made', 'made, answer lost', 'not made, answer lost'),
    lag: fc.integer({ min: 0, max: 170 }).map((seconds) => seconds * SECOND),
    joinsIn: fc.integer({ min: 4, max: 8 }).map((minutes) => minutes * MINUTE),
  });
  const update = (count: number, there: World) => ({
    ...newRequest('Update', FLEET_TYPE, {
      ClusterId: CLUSTER_ID, HsmCount: String(count), AvailabilityZones: ZONES.join(','),
      Placement: ['a', 'b', 'c'].map((zone) => `subnet-${zone}=${count / 3}`),
      Addresses: ['a', 'b', 'c'].map((zone, index) => `subnet-${zone}=10.0.${index}.10,10.0.${index}.11`),
    }),
    requestId: `to-${count}-at-${there.now}`,
    deadline: there.now + 58 * MINUTE,
  });

  test('every HSM of a cluster that was paused and resumed has one of the addresses of its zone, and none two', async () => {
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(3, 6), fc.array(fate, { maxLength: 8 }), fc.array(fc.nat(5), { maxLength: 2 }), async (count, fates, replaced) => {
        const there = new World({ state: 'ACTIVE', before: [], fates, parameters: { [`/cdk-cloudhsm/${CLUSTER_ID}/origin`]: JSON.stringify(MADE_HERE) } });
        replaced.forEach((index) => there.replaceLater((12 + index) * MINUTE, index));

        const statuses = [];
        for (const wanted of [count, 0, count]) {
          const { execution } = await run(there, fleet, update(wanted, there));
          statuses.push(execution.outcome?.status);
          there.pass(20 * MINUTE);
          if (wanted === 0 || execution.outcome?.status !== 'SUCCESS') continue;
          const addresses = there.addresses;
          expect(new Set(addresses).size).toBe(wanted);
          expect(addresses.every((address) => /^10\.0\.[0-2]\.1[01]$/.test(address))).toBe(true);
        }

        expect(statuses).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
      },
    ), { numRuns: 60 });
  });
});
