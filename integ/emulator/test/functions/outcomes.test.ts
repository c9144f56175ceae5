import { Stage } from './stage';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open({ turnLimitMs: 3_000 });
});

afterEach(() => stage.close());

interface ErrorDocument {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: string[];
}

/** Each way in which a handler fails: code, settings, expected type and text. */
const FAILURES: ReadonlyArray<readonly [string, string, object, string, RegExp]> = [
  ['throws', 'exports.handler = async () => { throw new RangeError("too far"); };', {}, 'RangeError', /^too far$/],
  ['throws something that is no error', 'exports.handler = async () => { throw "text"; };', {}, 'string', /^text$/],
  ['calls back with an error', 'exports.handler = (event, context, callback) => callback(new TypeError("back"));', {}, 'TypeError', /^back$/],
  ['never settles', 'exports.handler = async () => new Promise(() => undefined);', {}, 'Runtime.NodeJsExit', /Promise that was never settled/],
  ['ends the process', 'exports.handler = async () => process.exit(3);', {}, 'Runtime.ExitError', /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/],
  ['ends the process in order', 'exports.handler = async () => process.exit();', {}, 'Runtime.ExitError', /Error: Runtime exited without providing a reason$/],
  ['throws outside', 'exports.handler = () => new Promise(() => setTimeout(() => { throw new Error("outside"); }, 10));', {}, 'Error', /^outside$/],
  ['leaves a rejection', 'exports.handler = () => new Promise(() => { Promise.reject(new Error("left")); });', {}, 'Runtime.UnhandledPromiseRejection', /^Error: left$/],
  ['module missing', 'exports.handler = 1;', { Handler: 'other.handler' }, 'Runtime.ImportModuleError', /Cannot find module 'other'/],
  ['handler missing', 'exports.other = 1;', {}, 'Runtime.HandlerNotFound', /^index\.handler is undefined or not exported$/],
  ['handler no function', 'exports.handler = {};', {}, 'Runtime.HandlerNotFound', /^index\.handler is not a function$/],
  ['syntax error', 'exports.handler = async () => {', {}, 'Runtime.UserCodeSyntaxError', /^SyntaxError/],
  ['module throws', 'throw new Error("at load");', {}, 'Error', /^at load$/],
  ['takes a callback on Node.js 24', 'exports.handler = (event, context, callback) => callback(null, 1);', { Runtime: 'nodejs24.x' },
    'Runtime.CallbackHandlerDeprecated', /removed support for callback-based function handlers/],
  ['answers with too much', 'exports.handler = async () => "x".repeat(6_300_000);', {}, 'Function.ResponseSizeTooLarge', /6291556 bytes/],
  ['runs out of memory', 'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };', {},
    'Runtime.ExitError', /signal: aborted/],
];

test.each(FAILURES)('%s', async (_title, code, settings, type, text) => {
  await stage.create('failing', code, settings);

  const { FunctionError, value } = await stage.invoke('failing');

  expect(FunctionError).toBe('Unhandled');
  expect((value as ErrorDocument).errorType).toBe(type);
  expect((value as ErrorDocument).errorMessage).toMatch(text);
});

const SUCCESSES: ReadonlyArray<readonly [string, string | Record<string, string>, object, unknown]> = [
  ['async', 'exports.handler = async (event) => ({ got: event });', {}, { got: { a: 1 } }],
  ['nothing', 'exports.handler = async () => undefined;', {}, null],
  ['callback', 'exports.handler = (event, context, callback) => callback(null, event.a);', {}, 1],
  ['callback waits for the loop to be empty', `let late = 0; exports.handler = (event, context, callback) => {
    setTimeout(() => { late = 5; }, 5000); callback(null, { get late() { return late; } });
  };`, {}, { late: 5 }],
  ['callback does not wait when told so', `let late = 0; exports.handler = (event, context, callback) => {
    context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => { late = 5; }, 5000); callback(null, { get late() { return late; } });
  };`, {}, { late: 0 }],
  ['a callback that never comes', 'exports.handler = (event, context, callback) => undefined;', {}, null],
  ['ES module by name', { 'index.mjs': 'await Promise.resolve(); export const handler = async () => import.meta.url.endsWith("index.mjs");' }, {}, true],
  ['ES module by package', { 'index.js': 'export const handler = async () => typeof require;', 'package.json': '{"type":"module"}' }, {}, 'undefined'],
  ['nested folder and member', { 'lib/code.js': 'exports.a = { b: async () => "deep" };' }, { Handler: 'lib/code.a.b' }, 'deep'],
  ['Node.js 24, answer without a promise', 'exports.handler = () => 24;', { Runtime: 'nodejs24.x' }, 24],
];

test.each(SUCCESSES)('answers: %s', async (_title, code, settings, expected) => {
  await stage.create('fine', code, settings);

  const { FunctionError, value } = await stage.invoke('fine', { a: 1 });

  expect(FunctionError).toBeUndefined();
  expect(value).toEqual(expected);
});

test('a timeout counts emulated time, and the next invocation has a new environment', async () => {
  await stage.create('slow', `let count = 0; exports.handler = async (event) => {
    count += 1;
    if (event.sleep) await new Promise((resolve) => setTimeout(resolve, event.sleep));
    return count;
  };`, { Timeout: 30 });
  const start = stage.kernel.now;

  const fine = await stage.invoke('slow', { sleep: 29_000 });
  const late = await stage.invoke('slow', { sleep: 31_000 });
  const next = await stage.invoke('slow');

  expect(fine.value).toBe(1);
  expect(late).toMatchObject({ FunctionError: 'Unhandled' });
  expect(late.value).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 30\.00 seconds$/) as string });
  expect(stage.kernel.now - start).toBeLessThan(62_000);
  expect(next.value).toBe(1);
  expect(stage.messages().filter((line) => line.includes('Task timed out after 30.00 seconds'))).toHaveLength(1);
});

test('an endless loop is ended as a timeout, named, and lets the rest go on', async () => {
  await stage.create('loop', 'exports.handler = async () => { for (;;); };', { Timeout: 20 });
  const start = stage.kernel.now;

  const { value } = await stage.invoke('loop');

  expect(value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(stage.kernel.now - start).toBeGreaterThanOrEqual(20_000);
  expect(stage.messages()).toContain('[emulator] loop held its turn too long on the host without a result or a timer');
});

test('a start that takes longer than ten seconds is made again inside the invocation', async () => {
  await stage.create('heavy', {
    'index.mjs': 'await new Promise((resolve) => setTimeout(resolve, 12_000)); export const handler = async () => "ready";',
  }, { Timeout: 60 });

  const { value } = await stage.invoke('heavy');
  await stage.idle();

  expect(value).toBe('ready');
  expect(stage.messages()).toContainEqual(expect.stringContaining('INIT_REPORT Init Duration: 10000.00 ms'));
});

test('writes what a handler prints between start and report', async () => {
  await stage.create('talk', 'exports.handler = async () => { console.log("hello %s", "you"); console.error(new Error("bad")); process.stdout.write("raw\\n"); };');

  const { LogResult } = await stage.invoke('talk', {}, { LogType: 'Tail' });

  const [start, hello, bad, raw, end, report] = stage.messages();
  expect(start).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/);
  expect(hello).toMatch(/^\d{4}-\S+Z\t[0-9a-f-]{36}\tINFO\thello you$/);
  expect(bad).toMatch(/\tERROR\tError: bad\n/);
  expect(raw).toBe('raw');
  expect(end).toMatch(/^END RequestId: /);
  expect(report).toMatch(/^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/);
  expect(Buffer.from(LogResult!, 'base64').toString()).toContain('hello you');
  expect(stage.logged[0]).toMatchObject({ group: '/aws/lambda/talk', stream: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/) as string });
});

test('gives the variables and the context that Lambda gives', async () => {
  await stage.create('look', `exports.handler = async (event, context) => ({
    env: process.env, remaining: context.getRemainingTimeInMillis(), context, folder: process.cwd(),
  });`, { Timeout: 10, MemorySize: 256, Environment: { Variables: { OWN: 'value', NODE_OPTIONS: '--enable-source-maps' } } });

  const { env, context, remaining, folder } = (await stage.invoke('look')).value as unknown as {
    env: Record<string, string>; context: Record<string, unknown>; remaining: number; folder: string;
  };

  expect(env).toMatchObject({
    OWN: 'value', AWS_LAMBDA_FUNCTION_NAME: 'look', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_REGION: 'us-east-1', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', LAMBDA_TASK_ROOT: folder, _HANDLER: 'index.handler', TZ: ':UTC',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/look', _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=/) as string,
    NODE_OPTIONS: expect.stringMatching(/guard\.js" --enable-source-maps$/) as string,
  });
  expect(env._EMULATOR_SETTINGS).toBeUndefined();
  expect(context).toMatchObject({ functionName: 'look', memoryLimitInMB: '256', invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:look' });
  expect(remaining).toBe(10_000);
  expect(stage.kernel.store.table('functions/runtimes').values()).toEqual([{ runtime: 'nodejs22.x', node: process.version }]);
});

test('an older service does not name the type of a timeout', async () => {
  await stage.close();
  stage = await Stage.open({ variants: ['other'] });
  await stage.create('slow', 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 9_000));', { Timeout: 3 });

  const { value } = await stage.invoke('slow');

  expect(value).toEqual({ errorMessage: expect.stringMatching(/^\d{4}-\S+Z [0-9a-f-]{36} Task timed out after 3\.00 seconds$/) as string });
});
