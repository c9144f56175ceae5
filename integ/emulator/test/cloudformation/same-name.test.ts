import { StackWorld } from './toys';
import { cloudformation } from '../../src/cloudformation/service';
import { cloudwatch } from '../../src/services/cloudwatch/service';
import { events } from '../../src/services/events/service';
import { sns } from '../../src/services/sns/service';
import { sqs } from '../../src/services/sqs/service';

const alarm = { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, MetricName: 'x', Namespace: 'y', Period: 60, Statistic: 'Sum', Threshold: 1 };

function newWorld(): StackWorld {
  return new StackWorld({ services: [cloudformation, cloudwatch, events, sns, sqs] });
}

describe.each<[string, object, string, string, object]>([
  ['AWS::SQS::Queue', { QueueName: 'same' }, 'sqs', 'GetQueueUrl', { QueueName: 'same' }],
  ['AWS::SNS::Topic', { TopicName: 'same' }, 'sns', 'GetTopicAttributes', { TopicArn: 'arn:aws:sns:us-east-1:123456789012:same' }],
  ['AWS::Events::Rule', { Name: 'same', ScheduleExpression: 'rate(1 day)' }, 'events', 'DescribeRule', { Name: 'same' }],
  ['AWS::CloudWatch::Alarm', { AlarmName: 'same', ...alarm }, 'cloudwatch', 'DescribeAlarms', { AlarmNames: ['same'] }],
])('a second %s under the same name', (Type, Properties, service, operation, input) => {
  test('fails in another stack, and what that stack gives up is not the first one\'s', async () => {
    const world = newWorld();
    const template = { Resources: { A: { Type, Properties } } };
    expect(await world.deploy(template, { name: 'First' })).toBe('CREATE_COMPLETE');

    expect(await world.deploy(template, { name: 'Second' })).toBe('ROLLBACK_COMPLETE');

    expect(world.story('Second').find((line) => line.startsWith('A CREATE_FAILED'))).toMatch(
      new RegExp(`Resource handler returned message: "Resource of type '${Type}' with identifier '.*same' already exists\\." \\(RequestToken: .*, HandlerErrorCode: AlreadyExists\\)`));
    await world.remove('Second');
    expect(world.call(service, operation, input)).toMatchObject(
      operation === 'DescribeAlarms' ? { MetricAlarms: [{ AlarmName: 'same' }] } : {});
    world.stop();
  });

  test('fails in the same stack', async () => {
    const world = newWorld();

    expect(await world.deploy({ Resources: { A: { Type, Properties }, B: { Type, Properties, DependsOn: 'A' } } })).toBe('ROLLBACK_COMPLETE');

    expect(world.story().some((line) => /^B CREATE_FAILED .*already exists/.test(line))).toBe(true);
    world.stop();
  });
});

test('what is only written down has a name of its own, too, until it is deleted', async () => {
  const world = newWorld();
  const template = (DeletionPolicy: string) => ({
    Resources: { A: { Type: 'AWS::DynamoDB::Table', DeletionPolicy, Properties: { TableName: 'same', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }] } } },
  });
  await world.deploy(template('Delete'), { name: 'First' });

  expect(await world.deploy(template('Delete'), { name: 'Second' })).toBe('ROLLBACK_COMPLETE');
  expect(world.story('Second').some((line) => line.includes('Resource of type \'AWS::DynamoDB::Table\' with identifier \'same\' already exists.'))).toBe(true);

  await world.remove('First');
  expect(await world.deploy(template('Retain'), { name: 'Third' })).toBe('CREATE_COMPLETE');
  await world.remove('Third');
  expect(await world.deploy(template('Delete'), { name: 'Fourth' })).toBe('ROLLBACK_COMPLETE');
  world.stop();
});
