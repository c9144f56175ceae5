import { act } from '../../../src/handlers/engine/act';
import type { Lifecycle } from '../../../src/handlers/engine/lifecycle';
import { resourceKey } from '../../../src/handlers/engine/request';
import { fakeAws, FakeParameters, lostAnswer, serviceError } from '../_helpers/aws';
import { CLUSTER_ID, MINUTE, newExecution, newRequest, NOW } from '../_helpers/request';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const request = newRequest('Create', 'Custom::Toy', {});

const buying = (carryOut: () => Promise<void>): Lifecycle<string, string> => ({
  type: 'Custom::Toy',
  needsLease: true,
  clusterId: () => CLUSTER_ID,
  physicalId: () => 'toy',
  observe: async () => 'seen',
  plan: () => ({ kind: 'done', attributes: {} }),
  act: async (_aws, _acts, _request, memory) => {
    await carryOut();
    return { ...memory, learned: true };
  },
});

const leaseOf = (resource: string, until = NOW + 4 * MINUTE) => new FakeParameters({
  [`/cdk-cloudhsm/${CLUSTER_ID}/lease/1`]: JSON.stringify({ resource, request: request.requestId, since: NOW, until }),
});
const LEASE = { generation: 1, until: NOW + 4 * MINUTE };
const OURS = () => leaseOf(resourceKey(request));

const planned = newExecution(request, {
  next: 'ACT', acts: ['buy'], memory: { attempts: 1, lease: LEASE, actFailures: 2 }, memoryBefore: { attempts: 0, lease: LEASE },
});

test('carries the act out, remembers what was learned and looks again in a second', async () => {
  const carryOut = jest.fn(async () => {});

  const after = await act(fakeAws({}, OURS()), buying(carryOut), planned, NOW);

  expect(carryOut).toHaveBeenCalledTimes(1);
  expect(after).toMatchObject({ next: 'WAIT', seconds: 0, memory: { attempts: 1, learned: true, actCount: 1 } });
  expect([after.acts, after.memoryBefore, after.memory.actFailures]).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['somebody else has the lease', () => leaseOf('another')],
  ['the lease has no more than two minutes left', () => leaseOf(resourceKey(request), NOW + 2 * MINUTE)],
  ['there is no lease', () => new FakeParameters()],
])('drops the act and forgets that it was planned when %s', async (_, parameters) => {
  const carryOut = jest.fn(async () => {});

  const after = await act(fakeAws({}, parameters()), buying(carryOut), planned, NOW);

  expect(carryOut).not.toHaveBeenCalled();
  expect(after).toMatchObject({ next: 'WAIT', seconds: 0, memory: { attempts: 0 } });
  expect(after.memory.lease).toBeUndefined();
});

test('needs no lease where none is needed', async () => {
  const aws = fakeAws();

  const after = await act(aws, { ...buying(async () => {}), needsLease: false }, planned, NOW);

  expect(after.memory).toMatchObject({ learned: true });
  expect(aws.calls).toEqual([]);
});

test('leaves an unknown outcome to the machine, which has the memory with the attempt', async () => {
  await expect(act(fakeAws({}, OURS()), buying(() => Promise.reject(lostAnswer())), planned, NOW)).rejects.toThrow('socket hang up');
});

test.each([[59_999, true], [60_000, false]])('%d ms after the request a missing permission is planned anew: %s', async (after, anew) => {
  const denied = serviceError('AccessDeniedException', 'not you');

  const acting = act(fakeAws({}, OURS()), buying(() => Promise.reject(denied)), planned, NOW + after);

  if (anew) expect(await acting).toMatchObject({ next: 'WAIT', seconds: 5, memory: { attempts: 0, lease: LEASE } });
  else await expect(acting).rejects.toThrow('not you');
});

test('after a hundred acts takes its time, so that an execution\'s 25,000 events suffice', async () => {
  const busy = { ...planned, memoryBefore: { actCount: 100 } };

  expect(await act(fakeAws({}, OURS()), buying(async () => {}), busy, NOW)).toMatchObject({ seconds: 5, memory: { actCount: 101 } });
});
