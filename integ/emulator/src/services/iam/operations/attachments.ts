import type { Context, Output } from '../../../wire/operation';
import { changeable, entity, ROLE, USER } from '../entities';
import type { EntityKind } from '../entities';
import { awsPolicy, checkAttachable } from '../managed-policies';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { policies } from '../state';

/** Attaching what is attached changes nothing. */
function attach(context: Context, kind: EntityKind, name: string, arn: string): Output {
  const found = changeable(context, kind, name);
  checkAttachable(context, arn);
  if (found.attached.includes(arn)) return {};
  const { name: quota, value } = context.row<Readonly<Record<string, { name: string; value: number }>>>('iam/attached-policies')[kind.noun];
  if (found.attached.length >= value) throw refuse(context, 'quota', quota, value);
  kind.table(context).put(name, { ...found, attached: [...found.attached, arn] });
  context.emit(`policy ${arn.split('/').pop()!} attached`, name);
  return {};
}

function detach(context: Context, kind: EntityKind, name: string, arn: string): Output {
  const found = changeable(context, kind, name);
  if (!found.attached.includes(arn)) throw refuse(context, 'policy', arn);
  kind.table(context).put(name, { ...found, attached: found.attached.filter((attached) => attached !== arn) });
  context.emit(`policy ${arn.split('/').pop()!} detached`, name);
  return {};
}

function listAttached(context: Context, kind: EntityKind, name: string, input: PageInput & { PathPrefix?: string }): Output {
  const all = entity(context, kind, name).attached
    .filter((arn) => (policies(context).get(arn)?.path ?? awsPolicy(arn)?.path ?? '/').startsWith(input.PathPrefix ?? '/'))
    .map((PolicyArn) => ({ PolicyName: PolicyArn.split('/').pop()!, PolicyArn }));
  const { page, more } = paged(context, all, ({ PolicyArn }) => PolicyArn, input);
  return { AttachedPolicies: page, ...more };
}

function putBoundary(context: Context, kind: EntityKind, name: string, arn: string): Output {
  const found = changeable(context, kind, name);
  checkAttachable(context, arn, 'boundary');
  kind.table(context).put(name, { ...found, boundary: arn });
  return {};
}

function deleteBoundary(context: Context, kind: EntityKind, name: string): Output {
  const found = changeable(context, kind, name);
  if (found.boundary === undefined) throw refuse(context, 'no-boundary', kind.noun, name);
  const { boundary: _gone, ...rest } = found;
  kind.table(context).put(name, rest);
  return {};
}

interface OfRole {
  readonly RoleName: string;
}

interface OfUser {
  readonly UserName: string;
}

interface WithPolicy {
  readonly PolicyArn: string;
}

interface WithBoundary {
  readonly PermissionsBoundary: string;
}

type Paging = PageInput & { readonly PathPrefix?: string };

export const attachRolePolicy = (context: Context, input: OfRole & WithPolicy): Output => attach(context, ROLE, input.RoleName, input.PolicyArn);
export const attachUserPolicy = (context: Context, input: OfUser & WithPolicy): Output => attach(context, USER, input.UserName, input.PolicyArn);
export const detachRolePolicy = (context: Context, input: OfRole & WithPolicy): Output => detach(context, ROLE, input.RoleName, input.PolicyArn);
export const detachUserPolicy = (context: Context, input: OfUser & WithPolicy): Output => detach(context, USER, input.UserName, input.PolicyArn);
export const listAttachedRolePolicies = (context: Context, input: OfRole & Paging): Output => listAttached(context, ROLE, input.RoleName, input);
export const listAttachedUserPolicies = (context: Context, input: OfUser & Paging): Output => listAttached(context, USER, input.UserName, input);

export const putRolePermissionsBoundary = (context: Context, input: OfRole & WithBoundary): Output =>
  putBoundary(context, ROLE, input.RoleName, input.PermissionsBoundary);
export const putUserPermissionsBoundary = (context: Context, input: OfUser & WithBoundary): Output =>
  putBoundary(context, USER, input.UserName, input.PermissionsBoundary);
export const deleteRolePermissionsBoundary = (context: Context, { RoleName }: OfRole): Output => deleteBoundary(context, ROLE, RoleName);
export const deleteUserPermissionsBoundary = (context: Context, { UserName }: OfUser): Output => deleteBoundary(context, USER, UserName);
