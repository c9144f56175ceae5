import fc from 'fast-check';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import type { Request } from '../../../src/handlers/engine/request';
import { firstHsm as firstHsmLifecycle } from '../../../src/handlers/first-hsm/first-hsm';
import type { Origin } from '../../../src/handlers/origin';
import { FIRST_HSM_TYPE } from '../../../src/lifecycle/first-hsm-contract';
import { serviceError } from '../_helpers/aws';
import { A, ADOPTED, B, MADE_ELSEWHERE, MADE_HERE, ZONES } from '../_helpers/cluster';
import { FENCE_SECONDS, run } from '../_helpers/machine';
import type { StepFate } from '../_helpers/machine';
import { CLUSTER_ID, MINUTE, newRequest, SECOND } from '../_helpers/request';
import { World } from '../_helpers/world';
import type { HsmFate } from '../_helpers/world';

/** Provable as long as a new HSM is listed within 180 s; the model takes up to 170. */
const firstHsm = firstHsmLifecycle as unknown as AnyLifecycle;

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const ORIGIN = `/cdk-cloudhsm/${CLUSTER_ID}/origin`;
const EVIDENCE = `/cdk-cloudhsm/${CLUSTER_ID}/evidence/fingerprints`;
const ANCHOR = `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`;

const firstRequest = (type: Request['type'], requestId = 'create', now?: number): Request => {
  const made = newRequest(type, FIRST_HSM_TYPE, {
    ClusterId: CLUSTER_ID, AvailabilityZones: ZONES.join(','), AuditLogRetentionDays: '', AuditLogKeyArn: '',
  });
  return { ...made, requestId, deadline: now === undefined ? made.deadline : now + 58 * MINUTE };
};

/** The evidence is another test's business: here it is there already. */
const blank = (fates: readonly HsmFate[], options: Partial<ConstructorParameters<typeof World>[0]> = {}) =>
  new World({ state: 'UNINITIALIZED', before: [], fates, parameters: { [EVIDENCE]: '{}' }, ...options });

const fate: fc.Arbitrary<HsmFate> = fc.record({
  create: fc.constantFrom('made', 'made', 'made, answer lost', 'not made, answer lost', 'refused'),
  lag: fc.integer({ min: 0, max: 170 }).map((seconds) => seconds * SECOND),
  joinsIn: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 4, max: 25 }).map((minutes) => minutes * MINUTE) }, { weight: 1, arbitrary: fc.constant(undefined) },
  ),
});
const steps = fc.array(fc.constantFrom<StepFate>('well', 'well', 'repeated', 'killed before', 'killed after'), { maxLength: 12 });

describe('a Create', () => {
  test('ends in time with one HSM, or with none; never with two', async () => {
    const given = [fc.array(fate, { maxLength: 5 }), steps, fc.integer({ min: 0, max: 12 })] as const;
    await fc.assert(fc.asyncProperty(...given, async (fates, stepFates, deletionMinutes) => {
      const world = blank(fates, { deletionTime: deletionMinutes * MINUTE });
      const request = firstRequest('Create');

      const { execution, rounds } = await run(world, firstHsm, request, { steps: stepFates });

      expect(world.now).toBeLessThan(request.deadline);
      expect(world.most).toBeLessThanOrEqual(1);
      expect(world.living).toHaveLength(execution.outcome?.status === 'SUCCESS' ? 1 : 0);
      expect(rounds * 14).toBeLessThan(25_000);
    }), { numRuns: 150 });
  });

  test('that is cancelled by a Delete leaves no HSM, whenever it is stopped and whatever was under way', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fate, { maxLength: 3 }), steps, fc.integer({ min: 0, max: 20 * 60 }), fc.integer({ min: 0, max: 55 }),
      async (fates, stepFates, stopAfterSeconds, actsOnSeconds) => {
        const world = blank(fates);
        const first = await run(world, firstHsm, firstRequest('Create'), {
          steps: stepFates, stopAfter: stopAfterSeconds * SECOND, actsOnFor: actsOnSeconds * SECOND,
        });
        const cancelled = { ...firstRequest('Delete', 'delete', world.now), physicalId: 'made-up-by-cloudformation' };

        const { execution } = await run(world, firstHsm, cancelled, { delay: first.stopped ? (FENCE_SECONDS - actsOnSeconds) * SECOND : 0 });

        expect(execution.outcome?.status).toBe('SUCCESS');
        expect(world.living).toHaveLength(0);
        expect(world.most).toBeLessThanOrEqual(1);
      },
    ), { numRuns: 100 });
  });

  test('that fails takes back its own HSM also when another stack had made the cluster', async () => {
    const world = blank([{ create: 'made', lag: 60 * SECOND, joinsIn: undefined }], { parameters: { [ORIGIN]: JSON.stringify(MADE_ELSEWHERE) } });

    const { execution } = await run(world, firstHsm, firstRequest('Create'));

    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^FirstHsmNeverCame: /) });
    expect(world.living).toHaveLength(0);
    expect(world.parameters.values.get(ORIGIN)).toBe(JSON.stringify(MADE_ELSEWHERE));
  });
});

test('an HSM 1 that comes hours late and cannot be deleted before: Create and Delete say what remains and is billed, and a later Delete takes it', async () => {
  const late: HsmFate = { create: 'made', lag: 60 * SECOND, joinsIn: 180 * MINUTE };
  const world = new World({ state: 'UNINITIALIZED', before: [], fates: [late], refusesWhileJoining: true });

  const create = await run(world, firstHsm, firstRequest('Create'));
  const tooEarly = await run(world, firstHsm, firstRequest('Delete', 'roll-back', world.now));
  world.pass(90 * MINUTE);
  const again = await run(world, firstHsm, firstRequest('Delete', 'destroy', world.now));

  const remains = /HSM (\S+) \(CREATE_IN_PROGRESS\) of \S+ remains and is billed; .*delete-hsm --cluster-id \S+ --hsm-id \1\).*ask AWS Support/;
  expect(create.execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^FirstHsmNeverCame: .*the clean-up did not end in time/) });
  expect(create.execution.outcome).toMatchObject({ reason: expect.stringMatching(remains) });
  expect(tooEarly.execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(remains) });
  expect(again.execution.outcome).toMatchObject({ status: 'SUCCESS' });
  expect(world.most).toBe(1);
  expect(world.living).toHaveLength(0);
});

describe('a cluster that is ACTIVE', () => {
  const active = (origin: Origin | undefined, options: Partial<ConstructorParameters<typeof World>[0]> = {}) => new World({
    state: 'ACTIVE', before: [A, B], parameters: { ...(origin ? { [ORIGIN]: JSON.stringify(origin) } : {}), [ANCHOR]: 'anchor' }, ...options,
  });

  test.each<[string, Origin | undefined]>([['is not known', undefined], ['was adopted', ADOPTED], ['was made by a stack that left it', MADE_ELSEWHERE]])(
    'that %s loses nothing to a Create and its Delete', async (_, origin) => {
      await fc.assert(fc.asyncProperty(steps, steps, async (createSteps, deleteSteps) => {
        const world = active(origin);

        await run(world, firstHsm, firstRequest('Create'), { steps: createSteps });
        await run(world, firstHsm, firstRequest('Delete', 'delete', world.now), { steps: deleteSteps });

        expect(world.deleted).toEqual([]);
        expect(world.parameters.values.get(ANCHOR)).toBe('anchor');
      }), { numRuns: 40 });
    });

  test.each(['Create', 'Update'] as const)('that was made here keeps HSMs and trust anchor when its %s fails', async (type) => {
    const world = active(MADE_HERE);
    const failing = { ...world.aws, logs: { ...world.aws.logs, ensure: () => Promise.reject(serviceError('InvalidParameterException', 'no such key')) } };

    const { execution } = await run(Object.assign(world, { aws: failing }), firstHsm, firstRequest(type));

    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('no such key') });
    expect(world.deleted).toEqual([]);
    expect(world.parameters.values.get(ANCHOR)).toBe('anchor');
  });

  test('that was made here is emptied and forgotten by its Delete, but for the lease', async () => {
    const world = active(MADE_HERE);

    const { execution } = await run(world, firstHsm, firstRequest('Delete'));

    expect(execution.outcome?.status).toBe('SUCCESS');
    expect(world.living).toHaveLength(0);
    expect([...world.parameters.values.keys()]).toEqual([`/cdk-cloudhsm/${CLUSTER_ID}/lease/1`]);
  });

  test('keeps its HSMs while a key store rests on it', async () => {
    const world = active(MADE_HERE, { keyStores: ['orders'] });

    const { execution } = await run(world, firstHsm, firstRequest('Delete'));

    expect(execution.outcome).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('key store orders rests on them') });
    expect(world.deleted).toEqual([]);
  });
});
