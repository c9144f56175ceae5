import { reconcile } from '../../../src/handlers/engine/reconcile';
import { fleet } from '../../../src/handlers/fleet/fleet';
import type { FleetAct, FleetMemory } from '../../../src/handlers/fleet/state';
import { FLEET_TYPE } from '../../../src/lifecycle/fleet-contract';
import { fakeAws, lostAnswer, serviceError } from '../_helpers/aws';
import { A, B } from '../_helpers/cluster';
import { CLUSTER_ID, newExecution, newRequest, NOW } from '../_helpers/request';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const request = newRequest('Update', FLEET_TYPE, { ClusterId: CLUSTER_ID, HsmCount: '3', AvailabilityZones: `${A},${B}` });
const ATTEMPTS: FleetMemory = { attempts: [{ id: '1', availabilityZone: A, at: NOW }, { id: '2', availabilityZone: B, at: NOW }] };
const CREATE: FleetAct[] = [{ kind: 'create-hsm', attemptId: '1', availabilityZone: A }, { kind: 'create-hsm', attemptId: '2', availabilityZone: B }];

const growing = (...answers: Array<string | Error>) => fakeAws({
  cloudHsm: {
    createHsm: async () => {
      const answer = answers.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  },
});

describe('a batch', () => {
  test('is asked for at once, and every answer is remembered with its own attempt', async () => {
    const refused = serviceError('CloudHsmInvalidRequestException', 'no room');

    expect(await fleet.act(growing('hsm-2', refused), CREATE, request, ATTEMPTS, NOW + 1)).toEqual({
      attempts: [
        { id: '1', availabilityZone: A, at: NOW + 1, hsmId: 'hsm-2' },
        { id: '2', availabilityZone: B, at: NOW, refused: { code: 'CloudHsmInvalidRequestException', message: 'no room' } },
      ],
    });
  });

  test('keeps an attempt whose answer was lost, from when it was made: it may have been carried out', async () => {
    expect(await fleet.act(growing(lostAnswer(), 'hsm-3'), CREATE, request, ATTEMPTS, NOW + 1)).toEqual({
      attempts: [{ id: '1', availabilityZone: A, at: NOW + 1 }, { id: '2', availabilityZone: B, at: NOW + 1, hsmId: 'hsm-3' }],
    });
  });

  test('that was denied as a whole is planned anew; in part, it was refused', async () => {
    const denied = serviceError('CloudHsmAccessDeniedException', 'not you');

    await expect(fleet.act(growing(denied, denied), CREATE, request, ATTEMPTS, NOW + 1)).rejects.toBe(denied);
    expect(await fleet.act(growing(denied, 'hsm-3'), CREATE, request, ATTEMPTS, NOW + 1)).toMatchObject({
      attempts: [{ refused: { code: 'CloudHsmAccessDeniedException' } }, { hsmId: 'hsm-3' }],
    });
  });
});

test('a removal that was refused is left for later', async () => {
  const aws = fakeAws({ cloudHsm: { deleteHsm: () => Promise.reject(serviceError('CloudHsmInvalidRequestException', 'not now')) } });

  expect(await fleet.act(aws, [{ kind: 'delete-hsm', hsmId: 'hsm-1' }], request, { removals: { 'hsm-1': NOW } }, NOW)).toMatchObject({ removals: { 'hsm-1': NOW } });
});

test('another cluster is refused before any call', async () => {
  const aws = fakeAws();

  const { outcome } = await reconcile(aws, fleet, newExecution({ ...request, properties: { ...request.properties, ClusterId: 'cluster-aaaaaaaaaaa' } }), NOW);

  expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^ClusterChanged: /) });
  expect(aws.calls).toEqual([]);
});
