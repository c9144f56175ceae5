import { patiently } from '../../../src/handlers/start/patiently';
import { serviceError } from '../_helpers/aws';

const waits: number[] = [];
const wait = async (milliseconds: number): Promise<void> => {
  waits.push(milliseconds);
};

beforeEach(() => waits.splice(0));

/** Fails so many times with this error, then succeeds. */
const failing = (times: number, error: Error) => {
  const work = jest.fn<Promise<void>, []>(async () => undefined);
  for (let time = 0; time < times; time++) work.mockRejectedValueOnce(error);
  return work;
};

test.each([
  ['throttled', serviceError('ThrottlingException', 'Rate exceeded', 400)],
  ['a service has an error of its own', serviceError('InternalFailure', 'oops', 500)],
  ['a permission is not obeyed yet', serviceError('AccessDeniedException', 'not yet', 400)],
  ['nothing answers', new Error('socket hang up')],
])('goes on when %s, with longer and longer waits', async (_, error) => {
  const work = failing(3, error);

  await patiently(work, wait);

  expect(work).toHaveBeenCalledTimes(4);
  expect(waits).toEqual([1_000, 2_000, 4_000]);
});

test('gives up at once when it is refused', async () => {
  const work = failing(1, serviceError('StateMachineDoesNotExist', 'no such machine', 400));

  await expect(patiently(work, wait)).rejects.toThrow('no such machine');

  expect(work).toHaveBeenCalledTimes(1);
});

test('gives up with the last error well within the minute that the function has', async () => {
  const work = failing(99, serviceError('ThrottlingException', 'Rate exceeded', 400));

  await expect(patiently(work, wait)).rejects.toThrow('Rate exceeded');

  expect(waits.reduce((sum, milliseconds) => sum + milliseconds)).toBeLessThan(40_000);
});
