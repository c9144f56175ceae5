import type { Command } from './command';
import { keyAttributes } from './key-attributes';
import { matching, own, theOne, visible } from './key-selection';
import { demandSense, numberOf, SHARED, specOf, store } from './key-store';
import { created, keyView } from './key-view';
import { CURVES, newEcPair, newRsaPair, newSecretKey } from '../../hsm/keys';
import type { PairSpec } from '../../hsm/keys';
import type { HsmKey } from '../../hsm/partition';
import type { Options } from '../arguments';
import type { Session } from '../session';
import { Refusal, sayIn, UsageError } from '../stop';

const PAIR = { 'public-label': 'one', 'private-label': 'one', 'public-attributes': 'many', 'private-attributes': 'many', ...SHARED } as const;

function pairSpecOf(session: Session, options: Options): PairSpec {
  return {
    publicKey: specOf(session, options, options.one('public-label')!, keyAttributes('--public-attributes', options.many('public-attributes'))),
    privateKey: specOf(session, options, options.one('private-label')!, keyAttributes('--private-attributes', options.many('private-attributes'))),
  };
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
  const { key: { reference, attributes } } = theOne(own(session), options.many('filter'));
  if (attributes.destroyable === false) throw new Refusal('text-key-use', { key: reference, use: 'destroyable' });
  session.change('Key delete', {}, (link) => (
    link.partition.keys.some((key) => key.reference === reference) ? link.deleteKey(reference) : 'ok'));
  return { message: sayIn(session.context, 'text-key-deleted') };
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
