import { cloudwatch } from '../../src/services/cloudwatch/service';
import { sns } from '../../src/services/sns/service';
import { sqs } from '../../src/services/sqs/service';
import { letsIn, World } from '../_helpers/world';

let world: World;
let QueueUrl: string;
let TopicArn: string;
beforeEach(() => {
  world = new World({ services: [cloudwatch, sns, sqs] });
  TopicArn = world.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 't' }).TopicArn;
  QueueUrl = world.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'q', Attributes: { Policy: letsIn('sns') } }).QueueUrl;
  world.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:123456789012:q', Attributes: { RawMessageDelivery: 'true' } });
});
afterEach(() => world.stop());

const MINUTE = 60_000;
const alarm = (more: object = {}) => world.call('cloudwatch', 'PutMetricAlarm', {
  AlarmName: 'a', MetricName: 'm', Namespace: 'n', Period: 300, EvaluationPeriods: 1, Threshold: 2, ComparisonOperator: 'LessThanThreshold', Statistic: 'Minimum',
  AlarmActions: [TopicArn], OKActions: [TopicArn], ...more,
});
const put = (Value: number) => world.call('cloudwatch', 'PutMetricData', { Namespace: 'n', MetricData: [{ MetricName: 'm', Value }] });
const state = () => world.call<{ MetricAlarms: Array<{ StateValue: string }> }>('cloudwatch', 'DescribeAlarms', {}).MetricAlarms[0].StateValue;
const heard = () => (world.call<{ Messages?: Array<{ Body: string }> }>('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }).Messages ?? [])
  .map(({ Body }) => JSON.parse(Body) as { NewStateValue: string; NewStateReason: string });

test('an alarm follows its metric at the end of each period, and tells the topic of each change once', async () => {
  alarm();
  put(1);
  await world.advance(6 * MINUTE);
  put(1);
  await world.advance(5 * MINUTE);
  put(2);
  await world.advance(5 * MINUTE);

  expect(heard()).toMatchObject([
    { NewStateValue: 'ALARM', NewStateReason: 'Threshold Crossed: 1 out of the last 1 datapoints [1] were less than the threshold (2).' },
    { NewStateValue: 'OK', NewStateReason: 'Threshold Crossed: 1 out of the last 1 datapoints [2] were not less than the threshold (2).' },
  ]);
});

test('a metric that stops rings an alarm for which missing data are breaching, when its evaluation range is empty', async () => {
  alarm({ TreatMissingData: 'breaching' });
  put(3);
  await world.advance(6 * MINUTE);
  expect(state()).toBe('OK');
  await world.advance(10 * MINUTE);
  expect(state()).toBe('OK');
  await world.advance(5 * MINUTE);

  expect(state()).toBe('ALARM');
});

test('so many points of so many periods decide', async () => {
  alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  const states = [];
  for (const value of [1, 5, 5, 1, 1]) {
    put(value);
    await world.advance(5 * MINUTE);
    states.push(state());
  }

  expect(states.at(-2)).toBe('OK');
  await world.advance(MINUTE);
  expect(state()).toBe('ALARM');
});

test('only the statistic, dimensions and unit of the alarm count', async () => {
  alarm({ Dimensions: [{ Name: 'd', Value: 'x' }], Unit: 'Count', Statistic: 'Sum', Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching' });
  const datum = (Unit: string, Value: string) => ({ MetricName: 'm', Value: 1, Unit, Dimensions: [{ Name: 'd', Value }] });
  world.call('cloudwatch', 'PutMetricData', { Namespace: 'n', MetricData: [datum('Seconds', 'x'), datum('Count', 'y')] });
  await world.advance(6 * MINUTE);
  expect(state()).toBe('OK');

  world.call('cloudwatch', 'PutMetricData', { Namespace: 'n', MetricData: [datum('Count', 'x')] });
  await world.advance(5 * MINUTE);
  expect(state()).toBe('ALARM');
});

test('nothing is evaluated once the alarms are gone, and no foreground work is ever made by one', async () => {
  alarm();
  await world.advance(6 * MINUTE);
  expect([world.kernel.busy, world.kernel.queue.all().length]).toEqual([false, 1]);

  world.call('cloudwatch', 'DeleteAlarms', { AlarmNames: ['a'] });
  expect(world.kernel.queue.all()).toEqual([]);
});

test('a month of an alarm by the minute passes within seconds', async () => {
  alarm({ Period: 60, TreatMissingData: 'notBreaching' });
  const begun = performance.now();
  await world.advance(30 * 24 * 60 * MINUTE);

  expect(performance.now() - begun).toBeLessThan(30_000);
});
