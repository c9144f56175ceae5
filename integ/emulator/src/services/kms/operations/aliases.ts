import type { Context, Output } from '../../../wire/operation';
import { findAlias, findKeyById } from '../find';
import { page } from '../paging';
import type { PageWish } from '../paging';
import { isAsymmetric } from '../specs';
import { aliases, keys } from '../state';
import type { AliasRecord, KeyRecord } from '../state';
import { date, refusal } from '../text';
import { requireNotPendingDeletion } from '../usable';

interface AliasInput {
  readonly AliasName: string;
  readonly TargetKeyId: string;
}

export function createAlias(context: Context, { AliasName, TargetKeyId }: AliasInput): void {
  checkName(context, AliasName);
  const { key } = findKeyById(context, TargetKeyId);
  if (aliases(context).has(AliasName)) throw refusal(context, 'AlreadyExistsException', 'text-alias-exists', { arn: context.arn('kms', AliasName) });
  requireNotPendingDeletion(context, key);
  const limit = context.row<number>('kms/aliases-per-key');
  if (aliasesOf(context, key).length >= limit) throw refusal(context, 'LimitExceededException', 'text-too-many-aliases', { arn: key.arn, limit });
  aliases(context).put(AliasName, { name: AliasName, keyId: key.id, createdAt: context.now, updatedAt: context.now });
}

/** An alias moves only between keys of the same kind. */
export function updateAlias(context: Context, { AliasName, TargetKeyId }: AliasInput): void {
  checkName(context, AliasName);
  const alias = findAlias(context, AliasName);
  const { key } = findKeyById(context, TargetKeyId);
  requireNotPendingDeletion(context, key);
  const before = keys(context).get(alias.keyId);
  if (before && (before.usage !== key.usage || isAsymmetric(before.spec) !== isAsymmetric(key.spec))) {
    throw refusal(context, 'ValidationException', 'text-alias-other-kind', { from: before.arn, to: key.arn });
  }
  aliases(context).put(AliasName, { ...alias, keyId: key.id, updatedAt: context.now });
}

export function deleteAlias(context: Context, { AliasName }: { readonly AliasName: string }): void {
  checkName(context, AliasName);
  findAlias(context, AliasName);
  aliases(context).delete(AliasName);
}

export function listAliases(context: Context, input: PageWish & { readonly KeyId?: string }): Output {
  const all = input.KeyId === undefined ? aliases(context).values() : aliasesOf(context, findKeyById(context, input.KeyId).key);
  const { items, more } = page(context, all.sort((a, b) => (a.name < b.name ? -1 : 1)), input, 50);
  return {
    Aliases: items.map(({ name, keyId, createdAt, updatedAt }) => ({
      AliasName: name, AliasArn: context.arn('kms', name), TargetKeyId: keyId, CreationDate: date(context, createdAt), LastUpdatedDate: date(context, updatedAt),
    })),
    ...more,
  };
}

function aliasesOf(context: Context, key: KeyRecord): AliasRecord[] {
  return aliases(context).values().filter(({ keyId }) => keyId === key.id);
}

function checkName(context: Context, name: string): void {
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) throw refusal(context, 'ValidationException', 'text-bad-alias', { name });
  if (name.startsWith('alias/aws/')) throw refusal(context, 'NotAuthorizedException', 'text-aws-alias');
}
