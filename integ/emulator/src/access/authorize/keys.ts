import { factsOf } from './action-facts';
import type { Asked, Desk } from './asked';
import { ownerOf } from './guards';
import type { Need } from './needs';
import type { Standing } from './standing';
import type { Guard } from '../../wire/guarded';
import type { ConditionKeys } from '../evaluate';

type Keys = Map<string, string | readonly string[]>;

/** Condition keys of one need: what everybody has, what the service adds, and what the thing itself says. */
export function keysOf(asked: Asked, need: Need, standing: Standing, guard: Guard | undefined, desk: Desk, hostTime: number): ConditionKeys {
  // Most decisions come to no condition: they are put together when the first one asks.
  let keys: Keys | undefined;
  return { get: (name) => (keys ??= allKeys(asked, need, standing, guard, desk, hostTime)).get(name) };
}

function allKeys(asked: Asked, need: Need, standing: Standing, guard: Guard | undefined, desk: Desk, hostTime: number): Keys {
  const keys: Keys = new Map();
  principalKeys(keys, asked, standing, desk);
  requestKeys(keys, asked, desk, hostTime);
  resourceKeys(keys, asked, need, guard, desk);
  serviceKeys(keys, asked, need, desk);
  for (const [name, value] of Object.entries(need.keys ?? {})) keys.set(name.toLowerCase(), value);
  return keys;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and reference_policies_variables.html for whom each is there */
function principalKeys(keys: Keys, { caller: { principal } }: Asked, { tags, id }: Standing, { organizationId, hostTime }: Desk): void {
  const { kind, arn, roleArn, account, service, sessionName, issuedAt } = principal;
  if (kind === 'anonymous') {
    keys.set('aws:principaltype', 'Anonymous');
    keys.set('aws:userid', 'anonymous');
    return;
  }
  const isService = service !== undefined && roleArn === undefined;
  keys.set('aws:principalisawsservice', String(isService));
  if (isService) {
    keys.set('aws:principalservicename', service);
    keys.set('aws:principaltype', 'Service');
    return;
  }
  // Of a session the role counts, not the session.
  keys.set('aws:principalarn', roleArn ?? arn);
  keys.set('aws:principalaccount', account);
  keys.set('aws:principaltype', kind === 'user' ? 'User' : 'AssumedRole');
  if (kind === 'user') keys.set('aws:username', arn.split('/').at(-1)!);
  if (sessionName !== undefined) keys.set('aws:rolesessionname', sessionName);
  if (id !== undefined) keys.set('aws:userid', sessionName === undefined ? id : `${id}:${sessionName}`);
  if (organizationId !== undefined) keys.set('aws:principalorgid', organizationId);
  // Of temporary keys only; nobody here has shown a second factor.
  if (kind === 'role' || issuedAt !== undefined) keys.set('aws:multifactorauthpresent', 'false');
  if (issuedAt !== undefined) keys.set('aws:tokenissuetime', new Date(hostTime(issuedAt)).toISOString());
  for (const [tag, value] of Object.entries(tags)) keys.set(`aws:principaltag/${tag.toLowerCase()}`, value);
}

/** These never call for somebody: what they do by a role they do as the role. */
const WITH_A_ROLE = new Set(['states', 'events']);

/** Services that call others for somebody with his leave; with a role that was passed to them they call as that role, for nobody. */
function viaOf({ caller: { principal, position } }: Asked): string | undefined {
  if (position.kind !== 'service' || principal.service !== undefined) return undefined;
  if (WITH_A_ROLE.has(position.service)) return undefined;
  return position.service === 'cloudformation' && principal.sessionName === 'AWSCloudFormation' ? undefined : position.service;
}

function requestKeys(keys: Keys, asked: Asked, { row }: Desk, hostTime: number): void {
  const { caller: { principal, position, userAgent }, place } = asked;
  const via = viaOf(asked);
  keys.set('aws:requestedregion', place.region);
  // Loopback stands for AWS's endpoints, and those are TLS.
  keys.set('aws:securetransport', 'true');
  keys.set('aws:currenttime', new Date(hostTime).toISOString());
  keys.set('aws:epochtime', String(Math.floor(hostTime / 1000)));
  keys.set('aws:viaawsservice', String(via !== undefined));
  if (via !== undefined) {
    const name = `${via}.amazonaws.com`;
    keys.set('aws:calledvia', [name]);
    keys.set('aws:calledviafirst', name);
    keys.set('aws:calledvialast', name);
  }
  if (asked.endpoint) {
    keys.set('aws:sourcevpce', asked.endpoint.id);
    keys.set('aws:sourcevpc', asked.endpoint.vpcId);
  }
  if (userAgent !== undefined && position.kind !== 'service') keys.set('aws:useragent', userAgent);
  if (position.kind === 'outside') keys.set('aws:sourceip', row<string>('outside-address'));
  if (principal.source !== undefined) keys.set('aws:sourcearn', principal.source);
  if (principal.service !== undefined) keys.set('aws:sourceaccount', principal.account);
  if (row<readonly string[]>('source-owners').includes(principal.service ?? '')) keys.set('aws:sourceowner', principal.account);
}

function resourceKeys(keys: Keys, asked: Asked, { resource, action }: Need, guard: Guard | undefined, { organizationId }: Desk): void {
  const account = ownerOf(resource, guard, asked);
  keys.set('aws:resourceaccount', account);
  if (organizationId !== undefined) keys.set('aws:resourceorgid', organizationId);
  if (asked.service === 's3') keys.set('s3:resourceaccount', account);
  const known = factsOf(action)?.keys;
  for (const [tag, value] of Object.entries(guard?.tags ?? {})) {
    for (const prefix of ['aws:resourcetag/', `${action.split(':')[0]}:resourcetag/`]) {
      if (known?.has(prefix)) keys.set(`${prefix}${tag.toLowerCase()}`, value);
    }
  }
  for (const [name, value] of Object.entries(guard?.keys ?? {})) keys.set(name.toLowerCase(), value);
}

interface Tag {
  readonly Key?: string;
  readonly TagKey?: string;
  readonly key?: string;
  readonly Value?: string;
  readonly TagValue?: string;
  readonly value?: string;
}

/** What the service reads out of the request, as far as the action knows it. */
function serviceKeys(keys: Keys, asked: Asked, { action }: Need, { row }: Desk): void {
  const known = factsOf(action)?.keys ?? new Set();
  for (const [name, value] of Object.entries(row<Readonly<Record<string, Readonly<Record<string, string>>>>>('key-defaults')[action] ?? {})) keys.set(name.toLowerCase(), value);
  for (const [name, member] of Object.entries(row<Readonly<Record<string, string>>>('key-members'))) {
    const value = known.has(name.toLowerCase()) ? asked.input[member] : undefined;
    if (value !== undefined) keys.set(name.toLowerCase(), Array.isArray(value) ? value.map(String) : String(value));
  }
  requestTags(keys, known, asked.input);
  if (asked.service === 'kms') cryptographicKeys(keys, asked);
}

function requestTags(keys: Keys, known: ReadonlySet<string>, input: Asked['input']): void {
  const tags = tagsOf(input);
  const removed = [input.TagKeys ?? input.tagKeys ?? input.TagKeyList ?? []].flat().map(String);
  if (known.has('aws:requesttag/')) for (const [tag, value] of tags) keys.set(`aws:requesttag/${tag.toLowerCase()}`, value);
  const names = [...tags.keys(), ...removed];
  if (known.has('aws:tagkeys') && names.length > 0) keys.set('aws:tagkeys', names);
}

/** Lists of pairs under any of the names that services have for them, or a map. */
function tagsOf(input: Asked['input']): Map<string, string> {
  const given = input.Tags ?? input.tags ?? input.TagList ?? specificationTags(input.TagSpecifications) ?? [];
  if (!Array.isArray(given)) return new Map(Object.entries(given as Readonly<Record<string, string>>));
  return new Map((given as readonly Tag[]).map((tag) => [tag.Key ?? tag.TagKey ?? tag.key ?? '', tag.Value ?? tag.TagValue ?? tag.value ?? '']));
}

function specificationTags(specifications: unknown): readonly Tag[] | undefined {
  if (!Array.isArray(specifications)) return undefined;
  return (specifications as ReadonlyArray<{ readonly Tags?: readonly Tag[] }>).flatMap(({ Tags = [] }) => Tags);
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function cryptographicKeys(keys: Keys, asked: Asked): void {
  const { input, caller, place } = asked;
  const { position, principal } = caller;
  if (principal.service === undefined || principal.roleArn !== undefined) keys.set('kms:calleraccount', principal.account);
  if (position.kind === 'service' && viaOf(asked) !== undefined) keys.set('kms:viaservice', `${position.service}.${place.region}.amazonaws.com`);
  const context = Object.entries((input.EncryptionContext ?? {}) as Readonly<Record<string, string>>);
  for (const [name, value] of context) keys.set(`kms:encryptioncontext:${name.toLowerCase()}`, value);
  if (context.length > 0) keys.set('kms:encryptioncontextkeys', context.map(([name]) => name));
  if (asked.operation === 'CreateGrant') keys.set('kms:grantisforawsresource', String(position.kind === 'service'));
}
