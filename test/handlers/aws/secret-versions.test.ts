import { versionInForce } from '../../../src/handlers/aws/secret-versions';

const DAY = 86_400_000;
const version = (id: string, day: number, ...labels: string[]) => ({ id, createdAt: day * DAY, labels });

const VERSIONS = [version('second', 30, 'AWSPREVIOUS'), version('first', 1, 'cloudhsm-1'), version('third', 60, 'AWSCURRENT'), version('next', 90, 'AWSPENDING')];

test.each([
  [0, undefined], [1, 'first'], [29, 'first'], [30, 'second'], [59.9, 'second'], [60, 'third'],
  // A rotation that never ended has set no password.
  [91, 'third'],
])('on day %d the password was the one of version %s', (day, expected) => {
  expect(versionInForce(VERSIONS, day * DAY)?.id).toBe(expected);
});

test('a pending version that has been in force counts', () => {
  expect(versionInForce([version('first', 1, 'AWSCURRENT', 'AWSPENDING')], 2 * DAY)?.id).toBe('first');
});
