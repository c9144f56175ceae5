import type { Asked, Desk } from './asked';
import { documentOf } from './documents';
import type { Principal } from '../../wire/operation';
import type { Asker, Policies, Policy } from '../evaluate';

/** What a caller may by himself: his policies, and the tags of his role. */
export interface Standing extends Pick<Policies, 'identity' | 'boundary' | 'session'> {
  readonly tags: Readonly<Record<string, string>>;
  /** The unique id of the role or user. */
  readonly id?: string;
  /** A role of AWS's own whose policy is not in the tables: nothing is asked of it. */
  readonly isTrusted?: boolean;
}

interface Stored {
  readonly Name: string;
  readonly Document?: string;
}

interface StoredPolicies {
  readonly Policies: readonly Stored[];
  readonly Boundary?: Stored;
  readonly Tags?: Readonly<Record<string, string>>;
  readonly Id?: string;
}

/** Callers with plain keys from outside are whoever set the account up. */
export const ADMINISTRATOR: Policy = {
  kind: 'identity', name: 'AdministratorAccess', document: documentOf('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
};

const NOTHING: Standing = { identity: [], tags: {} };

/** The name under which policies know a caller. */
export function askerOf({ kind, account, arn, roleArn, service }: Principal): Asker {
  if (kind === 'anonymous') return { account, arn, isAnonymous: true };
  if (service === undefined) return { account, arn, roleArn };
  // A service under its role is that role; otherwise it is the service and nothing else.
  return roleArn === undefined ? { account, arn, service } : { account, arn: sessionOf(roleArn), roleArn };
}

function sessionOf(roleArn: string): string {
  const [, partition, , , account] = roleArn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${roleArn.split('/').at(-1)}/service`;
}

export function standingOf({ caller: { principal }, place }: Asked, desk: Desk): Standing {
  const { arn, roleArn, account } = principal;
  if (principal.kind === 'anonymous' || (roleArn === undefined && principal.kind === 'service')) return NOTHING;
  if (roleArn === undefined && arn.endsWith(':user/outside')) return { identity: [ADMINISTRATOR], tags: {} };
  const name = (roleArn ?? arn).split('/').at(-1)!;
  const home = { account: roleArn?.split(':')[4] ?? account, region: place.region };
  const stored = desk.look<StoredPolicies>('iam', 'EmulatedPolicies', roleArn === undefined ? { UserName: name } : { RoleName: name }, home);
  if (!stored) return principal.kind === 'service' ? { ...NOTHING, isTrusted: true } : NOTHING;
  const missing = stored.Policies.filter(({ Document }) => Document === undefined).map(({ Name }) => Name);
  missing.forEach((policy) => desk.unknown(`document of ${policy}`));
  return {
    identity: policies('identity', stored.Policies),
    boundary: stored.Boundary && policies('boundary', [stored.Boundary])[0],
    session: principal.sessionPolicies && policies('session', principal.sessionPolicies.map((Document, at) => ({ Name: `session policy ${at}`, Document }))),
    tags: { ...stored.Tags, ...principal.sessionTags },
    id: stored.Id,
    isTrusted: principal.kind === 'service' && missing.length > 0,
  };
}

/** A document that is not here allows nothing. */
function policies(kind: Policy['kind'], stored: readonly Stored[]): Policy[] {
  return stored.map(({ Name, Document = '{}' }) => ({ kind, name: Name, document: documentOf(Document) }));
}
