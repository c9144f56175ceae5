import { awsManagedKey } from './aws-managed';
import { aliases, keys } from './state';
import type { AliasRecord, KeyRecord } from './state';
import { refusal } from './text';
import type { Context } from '../../wire/operation';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MULTI_REGION_ID = /^mrk-[0-9a-f]{32}$/;
const ARN = /^arn:[^:]+:kms:([^:]+):([^:]+):(key\/(.+)|(alias\/.+))$/;

/** A key and the place where its records are: another account's, when an ARN says so. */
export interface Found {
  readonly key: KeyRecord;
  readonly context: Context;
}

/** The key behind an id, an ARN, an alias or an alias's ARN. @throws ServiceError */
export function findKey(context: Context, reference: string): Found {
  const [, region, account, , id, alias] = ARN.exec(reference) ?? [];
  if (region !== undefined && region !== context.region) throw refusal(context, 'NotFoundException', 'text-other-region', { region });
  const place = account === undefined || account === context.account ? context : context.at({ account });
  const aliasName = alias ?? (reference.startsWith('alias/') ? reference : undefined);
  if (aliasName !== undefined) return { key: keyOfAlias(place, aliasName), context: place };
  return { key: keyById(place, id ?? reference), context: place };
}

/** As `findKey`, for operations that change a key: they take no alias. */
export function findKeyById(context: Context, reference: string): Found {
  if (/^alias\/|:alias\//.test(reference)) throw refusal(context, 'NotFoundException', 'text-bad-key-id', { id: reference });
  return findKey(context, reference);
}

export function findAlias(context: Context, name: string): AliasRecord {
  const alias = aliases(context).get(name);
  if (!alias) throw refusal(context, 'NotFoundException', 'text-no-alias', { arn: context.arn('kms', name) });
  return alias;
}

function keyById(context: Context, id: string): KeyRecord {
  const key = keys(context).get(id);
  if (key) return key;
  if (!UUID.test(id) && !MULTI_REGION_ID.test(id)) throw refusal(context, 'NotFoundException', 'text-bad-key-id', { id });
  throw refusal(context, 'NotFoundException', 'text-no-key', { arn: context.arn('kms', `key/${id}`) });
}

function keyOfAlias(context: Context, name: string): KeyRecord {
  const made = aliases(context).has(name) ? undefined : awsManagedKey(context, name);
  return made ?? keyById(context, findAlias(context, name).keyId);
}
