import fc from 'fast-check';
import { patient, waitingFor } from '../../../src/handlers/engine/patience';

const MINUTE = 60_000;
const START = 1_700_000_000_000;
const after = (seconds: number, passed: number) => patient(seconds, { because: 'it takes time', since: START }, START + passed);

test.each([
  [5, 0, 5],
  [5, 4 * MINUTE, 5],
  [5, 5 * MINUTE, 6],
  [5, 10 * MINUTE, 12],
  [5, 50 * MINUTE, 15],
  [15, MINUTE, 15],
  [60, 50 * MINUTE, 60],
  [2, 2 * MINUTE, 2],
])('where a plan waits %i s, after %i ms the next look comes in %i s', (seconds, passed, next) => {
  expect(after(seconds, passed)).toBe(next);
});

test('the end is noticed at most a fiftieth of the wait later than the plan would', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 * MINUTE }), (seconds, passed) => {
    const next = after(seconds, passed);
    expect(next).toBeGreaterThanOrEqual(seconds);
    // Half a second is what rounding to whole seconds may add.
    expect(next).toBeLessThanOrEqual(Math.max(seconds, passed / 1000 / 50 + 0.5));
  }));
});

test('a wait goes on as long as its reason is the same', () => {
  const first = waitingFor('HSM 1 is being created', undefined, START);

  expect(waitingFor('HSM 1 is being created', first, START + MINUTE)).toEqual({ because: 'HSM 1 is being created', since: START });
  expect(waitingFor('the CSR is not out yet', first, START + MINUTE)).toEqual({ because: 'the CSR is not out yet', since: START + MINUTE });
});
