import { cloudwatch } from '../../src/services/cloudwatch/service';
import { sns } from '../../src/services/sns/service';
import { sqs } from '../../src/services/sqs/service';
import { letsIn, World } from '../_helpers/world';

let world: World;
beforeEach(() => { world = new World({ services: [cloudwatch, sns, sqs] }); });
afterEach(() => world.stop());

const ALARM = { AlarmName: 'a', MetricName: 'm', Namespace: 'n', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', Statistic: 'Sum' };
const described = (input: object = {}) => world.call<{ MetricAlarms: Array<Record<string, unknown>>; CompositeAlarms: object[] }>('cloudwatch', 'DescribeAlarms', input);

test('an alarm comes back as it was put, without data', () => {
  world.call('cloudwatch', 'PutMetricAlarm', { ...ALARM, Tags: [{ Key: 'k', Value: 'v' }] });
  const [alarm] = described().MetricAlarms;
  expect(alarm).toMatchObject({ ...ALARM, AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a', StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true });
  expect(alarm).not.toHaveProperty('Tags');
  expect(world.call('cloudwatch', 'ListTagsForResource', { ResourceARN: alarm.AlarmArn })).toEqual({ Tags: [{ Key: 'k', Value: 'v' }] });
});

test('composite alarms are shown when asked for', () => {
  world.call('cloudwatch', 'PutCompositeAlarm', { AlarmName: 'c', AlarmRule: 'ALARM(a)' });
  expect(described().CompositeAlarms).toEqual([]);
  expect(described({ AlarmTypes: ['CompositeAlarm'] }).CompositeAlarms).toMatchObject([{ AlarmName: 'c', AlarmRule: 'ALARM(a)' }]);
});

test('a state that is set tells the topic once, and keeps through an update', () => {
  const { TopicArn } = world.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 't' });
  const { QueueUrl } = world.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'q', Attributes: { Policy: letsIn('sns') } });
  world.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:123456789012:q', Attributes: { RawMessageDelivery: 'true' } });
  world.call('cloudwatch', 'PutMetricAlarm', { ...ALARM, AlarmActions: [TopicArn] });
  const set = () => world.call('cloudwatch', 'SetAlarmState', { AlarmName: 'a', StateValue: 'ALARM', StateReason: 'test' });
  set();
  set();
  const messages = world.call<{ Messages: Array<{ Body: string }> }>('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }).Messages;
  expect(messages.map(({ Body }) => JSON.parse(Body) as object)).toMatchObject([{ AlarmName: 'a', NewStateValue: 'ALARM', OldStateValue: 'INSUFFICIENT_DATA' }]);
  world.call('cloudwatch', 'PutMetricAlarm', { ...ALARM, Threshold: 2 });
  expect(described().MetricAlarms).toMatchObject([{ Threshold: 2, StateValue: 'ALARM' }]);
});

test('metric data come back as statistics by period', async () => {
  const put = (Value: number) => world.call('cloudwatch', 'PutMetricData', { Namespace: 'n', MetricData: [{ MetricName: 'm', Value, Dimensions: [{ Name: 'd', Value: '1' }] }] });
  const StartTime = new Date(world.kernel.hostTime());
  put(1);
  put(3);
  await world.advance(60_000);
  put(10);
  const answer = world.call<{ Datapoints: Array<{ Sum: number; Average: number; Maximum: number }> }>('cloudwatch', 'GetMetricStatistics', {
    Namespace: 'n', MetricName: 'm', Dimensions: [{ Name: 'd', Value: '1' }], Period: 60, Statistics: ['Sum', 'Average', 'Maximum'],
    StartTime: new Date(StartTime.getTime() - 60_000), EndTime: new Date(Date.now() + 60_000),
  });
  expect(answer.Datapoints.map(({ Sum }) => Sum).reduce((a, b) => a + b)).toBe(14);
  expect(answer.Datapoints[0]).toMatchObject({ Sum: 4, Average: 2, Maximum: 3 });
  expect(world.call('cloudwatch', 'ListMetrics', { Namespace: 'n' })).toMatchObject({ Metrics: [{ MetricName: 'm' }] });
});

test('dashboards are kept, and a body that is no JSON is refused', () => {
  world.call('cloudwatch', 'PutDashboard', { DashboardName: 'd', DashboardBody: '{"widgets":[]}' });
  expect(world.call('cloudwatch', 'GetDashboard', { DashboardName: 'd' })).toEqual({ DashboardName: 'd', DashboardBody: '{"widgets":[]}', DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/d' });
  expect(world.refusal('cloudwatch', 'PutDashboard', { DashboardName: 'd', DashboardBody: '{' }).code).toBe('DashboardInvalidInputError');
  world.call('cloudwatch', 'DeleteDashboards', { DashboardNames: ['d'] });
  expect(world.refusal('cloudwatch', 'GetDashboard', { DashboardName: 'd' }).code).toBe('DashboardNotFoundError');
});
