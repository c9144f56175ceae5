import * as fc from 'fast-check';

/** Requests and policies in which everything is likely to meet: a handful of names, and patterns over them. */

export interface StatementText {
  readonly Effect: 'Allow' | 'Deny';
  readonly [member: string]: unknown;
}

export interface DocumentText {
  readonly Version: '2012-10-17' | '2008-10-17';
  readonly Statement: readonly StatementText[];
}

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly principal: { readonly account: string; readonly arn: string; readonly roleArn?: string; readonly service?: string };
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  readonly identity: readonly DocumentText[];
  readonly boundary?: DocumentText;
  readonly session?: DocumentText;
  readonly organization?: readonly DocumentText[];
  readonly resourceAccount: string;
  readonly resourcePolicy?: DocumentText;
  readonly isGate: boolean;
}

export const HOME = '111111111111';
export const AWAY = '222222222222';
const ROLE = `arn:aws:iam::${HOME}:role/app`;
const SESSION = `arn:aws:sts::${HOME}:assumed-role/app/me`;
const USER = `arn:aws:iam::${HOME}:user/ann`;

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'sqs:SendMessage'];
const ACTION_PATTERNS = [...ACTIONS, 's3:*', '*', 's3:*', 's3:Get*', 'S3:getobject', '*', 's3:?etObject', 'sqs:*'];
const RESOURCES = ['arn:aws:s3:::data/a/b', 'arn:aws:s3:::data', 'arn:aws:s3:::logs/ann', `arn:aws:sqs:eu-west-1:${AWAY}:jobs`];
const RESOURCE_PATTERNS = [
  ...RESOURCES, '*', '*', '*', 'arn:aws:s3:::*', 'arn:aws:s3:::*', 'arn:aws:s3:::data/*', 'arn:aws:s3:::data/?/b', `arn:aws:sqs:*:${AWAY}:*`, 'arn:aws:s3:::logs/${aws:username}',
  'arn:aws:s3:::logs/${aws:PrincipalTag/team, \'ann\'}', 'arn:aws:*:*:*:jobs',
];

const oneOrMany = (values: readonly string[]) => fc.oneof(
  fc.constantFrom(...values), fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }));

/** Once in so many times. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, times: number): fc.Arbitrary<T | undefined> => fc.oneof(
  { weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const TEXT_TESTS = ['String', 'Arn'].flatMap((kind) => (kind === 'String'
  ? ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike']
  : ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike']));
const NUMBER_TESTS = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];

const test = (operators: readonly string[], keys: readonly string[], values: readonly string[], prefixes: readonly string[] = ['']) => fc.record({
  prefix: fc.constantFrom(...prefixes), operator: fc.constantFrom(...operators), suffix: fc.constantFrom('', 'IfExists'), key: fc.constantFrom(...keys), value: oneOrMany(values),
}).map(({ prefix, operator, suffix, key, value }) => ({ [`${prefix}${operator}${suffix}`]: { [key]: value } }));

const condition = fc.oneof(
  test(TEXT_TESTS.slice(0, 6), ['aws:username', 'AWS:PrincipalTag/team', 's3:prefix'], ['ann', 'Ann', 'a*', 'red', '${aws:username}', '*', 'b?b']),
  test(TEXT_TESTS.slice(6), ['aws:PrincipalArn', 'aws:SourceArn'], [ROLE, USER, 'arn:aws:iam::*:role/*', `arn:aws:iam::${HOME}:*`, '*', 'arn:aws:sns:*:*:t?']),
  test(TEXT_TESTS.slice(0, 6), ['aws:TagKeys'], ['one', 'two', 'o*', '*'], ['ForAllValues:', 'ForAnyValue:']),
  test(NUMBER_TESTS.map((name) => `Numeric${name}`), ['s3:max-keys'], ['1', '10', '10.5', 'ten']),
  test(NUMBER_TESTS.map((name) => `Date${name}`), ['aws:CurrentTime'], ['2026-01-01T00:00:00Z', '2026-06-01', '1767225600']),
  test(['Bool'], ['aws:SecureTransport'], ['true', 'false']),
  test(['IpAddress', 'NotIpAddress'], ['aws:SourceIp'], ['10.0.0.0/8', '10.1.2.3', '203.0.113.0/24', '2001:db8::/32']),
  fc.record({ key: fc.constantFrom('aws:username', 'aws:TagKeys', 'aws:SourceIp'), value: fc.constantFrom('true', 'false') }).map(({ key, value }) => ({ Null: { [key]: value } })),
);

const PRINCIPALS = [
  '*', { AWS: '*' }, { AWS: HOME }, { AWS: `arn:aws:iam::${HOME}:root` }, { AWS: [AWAY, ROLE] }, { AWS: ROLE }, { AWS: SESSION }, { AWS: USER }, { Service: 'events.amazonaws.com' },
  { Service: ['sns.amazonaws.com'], AWS: USER },
];

function statement(withPrincipal: boolean): fc.Arbitrary<StatementText> {
  return fc.record({
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny'),
    action: fc.tuple(fc.constantFrom('Action', 'Action', 'Action', 'Action', 'NotAction'), oneOrMany(ACTION_PATTERNS)),
    resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'Resource', 'Resource', 'NotResource'), oneOrMany(RESOURCE_PATTERNS)),
    principal: fc.constantFrom(...PRINCIPALS),
    Condition: sometimes(fc.oneof(condition, fc.tuple(condition, condition).map(([one, other]) => ({ ...one, ...other }))), 2),
  }).map(({ Effect, action, resource, principal, Condition }) => ({
    Effect,
    [action[0]]: action[1],
    [resource[0]]: resource[1],
    ...(withPrincipal ? { Principal: principal } : {}),
    ...(Condition ? { Condition } : {}),
  }));
}

function document(withPrincipal: boolean = false): fc.Arbitrary<DocumentText> {
  return fc.record({
    Version: fc.constantFrom<'2012-10-17' | '2008-10-17'>('2012-10-17', '2012-10-17', '2008-10-17'),
    Statement: fc.array(statement(withPrincipal), { minLength: 1, maxLength: 3 }),
  });
}

const caller = fc.constantFrom<{ principal: Question['principal']; keys: Question['keys'] }>(
  { principal: { account: HOME, arn: SESSION, roleArn: ROLE }, keys: { 'aws:principalarn': ROLE } },
  { principal: { account: HOME, arn: SESSION, roleArn: ROLE }, keys: { 'aws:principalarn': ROLE, 'aws:principaltag/team': 'red' } },
  { principal: { account: HOME, arn: USER }, keys: { 'aws:principalarn': USER, 'aws:username': 'ann' } },
  { principal: { account: HOME, arn: `arn:aws:iam::${HOME}:role/aws-service-role/events`, service: 'events.amazonaws.com' }, keys: { 'aws:sourcearn': 'arn:aws:sns:eu-west-1:1:t1' } },
);

const context = fc.record({
  's3:prefix': fc.constantFrom('a', 'bob', 'ann'),
  's3:max-keys': fc.constantFrom('1', '5', '10', 'many'),
  'aws:currenttime': fc.constantFrom('2026-03-01T12:00:00Z', '2025-01-01T00:00:00Z'),
  'aws:securetransport': fc.constantFrom('true', 'false'),
  'aws:sourceip': fc.constantFrom('10.1.2.3', '203.0.113.9', '2001:db8::1'),
  'aws:tagkeys': fc.subarray(['one', 'two', 'three']),
}, { requiredKeys: [] });

export const question: fc.Arbitrary<Question> = fc.record({
  action: fc.constantFrom(...ACTIONS),
  resource: fc.constantFrom(...RESOURCES),
  caller,
  context,
  identity: fc.array(document(), { minLength: 1, maxLength: 2 }),
  boundary: sometimes(document(), 3),
  session: sometimes(document(), 5),
  organization: sometimes(fc.array(document(), { minLength: 1, maxLength: 2 }), 5),
  resourceAccount: fc.constantFrom(HOME, HOME, AWAY),
  resourcePolicy: sometimes(document(true), 2),
  isGate: fc.boolean(),
}).map(({ caller: { principal, keys }, context: more, ...rest }) => ({ ...rest, principal, keys: { ...more, ...keys } }));
