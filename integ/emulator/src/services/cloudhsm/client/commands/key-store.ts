import type { Context } from '../../../../wire/operation';
import type { KeySpec } from '../../hsm/keys';
import type { HsmKey } from '../../hsm/partition';
import type { Options } from '../arguments';
import type { Session } from '../session';
import { NotBuilt, Refusal, UsageError } from '../stop';

/** What every creation of a key may be told. */
export const SHARED = {
  'session': 'flag',
  'share-crypto-users': 'many',
  'manage-key-quorum-value': 'one',
  'use-key-quorum-value': 'one',
  'manage-private-key-quorum-value': 'one',
  'use-private-key-quorum-value': 'one',
} as const;

/** Stores new keys in all connected HSMs; too few of those, and the keys could not be used. */
export function store(session: Session, options: Options, keys: readonly HsmKey[]): void {
  const count = session.context.row<number>('cloudhsm-client/minimum-hsms-for-key');
  if (session.checksKeyAvailability && session.links.length < count) {
    throw new Refusal('text-key-availability', { key: keys[0].reference, count });
  }
  // A session key ends with the session, which in this mode is the command itself.
  if (options.has('session')) return;
  session.change('Key generate', {}, (link) => link.addKeys(keys));
}

export function specOf(session: Session, options: Options, label: string, attributes: KeySpec['attributes']): KeySpec {
  return {
    owner: session.user.username,
    clusterId: session.clusterId,
    label,
    attributes: { ...attributes, ...(options.has('session') ? { token: false } : {}) },
    sharedWith: options.many('share-crypto-users').map((name) => name.toLowerCase()),
  };
}

/** Quorum of keys is not emulated, labels have a length. */
export function demandSense(context: Context, options: Options): void {
  const quorum = Object.keys(SHARED).find((name) => name.endsWith('quorum-value') && options.has(name));
  if (quorum) throw new NotBuilt(`--${quorum}`);
  const max = context.row<number>('cloudhsm-client/label-length');
  for (const name of ['label', 'public-label', 'private-label']) {
    if ((options.one(name) ?? '').length > max) throw new Refusal('text-key-option', { option: `--${name}`, problem: `at most ${max} characters` });
  }
}

/** Approvals of keys are not emulated; silence would be taken for success. */
export function demandNoApproval(options: Options): void {
  const asked = ['approval', 'wrapping-approval', 'payload-approval'].find((name) => options.has(name));
  if (asked) throw new NotBuilt(`--${asked}`);
}

export function choice(options: Options, name: string, choices: readonly string[]): string {
  const value = options.one(name) ?? '';
  if (!choices.includes(value)) throw new UsageError(`invalid value '${value}' for '--${name}' [possible values: ${choices.join(', ')}]`);
  return value;
}

export function numberOf(options: Options, name: string, isGood: (value: number) => boolean, expected: string): number {
  const value = Number(options.one(name));
  if (!Number.isInteger(value) || !isGood(value)) throw new UsageError(`invalid value '${options.one(name)}' for '--${name}': ${expected}`);
  return value;
}

/** Exactly one of two options. */
export function either(options: Options, one: string, other: string): string {
  if (options.has(one) === options.has(other)) throw new UsageError(`the following required arguments were not provided: <--${one}|--${other}>`);
  return options.has(one) ? one : other;
}
