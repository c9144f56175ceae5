import { Stage } from './stage';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open({ turnLimitMs: 8_000 });
});

afterEach(() => stage.close());

const CALLER = `
const { Lambda } = require('@aws-sdk/client-lambda');
const lambda = new Lambda({});
const call = async (name, event) => {
  const { Payload, FunctionError } = await lambda.invoke({ FunctionName: name, Payload: JSON.stringify(event) });
  return FunctionError ? FunctionError + ' ' + JSON.parse(Buffer.from(Payload).toString()).errorType : JSON.parse(Buffer.from(Payload).toString());
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

const SLEEPER = 'exports.handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return "slept " + ms; };';

test('waits for a function that it calls, and sees the time that it took', async () => {
  await stage.create('sleeper', SLEEPER);
  await stage.create('caller', `${CALLER} exports.handler = async () => {
    const start = Date.now();
    const answer = await call('sleeper', { ms: 240_000 });
    return { answer, seconds: Math.round((Date.now() - start) / 1000) };
  };`);

  const { value } = await stage.invoke('caller');

  expect(value).toEqual({ answer: 'slept 240000', seconds: 240 });
});

test('waits for several at once: emulated time passes for all of them together', async () => {
  await stage.create('sleeper', SLEEPER);
  await stage.create('caller', `${CALLER} exports.handler = async () => {
    const start = Date.now();
    const seen = [];
    const answers = await Promise.all([30_000, 10_000, 20_000].map(async (ms) => {
      const answer = await call('sleeper', { ms });
      seen.push([answer, Math.round((Date.now() - start) / 1000)]);
      if (ms === 10_000) seen.push([await call('sleeper', { ms: 5_000 }), Math.round((Date.now() - start) / 1000)]);
    }));
    return seen;
  };`);

  const { value } = await stage.invoke('caller');

  expect(value).toEqual([['slept 10000', 10], ['slept 5000', 15], ['slept 20000', 20], ['slept 30000', 30]]);
});

test('its timers go on while it waits', async () => {
  await stage.create('sleeper', SLEEPER);
  await stage.create('caller', `${CALLER} exports.handler = async () => {
    let ticks = 0;
    const ticker = setInterval(() => { ticks += 1; }, 1_000);
    const start = Date.now();
    const first = await Promise.race([call('sleeper', { ms: 60_000 }), sleep(7_500).then(() => 'timer')]);
    clearInterval(ticker);
    return { first, ticks, passed: Date.now() - start };
  };`);

  const { value } = await stage.invoke('caller');

  expect(value).toEqual({ first: 'timer', ticks: 7, passed: 7_500 });
});

test('a caller that times out is ended while it waits; the one that it called goes on', async () => {
  await stage.create('sleeper', `${SLEEPER.replace('return', 'console.log("awake"); return')}`);
  await stage.create('caller', `${CALLER} exports.handler = async () => call('sleeper', { ms: 60_000 });`, { Timeout: 20 });

  const { value } = await stage.invoke('caller');
  await stage.idle();

  expect(value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(stage.messages()).toContainEqual(expect.stringMatching(/\tINFO\tawake$/));
});

test('a function that calls itself without end is stopped by the limit on concurrency', async () => {
  await stage.close();
  stage = await Stage.open({ turnLimitMs: 8_000, quotas: { 'lambda/quota-concurrency': 3 } });
  await stage.create('self', `${CALLER} exports.handler = async ({ depth = 1 }, context) => {
    try { return await call(context.functionName, { depth: depth + 1 }); } catch (error) { return [depth, error.name]; }
  };`);

  const { value } = await stage.invoke('self');

  expect(value).toEqual([3, 'TooManyRequestsException']);
});

test('a function that sends itself events without end is stopped by recursion detection', async () => {
  await stage.create('chain', `${CALLER} exports.handler = async ({ depth = 1 }, context) => {
    await lambda.invoke({ FunctionName: context.functionName, InvocationType: 'Event', Payload: JSON.stringify({ depth: depth + 1 }) })
      .catch((error) => console.log('stopped', depth, error.name));
  };`);

  await stage.invoke('chain');
  await stage.idle();

  expect(stage.messages()).toContainEqual(expect.stringMatching(/stopped 16 RecursiveInvocationException$/));
});

test('the same calls give the same timeline', async () => {
  const run = async (): Promise<string> => {
    await stage.close();
    stage = await Stage.open({ seed: 3 });
    await stage.create('sleeper', SLEEPER);
    await stage.create('caller', `${CALLER} exports.handler = async () => {
      await Promise.all([call('sleeper', { ms: 3_000 }), call('sleeper', { ms: 2_000 }), sleep(2_500)]);
      return call('sleeper', { ms: 1 });
    };`);
    await stage.invoke('caller');
    await stage.idle();
    return stage.timeline();
  };

  const [first, second] = [await run(), await run()];

  expect(second).toBe(first);
});
