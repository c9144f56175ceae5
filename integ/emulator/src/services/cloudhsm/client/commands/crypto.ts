import type { Command } from './command';
import { usable, visible } from './key-selection';
import { choice, demandNoApproval, either, numberOf } from './key-store';
import type { HsmKey } from '../../hsm/partition';
import { HASHES, isDigest, SIGNING_TYPE, signWith, strengths, verifyWith } from '../../hsm/signing';
import type { SignMechanism, SignOptions } from '../../hsm/signing';
import type { OptionShape, Options } from '../arguments';
import { readFile } from '../files';
import type { RunInput } from '../input';
import type { Session } from '../session';
import { NotBuilt, Refusal, sayIn, UsageError } from '../stop';

const MECHANISMS = Object.keys(SIGNING_TYPE) as SignMechanism[];
const COMMON: Readonly<Record<string, OptionShape>> = { 'key-filter': 'many', 'hash-function': 'one', 'data': 'one', 'data-path': 'one', 'data-type': 'one' };
const PSS: Readonly<Record<string, OptionShape>> = { 'mgf': 'one', 'salt-length': 'one' };

function optionsOf(mechanism: SignMechanism): Readonly<Record<string, OptionShape>> {
  return { ...COMMON, ...(mechanism === 'rsa-pkcs-pss' ? PSS : {}) };
}

function requiredOf(mechanism: SignMechanism): string[] {
  return ['key-filter', 'hash-function', ...(mechanism === 'rsa-pkcs-pss' ? Object.keys(PSS) : [])];
}

/** Bytes that are given in base64 or in a file; there they are as they are. */
function bytes(options: Options, input: RunInput, name: string): Buffer {
  return either(options, name, `${name}-path`) === name ? Buffer.from(options.one(name)!, 'base64') : readFile(input, options.one(`${name}-path`)!);
}

function signOptions(options: Options, mechanism: SignMechanism, data: Buffer): SignOptions {
  const hash = choice(options, 'hash-function', HASHES);
  const pss = mechanism === 'rsa-pkcs-pss';
  if (pss) choice(options, 'mgf', [`mgf1-${hash}`]);
  const saltLength = pss ? numberOf(options, 'salt-length', (length) => length >= 0 && length <= 512, '0 to 512') : 0;
  const digest = options.has('data-type') && choice(options, 'data-type', ['raw', 'digest']) === 'digest';
  if (digest && mechanism !== 'rsa-pkcs') throw new NotBuilt(`crypto ${mechanism} --data-type digest`);
  if (digest && !isDigest(data, hash)) throw new UsageError(`invalid value for '--data': not a digest of ${hash}`);
  return { hash, saltLength, digest };
}

function demandType(session: Session, mechanism: SignMechanism, key: HsmKey, { hash }: SignOptions): void {
  const type = SIGNING_TYPE[mechanism];
  if (key.attributes['key-type'] !== type) throw new Refusal('text-key-type', { key: key.reference, type });
  if (type !== 'ec' || session.takesWeakHashes) return;
  const strength = strengths(key, hash);
  if (strength.digest < strength.key) throw new Refusal('text-weak-hash', { digest: strength.digest, key: strength.key });
}

const signCommands = MECHANISMS.map((mechanism): Command => ({
  path: `crypto sign ${mechanism}`,
  options: { ...optionsOf(mechanism), approval: 'one' },
  required: requiredOf(mechanism),
  roles: ['crypto-user'],
  prepare: (_context, options, _answers, input) => {
    demandNoApproval(options);
    const data = bytes(options, input, 'data');
    const how = signOptions(options, mechanism, data);
    return (session) => {
      const { key } = usable(session, visible(session), options.many('key-filter'), 'sign');
      demandType(session, mechanism, key, how);
      return { 'key-reference': key.reference, 'signature': signWith(mechanism, key, data, how).toString('base64') };
    };
  },
}));

const verifyCommands = MECHANISMS.map((mechanism): Command => ({
  path: `crypto verify ${mechanism}`,
  options: { ...optionsOf(mechanism), 'signature': 'one', 'signature-path': 'one' },
  required: requiredOf(mechanism),
  roles: ['crypto-user'],
  prepare: (_context, options, _answers, input) => {
    const data = bytes(options, input, 'data');
    const signature = bytes(options, input, 'signature');
    const how = signOptions(options, mechanism, data);
    return (session) => {
      const { key } = usable(session, visible(session), options.many('key-filter'), 'verify');
      demandType(session, mechanism, key, how);
      if (!verifyWith(mechanism, key, data, signature, how)) throw new Refusal('text-not-verified');
      return { message: sayIn(session.context, 'text-verified') };
    };
  },
}));

export const cryptoCommands: readonly Command[] = [...signCommands, ...verifyCommands];
