import { bars } from '../../src/report/gantt';

const entry = (seconds: number, event: string, resource: string) => ({ at: seconds * 1000, service: 'cloudformation', event, resource });

const DEPLOY = [
  entry(0, 'CREATE_IN_PROGRESS', 'S'), entry(1, 'CREATE_IN_PROGRESS', 'S/Vpc'), entry(1, 'CREATE_IN_PROGRESS', 'S/Topic'), entry(2, 'CREATE_COMPLETE', 'S/Topic'),
  entry(5, 'CREATE_COMPLETE', 'S/Vpc'), entry(5, 'CREATE_IN_PROGRESS', 'S/Cluster'), entry(65, 'CREATE_COMPLETE', 'S/Cluster'), entry(66, 'CREATE_COMPLETE', 'S'),
];

test('a stretch goes from the first IN_PROGRESS to the end of the same thing', () => {
  const found = bars(DEPLOY, 100_000).map(({ stack, resource, action, from, to, outcome }) => [stack, resource, action, from, to, outcome]);

  expect(found).toEqual([
    ['S', undefined, 'CREATE', 0, 66, 'complete'], ['S', 'Vpc', 'CREATE', 1, 5, 'complete'], ['S', 'Topic', 'CREATE', 1, 2, 'complete'], ['S', 'Cluster', 'CREATE', 5, 65, 'complete'],
  ]);
});

test('critical is what ended last, and what it had to wait for', () => {
  expect(bars(DEPLOY, 100_000).filter(({ critical }) => critical).map(({ resource }) => resource)).toEqual(['Vpc', 'Cluster']);
});

test('what goes on has no end, and is critical when nothing else has been waited for', () => {
  const [, vpc, , cluster] = bars(DEPLOY.slice(0, 6), 30_000);

  expect(cluster).toMatchObject({ outcome: 'running', critical: true });
  expect(cluster.to).toBeUndefined();
  expect(vpc.critical).toBe(true);
});

test('a second operation on a stack has a path of its own', () => {
  const update = [entry(70, 'UPDATE_IN_PROGRESS', 'S'), entry(71, 'UPDATE_IN_PROGRESS', 'S/Topic'), entry(72, 'UPDATE_FAILED', 'S/Topic'), entry(80, 'UPDATE_ROLLBACK_COMPLETE', 'S')];

  expect(bars([...DEPLOY, ...update], 100_000).filter(({ critical, action }) => critical && action === 'UPDATE')).toEqual([
    expect.objectContaining({ resource: 'Topic', outcome: 'failed', from: 71, to: 72 }),
  ]);
});
