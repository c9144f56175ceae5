import * as fc from 'fast-check';
import { Iam, policy } from './iam';
import { countedSize, documentProblem, encodeDocument } from '../../src/services/iam/documents';

let world: Iam;
beforeEach(() => { world = new Iam(); });
afterEach(() => world.stop());

describe('an identity policy', () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

  test.each([
    ['is no JSON', 'x', 'policy-json'],
    ['is a list', '[]', 'policy-syntax'],
    ['has no statement', '{"Version":"2012-10-17"}', 'policy-syntax'],
    ['has an empty list of statements', policy().replace(/\[.*\]/, '[]'), 'policy-syntax'],
    ['has another version', policy().replace('2012-10-17', '2020-01-01'), 'policy-version'],
    ['has a member nobody knows', policy({ ...statement, Colour: 'red' }), 'policy-syntax'],
    ['neither allows nor denies', policy({ ...statement, Effect: 'Maybe' }), 'policy-syntax'],
    ['has no action', policy({ ...statement, Action: undefined }), 'policy-no-actions'],
    ['has an action without its service', policy({ ...statement, Action: 'GetObject' }), 'policy-vendor'],
    ['has no resource', policy({ ...statement, Resource: undefined }), 'policy-no-resources'],
    ['has a resource that is no ARN', policy({ ...statement, Resource: 'bucket' }), 'policy-resource'],
    ['names a principal', policy({ ...statement, Principal: '*' }), 'policy-principal'],
    ['has a Sid with a blank', policy({ ...statement, Sid: 'two words' }), 'policy-sid'],
    ['has a condition of no kind', policy({ ...statement, Condition: { Foo: { 'aws:username': 'x' } } }), 'policy-condition'],
    ['has a condition without an operator', policy({ ...statement, Condition: { 'aws:username': 'x' } }), 'policy-syntax'],
    ['has a condition with a map for a value', policy({ ...statement, Condition: { StringEquals: { 'aws:username': {} } } }), 'policy-syntax'],
    ['has a list of conditions', policy({ ...statement, Condition: [{ StringEquals: { 'aws:username': 'x' } }] }), 'policy-syntax'],
    ['has one Sid twice', policy({ ...statement, Sid: 'one' }, { ...statement, Sid: 'one' }), 'policy-sid-twice'],
  ])('that %s is malformed', (_, document, key) => {
    expect(documentProblem(document, 'identity')?.key).toBe(key);
  });

  test.each([
    ['one statement that is no list', JSON.stringify({ Statement: statement })],
    ['NotAction and NotResource', policy({ Effect: 'Deny', NotAction: ['iam:*'], NotResource: ['arn:aws:s3:::b/*'] })],
    ['an old version', policy().replace('2012-10-17', '2008-10-17')],
    ['conditions of all kinds', policy({
      ...statement, Condition: {
        'stringlike': { 'aws:username': ['a*', 'b*'] }, 'ForAnyValue:StringNotEqualsIfExists': { 'aws:TagKeys': ['x'] }, 'Null': { 'aws:SourceVpc': true }, 'NumericLessThan': { 's3:max-keys': 10 },
      },
    })],
    ['a condition', policy({ ...statement, Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } })],
  ])('with %s is well-formed', (_, document) => {
    expect(documentProblem(document, 'identity')).toBeUndefined();
  });
});

test('what is wrong with a condition is said in a call, too', () => {
  world.role('r');

  expect(world.iamRefusal('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: policy({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Foo: { a: 'b' } } }) }))
    .toEqual({ code: 'MalformedPolicyDocument', status: 400, message: 'Invalid Condition type : Foo' });
});

test('whatever is encoded is decoded to itself, and white space does not count', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    expect(decodeURIComponent(encodeDocument(text))).toBe(text);
    expect(encodeDocument(text)).toMatch(/^[A-Za-z0-9%_.~-]*$/);
    expect(countedSize(`${text} \n\t`)).toBe(countedSize(text));
  }));
});

/** A policy of exactly so many counted characters. */
function sized(size: number): string {
  const bare = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::' });
  return bare.replace(':::', `:::${'x'.repeat(size - bare.length)}`);
}

describe('a managed policy', () => {
  test('has 6,144 characters at most, white space aside', () => {
    expect(world.policy('whole', `${sized(6144)}   `)).toBe('arn:aws:iam::123456789012:policy/whole');
    expect(world.iamRefusal('CreatePolicy', { PolicyName: 'more', PolicyDocument: sized(6145) })).toEqual({
      code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for PolicySize: 6144',
    });
  });

  test('has a name once', () => {
    world.policy('app');

    expect(world.iamRefusal('CreatePolicy', { PolicyName: 'app', PolicyDocument: policy() })).toEqual({
      code: 'EntityAlreadyExists', status: 409, message: 'A policy called app already exists. Duplicate names are not allowed.',
    });
  });

  test('has five versions at most, and numbers that are not used again', () => {
    const PolicyArn = world.policy('app');
    for (let count = 0; count < 4; count++) world.iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: policy(), SetAsDefault: true });

    expect(world.iamRefusal('CreatePolicyVersion', { PolicyArn, PolicyDocument: policy() })).toMatchObject({ code: 'LimitExceeded', status: 409 });
    world.iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v4' });
    expect(world.iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: policy() })).toMatchObject({ PolicyVersion: { VersionId: 'v6', IsDefaultVersion: false } });
    expect(world.iamRefusal('DeletePolicyVersion', { PolicyArn, VersionId: 'v5' }).message).toBe('Cannot delete the default version of a policy.');
    expect(world.iam('GetPolicy', { PolicyArn })).toMatchObject({ Policy: { DefaultVersionId: 'v5' } });
  });

  test('is deleted when nothing has it and one version is left', () => {
    const PolicyArn = world.policy('app');
    world.role('one');
    world.iam('AttachRolePolicy', { RoleName: 'one', PolicyArn });
    world.iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: policy() });

    expect(world.iamRefusal('DeletePolicy', { PolicyArn }).message).toBe('Cannot delete a policy attached to entities.');
    world.iam('DetachRolePolicy', { RoleName: 'one', PolicyArn });
    expect(world.iamRefusal('DeletePolicy', { PolicyArn })).toMatchObject({ code: 'DeleteConflict', message: expect.stringMatching(/^This policy has more than one version/) });
    world.iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v2' });
    world.iam('DeletePolicy', { PolicyArn });
    expect(world.iamRefusal('GetPolicy', { PolicyArn })).toMatchObject({ code: 'NoSuchEntity', message: `Policy ${PolicyArn} was not found.` });
  });

  test('is attached ten times to a role at most, and only if it is there', () => {
    const RoleName = 'app';
    world.role(RoleName);
    const arns = Array.from({ length: 11 }, (_, at) => world.policy(`policy-${at}`));
    arns.slice(0, 10).forEach((PolicyArn) => world.iam('AttachRolePolicy', { RoleName, PolicyArn }));

    expect(world.iam('AttachRolePolicy', { RoleName, PolicyArn: arns[0] })).toEqual({});
    expect(world.iamRefusal('AttachRolePolicy', { RoleName, PolicyArn: arns[10] }).message).toBe('Cannot exceed quota for PoliciesPerRole: 10');
    expect(world.iamRefusal('AttachRolePolicy', { RoleName: 'none', PolicyArn: arns[0] }).code).toBe('NoSuchEntity');
    expect(world.iamRefusal('DetachRolePolicy', { RoleName, PolicyArn: arns[10] })).toMatchObject({ code: 'NoSuchEntity' });
    expect(world.iam('ListEntitiesForPolicy', { PolicyArn: arns[0] })).toMatchObject({ PolicyRoles: [{ RoleName }] });
  });
});

describe('a policy of AWS', () => {
  test.each([
    'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    'arn:aws:iam::aws:policy/SomethingNewFullAccess',
  ])('%s is attached without being made', (PolicyArn) => {
    world.role('app');
    world.iam('AttachRolePolicy', { RoleName: 'app', PolicyArn });

    expect(world.iam('ListAttachedRolePolicies', { RoleName: 'app' })).toMatchObject({ AttachedPolicies: [{ PolicyArn, PolicyName: PolicyArn.split('/').pop() }] });
  });

  test.each(['arn:aws:iam::aws:policy/no such', 'arn:aws:iam::123456789012:policy/none', 'arn:aws:iam::aws:policy/'])('%s is none', (PolicyArn) => {
    world.role('app');

    expect(world.iamRefusal('AttachRolePolicy', { RoleName: 'app', PolicyArn }).code).toMatch(/NoSuchEntity|ValidationError/);
  });

  test('has its document here only if it is a common one', () => {
    const arn = (name: string): object => ({ PolicyArn: `arn:aws:iam::aws:policy/${name}`, VersionId: 'v1' });
    const { PolicyVersion } = world.iam<{ PolicyVersion: { Document: string } }>('GetPolicyVersion', arn('AmazonSSMManagedInstanceCore'));

    expect(decodeURIComponent(PolicyVersion.Document)).toContain('ssmmessages:OpenDataChannel');
    expect(world.iamRefusal('GetPolicyVersion', arn('SomethingNewFullAccess')).message).toMatch(/^\[emulator\]/);
  });
});

test('inline policies of a role have 10,240 characters together', () => {
  const RoleName = 'app';
  world.role(RoleName);
  world.iam('PutRolePolicy', { RoleName, PolicyName: 'one', PolicyDocument: sized(6000) });

  expect(world.iamRefusal('PutRolePolicy', { RoleName, PolicyName: 'two', PolicyDocument: sized(4241) })).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Maximum policy size of 10240 bytes exceeded for role app',
  });
  world.iam('PutRolePolicy', { RoleName, PolicyName: 'one', PolicyDocument: sized(5999) });
  world.iam('PutRolePolicy', { RoleName, PolicyName: 'two', PolicyDocument: sized(4241) });
  expect(world.iam('ListRolePolicies', { RoleName })).toMatchObject({ PolicyNames: ['one', 'two'] });
});

test('an inline policy is read as it was put', () => {
  world.role('app');
  world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'own', PolicyDocument: policy() });

  const { PolicyDocument } = world.iam<{ PolicyDocument: string }>('GetRolePolicy', { RoleName: 'app', PolicyName: 'own' });

  expect(decodeURIComponent(PolicyDocument)).toBe(policy());
  expect(world.iamRefusal('GetRolePolicy', { RoleName: 'app', PolicyName: 'none' }).message).toBe('The role policy with name none cannot be found.');
});

test('users have policies as roles do', () => {
  world.iam('CreateUser', { UserName: 'ann', Tags: [{ Key: 'team', Value: 'a' }] });
  world.iam('PutUserPolicy', { UserName: 'ann', PolicyName: 'own', PolicyDocument: policy() });
  world.iam('AttachUserPolicy', { UserName: 'ann', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' });

  expect(world.iamRefusal('DeleteUser', { UserName: 'ann' }).code).toBe('DeleteConflict');
  expect(world.iam('GetUser', { UserName: 'ann' })).toMatchObject({ User: { Arn: 'arn:aws:iam::123456789012:user/ann', Tags: [{ Key: 'team', Value: 'a' }] } });
  expect(world.iamRefusal('GetUser', { UserName: 'bob' }).message).toBe('The user with name bob cannot be found.');
});

test('everything that decides what a role may do is told in one answer', () => {
  const own = world.policy('managed');
  world.role('app', { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'inline', PolicyDocument: policy() });
  world.iam('AttachRolePolicy', { RoleName: 'app', PolicyArn: own });

  expect(world.call('iam', 'EmulatedPolicies', { RoleName: 'app' })).toMatchObject({
    Policies: [{ Name: 'inline', Document: policy() }, { Name: own, Document: policy() }],
    Boundary: { Name: 'arn:aws:iam::aws:policy/AdministratorAccess', Document: expect.stringContaining('"*"') },
  });
});
