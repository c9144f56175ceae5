import { compileDocument, decide, triedStatements } from '../../src/access/evaluate';
import type { Asker, Decision, Policies, Policy, PolicyKind } from '../../src/access/evaluate';

/** Examples that AWS's pages work through, each with its page (below https://docs.aws.amazon.com/). */

type StatementText = Readonly<Record<string, unknown>>;

function policy(kind: PolicyKind, ...statements: StatementText[]): Policy {
  return { kind, name: kind, document: compileDocument(JSON.stringify({ Version: '2012-10-17', Statement: statements })) };
}

const HOME = '111111111111';
const AWAY = '222222222222';
const USER: Asker = { account: HOME, arn: `arn:aws:iam::${HOME}:user/carlossalazar` };
const SESSION: Asker = { account: HOME, arn: `arn:aws:sts::${HOME}:assumed-role/app/me`, roleArn: `arn:aws:iam::${HOME}:role/app` };

interface Asking {
  readonly as?: Asker;
  readonly action?: string;
  readonly resource?: string;
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
}

function ask({ as = USER, action = 's3:ListBucket', resource = 'arn:aws:s3:::Production', keys = {} }: Asking, policies: Partial<Policies>): Decision {
  return decide({ principal: as, action, resource, keys: new Map(Object.entries(keys)) }, { identity: [], ...policies });
}

const verdict = ({ allowed, explicit, refusedBy }: Decision): string => (allowed ? 'allowed' : `${explicit ? 'denied' : 'refused'} by ${refusedBy}`);

const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*', more: StatementText = {}): StatementText => ({ Effect: 'Allow', Action, Resource, ...more });
const deny = (Action: string | readonly string[], Resource: string | readonly string[] = '*', more: StatementText = {}): StatementText => ({ Effect: 'Deny', Action, Resource, ...more });
const identity = (...statements: StatementText[]): Policy[] => [policy('identity', ...statements)];
const resource = (account: string, isGate: boolean, ...statements: StatementText[]): Policies['resource'] => ({ account, isGate, policy: policy('resource', ...statements) });

describe('who is asked', () => {
  const S3 = 'arn:aws:s3:::Production';
  const byBucket = (AWS: string) => allow('s3:ListBucket', S3, { Principal: { AWS } });

  test.each<[string, string, Asking, Partial<Policies>]>([
    // IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    ['nothing is allowed by default', 'refused by identity', {}, {}],
    ['an explicit deny beats any allow', 'denied by identity', {}, { identity: identity(allow('*'), deny('s3:*')) }],
    ['an explicit deny of a resource beats its own allow', 'denied by resource', {}, { resource: resource(HOME, false, byBucket(USER.arn), deny('*', '*', { Principal: '*' })) }],
    // IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
    ['in one account the resource alone is enough', 'allowed', {}, { resource: resource(HOME, false, byBucket(USER.arn)) }],
    ['in one account the identity alone is enough', 'allowed', {}, { identity: identity(allow('s3:ListBucket')), resource: resource(HOME, false, byBucket(`arn:aws:iam::${HOME}:user/other`)) }],
    ['a resource that names the account leaves it to the account', 'refused by identity', {}, { resource: resource(HOME, false, byBucket(`arn:aws:iam::${HOME}:root`)) }],
    // IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html (Carlos and the bucket Production)
    ['across accounts both have to allow', 'allowed', {}, { identity: identity(allow('s3:ListBucket', S3)), resource: resource(AWAY, false, byBucket(USER.arn)) }],
    ['across accounts the identity alone is not enough', 'refused by resource', {}, { identity: identity(allow('s3:ListBucket', S3)), resource: resource(AWAY, false, byBucket(SESSION.roleArn!)) }],
    ['across accounts the resource alone is not enough', 'refused by identity', {}, { resource: resource(AWAY, false, byBucket(USER.arn)) }],
    ['across accounts a resource may name the account', 'allowed', {}, { identity: identity(allow('s3:ListBucket', S3)), resource: resource(AWAY, false, byBucket(HOME)) }],
    // IAM/latest/UserGuide/access_policies_boundaries.html (ShirleyRodriguez)
    ['a boundary gives nothing', 'refused by identity', {}, { boundary: policy('boundary', allow('s3:*')) }],
    ['what is outside the boundary is refused', 'refused by boundary', { action: 'iam:CreateUser' }, { identity: identity(allow('iam:CreateUser')), boundary: policy('boundary', allow(['s3:*', 'cloudwatch:*', 'ec2:*'])) }],
    ['a boundary does not limit a user whom the resource names', 'allowed', {}, { boundary: policy('boundary', allow('ec2:*')), resource: resource(HOME, false, byBucket(USER.arn)) }],
    ['it does limit a role that the resource names', 'refused by boundary', { as: SESSION }, { boundary: policy('boundary', allow('ec2:*')), resource: resource(HOME, false, byBucket(SESSION.roleArn!)) }],
    ['and does not limit the session that it names', 'allowed', { as: SESSION }, { boundary: policy('boundary', allow('ec2:*')), resource: resource(HOME, false, byBucket(SESSION.arn)) }],
    ['it denies in so many words all the same', 'denied by boundary', { as: SESSION }, { boundary: policy('boundary', deny('s3:*')), resource: resource(HOME, false, byBucket(SESSION.arn)) }],
    // IAM/latest/UserGuide/access_policies.html#policies_session
    ['a session policy narrows its role', 'refused by session', { as: SESSION }, { identity: identity(allow('s3:*')), session: [policy('session', allow('s3:GetObject'))] }],
    // organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    ['every level of the organization has to allow', 'refused by organization', {}, { identity: identity(allow('*')), organization: [[policy('organization', allow('*'))], [policy('organization', allow('ec2:*'))]] }],
    ['an organization denies a resource that allows', 'denied by organization', {}, { resource: resource(HOME, false, byBucket(USER.arn)), organization: [[policy('organization', allow('*'), deny('s3:*'))]] }],
  ])('%s: %s', (_title, expected, asking, policies) => {
    expect(verdict(ask(asking, policies))).toBe(expected);
  });

  // kms/latest/developerguide/key-policy-default.html
  const key = { action: 'kms:Decrypt', resource: `arn:aws:kms:eu-west-1:${HOME}:key/1`, as: SESSION };
  const enabling = allow('kms:*', '*', { Principal: { AWS: `arn:aws:iam::${HOME}:root` } });

  test.each<[string, string, Partial<Policies>]>([
    ['a key that enables IAM policies leaves it to them', 'allowed', { identity: identity(allow('kms:Decrypt')), resource: resource(HOME, true, enabling) }],
    ['and allows nothing without them', 'refused by identity', { resource: resource(HOME, true, enabling) }],
    ['a key that does not is closed to them', 'refused by resource', { identity: identity(allow('kms:*')), resource: resource(HOME, true, allow('kms:*', '*', { Principal: { AWS: USER.arn } })) }],
    ['a key that names the role needs nobody else', 'allowed', { resource: resource(HOME, true, allow('kms:Decrypt', '*', { Principal: { AWS: SESSION.roleArn } })) }],
    ['a grant is enough', 'allowed', { resource: resource(HOME, true), grants: [{ kind: 'grant', policy: 'key', statement: 'g', action: 'kms:Decrypt' }] }],
  ])('%s: %s', (_title, expected, policies) => {
    expect(verdict(ask(key, policies))).toBe(expected);
  });

  test('a service is let in by the resource alone, under its own name', () => {
    const events: Asker = { account: HOME, arn: 'arn:aws:iam::1:role/events', service: 'events.amazonaws.com' };
    const asking = { as: events, action: 'sns:Publish', resource: `arn:aws:sns:eu-west-1:${HOME}:t` };

    expect(verdict(ask(asking, { identity: identity(allow('*')) }))).toBe('refused by resource');
    expect(verdict(ask(asking, { resource: resource(HOME, false, allow('sns:Publish', '*', { Principal: { Service: 'events.amazonaws.com' } })) }))).toBe('allowed');
    expect(verdict(ask(asking, { resource: resource(HOME, false, allow('sns:Publish', '*', { Principal: { Service: 'sns.amazonaws.com', AWS: HOME } })) }))).toBe('refused by resource');
  });

  test('NotPrincipal leaves out only whom it names by every name', () => {
    // IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    const but = (...AWS: string[]) => ask({ as: SESSION }, { identity: identity(allow('*')), resource: resource(HOME, false, deny('s3:*', '*', { NotPrincipal: { AWS } })) });

    expect(verdict(but(SESSION.arn, SESSION.roleArn!, `arn:aws:iam::${HOME}:root`))).toBe('allowed');
    expect(verdict(but(SESSION.roleArn!, `arn:aws:iam::${HOME}:root`))).toBe('denied by resource');
  });
});

describe('what a statement is about', () => {
  test.each<[string, boolean, StatementText, Asking]>([
    // IAM/latest/UserGuide/reference_policies_elements_notaction.html
    ['NotAction allows all but what it names', true, { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, { action: 's3:ListBucket' }],
    ['and not that', false, { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, { action: 'iam:CreateUser' }],
    ['NotResource likewise', false, { Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::HRBucket/Payroll/*' }, { resource: 'arn:aws:s3:::HRBucket/Payroll/june' }],
    ['actions have no case', true, allow('IAM:listaccesskeys'), { action: 'iam:ListAccessKeys' }],
    ['a question mark is one character', true, allow('s3:*', 'arn:aws:s3:::bucket-?'), { resource: 'arn:aws:s3:::bucket-1' }],
    ['and not two', false, allow('s3:*', 'arn:aws:s3:::bucket-?'), { resource: 'arn:aws:s3:::bucket-12' }],
    ['a star does not reach over a colon', false, allow('*', 'arn:aws:sqs:*:q'), { resource: `arn:aws:sqs:eu-west-1:${HOME}:q` }],
    ['except at the end', true, allow('*', 'arn:aws:logs:eu-west-1:*:log-group:/aws/*'), { resource: `arn:aws:logs:eu-west-1:${HOME}:log-group:/aws/a:log-stream:b` }],
    // IAM/latest/UserGuide/reference_policies_variables.html
    ['a variable stands for a key', true, allow('s3:*', 'arn:aws:s3:::home/${aws:username}/*'), { resource: 'arn:aws:s3:::home/ann/x', keys: { 'aws:username': 'ann' } }],
    ['and for nothing without it', false, allow('s3:*', 'arn:aws:s3:::home/${aws:username}/*'), { resource: 'arn:aws:s3:::home//x' }],
    ['unless it has a default', true, allow('s3:*', 'arn:aws:s3:::${aws:PrincipalTag/team, \'company-wide\'}/*'), { resource: 'arn:aws:s3:::company-wide/x' }],
    ['wildcards in its value are none', false, allow('s3:*', 'arn:aws:s3:::home/${aws:username}'), { resource: 'arn:aws:s3:::home/ann', keys: { 'aws:username': '*' } }],
    ['${*} is a star and nothing else', false, allow('s3:*', 'arn:aws:s3:::home/${*}'), { resource: 'arn:aws:s3:::home/ann' }],
  ])('%s: %s', (_title, expected, statement, asking) => {
    expect(ask(asking, { identity: identity(statement) }).allowed).toBe(expected);
  });

  // IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html and …_elements_condition_operators.html
  test.each<[string, boolean, object, Asking['keys']]>([
    ['StringEquals', true, { StringEquals: { 'aws:PrincipalTag/job-category': ['iamuser-admin', 'admin'] } }, { 'aws:principaltag/job-category': 'admin' }],
    ['StringEquals of a key that is not there', false, { StringEquals: { 'aws:PrincipalTag/job': 'a' } }, {}],
    ['StringNotEquals of a key that is not there', true, { StringNotEquals: { 'aws:PrincipalTag/job': 'a' } }, {}],
    ['IfExists of a key that is not there', true, { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 't2.*'] } }, {}],
    ['IfExists of one that is', false, { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 't2.*'] } }, { 'ec2:instancetype': 'm3.large' }],
    ['ForAllValues', true, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['env', 'cost'] } }, { 'aws:tagkeys': ['env'] }],
    ['ForAllValues with one too many', false, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['env', 'cost'] } }, { 'aws:tagkeys': ['env', 'owner'] }],
    ['ForAllValues of none', true, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['env'] } }, {}],
    ['ForAnyValue', true, { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['env'] } }, { 'aws:tagkeys': ['owner', 'env'] }],
    ['ForAnyValue of none', false, { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['env'] } }, {}],
    ['Null wants it absent', true, { Null: { 'aws:TokenIssueTime': 'true' } }, {}],
    ['Null wants it there', false, { Null: { 'aws:TokenIssueTime': 'false' } }, {}],
    ['NumericLessThanEquals', true, { NumericLessThanEquals: { 's3:max-keys': '10' } }, { 's3:max-keys': '10' }],
    ['DateGreaterThan', false, { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, { 'aws:tokenissuetime': '2019-12-31T00:00:00Z' }],
    ['Bool', false, { Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:securetransport': 'false' }],
    ['IpAddress', true, { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] } }, { 'aws:sourceip': '2001:db8:1234:5678::1' }],
    ['NotIpAddress', false, { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:sourceip': '203.0.113.7' }],
    ['ArnEquals takes wildcards', true, { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:*:123:t-*' } }, { 'aws:sourcearn': 'arn:aws:sns:eu-west-1:123:t-1' }],
    ['a variable in a condition', true, { StringLike: { 's3:prefix': ['${aws:username}/*'] } }, { 's3:prefix': 'ann/x', 'aws:username': 'ann' }],
    ['an operator that IAM does not have', false, { StringMatches: { 'aws:username': 'ann' } }, { 'aws:username': 'ann' }],
  ])('%s: %s', (_title, expected, Condition, keys) => {
    expect(ask({ keys }, { identity: identity(allow('*', '*', { Condition })) }).allowed).toBe(expected);
  });

  test('variables came with the policy language of 2012', () => {
    const document = compileDocument(JSON.stringify({ Version: '2008-10-17', Statement: allow('s3:*', 'arn:aws:s3:::${aws:username}') }));
    const { allowed } = ask({ resource: 'arn:aws:s3:::ann', keys: { 'aws:username': 'ann' } }, { identity: [{ kind: 'identity', name: 'old', document }] });

    expect(allowed).toBe(false);
  });
});

describe('what a decision needed', () => {
  test('of two statements that allow neither is needed, of a statement and a key both are', () => {
    const twice = ask({}, { identity: [policy('identity', allow('s3:*')), policy('identity', allow('s3:ListBucket'))] });
    const both = ask({ action: 'kms:Decrypt' }, { identity: identity(allow('kms:Decrypt')), resource: resource(HOME, true, allow('kms:*', '*', { Principal: { AWS: HOME } })) });

    expect([twice.by.length, twice.necessary]).toEqual([2, []]);
    expect(both.necessary.map(({ kind, action }) => `${kind} ${action}`)).toEqual(['identity kms:Decrypt', 'resource kms:*']);
  });

  test('a refusal tells what the statements that name the action missed', () => {
    const request = { principal: USER, action: 's3:ListBucket', resource: 'arn:aws:s3:::a', keys: new Map([['s3:prefix', 'x']]) };
    const statements = [allow('s3:*', 'arn:aws:s3:::b'), allow('s3:List*', '*', { Sid: 'Mine', Condition: { StringEquals: { 's3:prefix': 'y' } } }), allow('ec2:*')];

    expect(triedStatements(request, { identity: identity(...statements) })).toEqual([
      'identity policy identity, statement 0: is not about arn:aws:s3:::a',
      'identity policy identity, statement Mine: does not hold: StringEquals s3:prefix',
    ]);
  });
});
