import { Sessions } from '../../src/access/sessions';
import { iam } from '../../src/services/iam/service';
import { sts } from '../../src/services/sts/service';
import type { Caller, Service } from '../../src/wire/operation';
import { outside, roleSession, World } from '../_helpers/world';
import { strays } from '../ec2/conforms';
import { TRUST } from '../iam/iam';

/** STS that hands out sessions as the emulator does. */
const sessions = new Sessions('secret');
const issuing: Service = {
  ...sts, start: (kernel, host) => sts.start!(kernel, { ...host, credentials: (caller, lifetimeMs) => sessions.issue(caller, lifetimeMs) }),
};

let world: World;
beforeEach(() => {
  world = new World({ services: [iam, issuing] });
  world.call('iam', 'CreateRole', { RoleName: 'app', Path: '/team/', AssumeRolePolicyDocument: TRUST.replace('"Service":"lambda.amazonaws.com"', '"AWS":"123456789012"'), MaxSessionDuration: 7200 });
  ['handler', 'other'].forEach((name) => world.empower(name));
});
afterEach(() => world.stop());

interface Assumed {
  readonly Credentials: { readonly AccessKeyId: string; readonly SessionToken: string; readonly Expiration: Date };
  readonly AssumedRoleUser: { readonly Arn: string; readonly AssumedRoleId: string };
}

const RoleArn = 'arn:aws:iam::123456789012:role/team/app';

function assume(input: object = {}, caller: Caller = outside()): Assumed {
  const output = world.call<Assumed>('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'me', ...input }, caller);
  expect(strays('sts', 'AssumeRole', output)).toEqual([]);
  return output;
}

test('a session is the role\'s, and knows itself', () => {
  const { Credentials, AssumedRoleUser } = assume();
  const session = sessions.resolve(Credentials.AccessKeyId, Credentials.SessionToken)!;

  expect(AssumedRoleUser.Arn).toBe('arn:aws:sts::123456789012:assumed-role/app/me');
  expect(session.principal).toEqual({ kind: 'role', account: '123456789012', arn: AssumedRoleUser.Arn, roleArn: RoleArn, sessionName: 'me', issuedAt: 0 });
  expect(world.call('sts', 'GetCallerIdentity', {}, session)).toEqual({
    Account: '123456789012', Arn: AssumedRoleUser.Arn, UserId: AssumedRoleUser.AssumedRoleId,
  });
});

test('a session keeps its caller\'s place in the network and its turn', () => {
  const caller: Caller = {
    ...roleSession('handler'),
    position: { kind: 'vpc', vpcId: 'vpc-1', subnetId: 'subnet-1', securityGroupIds: ['sg-1'] },
    activityId: 'invocation-1',
  };

  const { Credentials } = assume({}, caller);

  expect(sessions.resolve(Credentials.AccessKeyId, Credentials.SessionToken)).toMatchObject({ position: caller.position, activityId: 'invocation-1' });
});

test.each([
  ['of another name', 'arn:aws:iam::123456789012:role/none'],
  ['at another path', 'arn:aws:iam::123456789012:role/app'],
  ['in another account', 'arn:aws:iam::999999999999:role/team/app'],
])('a role %s is not assumed', (_, arn) => {
  const { code, message, options } = world.refusal('sts', 'AssumeRole', { RoleArn: arn, RoleSessionName: 'me' });

  expect({ code, message, status: options.status }).toEqual({
    code: 'AccessDenied', status: 403,
    message: `User: arn:aws:iam::123456789012:user/outside is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
  });
});

test('a role that trusts others only is not assumed, whatever the caller may do, and says no more than of one that is not there', () => {
  world.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'app', PolicyDocument: TRUST });

  expect(world.refusal('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'me' }).message)
    .toBe(`User: arn:aws:iam::123456789012:user/outside is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);
});

test('a role that trusts its account is assumed by those who may assume it', () => {
  world.empower('idle', { Effect: 'Allow', Action: 's3:*', Resource: '*' });

  expect(world.refusal('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'me' }, roleSession('idle')).code).toBe('AccessDenied');
});

test('a session lasts as long as its role allows, a chained one an hour at most', () => {
  const before = Date.now();
  const { Credentials: { Expiration } } = assume({ DurationSeconds: 7200 });

  expect(Math.round((Expiration.getTime() - before) / 1000 / 60)).toBe(120);
  expect(world.refusal('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'me', DurationSeconds: 7201 }).message)
    .toBe('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  expect(world.refusal('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'me', DurationSeconds: 3601 }, roleSession('other')).message)
    .toMatch(/1 hour session limit for roles assumed by role chaining$/);
});

test('assuming a role is no write that could make a run hard to repeat', () => {
  expect(world.calls.isQuiet('sts', 'AssumeRole')).toBe(true);
});

test('a user is told who he is, the same every time', () => {
  const identity = world.call('sts', 'GetCallerIdentity');

  expect(identity).toEqual({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/outside', UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/) });
  expect(world.call('sts', 'GetCallerIdentity')).toEqual(identity);
});

test('a session token is for users only', () => {
  expect(world.call<Assumed>('sts', 'GetSessionToken').Credentials.AccessKeyId).toMatch(/^ASIA/);
  expect(world.refusal('sts', 'GetSessionToken', {}, roleSession('app')).message).toBe('Cannot call GetSessionToken with session credentials');
});
