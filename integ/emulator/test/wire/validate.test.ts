import { UNREADABLE_PATTERNS, javaPattern } from '../../src/wire/java-pattern';
import { loadModel, serviceNames } from '../../src/wire/model';
import type { OperationModel } from '../../src/wire/model';
import { inputProblem, validateInput } from '../../src/wire/validate';

const said = (service: string, operation: string, input: object): string => {
  const problem = inputProblem(service, operation, input);
  return problem ? `${problem.code}: ${problem.message}` : 'fine';
};

describe('CloudHSM', () => {
  const create = { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0123456789abcdef0'] };

  test('takes what it should, the VPC id of the model\'s wrong pattern included', () => {
    expect(said('cloudhsmv2', 'CreateCluster', create)).toBe('fine');
    expect(loadModel('cloudhsmv2').shapes.get('VpcId')).toMatchObject({ pattern: undefined });
  });

  test.each([
    ['DeleteCluster', {}, '1 validation error detected: Value null at \'clusterId\' failed to satisfy constraint: Member must not be null'],
    ['DeleteCluster', { ClusterId: 'x' }, '1 validation error detected: Value \'x\' at \'clusterId\' failed to satisfy constraint: '
      + 'Member must satisfy regular expression pattern: cluster-[2-7a-zA-Z]{11,16}'],
    ['DescribeClusters', { MaxResults: 0 }, '1 validation error detected: Value \'0\' at \'maxResults\' failed to satisfy constraint: '
      + 'Member must have value greater than or equal to 1'],
    ['CreateCluster', { ...create, Mode: 'X', SubnetIds: [] }, '2 validation errors detected: '
      + 'Value \'[]\' at \'subnetIds\' failed to satisfy constraint: Member must have length greater than or equal to 1; '
      + 'Value \'X\' at \'mode\' failed to satisfy constraint: Member must satisfy enum value set: [FIPS, NON_FIPS]'],
    ['CreateCluster', { ...create, SubnetIds: ['subnet-1'] }, '1 validation error detected: Value \'[subnet-1]\' at \'subnetIds\' failed to satisfy constraint: '
      + 'Member must satisfy constraint: [Member must satisfy regular expression pattern: subnet-[0-9a-fA-F]{8,17}, Member must not be null]'],
    ['CreateCluster', { ...create, TagList: [{ Key: 'a' }] }, '1 validation error detected: '
      + 'Value null at \'tagList.1.member.value\' failed to satisfy constraint: Member must not be null'],
    ['CreateCluster', { ...create, TagList: [null] }, '1 validation error detected: Value \'[null]\' at \'tagList\' failed to satisfy constraint: '
      + 'Member must satisfy constraint: [Member must not be null]'],
  ])('%s with %o is refused by its own exception', (operation, input, message) => {
    expect(said('cloudhsmv2', operation, input)).toBe(`CloudHsmInvalidRequestException: ${message}`);
  });
});

test.each([
  ['kms', 'DescribeKey', {}, 'ValidationException: 1 validation error detected: Value null at \'keyId\' failed to satisfy constraint: Member must not be null'],
  ['iam', 'GetRole', { RoleName: 'a b' }, 'ValidationError: 1 validation error detected: Value \'a b\' at \'roleName\' failed to satisfy constraint: '
    + 'Member must satisfy regular expression pattern: [\\w+=,.@-]+'],
  ['logs', 'CreateLogGroup', { logGroupName: '' }, /^InvalidParameterException: 2 validation errors detected: Value '' at 'logGroupName' failed/],
  ['ec2', 'DeleteVpc', {}, 'MissingParameter: The request must contain the parameter VpcId'],
  ['ec2', 'DescribeVpcs', { MaxResults: 1 }, 'InvalidParameterValue: Value ( 1 ) for parameter maxResults is invalid. Expecting a value greater than 5.'],
  ['s3', 'DeleteObjects', { Bucket: 'b', Delete: {} }, /^MalformedXML: The XML you provided/],
  ['sqs', 'CreateQueue', {}, 'MissingParameter: The request must contain the parameter QueueName.'],
  ['lambda', 'Invoke', { FunctionName: 'a b' }, /^ValidationException: 1 validation error detected: Value 'a b' at 'functionName' failed/],
  ['ecr', 'CreateRepository', { repositoryName: 'AB' }, /^InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy/],
])('%s %s with %o: %s', (service, operation, input, expected) => {
  if (typeof expected === 'string') expect(said(service, operation, input)).toBe(expected);
  else expect(said(service, operation, input)).toMatch(expected);
});

test('secrets are not repeated', () => {
  const message = said('secretsmanager', 'CreateSecret', { Name: 'n', SecretString: '' });
  expect(message).toBe('ValidationException: 1 validation error detected: Value at \'secretString\' failed to satisfy constraint: '
    + 'Member must have length greater than or equal to 1');
});

test('the emulator\'s own mistakes are called that', () => {
  expect(said('kms', 'DescribeKey', { KeyID: 'k', KeyId: 'k' })).toBe('ValidationException: [emulator] kms DescribeKey KeyID is not an input the model has');
  expect(said('kms', 'DescribeKey', { KeyId: 5 })).toBe('ValidationException: [emulator] kms DescribeKey KeyId should be of type string');
});

test('every pattern of every model can be read', () => {
  for (const service of serviceNames()) {
    for (const shape of loadModel(service).shapes.values()) if ('pattern' in shape && shape.pattern) javaPattern(shape.pattern);
  }
  expect([...UNREADABLE_PATTERNS]).toEqual([]);
});

test.each([
  ['[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', 'Größe 1', true], ['[\\p{L}]*', '!', false], ['(?i)all|[0-9]{12}', 'ALL', true], ['\\p{Alpha}+', 'ä', false],
  ['[\\p{Alnum}_]+', 'a_1', true], ['a++b', 'aab', true], ['\\Aa\\z', 'a', true], ['[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*', '😀', true],
  ['b', 'abc', false], ['a|b', 'ab', false], ['.*', 'a\nb', false], ['(?s).*', 'a\nb', true],
])('Java\'s %s takes %s: %s', (pattern, value, fits) => {
  expect(javaPattern(pattern)?.test(value)).toBe(fits);
});

test('what cannot be read is noted and holds nobody', () => {
  expect(javaPattern('(?<=a+)\\G(')).toBeUndefined();
  expect(UNREADABLE_PATTERNS.delete('(?<=a+)\\G(')).toBe(true);
});

test('a service may hold its callers to less than its model', () => {
  const operation = loadModel('cloudhsmv2').operations.get('CreateCluster') as OperationModel;
  const input = { HsmType: '!', SubnetIds: [], Mode: 'X' };

  const kinds = (options: Parameters<typeof validateInput>[2]): string[] => validateInput(operation, input, options).map(({ kind }) => kind);

  expect(kinds({})).toEqual(['pattern', 'min-length', 'enum']);
  expect(kinds({ patterns: false })).toEqual(['min-length', 'enum']);
  expect(kinds({ patterns: false, limits: false, enums: false })).toEqual([]);
});
