import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { After, Bench, FunctionFails, ROLE } from './bench';
import { awaitAnswer } from '../../src/access/answers';
import { ServiceError } from '../../src/wire/operation';
import type { Later, Service } from '../../src/wire/operation';

const FN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';
const WAIT = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';

const iam: Service = {
  name: 'iam',
  operations: {
    GetRole: (_context, { RoleName }: { RoleName: string }) => {
      if (RoleName !== 'machine-role') throw new ServiceError('NoSuchEntity', 'no', { status: 404 });
      return { Role: { RoleName } };
    },
  },
};

let bench: Bench;

beforeEach(() => {
  bench = new Bench({ services: [iam] });
});

afterEach(() => bench.world.stop());

const call = <O = Record<string, unknown>>(operation: string, input: object): O => bench.world.call<O>('stepfunctions', operation, input);
const refusal = (operation: string, input: object): ServiceError => bench.world.refusal('stepfunctions', operation, input);
const INPUT = { name: 'm', definition: JSON.stringify(WAIT), roleArn: ROLE };

describe('CreateStateMachine', () => {
  test('makes a machine once, and describes it', () => {
    const first = call('CreateStateMachine', { ...INPUT, tags: [{ key: 'a', value: '1' }] });
    const again = call('CreateStateMachine', INPUT);

    expect(first.stateMachineArn).toBe(ARN);
    expect(again.stateMachineArn).toBe(ARN);
    expect(refusal('CreateStateMachine', { ...INPUT, type: 'EXPRESS' })).toMatchObject({ code: 'StateMachineAlreadyExists', message: `State Machine Already Exists: '${ARN}'` });
    expect(call('DescribeStateMachine', { stateMachineArn: ARN })).toMatchObject({
      stateMachineArn: ARN, name: 'm', status: 'ACTIVE', type: 'STANDARD', definition: INPUT.definition, roleArn: ROLE,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    });
    expect(call('ListTagsForResource', { resourceArn: ARN })).toEqual({ tags: [{ key: 'a', value: '1' }] });
  });

  const state = (fields: object): string => JSON.stringify({ StartAt: 'A', States: { A: fields } });
  test.each([
    ['what is no JSON', '{', /^Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: /],
    ['a state that leads nowhere', state({ Type: 'Pass', Next: 'B' }), /MISSING_TRANSITION_TARGET/],
    ['an unknown type', state({ Type: 'Dance', End: true }), /SCHEMA_VALIDATION_FAILED/],
    ['a path that cannot be read', state({ Type: 'Pass', InputPath: '$.a[', End: true }), /SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at \/States\/A\/InputPath/],
    ['a result path that is no reference', state({ Type: 'Pass', ResultPath: '$.a[*]', End: true }), /Value is not a Reference Path at \/States\/A\/ResultPath/],
    ['a function that there is not', state({ Type: 'Pass', Parameters: { 'x.$': 'States.Dance()' }, End: true }),
      /The value for the field 'x\.\$' must be a valid JSONPath or a valid intrinsic function call at \/States\/A\/Parameters/],
    ['JSONata, in the emulator\'s own words', JSON.stringify({ ...WAIT, QueryLanguage: 'JSONata' }), /\[emulator\] the query language JSONata is not emulated at \//],
    ['an integration that is not built', state({ Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun.sync', End: true }),
      /\[emulator\] arn:aws:states:::glue:startJobRun\.sync is not emulated at \/States\/A/],
  ])('refuses %s', (_title, definition, message) => {
    const refused = refusal('CreateStateMachine', { ...INPUT, definition });

    expect(refused.code).toBe('InvalidDefinition');
    expect(refused.message).toMatch(message);
    expect(call('ValidateStateMachineDefinition', { definition })).toMatchObject({
      result: 'FAIL', diagnostics: expect.arrayContaining([expect.objectContaining({ severity: 'ERROR' })]) as unknown,
    });
  });

  test('accepts what CDK writes in other partitions', () => {
    const definition = state({
      Type: 'Task', Resource: 'arn:aws-us-gov:states:::lambda:invoke', Parameters: { 'FunctionName': 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f', 'Payload.$': '$' },
      Retry: [{ ErrorEquals: ['Lambda.ServiceException'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }], End: true,
    });

    expect(call('ValidateStateMachineDefinition', { definition })).toEqual({ result: 'OK', diagnostics: [], truncated: false });
  });

  test.each([
    ['a name with a space', { name: 'a b' }, 'InvalidName'], ['a role that is not there', { roleArn: 'arn:aws:iam::123456789012:role/other' }, 'AccessDeniedException'],
  ])('refuses %s', (_title, more, code) => {
    expect(refusal('CreateStateMachine', { ...INPUT, ...more }).code).toBe(code);
  });
});

describe('executions', () => {
  test('the same name and input are one execution while it runs', async () => {
    const machine = bench.create(WAIT);
    const arn = bench.start(machine, { a: 1 }, 'one');

    expect(bench.start(machine, { a: 1 }, 'one')).toBe(arn);
    expect(refusal('StartExecution', { stateMachineArn: machine, name: 'one', input: '{"a":2}' })).toMatchObject({
      code: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${arn}'`,
    });
    await bench.idle();
    expect(refusal('StartExecution', { stateMachineArn: machine, name: 'one', input: '{"a":1}' }).code).toBe('ExecutionAlreadyExists');
  });

  test.each([
    ['no such machine', { stateMachineArn: ARN }, 'StateMachineDoesNotExist', `State Machine Does Not Exist: '${ARN}'`],
    ['no ARN', { stateMachineArn: 'machine' }, 'InvalidArn', 'Invalid Arn: \'Invalid ARN prefix: machine\''],
  ])('cannot be started: %s', (_title, input, code, message) => {
    expect(refusal('StartExecution', input)).toMatchObject({ code, message });
  });

  test('input must be JSON', () => {
    expect(refusal('StartExecution', { stateMachineArn: bench.create(WAIT), input: '{x' }).code).toBe('InvalidExecutionInput');
  });

  test('stops, and what its task has begun goes on', async () => {
    bench.world.stop();
    bench = new Bench({ clock: { kind: 'manual' } });
    let ended = false;
    bench.functions.set('fn', () => new After(100, 'x'));
    bench.world.kernel.once('answer:pretended/fn/1', () => (ended = true));
    const arn = bench.start(bench.create({ StartAt: 'T', States: { T: { Type: 'Task', Resource: FN, End: true } } }));
    await bench.world.advance(50_000);

    call('StopExecution', { executionArn: arn, error: 'Enough', cause: 'why' });
    await bench.world.advance(100_000);

    expect(bench.describe(arn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'why' });
    expect(bench.history(arn).at(-1)).toMatchObject({ type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'Enough', cause: 'why' } });
    await new Promise((soon) => setImmediate(soon));
    expect(ended).toBe(true);
  });

  test('a stopped execution leaves nothing that emulated time would have to wait for', async () => {
    const arn = bench.start(bench.create({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 100_000_000, End: true } } }));
    call('StopExecution', { executionArn: arn });

    await bench.idle();

    expect(bench.world.kernel.now).toBeLessThan(60_000);
  });

  test('a machine\'s own timeout ends an execution', async () => {
    const arn = bench.start(bench.create({ ...WAIT, TimeoutSeconds: 10 }));

    await bench.idle();

    expect(bench.describe(arn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(bench.history(arn).at(-1)?.type).toBe('ExecutionTimedOut');
  });

  test('lists the newest first, by status, page by page', async () => {
    const machine = bench.create(WAIT);
    const other = bench.start(machine, {}, 'stopped');
    call('StopExecution', { executionArn: other });
    const names = ['a', 'b', 'c'];
    for (const name of names) bench.start(machine, {}, name);
    const list = (more: object): { executions: Array<{ name: string }>; nextToken?: string } => call('ListExecutions', { stateMachineArn: machine, ...more });

    const first = list({ maxResults: 3 });
    const second = list({ maxResults: 3, nextToken: first.nextToken });

    expect([...first.executions, ...second.executions].map(({ name }) => name)).toEqual(['c', 'b', 'a', 'stopped']);
    expect(list({ statusFilter: 'ABORTED' }).executions.map(({ name }) => name)).toEqual(['stopped']);
    expect(refusal('ListExecutions', { stateMachineArn: machine, nextToken: 'x' }).code).toBe('InvalidToken');
  });

  test('history comes page by page, backwards, and without data', async () => {
    const arn = bench.start(bench.create({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }), { secret: 1 });
    await bench.idle();
    const read = (more: object): { events: Array<{ id: number; type: string }>; nextToken?: string } => call('GetExecutionHistory', { executionArn: arn, ...more });

    const first = read({ maxResults: 2 });

    expect([...first.events, ...read({ maxResults: 2, nextToken: first.nextToken }).events].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(read({ reverseOrder: true }).events[0].type).toBe('ExecutionSucceeded');
    expect(JSON.stringify(read({ includeExecutionData: false }))).not.toContain('secret');
  });

  test('an execution keeps the definition with which it began', async () => {
    const machine = bench.create(WAIT);
    const arn = bench.start(machine);

    const definition = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Fail' } } });
    call('UpdateStateMachine', { stateMachineArn: machine, definition });
    await bench.idle();

    expect(bench.describe(arn).status).toBe('SUCCEEDED');
    expect(call('DescribeStateMachineForExecution', { executionArn: arn }).definition).toBe(JSON.stringify(WAIT));
    expect(call('DescribeStateMachine', { stateMachineArn: machine })).toMatchObject({ definition, revisionId: expect.any(String) as string });
    expect(refusal('UpdateStateMachine', { stateMachineArn: machine }).code).toBe('MissingRequiredParameter');
  });

  test('a deleted machine takes its executions with it, and is deleted twice without harm', async () => {
    const machine = bench.create(WAIT);
    const arn = bench.start(machine);

    call('DeleteStateMachine', { stateMachineArn: machine });
    expect(call('DescribeStateMachine', { stateMachineArn: machine }).status).toBe('DELETING');
    expect(refusal('StartExecution', { stateMachineArn: machine }).code).toBe('StateMachineDeleting');
    await bench.idle();

    expect(bench.describe(arn).status).toBe('ABORTED');
    expect(refusal('DescribeStateMachine', { stateMachineArn: machine }).code).toBe('StateMachineDoesNotExist');
    expect(call('DeleteStateMachine', { stateMachineArn: machine })).toEqual({});
  });

  test('tags', () => {
    const resourceArn = bench.create(WAIT);
    call('TagResource', { resourceArn, tags: [{ key: 'a', value: '1' }, { key: 'b', value: '2' }] });
    call('UntagResource', { resourceArn, tagKeys: ['a'] });

    expect(call('ListTagsForResource', { resourceArn })).toEqual({ tags: [{ key: 'b', value: '2' }] });
    expect(refusal('ListTagsForResource', { resourceArn: ARN }).code).toBe('ResourceNotFound');
  });
});

describe('Express', () => {
  async function runSync(definition: object): Promise<Record<string, unknown>> {
    const { key } = bench.world.calls.make({ service: 'stepfunctions', account: '123456789012', region: 'us-east-1' }, 'StartSyncExecution',
      { stateMachineArn: bench.create(definition, { type: 'EXPRESS' }), input: '{"a":1}' }, bench.world.context('stepfunctions').caller) as Later;
    bench.world.kernel.on('test.answered', (args) => bench.world.kernel.signal('test', args.output));
    const answered = new Promise<unknown>((resolve) => bench.world.kernel.once('test', resolve));
    bench.world.kernel.transaction(() => awaitAnswer(bench.world.kernel, key, { kind: 'test.answered', args: {} }));
    return await answered as Record<string, unknown>;
  }

  test('answers when the execution is over', async () => {
    expect(await runSync(WAIT)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}', executionArn: expect.stringMatching(/:express:machine1:/) as string });
    expect(refusal('StartSyncExecution', { stateMachineArn: bench.create(WAIT) }).code).toBe('StateMachineTypeNotSupported');
  });

  test('ends after five minutes', async () => {
    expect(await runSync({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 400, End: true } } })).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });
});

describe('a state folder', () => {
  /** The loop of a provider framework: asks again until it is done. */
  const LOOP = {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task', Resource: FN, ResultPath: '$.seen', Next: 'Rest',
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 30, MaxAttempts: 20, BackoffRate: 1 }],
      },
      Rest: { Type: 'Wait', Seconds: 600, Next: 'Both' },
      Both: {
        Type: 'Parallel', End: true,
        Branches: ['L', 'R'].map((name) => ({ StartAt: name, States: { [name]: { Type: 'Wait', Seconds: 50, End: true } } })),
      },
    },
  };

  test('is opened again at any point of an execution, and it goes on as if nothing had been', async () => {
    const through = async (stops: readonly number[]): Promise<string> => {
      const folder = mkdtempSync(join(tmpdir(), 'stepfunctions-'));
      let one = new Bench({ folder, clock: { kind: 'manual' } });
      const pretence = (_event: never, attempt: number): unknown => (attempt < 4 ? new FunctionFails({ errorType: 'Busy' }) : attempt);
      let attempts = 0;
      const count = (event: never): unknown => pretence(event, ++attempts);
      one.functions.set('fn', count);
      const arn = one.start(one.create(LOOP), { a: 1 }, 'fixed');
      let at = 0;
      for (const stop of [...stops, 2_000_000]) {
        await one.world.advance(stop - at);
        at = stop;
        if (stop === 2_000_000) break;
        one.world.stop();
        one = new Bench({ folder, clock: { kind: 'manual' } });
        one.functions.set('fn', count);
      }
      const result = JSON.stringify([one.describe(arn).output, one.history(arn).map(({ type, previousEventId }) => [type, previousEventId]),
        one.world.kernel.timeline.entries()]);
      one.world.stop();
      rmSync(folder, { recursive: true });
      return result;
    };

    const straight = await through([]);

    expect(straight).toContain('ExecutionSucceeded');
    expect(await through([10, 31_000, 95_000, 400_000, 700_000])).toBe(straight);
  });
});
