import { makeBackingKey } from './key-stores/backing-key';
import type { KeyStoreRecord } from './key-stores/state';
import { makeMaterial } from './material';
import { keys } from './state';
import type { KeyRecord, Tag } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface KeyWish {
  readonly manager: KeyRecord['manager'];
  readonly policy: string;
  readonly description?: string;
  readonly spec?: string;
  readonly usage?: string;
  readonly multiRegion?: boolean;
  readonly origin?: string;
  readonly tags?: readonly Tag[];
  /** Where the material is to be, if not in KMS. */
  readonly keyStore?: KeyStoreRecord;
}

/** Stores a new key, with real material, here or in a custom key store, unless the caller is going to bring it. */
export function makeKey(context: Context, wish: KeyWish): KeyRecord {
  const { spec = 'SYMMETRIC_DEFAULT', usage = 'ENCRYPT_DECRYPT', origin = 'AWS_KMS', multiRegion = false } = wish;
  const bytes = context.id(wish.manager === 'AWS' ? 'aws-key' : 'key');
  const id = multiRegion ? `mrk-${idFormat.hex(bytes, 32)}` : idFormat.uuid(bytes);
  const arn = context.arn('kms', `key/${id}`);
  const imported = origin === 'EXTERNAL';
  const { keyStore } = wish;
  const key = keys(context).put(id, {
    id,
    arn,
    account: context.account,
    region: context.region,
    createdAt: context.now,
    description: wish.description ?? '',
    spec,
    usage,
    origin,
    manager: wish.manager,
    multiRegion,
    state: imported ? 'PendingImport' : 'Enabled',
    policy: wish.policy,
    tags: wish.tags ?? [],
    materials: imported || keyStore ? [] : [makeMaterial(context, id, spec, 'CreateKey')],
    backing: keyStore && { keyStoreId: keyStore.id, reference: makeBackingKey(context, keyStore, arn) },
  });
  context.emit(key.state, id);
  return key;
}
