import { events } from '../../src/services/events/service';
import { sqs } from '../../src/services/sqs/service';
import { letsIn, World } from '../_helpers/world';

let world: World;
let QueueUrl: string;
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:123456789012:inbox';
beforeEach(() => {
  world = new World({ services: [events, sqs] });
  QueueUrl = world.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'inbox', Attributes: { Policy: letsIn('events') } }).QueueUrl;
});
afterEach(() => world.stop());

const rule = (input: object) => world.call<{ RuleArn: string }>('events', 'PutRule', { Name: 'r', ...input }).RuleArn;
const target = (more: object = {}) => world.call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: QUEUE_ARN, ...more }] });
const inbox = () => (world.call<{ Messages?: Array<{ Body: string }> }>('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }).Messages ?? []).map(({ Body }) => Body);
const send = (Source: string, detail: object, more: object = {}) =>
  world.call<{ FailedEntryCount: number }>('events', 'PutEvents', { Entries: [{ Source, DetailType: 'Happened', Detail: JSON.stringify(detail), ...more }] });

test('an event goes to the targets of the rules it fits', () => {
  rule({ EventPattern: JSON.stringify({ source: ['mine'], detail: { state: ['done'] } }) });
  target();
  send('mine', { state: 'done' });
  send('mine', { state: 'begun' });
  send('theirs', { state: 'done' });
  expect(inbox().map((body) => JSON.parse(body) as object)).toMatchObject([
    { 'version': '0', 'source': 'mine', 'detail-type': 'Happened', 'account': '123456789012', 'region': 'us-east-1', 'detail': { state: 'done' } },
  ]);
});

test('a target may get a fixed text, a part or a template instead', () => {
  rule({ EventPattern: '{"source":["mine"]}' });
  const got = (more: object) => { target(more); send('mine', { name: 'x', n: 3 }); return inbox(); };
  expect(got({ Input: '{"a":1}' })).toEqual(['{"a":1}']);
  expect(got({ InputPath: '$.detail.name' })).toEqual(['"x"']);
  const InputPathsMap = { name: '$.detail.name', n: '$.detail.n' };
  expect(got({ InputTransformer: { InputPathsMap, InputTemplate: '"<name> has <n>"' } })).toEqual(['"x has 3"']);
  expect(got({ InputTransformer: { InputPathsMap, InputTemplate: '{"name": <name>, "n": <n>}' } })).toEqual(['{"name": "x", "n": 3}']);
});

test('a rule that is disabled hands on nothing', () => {
  rule({ EventPattern: '{"source":["mine"]}' });
  target();
  world.call('events', 'DisableRule', { Name: 'r' });
  send('mine', {});
  expect(inbox()).toEqual([]);
  world.call('events', 'EnableRule', { Name: 'r' });
  send('mine', {});
  expect(inbox()).toHaveLength(1);
});

test('a rate fires as emulated time passes, and stops with the rule', async () => {
  rule({ ScheduleExpression: 'rate(5 minutes)' });
  target();
  await world.advance(11 * 60_000);
  expect(inbox()).toHaveLength(2);
  world.call('events', 'RemoveTargets', { Rule: 'r', Ids: ['1'] });
  world.call('events', 'DeleteRule', { Name: 'r' });
  world.call('sqs', 'PurgeQueue', { QueueUrl });
  await world.advance(11 * 60_000);
  expect(inbox()).toHaveLength(0);
});

test('a time in cron form fires by the clock', async () => {
  rule({ ScheduleExpression: 'cron(30 * * * ? *)' });
  target();
  // The calendar begins at midnight.
  await world.advance(30 * 60_000 - 1);
  expect(inbox()).toHaveLength(0);
  await world.advance(2 * 3_600_000 + 1);
  expect(inbox()).toHaveLength(3);
});

test('a time in cron form that is over never comes', async () => {
  rule({ ScheduleExpression: 'cron(0 0 1 1 ? 1999)' });
  target();
  await world.advance(3 * 3_600_000);
  expect(inbox()).toEqual([]);
});

test('a bus of its own has its own rules', () => {
  const { EventBusArn } = world.call<{ EventBusArn: string }>('events', 'CreateEventBus', { Name: 'own' });
  expect(EventBusArn).toBe('arn:aws:events:us-east-1:123456789012:event-bus/own');
  expect(rule({ EventPattern: '{"source":["mine"]}', EventBusName: 'own' })).toBe('arn:aws:events:us-east-1:123456789012:rule/own/r');
  world.call('events', 'PutTargets', { Rule: 'r', EventBusName: EventBusArn, Targets: [{ Id: '1', Arn: QUEUE_ARN }] });
  send('mine', {});
  expect(inbox()).toEqual([]);
  send('mine', {}, { EventBusName: 'own' });
  expect(inbox()).toHaveLength(1);
});

test('a rule with targets cannot be deleted, and one that is not there is named', () => {
  rule({ EventPattern: '{"source":["mine"]}' });
  target();
  expect(world.refusal('events', 'DeleteRule', { Name: 'r' }).message).toBe('Rule can\'t be deleted since it has targets.');
  expect(world.refusal('events', 'DescribeRule', { Name: 'x' })).toMatchObject({ code: 'ResourceNotFoundException', message: 'Rule x does not exist on EventBus default.' });
  expect(world.refusal('events', 'PutRule', { Name: 'r', EventPattern: '[]' }).code).toBe('InvalidEventPatternException');
});

test('an entry without a detail type fails by itself', () => {
  const answer = world.call<{ FailedEntryCount: number; Entries: object[] }>('events', 'PutEvents', { Entries: [{ Source: 'a', Detail: '{}' }, { Source: 'a', DetailType: 'b', Detail: '{}' }] });
  expect(answer.FailedEntryCount).toBe(1);
  expect(answer.Entries).toMatchObject([{ ErrorCode: 'InvalidArgument' }, { EventId: expect.any(String) }]);
});

test.each([
  [{ a: ['x'] }, { a: 'x' }, true],
  [{ a: ['x'] }, { a: ['y', 'x'] }, true],
  [{ a: [{ prefix: 'x' }] }, { a: 'xy' }, true],
  [{ a: [{ suffix: 'x' }] }, { a: 'xy' }, false],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
  [{ a: [{ exists: false }] }, { b: 1 }, true],
  [{ a: [{ exists: true }] }, { b: 1 }, false],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 6 }, false],
  [{ a: [{ 'equals-ignore-case': 'X' }] }, { a: 'x' }, true],
  [{ a: [{ wildcard: 'a*c' }] }, { a: 'abc' }, true],
  [{ a: { b: [null] } }, { a: { b: null } }, true],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
])('the pattern %j on %j: %s', (pattern, event, Result) => {
  expect(world.call('events', 'TestEventPattern', { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) })).toEqual({ Result });
});
