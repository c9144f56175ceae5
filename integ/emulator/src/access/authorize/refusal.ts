import { deflateRawSync } from 'node:zlib';
import type { Asked, Desk } from './asked';
import type { Need } from './needs';
import { commonError } from '../../wire/common-errors';
import type { ServiceError } from '../../wire/operation';
import type { Asker, Decision } from '../evaluate';

interface PolicyWords {
  readonly none: string;
  readonly one: string;
}

/** AWS's sentence on a refusal. */
export function refusalText({ arn }: Asker, { action, resource }: Need, { explicit, refusedBy = 'identity' }: Decision, { row }: Desk): string {
  const [prefix, name] = action.split(':');
  const quoted = row<Readonly<Record<string, string>>>('resource-quotes')[prefix] ?? '{resource}';
  const spelling = row<Readonly<Record<string, string>>>('action-words')[prefix] ?? '{prefix}:{name}';
  const words = row<Readonly<Record<string, PolicyWords>>>('policy-words')[refusedBy];
  const values = {
    principal: arn,
    action: fill(spelling, { prefix, name }),
    resource: fill(quoted, { resource }),
    policy: explicit ? words.one : words.none,
  };
  if (row<readonly string[]>('without-reason').includes(action)) return fill(row('text-plain'), values);
  return fill(row(explicit ? 'text-explicit' : 'text-implicit'), values);
}

/** The refusal as the service that was called sends it. */
export function refused(asked: Asked, need: Need, text: string, desk: Desk): ServiceError {
  if (asked.caller.principal.kind === 'anonymous') return commonError(asked.service, 'access-denied');
  if (asked.service === 'cloudhsmv2') return commonError(asked.service, 'access-denied', fill(desk.row('text-cloudhsm'), { text }));
  if (asked.service !== 'ec2') return commonError(asked.service, 'access-denied', text);
  if (need.resource === '*') return commonError('ec2', 'access-denied', fill(desk.row('text-ec2'), { text }));
  return commonError('ec2', 'access-denied', fill(desk.row('text-ec2-encoded'), { text, encoded: encodedMessage(asked, need) }));
}

/** AWS encrypts it; for whoever tests it is enough that it is long and cannot be read by eye. */
function encodedMessage({ caller }: Asked, { action, resource }: Need): string {
  const message = { allowed: false, explicitDeny: false, context: { principal: { arn: caller.principal.arn }, action, resource } };
  return deflateRawSync(JSON.stringify(message)).toString('base64url');
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
