import { firstDifference, wholeLife } from './_harness/whole-life';

test('deployed, grown and destroyed on a quiet host and on a busy one, the quick start has one timeline', async () => {
  const quiet = await wholeLife();
  const busy = await wholeLife({ load: 2 });

  expect(firstDifference(quiet, busy)).toBeUndefined();
  expect([quiet, busy].map(({ deterministic }) => deterministic)).toEqual([true, true]);
  expect(quiet.timeline.length).toBeGreaterThan(1_000);
});
