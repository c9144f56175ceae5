import { versionsInForce } from '../../../src/handlers/aws/secret-versions';

const DAY = 86_400_000;
const version = (id: string, day: number, ...labels: string[]) => ({ id, createdAt: day * DAY, labels });

const VERSIONS = [
  version('second', 30, 'AWSPREVIOUS'), version('first', 1, 'cloudhsm-1'), version('third', 60, 'AWSCURRENT'), version('next', 90, 'AWSPENDING', 'kept'),
];

// A version may have been set on the HSMs long after it was made: the one before it is tried as well.
test.each([
  [0, []], [1, ['first']], [29, ['first']], [30, ['second', 'first']], [59.9, ['second', 'first']], [60, ['third', 'second']],
  // A rotation that has not ended has set its password in the last moment only.
  [91, ['third', 'next']],
])('on day %d the password was one of those of versions %j', (day, expected) => {
  expect(versionsInForce(VERSIONS, day * DAY).map(({ id }) => id)).toEqual(expected);
});

test('the only version counts, however new it is', () => {
  expect(versionsInForce([version('carried', 30, 'AWSCURRENT')], DAY).map(({ id }) => id)).toEqual(['carried']);
});

test('a pending version that is in force comes first', () => {
  const versions = [version('first', 1, 'AWSPREVIOUS'), version('second', 2, 'AWSCURRENT', 'AWSPENDING')];

  expect(versionsInForce(versions, 3 * DAY).map(({ id }) => id)).toEqual(['second', 'first']);
});
