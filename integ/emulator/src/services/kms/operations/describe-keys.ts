import type { Context, Output } from '../../../wire/operation';
import { findKey, findKeyById } from '../find';
import { describeKeyRecord } from '../metadata';
import { page } from '../paging';
import type { PageWish } from '../paging';
import { keys } from '../state';
import { requireCustomerManaged, requireNotPendingDeletion } from '../usable';

interface KeyInput {
  readonly KeyId: string;
}

export function describeKey(context: Context, { KeyId }: KeyInput): Output {
  const { key } = findKey(context, KeyId);
  return { KeyMetadata: describeKeyRecord(context, key) };
}

export function listKeys(context: Context, input: PageWish): Output {
  const { items, more } = page(context, keys(context).values(), input, 100);
  return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...more };
}

export function updateKeyDescription(context: Context, { KeyId, Description }: KeyInput & { Description: string }): void {
  const { key, context: place } = findKeyById(context, KeyId);
  requireCustomerManaged(context, key, 'UpdateKeyDescription');
  requireNotPendingDeletion(context, key);
  keys(place).put(key.id, { ...key, description: Description });
}
