import type { Context, Output } from '../../../wire/operation';
import { encodeDocument, countedSize } from '../documents';
import { changeable, checkFree, entity, ROLE, uniqueId } from '../entities';
import { checkAttachable } from '../managed-policies';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { checkDocument } from '../policy-checks';
import { refuse } from '../refusals';
import { arnOf, instanceProfiles, roles } from '../state';
import type { Role } from '../state';
import { tagViews, withTags } from '../tags';
import type { Tag } from '../tags';

interface CreateRoleInput {
  readonly RoleName: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
}

export function createRole(context: Context, input: CreateRoleInput): Output {
  checkFree(context, 'role-exists', roles(context).values().map(({ name }) => name), input.RoleName);
  if (/^\/aws-service-role\//.test(input.Path ?? '/')) throw refuse(context, 'service-role-path');
  checkTrust(context, input.AssumeRolePolicyDocument);
  if (input.PermissionsBoundary !== undefined) checkAttachable(context, input.PermissionsBoundary, 'boundary');
  if (roles(context).size() >= context.row<number>('iam/roles-per-account')) {
    throw refuse(context, 'role-limit', context.row<number>('iam/roles-per-account'));
  }
  const role = addRole(context, {
    name: input.RoleName,
    path: input.Path ?? '/',
    trust: input.AssumeRolePolicyDocument,
    description: input.Description,
    maxSessionSeconds: input.MaxSessionDuration ?? 3600,
    boundary: input.PermissionsBoundary,
    tags: withTags(context, {}, input.Tags),
  });
  return { Role: roleView(context, role) };
}

export function addRole(context: Context, more: Pick<Role, 'name' | 'path' | 'trust' | 'maxSessionSeconds'> & Partial<Role>): Role {
  const role = roles(context).put(more.name, {
    id: uniqueId(context, 'AROA'), createdAt: context.now, tags: {}, inline: {}, attached: [], ...more,
  });
  context.emit('role created', role.name);
  return role;
}

function checkTrust(context: Context, document: string): void {
  checkDocument(context, document, 'trust');
  const limit = context.row<number>('iam/trust-policy-size');
  if (countedSize(document) > limit) throw refuse(context, 'trust-size', limit);
}

export function deleteRole(context: Context, { RoleName }: { RoleName: string }): Output {
  const role = changeable(context, ROLE, RoleName);
  if (instanceProfiles(context).values().some((profile) => profile.roles.includes(role.name))) throw refuse(context, 'role-in-profile');
  if (role.attached.length > 0) throw refuse(context, 'delete-attached');
  if (Object.keys(role.inline).length > 0) throw refuse(context, 'delete-inline');
  roles(context).delete(role.name);
  context.emit('role deleted', role.name);
  return {};
}

export function getRole(context: Context, { RoleName }: { RoleName: string }): Output {
  return { Role: roleView(context, entity(context, ROLE, RoleName) as Role) };
}

export function listRoles(context: Context, input: PageInput & { PathPrefix?: string }): Output {
  const all = roles(context).values().filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { page, more } = paged(context, all, ({ name }) => name, input);
  // Tags, boundary and last use are told by GetRole only.
  const views = page.map((role) => ({ ...roleView(context, role), Tags: undefined, PermissionsBoundary: undefined, RoleLastUsed: undefined }));
  return { Roles: views, ...more };
}

interface UpdateRoleInput {
  readonly RoleName: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
}

export function updateRole(context: Context, input: UpdateRoleInput): Output {
  const role = changeable(context, ROLE, input.RoleName) as Role;
  roles(context).put(role.name, {
    ...role, description: input.Description ?? role.description, maxSessionSeconds: input.MaxSessionDuration ?? role.maxSessionSeconds,
  });
  return {};
}

export function updateRoleDescription(context: Context, input: { RoleName: string; Description: string }): Output {
  const role = entity(context, ROLE, input.RoleName) as Role;
  return { Role: roleView(context, roles(context).put(role.name, { ...role, description: input.Description })) };
}

export function updateAssumeRolePolicy(context: Context, input: { RoleName: string; PolicyDocument: string }): Output {
  const role = changeable(context, ROLE, input.RoleName) as Role;
  checkTrust(context, input.PolicyDocument);
  roles(context).put(role.name, { ...role, trust: input.PolicyDocument });
  return {};
}

export function roleView(context: Context, role: Role): Output {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: arnOf(context, 'role', role),
    CreateDate: new Date(context.kernel.hostTime(role.createdAt)),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    PermissionsBoundary: role.boundary === undefined ? undefined : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: role.boundary },
    Tags: tagViews(role.tags),
    RoleLastUsed: {},
  };
}
