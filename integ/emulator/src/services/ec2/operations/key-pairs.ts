import { createHash } from 'node:crypto';
import type { Context, Output } from '../../../wire/operation';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { keyPairs } from '../state';
import type { KeyPair } from '../state';
import { dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';

interface ImportInput extends WithTags {
  readonly KeyName: string;
  readonly PublicKeyMaterial: string | Uint8Array;
}

export function importKeyPair(context: Context, input: ImportInput): Output {
  if (keyPairs(context).values().some(({ name }) => name === input.KeyName)) throw refuse(context, 'key-pair-duplicate', input.KeyName);
  const text = Buffer.from(input.PublicKeyMaterial as Uint8Array).toString('utf8').trim();
  const [type, material] = text.split(/\s+/);
  if (material === undefined || !['ssh-rsa', 'ssh-ed25519'].includes(type)) throw refuse(context, 'key-pair-format');
  const bytes = Buffer.from(material, 'base64');
  const id = newId(context, 'key');
  const pair = keyPairs(context).put(id, {
    id,
    name: input.KeyName,
    type: type === 'ssh-rsa' ? 'rsa' : 'ed25519',
    fingerprint: type === 'ssh-rsa'
      ? createHash('md5').update(bytes).digest('hex').match(/../g)!.join(':')
      : createHash('sha256').update(bytes).digest('base64'),
    publicKey: text,
    createdAt: context.now,
  });
  tagNew(context, input, 'key-pair', id);
  return { KeyPairId: id, KeyName: pair.name, KeyFingerprint: pair.fingerprint, Tags: tagsOf(context, id) };
}

/** A key that is not there is no error. */
export function deleteKeyPair(context: Context, input: { KeyName?: string; KeyPairId?: string }): Output {
  const pair = keyPairs(context).values().find(({ id, name }) => id === input.KeyPairId || name === input.KeyName);
  if (pair) {
    keyPairs(context).delete(pair.id);
    dropTags(context, pair.id);
  }
  return { Return: true, KeyPairId: pair?.id };
}

interface DescribeInput extends ListInput {
  readonly KeyNames?: readonly string[];
  readonly KeyPairIds?: readonly string[];
  readonly IncludePublicKey?: boolean;
}

export function describeKeyPairs(context: Context, input: DescribeInput): Output {
  const names = input.KeyNames ?? [];
  const all = keyPairs(context).values();
  const unknown = names.find((name) => !all.some((pair) => pair.name === name));
  if (unknown !== undefined) throw refuse(context, 'key-pair', unknown);
  const { page } = list(context, { Filters: input.Filters }, {
    records: names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all,
    idOf: (pair) => pair.id,
    ids: input.KeyPairIds,
    missing: 'key-pair',
    filters: { 'key-pair-id': (pair) => pair.id, 'key-name': (pair) => pair.name, 'fingerprint': (pair) => pair.fingerprint },
  });
  return { KeyPairs: page.map((pair) => view(context, pair, input.IncludePublicKey ?? false)) };
}

function view(context: Context, pair: KeyPair, withKey: boolean): Output {
  return {
    KeyPairId: pair.id,
    KeyName: pair.name,
    KeyType: pair.type,
    KeyFingerprint: pair.fingerprint,
    PublicKey: withKey ? pair.publicKey : undefined,
    CreateTime: new Date(context.kernel.hostTime(pair.createdAt)),
    Tags: tagsOf(context, pair.id),
  };
}
