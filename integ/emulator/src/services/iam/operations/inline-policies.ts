import type { Context, Output } from '../../../wire/operation';
import { countedSize, encodeDocument } from '../documents';
import { changeable, entity, ROLE, USER } from '../entities';
import type { EntityKind } from '../entities';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { checkDocument } from '../policy-checks';
import { refuse } from '../refusals';

interface Put {
  readonly PolicyName: string;
  readonly PolicyDocument: string;
}

/** All inline policies of an entity count together. */
function put(context: Context, kind: EntityKind, name: string, { PolicyName, PolicyDocument }: Put): Output {
  const found = changeable(context, kind, name);
  checkDocument(context, PolicyDocument, 'identity');
  const inline = { ...found.inline, [PolicyName]: PolicyDocument };
  const limit = context.row<Readonly<Record<string, number>>>('iam/inline-policy-size')[kind.noun];
  const size = Object.values(inline).reduce((sum, document) => sum + countedSize(document), 0);
  if (size > limit) throw refuse(context, 'inline-size', limit, kind.noun, name);
  kind.table(context).put(name, { ...found, inline });
  context.emit(`policy ${PolicyName} put`, name);
  return {};
}

function get(context: Context, kind: EntityKind, name: string, policyName: string): Output {
  const document = entity(context, kind, name).inline[policyName];
  if (document === undefined) throw refuse(context, 'inline', kind.noun, policyName);
  return { PolicyName: policyName, PolicyDocument: encodeDocument(document) };
}

function remove(context: Context, kind: EntityKind, name: string, policyName: string): Output {
  const found = changeable(context, kind, name);
  if (found.inline[policyName] === undefined) throw refuse(context, 'inline', kind.noun, policyName);
  const { [policyName]: _gone, ...inline } = found.inline;
  kind.table(context).put(name, { ...found, inline });
  context.emit(`policy ${policyName} deleted`, name);
  return {};
}

function list(context: Context, kind: EntityKind, name: string, input: PageInput): Output {
  const { page, more } = paged(context, Object.keys(entity(context, kind, name).inline), (policyName) => policyName, input);
  return { PolicyNames: page, ...more };
}

interface OfRole {
  readonly RoleName: string;
}

interface OfUser {
  readonly UserName: string;
}

interface Named {
  readonly PolicyName: string;
}

export const putRolePolicy = (context: Context, input: OfRole & Put): Output => put(context, ROLE, input.RoleName, input);
export const putUserPolicy = (context: Context, input: OfUser & Put): Output => put(context, USER, input.UserName, input);

export const getRolePolicy = (context: Context, { RoleName, PolicyName }: OfRole & Named): Output =>
  ({ RoleName, ...get(context, ROLE, RoleName, PolicyName) });
export const getUserPolicy = (context: Context, { UserName, PolicyName }: OfUser & Named): Output =>
  ({ UserName, ...get(context, USER, UserName, PolicyName) });

export const deleteRolePolicy = (context: Context, { RoleName, PolicyName }: OfRole & Named): Output => remove(context, ROLE, RoleName, PolicyName);
export const deleteUserPolicy = (context: Context, { UserName, PolicyName }: OfUser & Named): Output => remove(context, USER, UserName, PolicyName);

export const listRolePolicies = (context: Context, input: OfRole & PageInput): Output => list(context, ROLE, input.RoleName, input);
export const listUserPolicies = (context: Context, input: OfUser & PageInput): Output => list(context, USER, input.UserName, input);
