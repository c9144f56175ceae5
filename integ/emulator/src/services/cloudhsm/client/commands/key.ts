import type { Command } from './command';
import { keyAttributes } from './key-attributes';
import type { Context } from '../../../../wire/operation';
import { keysOf } from '../../hsm/coverage';
import type { KeySummary } from '../../hsm/coverage';
import { CURVES, newEcPair, newRsaPair, newSecretKey } from '../../hsm/keys';
import type { KeySpec, PairSpec } from '../../hsm/keys';
import type { HsmKey } from '../../hsm/partition';
import type { Options } from '../arguments';
import type { Session } from '../session';
import { NotBuilt, Refusal, sayIn, UsageError } from '../stop';

const SHARED = {
  'session': 'flag',
  'share-crypto-users': 'many',
  'manage-key-quorum-value': 'one',
  'use-key-quorum-value': 'one',
  'manage-private-key-quorum-value': 'one',
  'use-private-key-quorum-value': 'one',
} as const;
const PAIR = { 'public-label': 'one', 'private-label': 'one', 'public-attributes': 'many', 'private-attributes': 'many', ...SHARED } as const;

/** Stores new keys in all connected HSMs; too few of those, and the keys could not be used. */
function store(session: Session, options: Options, keys: readonly HsmKey[]): void {
  const count = session.context.row<number>('cloudhsm-client/minimum-hsms-for-key');
  if (session.checksKeyAvailability && session.links.length < count) {
    throw new Refusal('text-key-availability', { key: keys[0].reference, count });
  }
  // A session key ends with the session, which in this mode is the command itself.
  if (options.has('session')) return;
  session.change('Key generate', {}, (link) => link.addKeys(keys));
}

function specOf(session: Session, options: Options, label: string, attributes: KeySpec['attributes']): KeySpec {
  return {
    owner: session.user.username,
    clusterId: session.clusterId,
    label,
    attributes: { ...attributes, ...(options.has('session') ? { token: false } : {}) },
    sharedWith: options.many('share-crypto-users').map((name) => name.toLowerCase()),
  };
}

function pairSpecOf(session: Session, options: Options): PairSpec {
  return {
    publicKey: specOf(session, options, options.one('public-label')!, keyAttributes('--public-attributes', options.many('public-attributes'))),
    privateKey: specOf(session, options, options.one('private-label')!, keyAttributes('--private-attributes', options.many('private-attributes'))),
  };
}

/** A key in full, as creation and `key list --verbose` show it. */
function keyView({ key, coverage }: KeySummary): object {
  return {
    'key-reference': key.reference,
    'key-info': {
      'key-owners': [{ 'username': key.owner, 'key-coverage': coverage }],
      'shared-users': key.sharedWith.map((username) => ({ username, 'key-coverage': coverage })),
      'key-quorum-values': { 'manage-key-quorum-value': 0, 'use-key-quorum-value': 0 },
      'cluster-coverage': key.attributes.token === false ? 'session' : coverage,
    },
    'attributes': key.attributes,
  };
}

function created(key: HsmKey): object {
  return keyView({ key, coverage: 'full' });
}

function generateSecret(session: Session, options: Options, type: 'aes' | 'generic-secret', bytes: number): object {
  const spec = specOf(session, options, options.one('label')!, keyAttributes('--attributes', options.many('attributes')));
  const key = newSecretKey(session.context, spec, type, bytes);
  store(session, options, [key]);
  return { key: created(key) };
}

function generatePair(session: Session, options: Options, make: (spec: PairSpec) => { publicKey: HsmKey; privateKey: HsmKey }): object {
  const { publicKey, privateKey } = make(pairSpecOf(session, options));
  store(session, options, [publicKey, privateKey]);
  return { public_key: created(publicKey), private_key: created(privateKey) };
}

/** Own keys, shared keys and all public keys; an administrator sees them all. */
function visible(session: Session): KeySummary[] {
  const { username, role } = session.user;
  return keysOf(session.links.map(({ partition }) => partition)).filter(({ key }) => role === 'admin'
    || key.owner === username || key.sharedWith.includes(username) || key.attributes.class === 'public-key');
}

/** `key-reference=…` and `attr.<name>=…`, all of which must match. */
function matching(keys: readonly KeySummary[], filters: readonly string[]): KeySummary[] {
  const conditions = filters.map((filter) => {
    const [name, ...rest] = filter.split('=');
    const wanted = rest.join('=');
    if (name === 'key-reference') return ({ key }: KeySummary) => key.reference === wanted;
    if (!name.startsWith('attr.')) throw new Refusal('text-key-option', { option: '--filter', problem: `${name} is not a filter` });
    return ({ key }: KeySummary) => String(key.attributes[name.slice('attr.'.length)]) === wanted;
  });
  return keys.filter((key) => conditions.every((condition) => condition(key)));
}

function listKeys(session: Session, options: Options): object {
  const found = matching(visible(session), options.many('filter'));
  const start = Number(options.one('starting-token') ?? 0);
  const shown = found.slice(start, start + Number(options.one('max-items') ?? session.context.row<number>('cloudhsm-client/list-page')));
  const verbose = options.has('verbose') && session.user.role === 'crypto-user';
  return {
    matched_keys: shown.map((found_) => (verbose
      ? keyView(found_)
      : { 'key-reference': found_.key.reference, 'attributes': { label: found_.key.attributes.label } })),
    total_key_count: found.length,
    returned_key_count: shown.length,
    ...(start + shown.length < found.length ? { next_token: String(start + shown.length) } : {}),
  };
}

function deleteKey(session: Session, options: Options): object {
  const own = visible(session).filter(({ key }) => key.owner === session.user.username);
  const found = matching(own, options.many('filter'));
  if (found.length > 1) throw new Refusal('text-key-many', { count: found.length });
  if (found.length === 0) throw new Refusal('text-no-key');
  const [{ key: { reference } }] = found;
  session.change('Key delete', {}, (link) => (
    link.partition.keys.some((key) => key.reference === reference) ? link.deleteKey(reference) : 'ok'));
  return { message: sayIn(session.context, 'text-key-deleted') };
}

/** What every creation shares: quorum is not emulated, labels have a length. */
function demandSense(context: Context, options: Options): void {
  const quorum = Object.keys(SHARED).find((name) => name.endsWith('quorum-value') && options.has(name));
  if (quorum) throw new NotBuilt(`--${quorum}`);
  const max = context.row<number>('cloudhsm-client/label-length');
  for (const name of ['label', 'public-label', 'private-label']) {
    if ((options.one(name) ?? '').length > max) throw new Refusal('text-key-option', { option: `--${name}`, problem: `at most ${max} characters` });
  }
}

function numberOf(options: Options, name: string, isGood: (value: number) => boolean, expected: string): number {
  const value = Number(options.one(name));
  if (!Number.isInteger(value) || !isGood(value)) throw new UsageError(`invalid value '${options.one(name)}' for '--${name}': ${expected}`);
  return value;
}

export const keyCommands: readonly Command[] = [
  {
    path: 'key generate-symmetric aes',
    options: { 'label': 'one', 'key-length-bytes': 'one', 'attributes': 'many', ...SHARED },
    required: ['label', 'key-length-bytes'],
    roles: ['crypto-user'],
    prepare: (context, options) => {
      demandSense(context, options);
      const bytes = numberOf(options, 'key-length-bytes', (value) => [16, 24, 32].includes(value), '16, 24 or 32');
      return (session) => generateSecret(session, options, 'aes', bytes);
    },
  },
  {
    path: 'key generate-symmetric generic-secret',
    options: { 'label': 'one', 'key-length-bytes': 'one', 'attributes': 'many', ...SHARED },
    required: ['label', 'key-length-bytes'],
    roles: ['crypto-user'],
    prepare: (context, options) => {
      demandSense(context, options);
      const bytes = numberOf(options, 'key-length-bytes', (value) => value >= 1 && value <= 800, '1 to 800');
      return (session) => generateSecret(session, options, 'generic-secret', bytes);
    },
  },
  {
    path: 'key generate-asymmetric-pair rsa',
    options: { 'modulus-size-bits': 'one', 'public-exponent': 'one', ...PAIR },
    required: ['public-label', 'private-label', 'modulus-size-bits', 'public-exponent'],
    roles: ['crypto-user'],
    prepare: (context, options) => {
      demandSense(context, options);
      const bits = numberOf(options, 'modulus-size-bits', (value) => value >= 2048 && value <= 4096 && value % 256 === 0, '2048 to 4096');
      const exponent = numberOf(options, 'public-exponent', (value) => value >= 65_537 && value % 2 === 1, 'odd and at least 65537');
      return (session) => generatePair(session, options, (spec) => newRsaPair(session.context, spec, bits, exponent));
    },
  },
  {
    path: 'key generate-asymmetric-pair ec',
    options: { curve: 'one', ...PAIR },
    required: ['public-label', 'private-label', 'curve'],
    roles: ['crypto-user'],
    prepare: (context, options) => {
      demandSense(context, options);
      const curve = options.one('curve')!;
      if (!(curve in CURVES)) throw new UsageError(`invalid value '${curve}' for '--curve' [possible values: ${Object.keys(CURVES).join(', ')}]`);
      return (session) => generatePair(session, options, (spec) => newEcPair(session.context, spec, curve));
    },
  },
  {
    path: 'key list',
    options: { 'filter': 'many', 'max-items': 'one', 'starting-token': 'one', 'verbose': 'flag' },
    roles: ['admin', 'crypto-user'],
    prepare: (_context, options) => (session) => listKeys(session, options),
  },
  {
    path: 'key delete',
    options: { filter: 'many' },
    required: ['filter'],
    roles: ['crypto-user'],
    prepare: (_context, options) => (session) => deleteKey(session, options),
  },
];
