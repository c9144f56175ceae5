import { Iam, policy, TRUST } from './iam';
import { iam } from '../../src/services/iam/service';

let world: Iam;
beforeEach(() => { world = new Iam(); });
afterEach(() => world.stop());

test('a role is shown as it was made, its trust policy percent-encoded', () => {
  world.role('app', { Path: '/team/', Description: 'of the app', MaxSessionDuration: 7200, Tags: [{ Key: 'team', Value: 'a' }] });

  const { Role } = world.iam<{ Role: { AssumeRolePolicyDocument: string } }>('GetRole', { RoleName: 'app' });

  expect(Role).toMatchObject({
    Arn: 'arn:aws:iam::123456789012:role/team/app', RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/), Path: '/team/', Description: 'of the app',
    MaxSessionDuration: 7200, Tags: [{ Key: 'team', Value: 'a' }],
  });
  expect(decodeURIComponent(Role.AssumeRolePolicyDocument)).toBe(TRUST);
  expect(Role.AssumeRolePolicyDocument).not.toMatch(/[{}":]/);
});

test('a name is unique whatever its case', () => {
  world.role('App');

  expect(world.iamRefusal('CreateRole', { RoleName: 'app', AssumeRolePolicyDocument: TRUST })).toEqual({
    code: 'EntityAlreadyExists', status: 409, message: 'Role with name app already exists.',
  });
});

test('a role is one in every region of its account', () => {
  world.role('app');
  const { calls, account } = world;
  const elsewhere = calls.make({ service: 'iam', account, region: 'eu-west-1' }, 'GetRole', { RoleName: 'app' }, world.context('iam').caller);

  expect(elsewhere).toMatchObject({ Role: { RoleName: 'app' } });
});

test('an unknown role is refused by its name', () => {
  expect(world.iamRefusal('GetRole', { RoleName: 'none' })).toEqual({ code: 'NoSuchEntity', status: 404, message: 'The role with name none cannot be found.' });
});

describe('a trust policy', () => {
  const trust = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement } });

  test.each([
    ['names no principal', trust({}), 'Missing required field Principal'],
    ['has a resource', trust({ Principal: '*', Resource: '*' }), 'Has prohibited field Resource'],
    ['allows something else', trust({ Principal: '*', Action: 's3:GetObject' }), 'AssumeRole policy may only specify STS AssumeRole actions.'],
    ['is no JSON', '{', 'This policy contains invalid Json'],
    ['names a role that is not there', trust({ Principal: { AWS: 'arn:aws:iam::123456789012:role/none' } }),
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/none"'],
  ])('that %s is refused', (_, AssumeRolePolicyDocument, message) => {
    expect(world.iamRefusal('CreateRole', { RoleName: 'app', AssumeRolePolicyDocument })).toEqual({ code: 'MalformedPolicyDocument', status: 400, message });
  });

  test('may name the account, a role that is there and other accounts', () => {
    const known = world.role('known');

    for (const AWS of ['123456789012', 'arn:aws:iam::123456789012:root', known, 'arn:aws:iam::999999999999:role/foreign']) {
      world.iam('UpdateAssumeRolePolicy', { RoleName: 'known', PolicyDocument: trust({ Principal: { AWS } }) });
    }
  });

  test('is no longer than 2,048 characters', () => {
    const long = trust({ Principal: { Service: Array.from({ length: 120 }, (_, at) => `service-${at}.amazonaws.com`) } });

    expect(world.iamRefusal('CreateRole', { RoleName: 'app', AssumeRolePolicyDocument: long })).toMatchObject({
      code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    });
  });
});

describe('deleting a role', () => {
  test.each([
    ['an attached policy', 'Cannot delete entity, must detach all policies first.'],
    ['an inline policy', 'Cannot delete entity, must delete policies first.'],
    ['an instance profile', 'Cannot delete entity, must remove roles from instance profile first.'],
  ])('is refused while it has %s', (what, message) => {
    const RoleName = 'app';
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
    world.role(RoleName);
    world.iam('CreateInstanceProfile', { InstanceProfileName: 'app' });
    if (what === 'an attached policy') world.iam('AttachRolePolicy', { RoleName, PolicyArn });
    if (what === 'an inline policy') world.iam('PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: policy() });
    if (what === 'an instance profile') world.iam('AddRoleToInstanceProfile', { RoleName, InstanceProfileName: 'app' });

    expect(world.iamRefusal('DeleteRole', { RoleName })).toEqual({ code: 'DeleteConflict', status: 409, message });

    if (what === 'an attached policy') world.iam('DetachRolePolicy', { RoleName, PolicyArn });
    if (what === 'an inline policy') world.iam('DeleteRolePolicy', { RoleName, PolicyName: 'own' });
    if (what === 'an instance profile') world.iam('RemoveRoleFromInstanceProfile', { RoleName, InstanceProfileName: 'app' });
    world.iam('DeleteRole', { RoleName });
    expect(world.iamRefusal('GetRole', { RoleName }).code).toBe('NoSuchEntity');
  });
});

test('lists come in pages, in the order of names', () => {
  for (const name of ['c', 'a', 'd', 'b', 'e']) world.role(name);
  const page = (Marker?: string): { Roles: Array<{ RoleName: string }>; IsTruncated: boolean; Marker?: string } => world.iam('ListRoles', { MaxItems: 2, Marker });

  const first = page();
  const second = page(first.Marker);
  const third = page(second.Marker);

  expect([first, second, third].map(({ Roles }) => Roles.map(({ RoleName }) => RoleName))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(third).toMatchObject({ IsTruncated: false });
  expect(third.Marker).toBeUndefined();
});

test('tags are put, listed, taken away, and their keys are compared without case', () => {
  world.role('app');
  world.iam('TagRole', { RoleName: 'app', Tags: [{ Key: 'team', Value: 'a' }, { Key: 'stage', Value: 'test' }] });
  world.iam('UntagRole', { RoleName: 'app', TagKeys: ['stage'] });

  expect(world.iam('ListRoleTags', { RoleName: 'app' })).toMatchObject({ Tags: [{ Key: 'team', Value: 'a' }] });
  expect(world.iamRefusal('TagRole', { RoleName: 'app', Tags: [{ Key: 'a', Value: '1' }, { Key: 'A', Value: '2' }] }).code).toBe('InvalidInput');
});

test('an instance profile holds one role', () => {
  world.role('one');
  world.role('two');
  world.iam('CreateInstanceProfile', { InstanceProfileName: 'client' });
  world.iam('AddRoleToInstanceProfile', { InstanceProfileName: 'client', RoleName: 'one' });

  expect(world.iamRefusal('AddRoleToInstanceProfile', { InstanceProfileName: 'client', RoleName: 'two' })).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
  });
  expect(world.iamRefusal('DeleteInstanceProfile', { InstanceProfileName: 'client' }).code).toBe('DeleteConflict');
  expect(world.iam('GetInstanceProfile', { InstanceProfileName: 'client' })).toMatchObject({
    InstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/client', Roles: [{ RoleName: 'one' }] },
  });
});

test('a boundary is a policy that is there', () => {
  const boundary = world.policy('boundary');
  world.role('app', { PermissionsBoundary: boundary });

  expect(world.iam('GetRole', { RoleName: 'app' })).toMatchObject({ Role: { PermissionsBoundary: { PermissionsBoundaryArn: boundary } } });
  expect(world.iamRefusal('DeletePolicy', { PolicyArn: boundary }).code).toBe('DeleteConflict');
  expect(world.iamRefusal('PutRolePermissionsBoundary', { RoleName: 'app', PermissionsBoundary: 'arn:aws:iam::123456789012:policy/none' }).message)
    .toBe('Scope ARN: arn:aws:iam::123456789012:policy/none does not exist or is not attachable.');
  world.iam('DeleteRolePermissionsBoundary', { RoleName: 'app' });
  world.iam('DeletePolicy', { PolicyArn: boundary });
});

describe('a service-linked role', () => {
  const AWSServiceName = 'cloudhsm.amazonaws.com';

  test('is made once, under its service\'s path, and changed by nobody', () => {
    const { Role } = world.iam<{ Role: object }>('CreateServiceLinkedRole', { AWSServiceName });

    expect(Role).toMatchObject({ Arn: `arn:aws:iam::123456789012:role/aws-service-role/${AWSServiceName}/AWSServiceRoleForCloudHSM` });
    expect(world.iamRefusal('CreateServiceLinkedRole', { AWSServiceName })).toEqual({
      code: 'InvalidInput', status: 400,
      message: 'Service role name AWSServiceRoleForCloudHSM has been taken in this account, please try a different suffix.',
    });
    expect(world.iamRefusal('DeleteRole', { RoleName: 'AWSServiceRoleForCloudHSM' }).code).toBe('UnmodifiableEntity');
    expect(world.iamRefusal('PutRolePolicy', { RoleName: 'AWSServiceRoleForCloudHSM', PolicyName: 'x', PolicyDocument: policy() }).code).toBe('UnmodifiableEntity');
  });

  test('of KMS\'s key stores is made by KMS only', () => {
    const input = { AWSServiceName: 'cks.kms.amazonaws.com' };
    expect(world.iamRefusal('CreateServiceLinkedRole', input).code).toBe('AccessDenied');

    world.context('kms').call('iam', 'CreateServiceLinkedRole', input, { position: { kind: 'service', service: 'kms' } });

    expect(world.iam('GetRole', { RoleName: 'AWSServiceRoleForKeyManagementServiceCustomKeyStores' })).toMatchObject({ Role: { Path: '/aws-service-role/cks.kms.amazonaws.com/' } });
  });

  test('is deleted by a task', async () => {
    world.iam('CreateServiceLinkedRole', { AWSServiceName });
    const { DeletionTaskId } = world.iam<{ DeletionTaskId: string }>('DeleteServiceLinkedRole', { RoleName: 'AWSServiceRoleForCloudHSM' });

    expect(world.iam('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toMatchObject({ Status: 'IN_PROGRESS' });
    await world.advance(60_000);
    expect(world.iam('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toMatchObject({ Status: 'SUCCEEDED' });
    expect(world.iamRefusal('GetRole', { RoleName: 'AWSServiceRoleForCloudHSM' }).code).toBe('NoSuchEntity');
  });

  test('stays while its service has something', async () => {
    const clusters = { name: 'cloudhsmv2', operations: { DescribeClusters: () => ({ Clusters: [{ ClusterId: 'cluster-1' }] }) } };
    const busy = new Iam({ services: [iam, clusters] });
    busy.iam('CreateServiceLinkedRole', { AWSServiceName });
    const { DeletionTaskId } = busy.iam<{ DeletionTaskId: string }>('DeleteServiceLinkedRole', { RoleName: 'AWSServiceRoleForCloudHSM' });
    await busy.advance(60_000);

    expect(busy.iam('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toMatchObject({
      Status: 'FAILED', Reason: { RoleUsageList: [{ Region: 'us-east-1', Resources: ['cluster-1'] }] },
    });
    expect(busy.iam('GetRole', { RoleName: 'AWSServiceRoleForCloudHSM' })).toBeDefined();
    busy.stop();
  });
});
