import { DEFAULT_ACCOUNT } from './sessions';
import type { Caller } from '../wire/operation';

/** Nobody in particular: whom only the policy of a thing lets in. */
export const ANONYMOUS: Caller = { principal: { kind: 'anonymous', account: '', arn: 'anonymous' }, position: { kind: 'outside' } };

/**
 * Who makes a call without a signature: in S3 anybody may try; a few operations, whose secret is in what they are given, need none; undefined for everything else.
 *
 * @param open those operations, `<service>:<operation>`
 */
export function unsignedCaller(service: string, operation: string, open: readonly string[]): Caller | undefined {
  if (service === 's3') return ANONYMOUS;
  if (!open.includes(`${service}:${operation}`)) return undefined;
  const host = `${service}.amazonaws.com`;
  return {
    principal: { kind: 'service', account: DEFAULT_ACCOUNT, arn: `arn:aws:iam::${DEFAULT_ACCOUNT}:root`, service: host }, position: { kind: 'outside' },
  };
}
