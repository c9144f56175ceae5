import type { Service } from '../../src/wire/operation';
import { Stage } from '../functions/stage';

const sent: Array<{ service: string; input: Record<string, unknown>; principal: string }> = [];
const target = (name: string, operation: string): Service => ({
  name,
  operations: {
    [operation]: (context, input: Record<string, unknown>) => {
      sent.push({ service: name, input, principal: context.caller.principal.arn });
      return { MessageId: 'id' };
    },
  },
});

let stage: Stage;

beforeEach(async () => {
  sent.length = 0;
  stage = await Stage.open({ services: [target('sqs', 'SendMessage'), target('sns', 'Publish')] });
});

afterEach(() => stage.close());

const FAILING = 'exports.handler = async (event) => { console.log("attempt", event.n); throw new Error("no"); };';

function attempts(): number {
  return stage.messages().filter((line) => line.includes('INFO\tattempt')).length;
}

test('answers an event at once and runs it later', async () => {
  await stage.create('fn', 'exports.handler = async (event) => console.log("got", event.n);');

  const answer = stage.call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'Event', Payload: '{"n":1}' });
  expect(answer).toEqual({ StatusCode: 202, Payload: '' });
  expect(stage.messages()).toEqual([]);

  await stage.idle();
  expect(stage.messages()).toContainEqual(expect.stringMatching(/INFO\tgot 1$/));
});

test('tries an event that fails again after a minute and after two more, then gives it to the dead-letter queue', async () => {
  await stage.create('fn', FAILING, { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:123456789012:letters' } });
  const start = stage.kernel.now;

  stage.call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'Event', Payload: '{"n":1}' });
  await stage.idle();

  const begins = stage.kernel.timeline.entries().filter(({ event }) => event.startsWith('invocation begins')).map(({ at }) => at - start);
  expect(attempts()).toBe(3);
  expect(begins[1] - begins[0]).toBeGreaterThanOrEqual(60_000);
  expect(begins[2] - begins[1]).toBeGreaterThanOrEqual(120_000);
  expect(begins[2]).toBeLessThan(185_000);
  expect(sent).toEqual([{
    service: 'sqs', principal: 'arn:aws:sts::123456789012:assumed-role/function-role/fn',
    input: { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/letters', MessageBody: '{"n":1}' },
  }]);
});

test('obeys the settings for events, and tells the destination what came of it', async () => {
  await stage.create('fn', FAILING);
  stage.call('lambda', 'PutFunctionEventInvokeConfig', {
    FunctionName: 'fn', MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:123456789012:topic' } },
  });

  stage.call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'Event', Payload: '{"n":1}' });
  await stage.idle();

  expect(attempts()).toBe(1);
  expect(JSON.parse(String(sent[0].input.Message))).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 }, requestPayload: { n: 1 }, responsePayload: { errorType: 'Error', errorMessage: 'no' },
  });
});

test('keeps a throttled event until there is room', async () => {
  await stage.create('fn', 'exports.handler = async () => console.log("attempt");');
  stage.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'fn', ReservedConcurrentExecutions: 0 });
  stage.call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'Event' });
  await new Promise<void>((throttled) => {
    const look = (): void => void (stage.kernel.now > 600_000 ? throttled() : setTimeout(look, 1));
    look();
  });
  stage.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'fn' });

  await stage.idle();

  expect(attempts()).toBe(1);
});

test('gives up an event that is never let in after six hours', async () => {
  await stage.create('fn', 'exports.handler = async () => 1;');
  stage.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'fn', ReservedConcurrentExecutions: 0 });

  stage.call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'Event' });
  await stage.idle();

  expect(stage.kernel.timeline.entries().at(-1)).toMatchObject({ event: 'event given up: EventAgeExceeded', resource: 'fn' });
  expect(stage.kernel.now).toBeLessThan(21_700_000);
});

test('an alias runs the version it stands for', async () => {
  await stage.create('fn', 'exports.handler = async (event, context) => [context.functionVersion, context.invokedFunctionArn.split(":").pop()];');
  stage.call('lambda', 'PublishVersion', { FunctionName: 'fn' });
  stage.call('lambda', 'CreateAlias', { FunctionName: 'fn', Name: 'live', FunctionVersion: '1' });
  await stage.idle();

  const { value, ExecutedVersion } = await stage.invoke('fn:live');

  expect(value).toEqual(['1', 'live']);
  expect(ExecutedVersion).toBe('1');
});
