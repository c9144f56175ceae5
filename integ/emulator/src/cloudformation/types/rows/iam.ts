import type { ValueMap } from '../../template/template';
import { isNotThere } from '../row-handler';
import type { Request, Row } from '../row-handler';

const service = 'iam';

type Holder = 'Role' | 'User' | 'Group';

interface InlinePolicy { readonly PolicyName: string; readonly PolicyDocument: unknown }

function documentText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

/** Inline policies and attached ones of a role, user or group, from what they were to what they are to be. */
function syncPolicies(request: Request, holder: Holder, name: string): void {
  const key = `${holder}Name`;
  const beforeInline = (request.before('Policies') ?? []) as unknown as readonly InlinePolicy[];
  const inline = request.list<InlinePolicy>('Policies');
  for (const { PolicyName } of beforeInline) {
    if (!inline.some((each) => each.PolicyName === PolicyName)) request.call(`Delete${holder}Policy`, { [key]: name, PolicyName });
  }
  for (const { PolicyName, PolicyDocument } of inline) {
    const old = beforeInline.find((each) => each.PolicyName === PolicyName);
    if (!old || documentText(old.PolicyDocument) !== documentText(PolicyDocument)) {
      request.call(`Put${holder}Policy`, { [key]: name, PolicyName, PolicyDocument: documentText(PolicyDocument) });
    }
  }
  const beforeArns = (request.before('ManagedPolicyArns') ?? []) as readonly string[];
  const arns = request.list('ManagedPolicyArns');
  for (const PolicyArn of beforeArns) if (!arns.includes(PolicyArn)) request.call(`Detach${holder}Policy`, { [key]: name, PolicyArn });
  for (const PolicyArn of arns) if (!beforeArns.includes(PolicyArn)) request.call(`Attach${holder}Policy`, { [key]: name, PolicyArn });
}

/** Everything that hangs on it goes first, as the service demands; only what CloudFormation put there. */
function clearPolicies(request: Request, holder: Holder): void {
  const key = `${holder}Name`;
  for (const { PolicyName } of request.list<InlinePolicy>('Policies')) quietly(() => request.call(`Delete${holder}Policy`, { [key]: request.id, PolicyName }));
  for (const PolicyArn of request.list('ManagedPolicyArns')) quietly(() => request.call(`Detach${holder}Policy`, { [key]: request.id, PolicyArn }));
}

function quietly(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
}

function syncTags(request: Request, holder: 'Role' | 'User' | 'InstanceProfile'): void {
  const key = `${holder}Name`;
  const removed = request.removedTags();
  if (removed.length > 0) request.call(`Untag${holder}`, { [key]: request.id, TagKeys: removed });
  const tags = request.tags();
  if (tags.length > 0) request.call(`Tag${holder}`, { [key]: request.id, Tags: tags });
}

function boundary(request: Request, holder: 'Role' | 'User'): void {
  if (!request.changed('PermissionsBoundary')) return;
  const arn = request.text('PermissionsBoundary');
  const key = `${holder}Name`;
  if (arn) request.call(`Put${holder}PermissionsBoundary`, { [key]: request.id, PermissionsBoundary: arn });
  else request.call(`Delete${holder}PermissionsBoundary`, { [key]: request.id });
}

interface Role {
  readonly Arn: string;
  readonly RoleId: string;
  readonly Path?: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
}

function role(request: Request): Role {
  return request.call<{ Role: Role }>('GetRole', { RoleName: request.id }).Role;
}

const roleRow: Row = {
  service,
  create: (request) => {
    const name = request.name('RoleName');
    request.send('CreateRole', {
      RoleName: name, AssumeRolePolicyDocument: request.text('AssumeRolePolicyDocument'), ...tagged(request),
    });
    syncPolicies(request, 'Role', name);
    return name;
  },
  update: (request) => {
    if (request.changed('AssumeRolePolicyDocument')) {
      request.call('UpdateAssumeRolePolicy', { RoleName: request.id, PolicyDocument: request.text('AssumeRolePolicyDocument') });
    }
    if (request.changed('Description', 'MaxSessionDuration')) {
      request.call('UpdateRole', { RoleName: request.id, Description: request.text('Description') ?? '', MaxSessionDuration: request.number('MaxSessionDuration') });
    }
    boundary(request, 'Role');
    syncPolicies(request, 'Role', request.id);
    syncTags(request, 'Role');
  },
  delete: (request) => {
    clearPolicies(request, 'Role');
    request.call('DeleteRole', { RoleName: request.id });
  },
  attributes: (request) => {
    const { Arn, RoleId } = role(request);
    return { Arn, RoleId };
  },
  read: (request) => {
    const { Description, MaxSessionDuration } = role(request);
    const { AttachedPolicies: attached = [] } = request.call<{ AttachedPolicies?: Array<{ PolicyArn: string }> }>('ListAttachedRolePolicies', { RoleName: request.id });
    const arns = attached.map(({ PolicyArn }) => PolicyArn);
    const wanted = request.list('ManagedPolicyArns');
    return {
      Description: request.text('Description') === undefined ? undefined : Description,
      MaxSessionDuration: request.number('MaxSessionDuration') === undefined ? undefined : MaxSessionDuration,
      // Sets: the order in which the service lists them says nothing. What another resource of the stack attached is no drift.
      ManagedPolicyArns: wanted.length === 0 ? undefined : [
        ...wanted.filter((arn) => arns.includes(arn)), ...arns.filter((arn) => !wanted.includes(arn) && !request.isOfStack(arn)),
      ],
    };
  },
};

function tagged(request: Request): { Tags?: object[] } {
  const Tags = request.tags();
  return Tags.length > 0 ? { Tags } : {};
}

/** `AWS::IAM::Policy`: the same inline policy on several roles, users and groups. */
const HOLDERS = [['Role', 'Roles'], ['User', 'Users'], ['Group', 'Groups']] as const;

const policyRow: Row = {
  service,
  create: (request) => {
    const PolicyName = request.text('PolicyName')!;
    for (const [holder, property] of HOLDERS) {
      for (const name of request.list(property)) {
        request.call(`Put${holder}Policy`, { [`${holder}Name`]: name, PolicyName, PolicyDocument: request.text('PolicyDocument') });
      }
    }
    return physicalPolicyId(request);
  },
  update: (request) => {
    const PolicyName = request.text('PolicyName')!;
    const old = String(request.before('PolicyName') ?? PolicyName);
    for (const [holder, property] of HOLDERS) {
      const before = (request.before(property) ?? []) as readonly string[];
      const now = request.list(property);
      for (const name of before) {
        if (!now.includes(name) || old !== PolicyName) quietly(() => request.call(`Delete${holder}Policy`, { [`${holder}Name`]: name, PolicyName: old }));
      }
      for (const name of now) {
        request.call(`Put${holder}Policy`, { [`${holder}Name`]: name, PolicyName, PolicyDocument: request.text('PolicyDocument') });
      }
    }
  },
  delete: (request) => {
    for (const [holder, property] of HOLDERS) {
      for (const name of request.list(property)) {
        quietly(() => request.call(`Delete${holder}Policy`, { [`${holder}Name`]: name, PolicyName: request.text('PolicyName') }));
      }
    }
  },
  attributes: (request) => ({ Id: request.id }),
};

/** Made up by CloudFormation: the first characters of stack and logical id, and a random part. */
function physicalPolicyId(request: Request): string {
  return `${request.work.stackName.slice(0, 5)}-${request.work.logicalId.slice(0, 4)}-${request.random(12)}`;
}

function policyArn(request: Request): string {
  return request.id;
}

const managedPolicyRow: Row = {
  service,
  create: (request) => {
    const name = request.name('ManagedPolicyName');
    const { Policy: { Arn: PolicyArn } } = request.send<{ Policy: { Arn: string } }>('CreatePolicy', {
      PolicyName: name, PolicyDocument: request.text('PolicyDocument'), ...tagged(request),
    });
    attachTo(request, PolicyArn);
    return PolicyArn;
  },
  update: (request) => {
    const PolicyArn = policyArn(request);
    if (request.changed('PolicyDocument')) {
      // At most five versions: the oldest that is not in force goes.
      const { Versions: versions = [] } = request.call<{ Versions?: Array<{ VersionId: string; IsDefaultVersion?: boolean }> }>('ListPolicyVersions', { PolicyArn });
      const old = versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion);
      if (versions.length >= 5) request.call('DeletePolicyVersion', { PolicyArn, VersionId: old[old.length - 1].VersionId });
      request.call('CreatePolicyVersion', { PolicyArn, PolicyDocument: request.text('PolicyDocument'), SetAsDefault: true });
    }
    attachTo(request, PolicyArn);
  },
  delete: (request) => {
    const PolicyArn = policyArn(request);
    for (const [holder, property] of HOLDERS) {
      for (const name of request.list(property)) quietly(() => request.call(`Detach${holder}Policy`, { [`${holder}Name`]: name, PolicyArn }));
    }
    const { Versions: versions = [] } = request.call<{ Versions?: Array<{ VersionId: string; IsDefaultVersion?: boolean }> }>('ListPolicyVersions', { PolicyArn });
    for (const { VersionId, IsDefaultVersion } of versions) if (!IsDefaultVersion) request.call('DeletePolicyVersion', { PolicyArn, VersionId });
    request.call('DeletePolicy', { PolicyArn });
  },
  attributes: (request) => {
    const { Policy: { PolicyId, DefaultVersionId } } = request.call<{ Policy: { PolicyId?: string; DefaultVersionId?: string } }>('GetPolicy', { PolicyArn: request.id });
    return { PolicyArn: request.id, PolicyId, DefaultVersionId, IsAttachable: 'true' };
  },
  read: (request) => (request.call('GetPolicy', { PolicyArn: request.id }) ? {} : undefined),
};

function attachTo(request: Request, PolicyArn: string): void {
  for (const [holder, property] of HOLDERS) {
    const before = (request.before(property) ?? []) as readonly string[];
    const now = request.list(property);
    for (const name of before) if (!now.includes(name)) quietly(() => request.call(`Detach${holder}Policy`, { [`${holder}Name`]: name, PolicyArn }));
    for (const name of now) if (!before.includes(name)) request.call(`Attach${holder}Policy`, { [`${holder}Name`]: name, PolicyArn });
  }
}

const instanceProfileRow: Row = {
  service,
  create: (request) => {
    const InstanceProfileName = request.name('InstanceProfileName');
    request.send('CreateInstanceProfile', { InstanceProfileName });
    for (const RoleName of request.list('Roles')) request.call('AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
    return InstanceProfileName;
  },
  update: (request) => {
    for (const RoleName of (request.before('Roles') ?? []) as readonly string[]) {
      request.call('RemoveRoleFromInstanceProfile', { InstanceProfileName: request.id, RoleName });
    }
    for (const RoleName of request.list('Roles')) request.call('AddRoleToInstanceProfile', { InstanceProfileName: request.id, RoleName });
  },
  delete: (request) => {
    for (const RoleName of request.list('Roles')) quietly(() => request.call('RemoveRoleFromInstanceProfile', { InstanceProfileName: request.id, RoleName }));
    request.call('DeleteInstanceProfile', { InstanceProfileName: request.id });
  },
  attributes: (request) => ({
    Arn: request.call<{ InstanceProfile: { Arn: string } }>('GetInstanceProfile', { InstanceProfileName: request.id }).InstanceProfile.Arn,
  }),
};

const userRow: Row = {
  service,
  create: (request) => {
    const UserName = request.name('UserName');
    request.send('CreateUser', { UserName, ...tagged(request) });
    syncPolicies(request, 'User', UserName);
    for (const GroupName of request.list('Groups')) request.call('AddUserToGroup', { UserName, GroupName });
    return UserName;
  },
  update: (request) => {
    boundary(request, 'User');
    syncPolicies(request, 'User', request.id);
    const before = (request.before('Groups') ?? []) as readonly string[];
    const now = request.list('Groups');
    for (const GroupName of before) if (!now.includes(GroupName)) request.call('RemoveUserFromGroup', { UserName: request.id, GroupName });
    for (const GroupName of now) if (!before.includes(GroupName)) request.call('AddUserToGroup', { UserName: request.id, GroupName });
    syncTags(request, 'User');
  },
  delete: (request) => {
    clearPolicies(request, 'User');
    for (const GroupName of request.list('Groups')) quietly(() => request.call('RemoveUserFromGroup', { UserName: request.id, GroupName }));
    request.call('DeleteUser', { UserName: request.id });
  },
  attributes: (request) => ({ Arn: request.call<{ User: { Arn: string } }>('GetUser', { UserName: request.id }).User.Arn }),
};

const groupRow: Row = {
  service,
  create: (request) => {
    const GroupName = request.name('GroupName');
    request.send('CreateGroup', { GroupName });
    syncPolicies(request, 'Group', GroupName);
    return GroupName;
  },
  update: (request) => syncPolicies(request, 'Group', request.id),
  delete: (request) => {
    clearPolicies(request, 'Group');
    request.call('DeleteGroup', { GroupName: request.id });
  },
  attributes: (request) => ({ Arn: request.call<{ Group: { Arn: string } }>('GetGroup', { GroupName: request.id }).Group.Arn }),
};

const accessKeyRow: Row = {
  service,
  create: (request) => {
    const { AccessKey: key } = request.call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>('CreateAccessKey', { UserName: request.text('UserName') });
    return key.AccessKeyId;
  },
  update: (request) => request.call('UpdateAccessKey', { UserName: request.text('UserName'), AccessKeyId: request.id, Status: request.text('Status') ?? 'Active' }),
  delete: (request) => request.call('DeleteAccessKey', { UserName: request.text('UserName'), AccessKeyId: request.id }),
};

const serviceLinkedRoleRow: Row = {
  service,
  create: (request) => request.send<{ Role: { RoleName: string } }>('CreateServiceLinkedRole').Role.RoleName,
  delete: (request) => request.call('DeleteServiceLinkedRole', { RoleName: request.id }),
  attributes: (request): ValueMap => ({ RoleName: request.id }),
};

export const IAM: { readonly [type: string]: Row } = {
  'AWS::IAM::Role': roleRow,
  'AWS::IAM::Policy': policyRow,
  'AWS::IAM::ManagedPolicy': managedPolicyRow,
  'AWS::IAM::InstanceProfile': instanceProfileRow,
  'AWS::IAM::User': userRow,
  'AWS::IAM::Group': groupRow,
  'AWS::IAM::AccessKey': accessKeyRow,
  'AWS::IAM::ServiceLinkedRole': serviceLinkedRoleRow,
};
