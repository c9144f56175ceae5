import { logGroup, StackWorld, TOYS } from './toys';
import { ServiceError } from '../../src/wire/operation';

const A = logGroup('a');
const resources = { A };
const many = (count: number, value: object): object => Object.fromEntries(Array.from({ length: count }, (_, at) => [`P${at}`, value]));
const condition = { 'Fn::Equals': ['a', 'a'] };

let world: StackWorld;

beforeAll(() => {
  world = new StackWorld();
});

afterAll(() => world.stop());

/** Refused by both calls, before there is a stack. */
function expectRefused(template: object | string, message: string | RegExp): void {
  const TemplateBody = typeof template === 'string' ? template : JSON.stringify(template);
  expect(() => world.cfn('CreateStack', { StackName: 'Stack', TemplateBody })).toThrow(message);
  expect(() => world.cfn('ValidateTemplate', { TemplateBody })).toThrow(message);
  expect(world.stack()).toBeUndefined();
}

test.each<[string, object, string]>([
  ['a mapping that is null', { Mappings: { M: null } }, '[/Mappings/M] \'null\' values are not allowed in templates'],
  ['mappings that are no map', { Mappings: 'x' }, 'Template format error: [/Mappings] must be a map'],
  ['a mapping of maps of maps', { Mappings: { M: { a: { b: {} } } } }, 'Template format error: [/Mappings/M/a/b] must be a string or a list'],
  ['outputs that are a list', { Outputs: [] }, 'Template format error: [/Outputs] must be a map'],
  ['a map as an output', { Outputs: { O: { Value: { a: 1 } } } }, 'must evaluate to a String and not a Map.'],
  ['a list as an output', { Outputs: { O: { Value: ['a'] } } }, 'must evaluate to a String and not a List.'],
  ['an export that is text', { Outputs: { O: { Value: 'a', Export: 'n' } } }, 'Output O is malformed. The Export field of every Outputs member must be a Map.'],
  ['an export whose name is a map', { Outputs: { O: { Value: 'a', Export: { Name: {} } } } }, 'Output O is malformed. The Name field of every Export member'],
  ['parameters that are a list', { Parameters: [] }, 'Template format error: [/Parameters] must be a map'],
  ['allowed values that are text', { Parameters: { P: { Type: 'String', AllowedValues: 'a' } } }, '[/Parameters/P/AllowedValues] must be a list'],
  ['a length that is no number', { Parameters: { P: { Type: 'String', MinLength: 'x' } } }, '[/Parameters/P/MinLength] must be a number'],
  ['conditions that are a list', { Conditions: [] }, 'Template format error: [/Conditions] must be a map'],
  ['a condition that is null', { Conditions: { C: null } }, '[/Conditions/C] \'null\' values are not allowed in templates'],
  ['a condition that is text', { Conditions: { C: 'true' } }, 'Conditions can only be boolean operations on parameters and other conditions'],
  ['a comparison with one side', { Conditions: { C: { 'Fn::Equals': ['a'] } } }, 'Template error: Fn::Equals requires a list argument with two parameters.'],
  ['all of nothing', { Conditions: { C: { 'Fn::And': [] } } }, 'Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.'],
  ['one of eleven', { Conditions: { C: { 'Fn::Or': Array(11).fill(condition) } } }, 'every Fn::Or object requires a list of at least 2 and at most 10'],
  ['a rule that is a number', { Rules: { R: 5 } }, 'Template format error: [/Rules/R] must be a map'],
  ['another version', { AWSTemplateFormatVersion: '2011-01-01' }, 'Template format error: unsupported value for AWSTemplateFormatVersion.'],
  ['a long description', { Description: 'x'.repeat(1025) }, 'Template format error: \'Description\' length is greater than 1024.'],
  ['too many parameters', { Parameters: many(201, { Type: 'String', Default: 'a' }) }, 'Number of parameters, 201, is greater than maximum allowed, 200'],
  ['too many outputs', { Outputs: many(201, { Value: 'a' }) }, 'Number of outputs, 201, is greater than maximum allowed, 200'],
  ['a long name', { Resources: { ['A'.repeat(256)]: A } }, 'is longer than 255 characters'],
])('%s is refused', (_, section, message) => {
  expectRefused({ Resources: resources, ...section }, message);
});

test.each<[string, object, string]>([
  ['a number to depend on', { DependsOn: 5 }, 'Template format error: Every DependsOn value must be a string.'],
  ['a map to depend on', { DependsOn: {} }, 'Template format error: Every DependsOn value must be a string.'],
  ['nothing to depend on', { DependsOn: null }, '[/Resources/A/DependsOn] \'null\' values are not allowed in templates'],
  ['a deletion policy that is a map', { DeletionPolicy: {} }, 'Template format error: Every DeletionPolicy member must be a string.'],
  ['a deletion policy that is a number', { DeletionPolicy: 5 }, 'Template format error: Every DeletionPolicy member must be a string.'],
  ['a creation policy that is text', { CreationPolicy: 'x' }, 'Template format error: [/Resources/A/CreationPolicy] must be a map'],
  ['an update policy that is text', { UpdatePolicy: 'x' }, 'Template format error: [/Resources/A/UpdatePolicy] must be a map'],
])('a resource with %s is refused', (_, attribute, message) => {
  expectRefused({ Resources: { A: { ...A, ...attribute } } }, message);
});

test.each<[string, object | number | string, string]>([
  ['a function that there is not', { 'Fn::Nope': 1 }, 'Template error: Encountered unsupported function: Fn::Nope'],
  ['an attribute of a number', { 'Fn::GetAtt': 5 }, 'Template error: every Fn::GetAtt object requires two non-empty parameters'],
  ['an attribute without a name', { 'Fn::GetAtt': ['B'] }, 'Template error: every Fn::GetAtt object requires two non-empty parameters'],
  ['an attribute that the type does not have', { 'Fn::GetAtt': ['B', 'Nope'] }, 'Template error: resource B does not support attribute type Nope in Fn::GetAtt'],
  ['text joined', { 'Fn::Join': ['-', 'abc'] }, 'Template error: every Fn::Join object requires two parameters'],
  ['one thing joined', { 'Fn::Join': ['-'] }, 'Template error: every Fn::Join object requires two parameters'],
])('a property with %s is refused', (_, LogGroupName, message) => {
  expectRefused({ Resources: { A: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } }, B: logGroup('b') } }, message);
});

test('a template in a request is 51,200 bytes long at most, and may be longer in a bucket', async () => {
  const body = (length: number): string => JSON.stringify({ Metadata: { x: 'y'.repeat(length) }, Resources: resources });
  const long = body(51_200);
  expectRefused(long, 'at \'templateBody\' failed to satisfy constraint: Member must have length less than or equal to 51200');

  world.call('s3', 'PutObject', { Bucket: 'templates', Key: 'long.json', Body: long });

  expect(() => world.cfn('ValidateTemplate', { TemplateURL: 'https://templates.s3.amazonaws.com/long.json' })).not.toThrow();
  expect(() => world.cfn('ValidateTemplate', { TemplateBody: body(51_200 - body(0).length) })).not.toThrow();
});

test.each([
  ['a digit first', '1bad', '1 validation error detected: Value \'1bad\' at \'stackName\' failed to satisfy constraint: Member must satisfy regular expression pattern'],
  ['an underscore', 'a_b', 'at \'stackName\' failed to satisfy constraint: Member must satisfy regular expression pattern'],
  ['129 characters', 'a'.repeat(129), 'at \'stackName\' failed to satisfy constraint: Member must have length less than or equal to 128'],
])('no stack is named with %s', (_, StackName, message) => {
  const TemplateBody = JSON.stringify({ Resources: resources });

  expect(() => world.cfn('CreateStack', { StackName, TemplateBody })).toThrow(message);
  expect(() => world.cfn('CreateChangeSet', { StackName, ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody })).toThrow(message);
});

describe('what goes wrong inside the emulator', () => {
  test('fails the resource and the stack, which does not wait for it for a day', async () => {
    const broken = new StackWorld({
      services: TOYS.map((service) => (service.name !== 'ssm' ? service : {
        ...service, operations: { ...service.operations, GetParameter: () => { throw new TypeError('unexpected'); } },
      })),
    });

    expect(await broken.deploy({ Resources: { A: logGroup('{{resolve:ssm:/some}}') } })).toBe('ROLLBACK_COMPLETE');

    expect(broken.story().find((line) => line.startsWith('A CREATE_FAILED'))).toMatch(/\[emulator\] internal error: TypeError: unexpected/);
    broken.stop();
  });
});

test.each([
  ['{{resolve:ssm:/none}}', 'Parameters: [ssm:/none] cannot be found.'],
  ['{{resolve:ssm:/none:3}}', 'Parameters: [ssm:/none:3] cannot be found.'],
])('a resource that names %s fails with a reason', async (LogGroupName, reason) => {
  const other = new StackWorld();

  await other.deploy({ Resources: { A: logGroup(LogGroupName) } });

  expect(other.story()).toContain(`A CREATE_FAILED ${reason}`);
  other.stop();
});

test('a secret that is not there is not blamed on the service of the resource', async () => {
  const other = new StackWorld({
    services: TOYS.map((service) => (service.name !== 'secretsmanager' ? service : {
      ...service, operations: { GetSecretValue: () => { throw new ServiceError('ResourceNotFoundException', 'Secrets Manager can\'t find the specified secret.'); } },
    })),
  });

  await other.deploy({ Resources: { A: logGroup('{{resolve:secretsmanager:none}}') } });

  expect(other.story().find((line) => line.startsWith('A CREATE_FAILED')))
    .toMatch(/^A CREATE_FAILED Secrets Manager can't find the specified secret\. \(Service: AWSSecretsManager; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: /);
  other.stop();
});
