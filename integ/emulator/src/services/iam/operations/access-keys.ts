import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { accessKeys } from '../access-keys';
import type { AccessKey } from '../access-keys';
import { entity, USER } from '../entities';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { arnOf } from '../state';

interface OfUser {
  /** Without a name, the caller's own. */
  readonly UserName?: string;
}

interface OfKey extends OfUser {
  readonly AccessKeyId: string;
}

/** The one answer that has the secret in it. Signatures are not checked here, so it is not kept. */
export function createAccessKey(context: Context, input: OfUser): Output {
  const user = userOf(context, input);
  const limit = context.row<number>('iam/access-keys-per-user');
  if (keysOf(context, user.name).length >= limit) throw refuse(context, 'quota', 'AccessKeysPerUser', limit);
  const id = `AKIA${idFormat.upperAlphanumeric(context.id('access-key'), 16)}`;
  const key = accessKeys(context.kernel).put(id, {
    id, account: context.account, user: user.name, arn: arnOf(context, 'user', user), status: 'Active', createdAt: context.now,
  });
  const SecretAccessKey = context.id('secret-access-key').toString('base64').replace(/=/g, '').slice(0, 40);
  return { AccessKey: { ...view(context, key), SecretAccessKey } };
}

export function listAccessKeys(context: Context, input: OfUser & PageInput): Output {
  const { page, more } = paged(context, keysOf(context, userOf(context, input).name), ({ id }) => id, input);
  return { AccessKeyMetadata: page.map((key) => view(context, key)), ...more };
}

export function updateAccessKey(context: Context, input: OfKey & { readonly Status: 'Active' | 'Inactive' }): Output {
  const key = keyOf(context, input);
  accessKeys(context.kernel).put(key.id, { ...key, status: input.Status });
  return {};
}

/** Its id goes on being known, so that whoever still has it is refused. */
export function deleteAccessKey(context: Context, input: OfKey): Output {
  const key = keyOf(context, input);
  accessKeys(context.kernel).put(key.id, { ...key, status: 'Deleted' });
  return {};
}

export function keysOf(context: Context, name: string): AccessKey[] {
  return accessKeys(context.kernel).values().filter(({ account, user, status }) => account === context.account && user === name && status !== 'Deleted');
}

function userOf(context: Context, { UserName }: OfUser): { readonly name: string; readonly path: string } {
  const own = /:user\/(?:.*\/)?([^/]+)$/.exec(context.caller.principal.arn)?.[1];
  if (UserName === undefined && own === undefined) throw refuse(context, 'user-name-missing');
  return entity(context, USER, UserName ?? own!);
}

function keyOf(context: Context, input: OfKey): AccessKey {
  const found = keysOf(context, userOf(context, input).name).find(({ id }) => id === input.AccessKeyId);
  if (!found) throw refuse(context, 'access-key', input.AccessKeyId);
  return found;
}

function view(context: Context, { id, user, status, createdAt }: AccessKey): Output {
  return { UserName: user, AccessKeyId: id, Status: status, CreateDate: new Date(context.kernel.hostTime(createdAt)) };
}
