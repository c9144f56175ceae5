import { criticalPath, IAM } from '../../src/report/critical-path';

const CLUSTER = 'cluster-a';

const seconds = (from: number, to: number) => ({ from: from * 1000, to: to * 1000 });
const work = (what: string, from: number, to: number, resource: string = CLUSTER) => ({ what, resource, ...seconds(from, to) });

describe('the critical path', () => {
  test('is the service\'s own work over the time of the operation', () => {
    const path = criticalPath([seconds(0, 103)], [work('create-cluster', 1, 51), work('create-first-hsm', 52, 102)]);

    expect(path).toEqual({ floorSeconds: 100, actualSeconds: 103, overhead: 0.03 });
  });

  test.each([
    ['at once count once', [work('create-hsm', 0, 50), work('create-hsm', 0, 100)], 100],
    ['one after the other count as if they had been asked for at once', [work('create-hsm', 0, 40), work('create-hsm', 40, 100)], 60],
    ['of two clusters at the same time count once', [work('create-hsm', 0, 60), work('create-hsm', 0, 50, 'cluster-b')], 60],
    ['of two clusters at different times count both', [work('create-hsm', 0, 40), work('create-hsm', 60, 100, 'cluster-b')], 80],
  ])('HSMs that are made %s', (_title, times, floorSeconds) => {
    expect(criticalPath([seconds(0, 100)], times).floorSeconds).toBe(floorSeconds);
  });

  test('has one command of each script', () => {
    const times = [work('command of a', 0, 3), work('command of a', 3, 8), work('command of a', 8, 10), work('command of b', 10, 12)];

    expect(criticalPath([seconds(0, 20)], times).floorSeconds).toBe(7);
  });

  test('has a lag once that goes on while a command runs', () => {
    expect(criticalPath([seconds(0, 20)], [work('activation-lag', 5, 15), work('command of a', 4, 9)]).floorSeconds).toBe(11);
  });

  test('has what a role and a policy take once each, and what is chained to them never', () => {
    const times = [work('check of a role', 0, 15, IAM), work('check of a policy', 15, 30, IAM), work('check of a policy', 35, 50, IAM), work('create-hsm', 50, 90)];

    expect(criticalPath([seconds(0, 90)], times)).toEqual({ floorSeconds: 70, actualSeconds: 90, overhead: 0.2857 });
  });

  test('leaves out what the service does outside an operation', () => {
    expect(criticalPath([seconds(10, 20), seconds(30, 40)], [work('delete-hsm', 5, 35)])).toMatchObject({ floorSeconds: 15, actualSeconds: 20 });
  });

  test('has no overhead where no cluster was worked on', () => {
    expect(criticalPath([], [])).toEqual({ floorSeconds: 0, actualSeconds: 0, overhead: 0 });
  });
});
