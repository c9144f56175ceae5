import type { Command } from './command';
import { keyAttributes } from './key-attributes';
import { own, usable, visible } from './key-selection';
import { choice, demandNoApproval, demandSense, either, numberOf, SHARED, specOf, store } from './key-store';
import { created } from './key-view';
import { importedKey, payloadOf } from '../../hsm/keys';
import type { HsmKey } from '../../hsm/partition';
import { HASHES } from '../../hsm/signing';
import { unwrapWith, WRAPPING_TYPE, wrapWith } from '../../hsm/wrapping';
import type { Mechanism, WrapOptions } from '../../hsm/wrapping';
import { clusters } from '../../state';
import type { OptionShape, Options } from '../arguments';
import { readFile, wholePath } from '../files';
import type { RunInput } from '../input';
import type { Session } from '../session';
import { NotBuilt, Refusal, UsageError } from '../stop';

const GCM: Readonly<Record<string, OptionShape>> = { 'tag-length-bits': 'one', 'aad': 'one' };
const OAEP: Readonly<Record<string, OptionShape>> = { 'hash-function': 'one', 'mgf': 'one' };

/** The options that a mechanism has of its own, all of them needed but the associated data. */
const OWN: Readonly<Record<Mechanism, Readonly<Record<string, OptionShape>>>> = {
  'aes-gcm': GCM, 'cloudhsm-aes-gcm': GCM, 'aes-no-pad': {}, 'aes-pkcs5-pad': {}, 'aes-zero-pad': {}, 'rsa-oaep': OAEP, 'rsa-aes': OAEP, 'rsa-pkcs': {},
};
const MECHANISMS = Object.keys(OWN) as Mechanism[];
const TAG_LENGTHS = [32, 64, 96, 104, 112, 120, 128];
const TYPES = ['aes', 'des3', 'ec-private', 'generic-secret', 'rsa-private'];

function required(mechanism: Mechanism): string[] {
  return Object.keys(OWN[mechanism]).filter((name) => name !== 'aad');
}

function hex(options: Options, name: string): Buffer {
  const text = (options.one(name) ?? '').replace(/^0x/, '');
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new UsageError(`invalid value '${options.one(name)}' for '--${name}': hexadecimal digits`);
  return Buffer.from(text, 'hex');
}

/** The mask's hash must be the mechanism's own. */
function wrapOptions(options: Options, mechanism: Mechanism): WrapOptions {
  const gcm = OWN[mechanism] === GCM;
  const oaep = OWN[mechanism] === OAEP;
  const hash = oaep ? choice(options, 'hash-function', HASHES) : '';
  if (oaep) choice(options, 'mgf', [`mgf1-${hash}`]);
  const tagBits = gcm ? numberOf(options, 'tag-length-bits', (bits) => TAG_LENGTHS.includes(bits), TAG_LENGTHS.join(', ')) : 0;
  return { tagBits, aad: hex(options, 'aad'), iv: hex(options, 'iv'), hash };
}

function demandMechanism(session: Session, mechanism: Mechanism, key: HsmKey): void {
  const fips = clusters(session.context).get(session.clusterId)?.mode === 'FIPS';
  if (mechanism === 'rsa-pkcs' && fips) throw new Refusal('text-fips-mechanism', { mechanism });
  const type = WRAPPING_TYPE[mechanism];
  if (key.attributes['key-type'] !== type) throw new Refusal('text-key-type', { key: key.reference, type });
}

function wrap(session: Session, options: Options, mechanism: Mechanism, input: RunInput, how: WrapOptions): object {
  const { key: payload } = usable(session, own(session), options.many('payload-filter'), 'extractable');
  const { key: wrapping } = usable(session, own(session), options.many('wrapping-filter'), 'wrap');
  if (payload.attributes['wrap-with-trusted'] === true && wrapping.attributes.trusted !== true) {
    throw new Refusal('text-key-use', { key: wrapping.reference, use: 'trusted' });
  }
  demandMechanism(session, mechanism, wrapping);
  let wrapped;
  try {
    wrapped = wrapWith(mechanism, wrapping, payloadOf(payload), how);
  } catch {
    throw new Refusal('text-wrap', { key: payload.reference });
  }
  const path = options.one('path');
  if (path !== undefined) session.write(wholePath(input, path), wrapped.data);
  return named(mechanism, {
    'payload-key-reference': payload.reference,
    'wrapping-key-reference': wrapping.reference,
    ...(wrapped.iv ? { iv: `0x${wrapped.iv.toString('hex')}` } : {}),
    ...(path === undefined ? { 'wrapped-key-data': wrapped.data.toString('base64') } : {}),
  });
}

/** The guide shows names with underscores for the mechanisms that use AES-GCM, and with hyphens for those that use RSA. */
function named(mechanism: Mechanism, data: Readonly<Record<string, string>>): object {
  if (WRAPPING_TYPE[mechanism] === 'rsa') return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name.replaceAll('-', '_'), value]));
}

function unwrap(session: Session, options: Options, mechanism: Mechanism, data: Buffer, how: WrapOptions): object {
  const { key: wrapping } = usable(session, visible(session), options.many('filter'), 'unwrap');
  demandMechanism(session, mechanism, wrapping);
  const spec = specOf(session, options, options.one('label')!, keyAttributes('--attributes', options.many('attributes')));
  let key: HsmKey;
  try {
    key = importedKey(session.context, spec, options.one('key-type-class') as 'aes', unwrapWith(mechanism, wrapping, data, how));
  } catch {
    throw new Refusal('text-unwrap');
  }
  store(session, options, [key]);
  return { key: created(key) };
}

const wrapCommands = MECHANISMS.map((mechanism): Command => ({
  path: `key wrap ${mechanism}`,
  options: {
    'payload-filter': 'many', 'wrapping-filter': 'many', 'path': 'one', 'wrapping-approval': 'one', 'payload-approval': 'one', ...OWN[mechanism],
  },
  required: ['payload-filter', 'wrapping-filter', ...required(mechanism)],
  roles: ['crypto-user'],
  prepare: (_context, options, _answers, input) => {
    demandNoApproval(options);
    const how = wrapOptions(options, mechanism);
    return (session) => wrap(session, options, mechanism, input, how);
  },
}));

const unwrapCommands = MECHANISMS.map((mechanism): Command => ({
  path: `key unwrap ${mechanism}`,
  options: {
    'filter': 'many', 'data': 'one', 'data-path': 'one', 'key-type-class': 'one', 'label': 'one', 'attributes': 'many', 'approval': 'one', ...SHARED,
    ...OWN[mechanism], ...(mechanism === 'aes-gcm' ? { iv: 'one' as const } : {}),
  },
  required: ['filter', 'key-type-class', 'label', ...required(mechanism), ...(mechanism === 'aes-gcm' ? ['iv'] : [])],
  roles: ['crypto-user'],
  prepare: (context, options, _answers, input) => {
    demandNoApproval(options);
    demandSense(context, options);
    if (choice(options, 'key-type-class', TYPES) === 'des3') throw new NotBuilt('key unwrap --key-type-class des3');
    const data = either(options, 'data', 'data-path') === 'data'
      ? Buffer.from(options.one('data')!, 'base64') : readFile(input, options.one('data-path')!);
    const how = wrapOptions(options, mechanism);
    return (session) => unwrap(session, options, mechanism, data, how);
  },
}));

export const wrappingCommands: readonly Command[] = [...wrapCommands, ...unwrapCommands];
