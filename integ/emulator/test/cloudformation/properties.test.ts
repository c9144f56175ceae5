import { StackWorld } from './toys';
import { specOf } from '../../src/cloudformation/spec';
import { propertyProblems } from '../../src/cloudformation/template/properties';
import type { ValueMap } from '../../src/cloudformation/template/template';

test.each<[string, string, ValueMap, string[]]>([
  ['a key the type does not have', 'AWS::SQS::Queue', { Foo: 1 }, ['#: extraneous key [Foo] is not permitted']],
  ['a key in other capitals', 'AWS::Lambda::Function', { Code: {}, Role: 'r', TimeOut: 5 }, ['#: extraneous key [TimeOut] is not permitted']],
  ['a missing key', 'AWS::DynamoDB::Table', { TableName: 'a' }, ['#: required key [KeySchema] not found']],
  ['text that is no number', 'AWS::SQS::Queue', { DelaySeconds: 'abc' }, ['#/DelaySeconds: expected type: Integer, found: String']],
  ['half a number', 'AWS::SQS::Queue', { DelaySeconds: 1.5 }, ['#/DelaySeconds: expected type: Integer, found: Number']],
  ['an object for text', 'AWS::SQS::Queue', { QueueName: { a: 1 } }, ['#/QueueName: expected type: String, found: JSONObject']],
  ['a list in a list of text', 'AWS::Lambda::Function', { Code: {}, Role: 'r', Layers: [['a']] }, ['#/Layers/0: expected type: String, found: JSONArray']],
  ['all of it at once', 'AWS::DynamoDB::Table', { Foo: 1 }, ['#: extraneous key [Foo] is not permitted', '#: required key [KeySchema] not found']],
])('%s is a problem', (_, type, properties, problems) => {
  expect(propertyProblems(type, properties, specOf)).toEqual(problems);
});

test.each<[string, string, ValueMap]>([
  ['numbers as text', 'AWS::SQS::Queue', { DelaySeconds: '5' }],
  ['truth as text', 'AWS::SQS::Queue', { FifoQueue: 'true' }],
  ['a number for text', 'AWS::SQS::Queue', { QueueName: 5 }],
  ['the only item of a list', 'AWS::Lambda::Function', { Code: {}, Role: 'r', Layers: 'a' }],
  ['a document as an object', 'AWS::IAM::Role', { AssumeRolePolicyDocument: {} }],
  ['whatever a custom resource has', 'Custom::Thing', { ServiceToken: 'x', Foo: 1 }],
  ['what the specification does not list', 'AWS::CDK::Metadata', { Analytics: 'x' }],
])('%s is none', (_, type, properties) => {
  expect(propertyProblems(type, properties, specOf)).toEqual([]);
});

test('a resource with properties that its type does not have is not made', async () => {
  const world = new StackWorld();

  expect(await world.deploy({ Resources: { A: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'a', Foo: 1 } } } })).toBe('ROLLBACK_COMPLETE');

  expect(world.story()).toContain('A CREATE_FAILED Properties validation failed for resource A with message:\n#: extraneous key [Foo] is not permitted');
  expect(world.groupNames()).toEqual([]);
  world.stop();
});
