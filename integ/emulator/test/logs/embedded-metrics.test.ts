import { cloudwatch } from '../../src/services/cloudwatch/service';
import { logs } from '../../src/services/logs/service';
import { World } from '../_helpers/world';

let world: World;
const STREAM = { logGroupName: 'g', logStreamName: 's' };
beforeEach(() => {
  world = new World({ services: [cloudwatch, logs] });
  world.call('logs', 'CreateLogGroup', { logGroupName: 'g' });
  world.call('logs', 'CreateLogStream', STREAM);
});
afterEach(() => world.stop());

const log = (line: unknown) => world.call('logs', 'PutLogEvents', { ...STREAM, logEvents: [{ timestamp: Date.now(), message: typeof line === 'string' ? line : JSON.stringify(line) }] });
const found = () => world.call<{ Metrics: object[] }>('cloudwatch', 'ListMetrics', {}).Metrics;
const directive = { Namespace: 'n', Dimensions: [['d'], []], Metrics: [{ Name: 'm', Unit: 'Seconds' }] };
const line = (more: object = {}, of: object = {}) => ({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ ...directive, ...of }] }, d: 'x', m: 4, ...more });

test('a line in embedded metric format becomes a metric for each of its dimension sets', () => {
  log(line());

  expect(found()).toEqual([{ Namespace: 'n', MetricName: 'm', Dimensions: [{ Name: 'd', Value: 'x' }] }, { Namespace: 'n', MetricName: 'm', Dimensions: [] }]);
  const { Datapoints } = world.call<{ Datapoints: object[] }>('cloudwatch', 'GetMetricStatistics', {
    Namespace: 'n', MetricName: 'm', Dimensions: [{ Name: 'd', Value: 'x' }], Period: 60, Statistics: ['Sum'], StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000),
  });
  expect(Datapoints).toMatchObject([{ Sum: 4, Unit: 'Seconds' }]);
});

test('a list of numbers is as many values', () => {
  log(line({ m: [1, 2, 3] }, { Dimensions: [[]] }));

  const { Datapoints } = world.call<{ Datapoints: object[] }>('cloudwatch', 'GetMetricStatistics', {
    Namespace: 'n', MetricName: 'm', Period: 60, Statistics: ['SampleCount', 'Maximum'], StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000),
  });
  expect(Datapoints).toMatchObject([{ SampleCount: 3, Maximum: 3 }]);
});

test.each([
  ['text', 'CloudWatchMetrics'],
  ['a prefix before the JSON', `2026-01-01\tINFO\t${JSON.stringify(line())}`],
  ['JSON that is cut off', JSON.stringify(line()).slice(0, -1)],
  ['no timestamp', { ...line(), _aws: { CloudWatchMetrics: [directive] } }],
  ['a metric that is no number', line({ m: 'four' })],
  ['a namespace that is none', line({}, { Namespace: undefined })],
  ['a dimension that is not there', line({ d: undefined }, { Dimensions: [['d']] })],
])('%s makes no metric, and is a log event all the same', (_title, message) => {
  log(message);

  expect(found()).toEqual([]);
  expect(world.call<{ events: object[] }>('logs', 'FilterLogEvents', { logGroupName: 'g' }).events).toHaveLength(1);
});
