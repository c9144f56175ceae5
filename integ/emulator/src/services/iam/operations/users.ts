import { keysOf } from './access-keys';
import type { Context, Output } from '../../../wire/operation';
import { checkFree, entity, uniqueId, USER } from '../entities';
import { checkAttachable } from '../managed-policies';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { arnOf, users } from '../state';
import type { User } from '../state';
import { tagViews, withTags } from '../tags';
import type { Tag } from '../tags';

interface CreateUserInput {
  readonly UserName: string;
  readonly Path?: string;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
}

export function createUser(context: Context, input: CreateUserInput): Output {
  checkFree(context, 'user-exists', users(context).values().map(({ name }) => name), input.UserName);
  if (input.PermissionsBoundary !== undefined) checkAttachable(context, input.PermissionsBoundary, 'boundary');
  const user = users(context).put(input.UserName, {
    name: input.UserName,
    path: input.Path ?? '/',
    id: uniqueId(context, 'AIDA'),
    createdAt: context.now,
    tags: withTags(context, {}, input.Tags),
    inline: {},
    attached: [],
    boundary: input.PermissionsBoundary,
  });
  context.emit('user created', user.name);
  return { User: view(context, user) };
}

export function deleteUser(context: Context, { UserName }: { UserName: string }): Output {
  const user = entity(context, USER, UserName);
  if (user.attached.length > 0) throw refuse(context, 'delete-attached');
  if (Object.keys(user.inline).length > 0) throw refuse(context, 'delete-inline');
  if (keysOf(context, user.name).length > 0) throw refuse(context, 'delete-access-keys');
  users(context).delete(user.name);
  context.emit('user deleted', user.name);
  return {};
}

/** Without a name, the caller's own. */
export function getUser(context: Context, { UserName }: { UserName?: string }): Output {
  const own = /:user\/(?:.*\/)?([^/]+)$/.exec(context.caller.principal.arn)?.[1];
  if (UserName === undefined && own === undefined) throw refuse(context, 'user-name-missing');
  return { User: view(context, entity(context, USER, UserName ?? own!)) };
}

export function listUsers(context: Context, input: PageInput & { PathPrefix?: string }): Output {
  const all = users(context).values().filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { page, more } = paged(context, all, ({ name }) => name, input);
  return { Users: page.map((user) => ({ ...view(context, user), Tags: undefined, PermissionsBoundary: undefined })), ...more };
}

function view(context: Context, user: User): Output {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: arnOf(context, 'user', user),
    CreateDate: new Date(context.kernel.hostTime(user.createdAt)),
    PermissionsBoundary: user.boundary === undefined ? undefined : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: user.boundary },
    Tags: tagViews(user.tags),
  };
}
