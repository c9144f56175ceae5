import { nextTime, parseCron } from '../../src/kernel/cron';

const next = (expression: string, after: string) => {
  const at = nextTime(parseCron(expression)!, Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
};

// As in AWS's table of examples; 1 January 2026 is a Thursday.
test.each([
  ['cron(0 /8 * * ? *)', '2026-01-01T00:00Z', '2026-01-01T08:00'],
  ['cron(0 8/8 * * ? *)', '2026-01-01T16:00Z', '2026-01-02T08:00'],
  ['cron(0 2/10 * * ? *)', '2026-01-01T12:30Z', '2026-01-01T22:00'],
  ['cron(0 10 * * ? *)', '2026-01-01T10:00Z', '2026-01-02T10:00'],
  ['cron(0 18 ? * SAT *)', '2026-01-01T00:00Z', '2026-01-03T18:00'],
  ['cron(0 8 1 * ? *)', '2026-01-01T08:00Z', '2026-02-01T08:00'],
  ['cron(0 1 ? 1/3 SUN#1 *)', '2026-01-05T00:00Z', '2026-04-05T01:00'],
  ['cron(0 17 L * ? *)', '2026-02-01T00:00Z', '2026-02-28T17:00'],
  ['cron(0 8 ? * MON-FRI *)', '2026-01-02T09:00Z', '2026-01-05T08:00'],
  ['cron(0 16 1,15 * ? *)', '2026-01-02T00:00Z', '2026-01-15T16:00'],
  ['cron(0 0 ? * SUN#1 *)', '2026-01-01T00:00Z', '2026-01-04T00:00'],
  ['cron(0 0 ? 1/11 2#1 *)', '2026-01-06T00:00Z', '2026-12-07T00:00'],
  ['cron(0 3 SUNL * ? *)', '2026-01-01T00:00Z', '2026-01-25T03:00'],
  ['cron(*/15 * * * ? *)', '2026-01-01T00:46Z', '2026-01-01T01:00'],
  ['cron(0 0 29 FEB ? *)', '2026-01-01T00:00Z', '2028-02-29T00:00'],
  ['cron(0 0 1 1 ? 2025)', '2026-01-01T00:00Z', undefined],
])('%s after %s is due at %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test.each([
  'rate(1 day)', 'cron(0 8 * * * *)', 'cron(0 8 ? * ? *)', 'cron(60 8 * * ? *)', 'cron(0 24 * * ? *)', 'cron(0 8 0 * ? *)', 'cron(0 8 * 13 ? *)',
  'cron(0 8 ? * FUN *)', 'cron(0 8 5-2 * ? *)', 'cron(0 8 1/0 * ? *)', 'cron(0 8 * * ?)',
])('%s is no schedule in cron form', (expression) => {
  expect(parseCron(expression)).toBeUndefined();
});
