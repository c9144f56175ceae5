import { Stage } from './stage';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

const POLL = `
exports.handler = async () => {
  const started = Date.now();
  let polls = 0;
  while (Date.now() - started < 600_000) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    polls += 1;
  }
  return { polls, passed: Date.now() - started };
};`;

test('lets ten minutes of polling pass within seconds of the host', async () => {
  await stage.create('poll', POLL);
  const before = { host: Date.now(), emulated: stage.kernel.now };

  const { value } = await stage.invoke('poll');

  expect(value).toEqual({ polls: 120, passed: 600_000 });
  expect(stage.kernel.now - before.emulated).toBeGreaterThanOrEqual(600_000);
  expect(Date.now() - before.host).toBeLessThan(10_000);
});

test('the same seed gives the same timeline and the same random numbers', async () => {
  const code = `exports.handler = async () => {
    const values = [];
    for (let i = 0; i < 3; i++) {
      const value = Math.random();
      values.push(value);
      await new Promise((resolve) => setTimeout(resolve, value * 10_000));
    }
    return values;
  };`;
  const run = async (seed: number): Promise<{ values: number[]; timeline: string }> => {
    const other = await Stage.open({ seed });
    await other.create('jitter', code);
    const values = [...(await other.invoke('jitter')).value as number[], ...(await other.invoke('jitter')).value as number[]];
    await other.idle();
    const result = { values, timeline: other.timeline() };
    await other.close();
    return result;
  };

  const [first, second, different] = [await run(7), await run(7), await run(8)];

  expect(second).toEqual(first);
  expect(new Set(first.values).size).toBe(6);
  expect(different.values).not.toEqual(first.values);
});

test('moves every clock alike: timers/promises, intervals, hrtime, performance.now, AbortSignal.timeout, promisify', async () => {
  await stage.create('clocks', `
    const { setTimeout: sleep, setInterval: every, scheduler } = require('node:timers/promises');
    const { promisify } = require('node:util');
    exports.handler = async () => {
      const start = { date: Date.now(), performance: performance.now(), hrtime: process.hrtime.bigint() };
      const steps = [];
      const step = (what) => steps.push([what, Date.now() - start.date]);
      step(await sleep(1000, 'sleep'));
      await promisify(setTimeout)(1000);
      step('promisify');
      await scheduler.wait(1000);
      step('wait');
      let ticks = 0;
      for await (const tick of every(1000, 'tick')) if (++ticks === 3) break;
      step('interval');
      await new Promise((resolve) => {
        let count = 0;
        const timer = setInterval(() => { if (++count === 2) { clearInterval(timer); resolve(); } }, 500);
      });
      step('setInterval');
      const signal = AbortSignal.timeout(2000);
      await sleep(60_000, undefined, { signal }).catch((error) => step(error.name + ' ' + signal.reason.name));
      const timer = setTimeout(() => step('never'), 500);
      clearTimeout(timer);
      setTimeout(() => step('unreferenced'), 100).unref();
      await sleep(200);
      return { steps, performance: performance.now() - start.performance, hrtime: Number((process.hrtime.bigint() - start.hrtime) / 1_000_000n),
        date: Math.abs(new Date().getTime() - Date.now()) };
    };`);

  const { value } = await stage.invoke('clocks');

  expect(value).toEqual({
    steps: [
      ['sleep', 1000], ['promisify', 2000], ['wait', 3000], ['interval', 6000], ['setInterval', 7000], ['AbortError TimeoutError', 9000],
      ['unreferenced', 9100],
    ],
    performance: 9200,
    hrtime: 9200,
    date: 0,
  });
});

test('a warm environment keeps what it had and begins at the host\'s time again', async () => {
  await stage.create('warm', `let count = 0; exports.handler = async () => {
    const now = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 300_000));
    return { count: ++count, now, tmp: process.env.TMPDIR };
  };`);

  const [first, second] = [(await stage.invoke('warm')).value, (await stage.invoke('warm')).value] as unknown as Array<{ count: number; now: number; tmp: string }>;

  expect([first.count, second.count]).toEqual([1, 2]);
  expect(second.tmp).toBe(first.tmp);
  expect(second.now - first.now).toBeLessThan(10_000);
});

test('what a handler leaves running stays frozen until the next invocation', async () => {
  await stage.create('leaver', `let left = 0; exports.handler = async (event) => {
    const before = left;
    if (event.leave) setTimeout(() => { left += 1; }, 1000);
    else await new Promise((resolve) => setTimeout(resolve, 2000));
    return [before, left];
  };`);
  await stage.invoke('leaver', { leave: true });
  const host = stage.functions;
  await new Promise((soon) => setTimeout(soon, 50));

  const { value } = await stage.invoke('leaver', {});

  expect(value).toEqual([0, 1]);
  expect(host.size).toBe(1);
});
