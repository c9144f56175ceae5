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
}

/** Stores a new key, with real material unless the caller is going to bring it. */
export function makeKey(context: Context, wish: KeyWish): KeyRecord {
  const { spec = 'SYMMETRIC_DEFAULT', usage = 'ENCRYPT_DECRYPT', origin = 'AWS_KMS', multiRegion = false } = wish;
  const bytes = context.id(wish.manager === 'AWS' ? 'aws-key' : 'key');
  const id = multiRegion ? `mrk-${idFormat.hex(bytes, 32)}` : idFormat.uuid(bytes);
  const imported = origin === 'EXTERNAL';
  const key = keys(context).put(id, {
    id,
    arn: context.arn('kms', `key/${id}`),
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
    materials: imported ? [] : [makeMaterial(context, id, spec, 'CreateKey')],
  });
  context.emit(key.state, id);
  return key;
}
