import { logs } from '../../src/services/logs/service';
import { World } from '../_helpers/world';

let world: World;
const GROUP = { logGroupName: '/aws/lambda/f' };
const STREAM = { ...GROUP, logStreamName: '2026/01/01/[$LATEST]abc' };

beforeEach(() => {
  world = new World({ services: [logs] });
  world.call('logs', 'CreateLogGroup', GROUP);
  world.call('logs', 'CreateLogStream', STREAM);
});
afterEach(() => world.stop());

interface Shown { readonly timestamp: number; readonly message: string; readonly logStreamName?: string }
interface Answer { readonly events: Shown[]; readonly nextForwardToken: string; readonly nextBackwardToken: string; readonly nextToken?: string }

const put = (...messages: string[]) => world.call('logs', 'PutLogEvents', { ...STREAM, logEvents: messages.map((message) => ({ timestamp: Date.now(), message })) });
const messages = ({ events }: Answer) => events.map(({ message }) => message);
const get = (input: object = {}) => world.call<Answer>('logs', 'GetLogEvents', { ...STREAM, startFromHead: true, ...input });
const filter = (input: object = {}) => world.call<Answer>('logs', 'FilterLogEvents', { ...GROUP, ...input });

test('events come back in order with the time they were written', () => {
  const before = Date.now();
  put('one', 'two');
  const answer = get();
  expect(messages(answer)).toEqual(['one', 'two']);
  const [{ timestamp }] = answer.events;
  expect(timestamp >= before && timestamp <= Date.now()).toBe(true);
});

test('events of one instant stay in order however slowly the request is read', () => {
  const now = Date.now();
  let host = now;
  jest.spyOn(Date, 'now').mockImplementation(() => host++);
  world.call('logs', 'PutLogEvents', { ...STREAM, logEvents: ['1', '2', '3'].map((message) => ({ timestamp: now, message })) });
  jest.restoreAllMocks();

  expect(messages(get())).toEqual(['1', '2', '3']);
});

test('an hour of emulated time later the event is an hour old', async () => {
  const before = Date.now();
  put('early');
  await world.advance(3_600_000);
  const { timestamp } = get().events[0];
  expect(timestamp >= before - 3_600_000 && timestamp <= Date.now() - 3_600_000).toBe(true);
  expect(messages(filter({ startTime: Date.now() - 60_000 }))).toEqual([]);
  expect(messages(filter({ startTime: Date.now() - 4_000_000 }))).toEqual(['early']);
});

test('a stream is read page by page until the token stays the same', () => {
  put('1', '2', '3');
  const first = get({ limit: 2 });
  const second = get({ limit: 2, nextToken: first.nextForwardToken });
  const end = get({ limit: 2, nextToken: second.nextForwardToken });
  expect([messages(first), messages(second), messages(end)]).toEqual([['1', '2'], ['3'], []]);
  expect(end.nextForwardToken).toBe(second.nextForwardToken);
  expect(messages(get({ limit: 2, nextToken: second.nextBackwardToken }))).toEqual(['1', '2']);
});

test('without startFromHead the latest events come', () => {
  put('1', '2', '3');
  expect(messages(get({ startFromHead: false, limit: 2 }))).toEqual(['2', '3']);
});

test('a group is searched over all of its streams', () => {
  const other = { ...GROUP, logStreamName: 'other' };
  world.call('logs', 'CreateLogStream', other);
  put('here');
  world.call('logs', 'PutLogEvents', { ...other, logEvents: [{ timestamp: Date.now(), message: 'there' }] });
  expect(filter().events.map(({ logStreamName }) => logStreamName).sort()).toEqual([STREAM.logStreamName, 'other']);
  expect(messages(filter({ logStreamNamePrefix: 'oth' }))).toEqual(['there']);
});

test('retention hides what is older', async () => {
  world.call('logs', 'PutRetentionPolicy', { ...GROUP, retentionInDays: 1 });
  put('old');
  await world.advance(25 * 3_600_000);
  put('new');
  expect(messages(filter())).toEqual(['new']);
});

test('events out of order are refused, and events from the far past left out', () => {
  const at = Date.now();
  const unordered = [{ timestamp: at, message: 'b' }, { timestamp: at - 1, message: 'a' }];
  expect(world.refusal('logs', 'PutLogEvents', { ...STREAM, logEvents: unordered }).message)
    .toBe('Log events in a single PutLogEvents request must be in chronological order.');
  const answer = world.call('logs', 'PutLogEvents', { ...STREAM, logEvents: [{ timestamp: at - 15 * 86_400_000, message: 'a' }, { timestamp: at, message: 'b' }] });
  expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  expect(messages(get())).toEqual(['b']);
});

test('what is not there is named as AWS names it', () => {
  expect(world.refusal('logs', 'PutLogEvents', { logGroupName: 'x', logStreamName: 'y', logEvents: [{ timestamp: 1, message: 'm' }] }))
    .toMatchObject({ code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' });
  expect(world.refusal('logs', 'GetLogEvents', { ...GROUP, logStreamName: 'y' }).message).toBe('The specified log stream does not exist.');
  expect(world.refusal('logs', 'CreateLogGroup', GROUP)).toMatchObject({ code: 'ResourceAlreadyExistsException', message: 'The specified log group already exists' });
});

test('a group that is deleted and made again is empty', () => {
  put('gone');
  world.call('logs', 'DeleteLogGroup', GROUP);
  world.call('logs', 'CreateLogGroup', GROUP);
  world.call('logs', 'CreateLogStream', STREAM);
  expect(messages(get())).toEqual([]);
});

test('a group can be named by its ARN', () => {
  put('one');
  const { logGroups: [{ arn, logGroupArn }] } = world.call<{ logGroups: Array<{ arn: string; logGroupArn: string }> }>('logs', 'DescribeLogGroups');
  expect([arn, logGroupArn]).toEqual(['arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:*', 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f']);
  expect(messages(world.call<Answer>('logs', 'FilterLogEvents', { logGroupIdentifier: logGroupArn }))).toEqual(['one']);
});
