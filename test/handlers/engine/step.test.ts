import fc from 'fast-check';
import { LATER, SOON, untilNextLook } from '../../../src/handlers/engine/step';

const MINUTE = 60_000;
const EARLIEST = 4 * MINUTE;

test.each([
  [0, LATER],
  [EARLIEST - 1, LATER],
  [EARLIEST, SOON],
  [5 * MINUTE, 6],
  [10 * MINUTE, 12],
  [30 * MINUTE, LATER],
])('after %i ms the next look comes in %i s', (passed, seconds) => {
  expect(untilNextLook(passed, EARLIEST)).toBe(seconds);
});

test('what takes longer than the earliest end is noticed at most a fiftieth late', () => {
  fc.assert(fc.property(fc.integer({ min: EARLIEST, max: 60 * MINUTE }), (passed) => {
    const seconds = untilNextLook(passed, EARLIEST);
    expect(seconds).toBeGreaterThanOrEqual(SOON);
    expect(seconds).toBeLessThanOrEqual(LATER);
    // Half a second is what rounding to whole seconds may add.
    expect(seconds * 1000).toBeLessThanOrEqual(Math.max(SOON * 1000, passed / 50 + 500));
  }));
});
