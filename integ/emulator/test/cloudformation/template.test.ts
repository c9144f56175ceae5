import { resolvePlain, resolveSecrets } from '../../src/cloudformation/template/dynamic';
import { Evaluator, KNOWN_AFTER_APPLY } from '../../src/cloudformation/template/evaluate';
import type { Environment } from '../../src/cloudformation/template/evaluate';
import { resolveParameters } from '../../src/cloudformation/template/parameters';
import { parseTemplate } from '../../src/cloudformation/template/parse';
import { checkTypes, neededCapabilities } from '../../src/cloudformation/template/policies';
import { dependencies } from '../../src/cloudformation/template/references';
import { checkRules } from '../../src/cloudformation/template/rules';
import type { Template, Value } from '../../src/cloudformation/template/template';
import { checkTransforms } from '../../src/cloudformation/template/transforms';

const ENVIRONMENT: Environment = {
  stackName: 'Stack', stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Stack/1', account: '123456789012', region: 'eu-west-1', partition: 'aws',
  notificationArns: [], parameters: { Size: '3', Names: ['a', 'b', 'c'], Empty: '' },
  importValue: (name) => `imported-${name}`, zones: (region) => [`${region}a`, `${region}b`], plain: (value) => value,
};

const TEMPLATE: Template = {
  Mappings: { Map: { 'eu-west-1': { Image: 'ami-1', List: ['x', 'y'] } } },
  Conditions: { IsThree: { 'Fn::Equals': [{ Ref: 'Size' }, 3] }, Never: { 'Fn::Not': [{ Condition: 'IsThree' }] } },
  Resources: { Thing: { Type: 'AWS::SNS::Topic' } },
};

function evaluate(value: Value, environment: Environment = ENVIRONMENT): Value | undefined {
  return new Evaluator(TEMPLATE, environment, { ref: (id) => `ref-${id}`, attribute: (id, name) => `att-${id}-${name}` }).value(value);
}

describe('evaluation', () => {
  test.each<[string, Value, Value]>([
    ['a resource', { Ref: 'Thing' }, 'ref-Thing'],
    ['a parameter', { Ref: 'Size' }, '3'],
    ['a list parameter', { Ref: 'Names' }, ['a', 'b', 'c']],
    ['the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['the URL suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['an attribute', { 'Fn::GetAtt': ['Thing', 'Arn'] }, 'att-Thing-Arn'],
    ['a nested attribute as text', { 'Fn::GetAtt': 'Thing.Endpoint.Port' }, 'att-Thing-Endpoint.Port'],
    ['text with names', { 'Fn::Sub': '${Thing}/${Thing.Arn}/${AWS::AccountId}/${!Literal}' }, 'ref-Thing/att-Thing-Arn/123456789012/${Literal}'],
    ['text with names of its own', { 'Fn::Sub': ['${Own}-${Size}', { Own: { Ref: 'Thing' } }] }, 'ref-Thing-3'],
    ['a joined list', { 'Fn::Join': ['-', ['a', { Ref: 'Size' }, 1]] }, 'a-3-1'],
    ['a joined parameter', { 'Fn::Join': [',', { Ref: 'Names' }] }, 'a,b,c'],
    ['split text', { 'Fn::Split': ['-', 'a-b-c'] }, ['a', 'b', 'c']],
    ['one of a list', { 'Fn::Select': ['1', { 'Fn::Split': ['-', 'a-b-c'] }] }, 'b'],
    ['a mapping', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Image'] }, 'ami-1'],
    ['a mapping with a default', { 'Fn::FindInMap': ['Map', 'nowhere', 'Image', { DefaultValue: 'ami-0' }] }, 'ami-0'],
    ['zones of the region', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b']],
    ['zones of another region', { 'Fn::GetAZs': 'us-east-1' }, ['us-east-1a', 'us-east-1b']],
    ['blocks of addresses', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['blocks of IPv6 addresses', { 'Fn::Cidr': ['2001:db8::/56', 2, 64] }, ['2001:db8::/64', '2001:db8:0:1::/64']],
    ['base64', { 'Fn::Base64': { 'Fn::Sub': '${Size}' } }, 'Mw=='],
    ['a condition that holds', { 'Fn::If': ['IsThree', 'yes', 'no'] }, 'yes'],
    ['a condition that does not', { 'Fn::If': ['Never', 'yes', 'no'] }, 'no'],
    ['what all say', { 'Fn::And': [{ Condition: 'IsThree' }, { 'Fn::Equals': ['a', 'a'] }] }, true],
    ['what one says', { 'Fn::Or': [{ Condition: 'Never' }, { 'Fn::Equals': ['a', 'a'] }] }, true],
    ['another stack\'s export', { 'Fn::ImportValue': { 'Fn::Sub': 'x-${Size}' } }, 'imported-x-3'],
    ['a length', { 'Fn::Length': { Ref: 'Names' } }, 3],
    ['JSON', { 'Fn::ToJsonString': { a: { Ref: 'Size' } } }, '{"a":"3"}'],
    ['members that are not there', { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, { b: [1] }],
    ['an object that only looks like a function', { Ref: 'Size', Other: 1 }, { Ref: 'Size', Other: 1 }],
    ['contained text', { 'Fn::Contains': [['1', '2'], { Ref: 'Size' }] }, false],
  ])('gives %s', (_, value, expected) => {
    expect(evaluate(value)).toEqual(expected);
  });

  test('what is not known yet stays so through functions', () => {
    const unknown = new Evaluator(TEMPLATE, ENVIRONMENT, { ref: () => KNOWN_AFTER_APPLY, attribute: () => KNOWN_AFTER_APPLY });

    expect(unknown.value({ 'Fn::Select': [2, { 'Fn::Split': [':', { Ref: 'Thing' }] }] })).toBe(KNOWN_AFTER_APPLY);
    expect(unknown.value({ 'Fn::Sub': 'x/${Thing}' })).toBe(`x/${KNOWN_AFTER_APPLY}`);
    expect(unknown.value({ 'Fn::Cidr': [{ 'Fn::GetAtt': ['Thing', 'CidrBlock'] }, 2, 8] })).toBe(KNOWN_AFTER_APPLY);
  });

  test.each<[string, Value, string]>([
    ['an index beyond the list', { 'Fn::Select': [5, ['a']] }, 'Template error: Fn::Select cannot select nonexistent value at index 5'],
    ['a mapping without the key', { 'Fn::FindInMap': ['Map', 'mars', 'Image'] }, 'Template error: Unable to get mapping for Map::mars::Image'],
    ['a list inside text', { 'Fn::Sub': '${Names}' }, 'Template error: variable Names in Fn::Sub expression does not resolve to a string'],
    ['macros', { 'Fn::Transform': {} }, '[emulator] Fn::Transform is not built'],
  ])('refuses %s', (_, value, message) => {
    expect(() => evaluate(value)).toThrow(message);
  });

  test('names a function that does not exist', () => {
    expect(() => evaluate({ 'Fn::Guess': 1 })).toThrow(/^Template error: Encountered unsupported function: Fn::Guess Supported functions are: \[Fn::Base64, /);
  });
});

describe('parsing', () => {
  test('reads the short forms of YAML, in each other and in lists', () => {
    const template = parseTemplate([
      'AWSTemplateFormatVersion: 2010-09-09',
      'Conditions: { Holds: !Equals [a, a] }',
      'Resources:',
      '  Topic:',
      '    Type: AWS::SNS::Topic',
      '    Condition: Holds',
      '    Properties:',
      '      TopicName: !Sub ["${A}-x", { A: !Ref AWS::Region }]',
      '      DisplayName: !If [Holds, !GetAtt Other.Nested.Attribute, !Ref AWS::NoValue]',
      '      Time: 22:22',
      '  Other: { Type: AWS::SNS::Topic, Properties: { TopicName: !Join ["-", [!Select [0, !GetAZs ""], b]] } }',
    ].join('\n'));

    expect(template.AWSTemplateFormatVersion).toBe('2010-09-09');
    expect(template.Resources.Topic.Properties).toEqual({
      TopicName: { 'Fn::Sub': ['${A}-x', { A: { Ref: 'AWS::Region' } }] },
      DisplayName: { 'Fn::If': ['Holds', { 'Fn::GetAtt': ['Other', 'Nested.Attribute'] }, { Ref: 'AWS::NoValue' }] },
      Time: '22:22',
    });
    expect(template.Resources.Other.Properties).toEqual({ TopicName: { 'Fn::Join': ['-', [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'b']] } });
    expect(template.Conditions).toEqual({ Holds: { 'Fn::Equals': ['a', 'a'] } });
  });

  test.each([
    ['no resources', '{"Resources":{}}', 'Template format error: At least one Resources member must be defined.'],
    ['a resource without a type', '{"Resources":{"A":{}}}', 'Template format error: [/Resources/A] Every Resources object must contain a Type member.'],
    ['a section that does not exist', '{"Resources":{"A":{"Type":"X"}},"Extra":1}', 'Invalid template property or properties [Extra]'],
    ['a resource attribute that does not exist', '{"Resources":{"A":{"Type":"X","Propertys":{}}}}', 'Invalid template resource property \'Propertys\''],
    ['JSON that ends too soon', '{"Resources":', /^Template format error: JSON not well-formed. \(line 1, column \d+\)$/],
    ['YAML that is none', 'Resources: [', /^Template format error: YAML not well-formed. \(line \d+, column \d+\)$/],
    ['an output without a value', '{"Resources":{"A":{"Type":"X"}},"Outputs":{"O":{}}}',
      'Template format error: Output O is malformed. Every Outputs member must contain a Value object'],
  ])('refuses %s', (_, body, message) => {
    expect(() => parseTemplate(body)).toThrow(message);
  });
});

describe('references', () => {
  const topic = (properties: Value = {}, extra: object = {}): Template['Resources'][string] =>
    ({ Type: 'AWS::SNS::Topic', Properties: properties as never, ...extra });

  test('a resource waits for what it refers to, wherever that stands', () => {
    const graph = dependencies({
      Resources: {
        A: topic(), B: topic(), C: topic(), D: topic({}),
        E: topic({ x: [{ Ref: 'A' }, { 'Fn::Sub': ['${B.Arn} ${Own}', { Own: { 'Fn::GetAtt': 'C.Arn' } }] }] }, { DependsOn: ['D'] }),
      },
    });

    expect([...graph.get('E')!].sort()).toEqual(['A', 'B', 'C', 'D']);
  });

  test.each<[string, Template, string]>([
    ['an unknown reference', { Resources: { A: topic({ x: { Ref: 'Gone' } }) } },
      'Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template'],
    ['an unknown dependency', { Resources: { A: topic({}, { DependsOn: 'Gone' }) } },
      'Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template'],
    ['an unknown attribute', { Resources: { A: topic({ x: { 'Fn::GetAtt': ['Gone', 'Arn'] } }) } }, 'Template error: instance of Fn::GetAtt references undefined resource Gone'],
    ['an unknown output', { Resources: { A: topic() }, Outputs: { O: { Value: { Ref: 'Gone' } } } },
      'Template format error: Unresolved resource dependencies [Gone] in the Outputs block of the template'],
    ['an unknown condition', { Resources: { A: topic({}, { Condition: 'Gone' }) } },
      'Template format error: Unresolved condition dependency Gone in the Resources block of the template'],
    ['a circle', { Resources: { A: topic({ x: { Ref: 'B' } }), B: topic({ x: { Ref: 'C' } }), C: topic({ x: { Ref: 'A' } }), D: topic({ x: { Ref: 'A' } }) } },
      'Circular dependency between resources: [A, B, C]'],
    ['a resource in a condition', { Resources: { A: topic() }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 1] } } },
      'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template'],
  ])('refuses %s', (_, template, message) => {
    expect(() => dependencies(template)).toThrow(message);
  });
});

describe('parameters', () => {
  const resolve = (definition: object, given?: string, previous?: { [name: string]: { value: string } }): unknown => resolveParameters(
    { Parameters: { P: definition as never }, Resources: {} },
    given === undefined ? (previous ? [{ ParameterKey: 'P', UsePreviousValue: true }] : []) : [{ ParameterKey: 'P', ParameterValue: given }],
    { previous, ssm: (name) => (name === '/there' ? 'a,b' : undefined) },
  ).P.resolved;

  test.each<[string, object, string | undefined, unknown]>([
    ['a default', { Type: 'String', Default: 'x' }, undefined, 'x'],
    ['a given value', { Type: 'Number', MinValue: 1 }, '5', '5'],
    ['a list', { Type: 'CommaDelimitedList' }, 'a, b', ['a', 'b']],
    ['a list of numbers', { Type: 'List<Number>' }, '1,2', ['1', '2']],
    ['a stored parameter', { Type: 'AWS::SSM::Parameter::Value<String>' }, '/there', 'a,b'],
    ['a stored list', { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/there' }, undefined, ['a', 'b']],
    ['a type of AWS', { Type: 'AWS::EC2::VPC::Id' }, 'vpc-1', 'vpc-1'],
  ])('takes %s', (_, definition, given, expected) => {
    expect(resolve(definition, given)).toEqual(expected);
  });

  test.each<[string, object, string | undefined, string]>([
    ['a missing value', { Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    ['what is not allowed', { Type: 'String', AllowedValues: ['a', 'b'] }, 'c', 'Parameter \'P\' must be one of AllowedValues'],
    ['what does not fit the pattern', { Type: 'String', AllowedPattern: '[a-z]+' }, 'A', 'Parameter \'P\' must match pattern [a-z]+'],
    ['what its description forbids', { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'only letters' }, 'A',
      'Parameter P failed to satisfy constraint: only letters'],
    ['text for a number', { Type: 'Number' }, 'x', 'Parameter \'P\' must be a number.'],
    ['too small a number', { Type: 'Number', MinValue: 3 }, '2', 'Parameter \'P\' must be a number not less than 3'],
    ['too long a text', { Type: 'String', MaxLength: 2 }, 'abc', 'Parameter \'P\' must contain at most 2 characters'],
    ['a parameter that is not stored', { Type: 'AWS::SSM::Parameter::Value<String>' }, '/gone', 'Unable to fetch parameters [/gone] from parameter store for this account.'],
  ])('refuses %s', (_, definition, given, message) => {
    expect(() => resolve(definition, given)).toThrow(message);
  });

  test('takes the previous value when asked to', () => {
    expect(resolve({ Type: 'String' }, undefined, { P: { value: 'before' } })).toBe('before');
  });

  test('refuses a parameter that the template does not have', () => {
    expect(() => resolveParameters({ Resources: {} }, [{ ParameterKey: 'Q', ParameterValue: '' }], { ssm: () => undefined }))
      .toThrow('Parameters: [Q] do not exist in the template');
  });
});

describe('rules, policies and transforms', () => {
  test('a rule that does not hold refuses with its own words', () => {
    const Assert = { 'Fn::Not': [{ 'Fn::Contains': [['3'], { Ref: 'Size' }] }] };
    const template: Template = { Resources: {}, Rules: { R: { Assertions: [{ Assert, AssertDescription: 'too old' }] } } };

    expect(() => checkRules(template, new Evaluator(template, ENVIRONMENT, { ref: (id) => id, attribute: (id) => id }))).toThrow('too old');
  });

  test('a rule whose condition does not hold is passed over', () => {
    const template: Template = { Resources: {}, Rules: { R: { RuleCondition: { 'Fn::Equals': [{ Ref: 'Size' }, '4'] }, Assertions: [{ Assert: { 'Fn::Equals': [1, 2] } }] } } };

    expect(() => checkRules(template, new Evaluator(template, ENVIRONMENT, { ref: (id) => id, attribute: (id) => id }))).not.toThrow();
  });

  test.each([
    ['a snapshot of what has none', { Type: 'AWS::CloudHSM::Cluster', DeletionPolicy: 'Snapshot' },
      'Template error: resource type AWS::CloudHSM::Cluster does not support deletion policy Snapshot'],
    ['a type that does not exist', { Type: 'AWS::Nothing::AtAll' }, 'Template format error: Unrecognized resource types: [AWS::Nothing::AtAll]'],
    ['a policy that does not exist', { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Keep' }, 'Template format error: Unrecognized DeletionPolicy Keep for resource A'],
  ])('refuses %s', (_, resource, message) => {
    expect(() => checkTypes({ Resources: { A: resource } }, ['AWS::EC2::Volume'])).toThrow(message);
  });

  test.each([
    ['nothing', 'AWS::SNS::Topic', {}, []],
    ['a capability for a role', 'AWS::IAM::Role', {}, ['CAPABILITY_IAM']],
    ['a greater one for a named role', 'AWS::IAM::Role', { RoleName: 'r' }, ['CAPABILITY_NAMED_IAM']],
    ['no more for the name of an inline policy', 'AWS::IAM::Policy', { PolicyName: 'p' }, ['CAPABILITY_IAM']],
  ])('asks for %s', (_, Type, Properties, expected) => {
    expect(neededCapabilities({ Resources: { A: { Type, Properties: Properties as never } } }).capabilities).toEqual(expected);
  });

  test('macros are refused, language extensions are not', () => {
    expect(() => checkTransforms({ Resources: {}, Transform: 'AWS::Serverless-2016-10-31' })).toThrow('[emulator] the transform AWS::Serverless-2016-10-31 is not built');
    expect(() => checkTransforms({ Resources: {}, Transform: ['AWS::LanguageExtensions'] })).not.toThrow();
  });
});

describe('dynamic references', () => {
  const source = {
    parameter: (name: string, version: string | undefined, secure: boolean) => `${name}@${version ?? 'latest'}${secure ? '!' : ''}`,
    secret: (id: string, stage?: string) => JSON.stringify({ password: `of ${id} ${stage ?? 'current'}` }),
  };

  test('plain parameters are resolved and secrets are left', () => {
    expect(resolvePlain({ a: 'x{{resolve:ssm:/p:3}}y', b: ['{{resolve:secretsmanager:s}}'] }, source)).toEqual({ a: 'x/p@3y', b: ['{{resolve:secretsmanager:s}}'] });
  });

  test.each([
    ['a secure parameter', '{{resolve:ssm-secure:/p}}', '/p@latest!'],
    ['a whole secret', '{{resolve:secretsmanager:s}}', '{"password":"of s current"}'],
    ['a member of a secret', '{{resolve:secretsmanager:s:SecretString:password}}', 'of s current'],
    ['a stage of a secret', '{{resolve:secretsmanager:s:SecretString:password:AWSPREVIOUS:}}', 'of s AWSPREVIOUS'],
    ['a secret by its ARN', '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:s-a:SecretString:password::}}',
      'of arn:aws:secretsmanager:eu-west-1:1:secret:s-a current'],
  ])('%s is found', (_, text, expected) => {
    expect(resolveSecrets(text, source)).toBe(expected);
  });

  test('a member that is not there is an error in AWS\'s words', () => {
    expect(() => resolveSecrets('{{resolve:secretsmanager:s:SecretString:user}}', source)).toThrow('Could not find a value associated with JSONKey in SecretString');
  });
});
