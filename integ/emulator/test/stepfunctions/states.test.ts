import { After, Bench, FunctionFails } from './bench';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(() => bench.world.stop());

const FN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';

describe('Pass', () => {
  test.each([
    ['its input', {}, { a: 1 }, { a: 1 }],
    ['a result', { Result: [1] }, { a: 1 }, [1]],
    ['a result at a path', { Result: 2, ResultPath: '$.b.c' }, { a: 1 }, { a: 1, b: { c: 2 } }],
    ['a part of the input', { InputPath: '$.a' }, { a: { b: 1 } }, { b: 1 }],
    ['no input', { InputPath: null }, { a: 1 }, {}],
    ['no output', { OutputPath: null }, { a: 1 }, {}],
    ['parameters', { Parameters: { 'x.$': '$.list[1]', 'y': 'plain', 'z': { 'deep.$': '$.list[-1]' } } }, { list: [1, 2, 3] }, { x: 2, y: 'plain', z: { deep: 3 } }],
    ['the context object', { Parameters: { 'name.$': '$$.State.Name', 'machine.$': '$$.StateMachine.Name', 'input.$': '$$.Execution.Input.a' } }, { a: 1 },
      { name: 'Only', machine: 'machine1', input: 1 }],
    ['what a filter finds', { Parameters: { 'ids.$': '$.all[?(@.n > 1 && @.on == true)].id' } },
      { all: [{ n: 1, on: true, id: 'a' }, { n: 2, on: true, id: 'b' }, { n: 3, on: false, id: 'c' }] }, { ids: ['b'] }],
    ['what is found at any depth', { Parameters: { 'ids.$': '$..id' } }, { id: 1, a: [{ id: 2 }] }, { ids: [1, 2] }],
    ['a slice', { Parameters: { 's.$': '$.l[1:3]', 'e.$': '$.l[*]', 'k.$': '$[\'odd key\']' } }, { 'l': [1, 2, 3, 4], 'odd key': 5 }, { s: [2, 3], e: [1, 2, 3, 4], k: 5 }],
  ])('gives %s', async (_title, fields, input, expected) => {
    const { status, value } = await bench.run({ Type: 'Pass', End: true, ...fields }, input);

    expect(status).toBe('SUCCEEDED');
    expect(value).toEqual(expected);
  });

  test.each([
    ['a path that leads nowhere', { Parameters: { 'x.$': '$.missing' } }, 'States.Runtime',
      'An error occurred while executing the state \'Only\' (entered at the event id #2). '
      + 'The JSONPath \'$.missing\' specified for the field \'x.$\' could not be found in the input \'{"a":1}\''],
    ['a result path through a number', { ResultPath: '$.a.b' }, 'States.ResultPathMatchFailure', 'Unable to apply ReferencePath $.a.b to input {"a":1}'],
  ])('fails with %s', async (_title, fields, error, cause) => {
    expect(await bench.run({ Type: 'Pass', End: true, ...fields }, { a: 1 })).toMatchObject({ status: 'FAILED', error, cause });
  });
});

describe('intrinsic functions', () => {
  test.each([
    ['States.Format(\'{} is {} \\{\\}\', $.name, $.n)', 'x is 3 {}'],
    ['States.Format($.template, $.name)', 'hello x'],
    ['States.StringToJson($.json)', { a: [1] }],
    ['States.JsonToString($.list)', '[1,2,2]'],
    ['States.Array($.n, \'a\', true, null, 1.5)', [3, 'a', true, null, 1.5]],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [2]]],
    ['States.ArrayContains($.list, 2)', true],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 3],
    ['States.ArrayUnique($.list)', [1, 2]],
    ['States.Base64Encode(\'a,b)\')', 'YSxiKQ=='],
    ['States.Base64Decode(\'YSxiKQ==\')', 'a,b)'],
    ['States.Hash($.name, \'SHA-256\')', '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'],
    ['States.JsonMerge($.a, $.b, false)', { x: 1, y: 3 }],
    ['States.MathAdd($.n, -1)', 2],
    ['States.StringSplit(\'a,b;c\', \',;\')', ['a', 'b', 'c']],
    ['States.ArrayLength(States.StringSplit(\'1-2\', \'-\'))', 2],
  ])('%s', async (text, expected) => {
    const input = { name: 'x', n: 3, json: '{"a":[1]}', list: [1, 2, 2], a: { x: 1, y: 2 }, b: { y: 3 }, template: 'hello {}' };

    const { value, cause } = await bench.run({ Type: 'Pass', End: true, Parameters: { 'v.$': text } }, input);

    expect(cause).toBeUndefined();
    expect(value).toEqual({ v: expected });
  });

  test('random ones are the same in every run with the same seed', async () => {
    const state = { Type: 'Pass', End: true, Parameters: { 'id.$': 'States.UUID()', 'n.$': 'States.MathRandom(1, 1000000)', 'm.$': 'States.MathRandom(1, 1000000)' } };
    const other = new Bench();

    const { value } = await bench.run(state);
    const { value: again } = await other.run(state);
    other.world.stop();

    expect(again).toEqual(value);
    expect((value as { id: string; n: number; m: number }).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    expect((value as { n: number; m: number }).n).not.toBe((value as { m: number }).m);
  });

  test.each(['States.ArrayGetItem($.list, 9)', 'States.Nothing()', 'States.StringToJson(\'{\')', 'States.Format(\'{}\')'])('%s fails', async (text) => {
    expect(await bench.run({ Type: 'Pass', End: true, Parameters: { 'v.$': text } }, { list: [] })).toMatchObject({ status: 'FAILED', error: 'States.IntrinsicFailure' });
  });
});

describe('Choice', () => {
  const choose = (rule: object): object => ({
    StartAt: 'Choose',
    States: {
      Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: true, End: true },
      No: { Type: 'Pass', Result: false, End: true },
    },
  });
  const INPUT = { n: 5, m: 5, s: 'log-1.txt', t: '2024-01-01T00:00:00Z', u: '2024-01-02T00:00:00Z', b: true, z: null };

  test.each([
    [{ Variable: '$.n', NumericEquals: 5 }, true], [{ Variable: '$.n', NumericEqualsPath: '$.m' }, true], [{ Variable: '$.n', NumericLessThan: 5 }, false],
    [{ Variable: '$.n', NumericLessThanEquals: 5 }, true], [{ Variable: '$.n', NumericGreaterThan: 4 }, true],
    [{ Variable: '$.n', NumericGreaterThanEqualsPath: '$.m' }, true], [{ Variable: '$.s', NumericEquals: 5 }, false],
    [{ Variable: '$.s', StringEquals: 'log-1.txt' }, true], [{ Variable: '$.s', StringLessThan: 'm' }, true], [{ Variable: '$.n', StringEquals: '5' }, false],
    [{ Variable: '$.s', StringMatches: 'log-*.txt' }, true], [{ Variable: '$.s', StringMatches: 'log-*.json' }, false],
    [{ Variable: '$.t', TimestampLessThanPath: '$.u' }, true], [{ Variable: '$.t', TimestampEquals: '2024-01-01T01:00:00+01:00' }, true],
    [{ Variable: '$.b', BooleanEquals: true }, true], [{ Variable: '$.b', BooleanEquals: false }, false],
    [{ Variable: '$.z', IsNull: true }, true], [{ Variable: '$.n', IsNull: false }, true], [{ Variable: '$.x', IsPresent: false }, true],
    [{ Variable: '$.n', IsPresent: true }, true], [{ Variable: '$.n', IsNumeric: true }, true], [{ Variable: '$.s', IsString: true }, true],
    [{ Variable: '$.b', IsBoolean: true }, true], [{ Variable: '$.t', IsTimestamp: true }, true], [{ Variable: '$.s', IsTimestamp: true }, false],
    [{ And: [{ Variable: '$.n', NumericEquals: 5 }, { Variable: '$.b', BooleanEquals: true }] }, true],
    [{ Or: [{ Variable: '$.n', NumericEquals: 1 }, { Not: { Variable: '$.z', IsNull: false } }] }, true],
    [{ Not: { Variable: '$.n', NumericEquals: 5 } }, false],
  ])('%j is %s', async (rule, expected) => {
    expect((await bench.run(choose(rule), INPUT)).value).toBe(expected);
  });

  test('fails when nothing matches, and when the variable is not there', async () => {
    const only = { StartAt: 'C', States: { C: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'E' }] }, E: { Type: 'Succeed' } } };

    expect(await bench.run(only, { n: 2 })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(await bench.run(only, {})).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('Invalid path \'$.n\'') as string });
  });
});

describe('Wait, Succeed, Fail', () => {
  test.each([
    ['seconds', { Seconds: 600 }, {}, 600_000],
    ['seconds from the input', { SecondsPath: '$.s' }, { s: 90 }, 90_000],
    ['until an instant', { TimestampPath: '$.t' }, () => ({ t: new Date(Date.now() + 3_600_000).toISOString() }), 3_600_000],
  ])('waits %s', async (_title, fields, given, milliseconds) => {
    const input = typeof given === 'function' ? given() : given;

    const { passed, value } = await bench.run({ Type: 'Wait', End: true, ...fields }, input);

    expect(value).toEqual(input);
    expect(Math.abs(passed - milliseconds)).toBeLessThan(2_000);
  });

  test('an instant that is past is no wait', async () => {
    expect((await bench.run({ Type: 'Wait', End: true, Timestamp: '2020-01-01T00:00:00Z' })).passed).toBeLessThan(100);
  });

  test('ends as it is told', async () => {
    expect(await bench.run({ Type: 'Succeed', OutputPath: '$.a' }, { a: 1 })).toMatchObject({ status: 'SUCCEEDED', value: 1 });
    expect(await bench.run({ Type: 'Fail', Error: 'Mine', Cause: 'because' })).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'because' });
    expect(await bench.run({ Type: 'Fail', ErrorPath: '$.e', CausePath: '$.c' }, { e: 'E', c: 'C' })).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });
  });
});

describe('Task', () => {
  test('calls a function by its ARN, as the machine\'s role', async () => {
    bench.functions.set('fn', (event: { n: number }) => ({ twice: event.n * 2 }));

    const { value, executionArn } = await bench.run({
      Type: 'Task', Resource: FN, Parameters: { 'n.$': '$.a' }, ResultSelector: { 'r.$': '$.twice' }, ResultPath: '$.out', End: true,
    }, { a: 4 });

    expect(value).toEqual({ a: 4, out: { r: 8 } });
    expect(bench.calls[0]).toMatchObject({ input: { FunctionName: FN, Payload: '{"n":4}' }, principal: expect.stringMatching(/:assumed-role\/machine-role\//) as string });
    expect(bench.history(executionArn).map(({ type }) => type)).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
    ]);
  });

  test('calls a function by the service, and gives all of its answer', async () => {
    bench.functions.set('fn', () => ({ a: 1 }));

    const { value, executionArn } = await bench.run({
      Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: FN, Payload: { 'x.$': '$.x' } }, End: true,
    }, { x: 1 });

    expect(value).toMatchObject({ ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { a: 1 }, SdkHttpMetadata: { HttpStatusCode: 200 } });
    const history = bench.history(executionArn);
    expect(history.map(({ type }) => type)).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
    ]);
    expect(history.map(({ id, previousEventId }) => [id, previousEventId])).toEqual([[1, 0], [2, 1], [3, 2], [4, 3], [5, 4], [6, 5], [7, 6]]);
    expect(history[2].taskScheduledEventDetails).toMatchObject({
      resourceType: 'lambda', resource: 'invoke', region: 'us-east-1', parameters: JSON.stringify({ FunctionName: FN, Payload: { x: 1 } }),
    });
    expect(history[1].stateEnteredEventDetails).toEqual({ name: 'Only', input: '{"x":1}', inputDetails: { truncated: false } });
  });

  test('calls any service of AWS', async () => {
    const state = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:ssm:getParameter', Parameters: { 'Name.$': '$.name' }, End: true };

    expect((await bench.run(state, { name: '/there' })).value).toEqual({ Parameter: { Name: '/there', Value: 'value', LastModifiedDate: '1970-01-01T00:00:00.000Z' } });
    expect(await bench.run(state, { name: '/nowhere' })).toMatchObject({ status: 'FAILED', error: 'Ssm.ParameterNotFoundException' });
  });

  test.each([
    ['the function\'s error', () => new FunctionFails({ errorType: 'MyError', errorMessage: 'm' }), 'MyError', '{"errorType":"MyError","errorMessage":"m"}'],
    ['an error without a type', () => new FunctionFails({ errorMessage: 'm' }), 'Lambda.Unknown',
      'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"m"}'],
    ['a refusal of Lambda', undefined, 'Lambda.ResourceNotFoundException', expect.stringMatching(/^Function not found: arn:aws:lambda:us-east-1:123456789012:function:fn \(Service: /)],
    ['an answer that is too large, by the function', () => 'x'.repeat(262_144), 'States.DataLimitExceeded',
      `The state/task '${FN}' returned a result with a size exceeding the maximum number of bytes service limit.`],
  ])('fails with %s', async (_title, pretence, error, cause) => {
    if (pretence) bench.functions.set('fn', pretence);

    expect(await bench.run({ Type: 'Task', Resource: FN, End: true })).toMatchObject({ status: 'FAILED', error, cause });
  });

  test.each([
    ['an integration', 'lambda', { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: FN }, End: true }],
    ['a state that calls nothing', 'Only', { Type: 'Pass', Result: 'x'.repeat(262_144), End: true }],
  ])('names %s whose result is too large as %s', async (_title, name, state) => {
    bench.functions.set('fn', () => 'x'.repeat(262_144));

    expect(await bench.run(state)).toMatchObject({ error: 'States.DataLimitExceeded', cause: expect.stringContaining(`The state/task '${name}' returned`) });
  });

  test('tries again with growing waits, up to a limit, then takes the catch', async () => {
    bench.functions.set('fn', () => new FunctionFails({ errorType: 'Busy', errorMessage: 'm' }));
    const definition = {
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task', Resource: FN, End: true,
          Retry: [{ ErrorEquals: ['Other'] }, { ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 50 }],
          Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'After' }],
        },
        After: { Type: 'Pass', End: true },
      },
    };

    const { value, passed, executionArn } = await bench.run(definition, { a: 1 });

    expect(value).toEqual({ a: 1, failure: { Error: 'Busy', Cause: '{"errorType":"Busy","errorMessage":"m"}' } });
    // 10 + 30 + 50 seconds between four attempts.
    expect(Math.round(passed / 1000)).toBe(91 - 1);
    expect(bench.history(executionArn).filter(({ type }) => type === 'LambdaFunctionScheduled')).toHaveLength(4);
    expect(bench.history(executionArn).filter(({ type }) => type === 'TaskStateEntered')).toHaveLength(1);
  });

  test('a success after a retry is a success', async () => {
    bench.functions.set('fn', (_event, attempt) => (attempt < 3 ? new FunctionFails({ errorType: 'Busy' }) : { attempt }));

    expect((await bench.run({ Type: 'Task', Resource: FN, Retry: [{ ErrorEquals: ['States.ALL'] }], End: true })).value).toEqual({ attempt: 3 });
  });

  test('full jitter shortens waits, the same in every run', async () => {
    const state = { Type: 'Task', Resource: FN, Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 100, MaxAttempts: 2, JitterStrategy: 'FULL' }], End: true };
    const passed: number[] = [];
    for (const one of [bench, new Bench()]) {
      one.functions.set('fn', () => new FunctionFails({ errorType: 'Busy' }));
      passed.push((await one.run(state)).passed);
      if (one !== bench) one.world.stop();
    }

    expect(passed[0]).toBe(passed[1]);
    expect(passed[0]).toBeLessThan(300_000);
  });

  test('a timeout is an error of its own, and a late answer is an answer to nobody', async () => {
    bench.functions.set('fn', (_event, attempt) => (attempt === 1 ? new After(60, 'late') : 'in time'));
    const state = { Type: 'Task', Resource: FN, TimeoutSeconds: 20, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }], End: true };

    const { value, executionArn } = await bench.run(state);

    expect(value).toBe('in time');
    expect(bench.history(executionArn).map(({ type }) => type)).toContain('LambdaFunctionTimedOut');
    expect(await bench.run({ ...state, TimeoutSecondsPath: '$.t', TimeoutSeconds: undefined, Retry: undefined }, { t: 0.05 })).toMatchObject({ error: 'States.Timeout' });
  });

  test.each([
    ['States.ALL', 'States.Runtime', false], ['States.Runtime', 'States.Runtime', true], ['States.TaskFailed', 'States.Timeout', false], ['States.ALL', 'States.Timeout', true],
  ])('%s does not stand for everything: %s is caught: %s', async (name, error, caught) => {
    bench.functions.set('fn', () => new After(60, 1));
    const broken = error === 'States.Runtime' ? { Parameters: { 'x.$': '$.missing' } } : { TimeoutSeconds: 1 };

    const { status } = await bench.run({
      StartAt: 'T',
      States: { T: { Type: 'Task', Resource: FN, ...broken, Catch: [{ ErrorEquals: [name], Next: 'E' }], End: true }, E: { Type: 'Succeed' } },
    });

    expect(status).toBe(caught ? 'SUCCEEDED' : 'FAILED');
  });

  test('waits for its token', async () => {
    bench.world.stop();
    bench = new Bench({ clock: { kind: 'manual' } });
    let token = '';
    bench.functions.set('fn', (event: { token: string }) => {
      token = event.token;
      return 'ignored';
    });
    const definition = {
      Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', HeartbeatSeconds: 100,
      Parameters: { FunctionName: FN, Payload: { 'token.$': '$$.Task.Token' } }, End: true,
    };
    const run = (): string => bench.start(bench.create({ StartAt: 'T', States: { T: definition } }));
    const answered = async (): Promise<void> => {
      await bench.world.kernel.advanceUntil(() => token !== '', 10_000);
    };

    const arn = run();
    await answered();
    await bench.world.advance(80_000);
    bench.world.call('stepfunctions', 'SendTaskHeartbeat', { taskToken: token });
    await bench.world.advance(80_000);
    bench.world.call('stepfunctions', 'SendTaskSuccess', { taskToken: token, output: '{"done":true}' });
    await bench.world.advance(1_000);
    expect(bench.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}' });
    expect(bench.history(arn).map(({ type }) => type)).toContain('TaskSubmitted');
    expect(bench.world.refusal('stepfunctions', 'SendTaskSuccess', { taskToken: token, output: '1' }).code).toBe('TaskTimedOut');

    const silent = run();
    await bench.world.advance(102_000);
    expect(bench.describe(silent)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
  });

  test('starts another machine and waits for it', async () => {
    const inner = bench.create({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 120, Next: 'P' }, P: { Type: 'Pass', Result: { x: 1 }, End: true } } });

    const { value, passed } = await bench.run({
      Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: inner, Input: { a: 1 } }, End: true,
    });

    expect(value).toMatchObject({ Status: 'SUCCEEDED', Input: { a: 1 }, Output: { x: 1 }, StateMachineArn: inner });
    expect(passed).toBeGreaterThanOrEqual(120_000);
  });
});

describe('Parallel', () => {
  const branch = (seconds: number, state: object): object => ({
    StartAt: `W${seconds}`, States: { [`W${seconds}`]: { Type: 'Wait', Seconds: seconds, Next: `X${seconds}` }, [`X${seconds}`]: { End: true, ...state } },
  });

  test('runs branches at the same time and gives their results in order', async () => {
    const { value, passed, executionArn } = await bench.run({
      Type: 'Parallel', Branches: [branch(30, { Type: 'Pass', Result: 'slow' }), branch(10, { Type: 'Pass' })], ResultPath: '$.r', End: true,
    }, { a: 1 });

    expect(value).toEqual({ a: 1, r: ['slow', { a: 1 }] });
    expect(Math.round(passed / 1000)).toBe(30);
    const types = bench.history(executionArn).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['ExecutionStarted', 'ParallelStateEntered', 'ParallelStateStarted']);
    expect(types.slice(-3)).toEqual(['ParallelStateSucceeded', 'ParallelStateExited', 'ExecutionSucceeded']);
  });

  test('fails with the first branch that fails, and ends the others', async () => {
    const state = { Type: 'Parallel', Branches: [branch(1000, { Type: 'Pass' }), branch(5, { Type: 'Fail', End: undefined, Error: 'Bad', Cause: 'c' })], End: true };

    const failed = await bench.run(state);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'Bad', cause: 'c' });
    expect(failed.passed).toBeLessThan(10_000);

    const retried = await bench.run({ ...state, Retry: [{ ErrorEquals: ['Bad'], IntervalSeconds: 10, MaxAttempts: 1 }] });
    expect(retried.status).toBe('FAILED');
    expect(Math.round(retried.passed / 1000)).toBe(20);
  });
});

describe('Map', () => {
  test('runs one iteration for each item, so many at once', async () => {
    const state = {
      Type: 'Map', ItemsPath: '$.items', MaxConcurrency: 2, ItemSelector: { 'v.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index', 'of.$': '$.name' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 10, End: true } } }, End: true,
    };

    const { value, passed, executionArn } = await bench.run(state, { name: 'n', items: ['a', 'b', 'c', 'd', 'e'] });

    expect(value).toEqual(['a', 'b', 'c', 'd', 'e'].map((v, i) => ({ v, i, of: 'n' })));
    expect(Math.round(passed / 1000)).toBe(30);
    const types = bench.history(executionArn).map(({ type }) => type);
    expect(types.filter((type) => type === 'MapIterationSucceeded')).toHaveLength(5);
    expect(bench.history(executionArn).find(({ type }) => type === 'MapStateStarted')).toMatchObject({ mapStateStartedEventDetails: { length: 5 } });
  });

  test('takes an empty list, and the older words', async () => {
    const state = { Type: 'Map', Iterator: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }, Parameters: { 'x.$': '$$.Map.Item.Value' }, End: true };

    expect((await bench.run(state, [])).value).toEqual([]);
    expect((await bench.run(state, [1, 2])).value).toEqual([{ x: 1 }, { x: 2 }]);
  });

  test('fails with an iteration, can catch it, and refuses what is no list', async () => {
    bench.functions.set('fn', (event: number) => (event === 2 ? new FunctionFails({ errorType: 'Two' }) : event));
    const map = { Type: 'Map', ItemProcessor: { StartAt: 'T', States: { T: { Type: 'Task', Resource: FN, End: true } } }, End: true };

    expect(await bench.run(map, [1, 2, 3])).toMatchObject({ status: 'FAILED', error: 'Two' });
    const caught = await bench.run({
      StartAt: 'M', States: { M: { ...map, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }, C: { Type: 'Pass', End: true } },
    }, [1, 2, 3]);
    expect(caught).toMatchObject({ status: 'SUCCEEDED', value: { Error: 'Two' } });
    expect(bench.history(caught.executionArn).map(({ type }) => type)).toEqual(expect.arrayContaining(['MapIterationFailed', 'MapIterationAborted', 'MapStateFailed', 'MapStateExited']));
    expect(await bench.run(map, { a: 1 })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});
