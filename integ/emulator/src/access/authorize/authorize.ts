import type { Asked, Desk } from './asked';
import { documentOf } from './documents';
import { guardOf, ownerOf } from './guards';
import { keysOf } from './keys';
import { needsOf, prefixOf } from './needs';
import type { Need } from './needs';
import { refusalText, refused } from './refusal';
import { ADMINISTRATOR, askerOf, standingOf } from './standing';
import type { Standing } from './standing';
import type { Guard, GuardGrant } from '../../wire/guarded';
import type { ServiceError } from '../../wire/operation';
import { decide, triedStatements } from '../evaluate';
import type { AccessRequest, ConditionKeys, Decision, Policies, Policy, Support } from '../evaluate';

/** One decision of a call, as it was made. */
export interface Decided {
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision;
  /** Of a refusal: AWS's sentence. */
  readonly text?: string;
  /** Of a refusal: statements that name the action, and what they missed. */
  readonly tried?: readonly string[];
}

export interface Authorization {
  /** The caller's own policies, where they were asked. */
  readonly identity?: readonly Policy[];
  readonly decided: readonly Decided[];
  /** Nothing was asked: a service about its own business. */
  readonly unasked?: string;
  readonly refusal?: ServiceError;
}

/** Whether a call may be made: all it needs leave for, one after the other, until one is refused. */
export function authorize(asked: Asked, desk: Desk, hostTime: number): Authorization {
  const { principal } = asked.caller;
  const standing = standingOf(asked, desk);
  if (principal.kind === 'service' && isOwnQuestion(asked, desk)) return { decided: [], unasked: `${principal.service}, by itself` };
  if (standing.isTrusted) return { decided: [], unasked: `the role of ${principal.service}` };
  const needs = needsOf(asked, desk);
  if (principal.kind === 'service' && principal.roleArn === undefined && !isGated(needs, desk)) return { decided: [], unasked: `${principal.service}, by itself` };
  if (needs.length === 0) return { decided: [], unasked: 'no permission is needed' };
  const decided: Decided[] = [];
  for (const need of needs) {
    const one = decideOn(need, asked, standing, desk, hostTime);
    decided.push(one);
    if (one.text !== undefined) return { decided, identity: standing.identity, refusal: refused(asked, need, one.text, desk) };
  }
  return { decided, identity: standing.identity };
}

/** Leave for one action, whoever asks for it. */
export function authorizeAction(asked: Asked, need: Need, desk: Desk, hostTime: number): Authorization {
  const standing = standingOf(asked, desk);
  if (standing.isTrusted) return { decided: [] };
  const one = decideOn(need, asked, standing, desk, hostTime);
  return { decided: [one], identity: standing.identity, ...(one.text === undefined ? {} : { refusal: refused(asked, need, one.text, desk) }) };
}

/** Whether a policy by itself would let somebody in who may do everything as far as his own policies go. */
export function isLetIn({ caller: { principal }, place }: Asked, { action, resource }: Need, document: string): boolean {
  const policy: Policy = { kind: 'resource', name: resource, document: documentOf(document) };
  return decide({ principal: askerOf(principal), action, resource, keys: new Map() }, {
    identity: [ADMINISTRATOR], resource: { account: place.account, isGate: true, policy },
  }).allowed;
}

function isOwnQuestion({ service, operation }: Asked, { row }: Desk): boolean {
  return row<readonly string[]>('own-questions').includes(`${service}:${operation}`);
}

/** Where a service that acts by itself is let in by the policy of the thing, or not at all. */
function isGated(needs: readonly Need[], { row }: Desk): boolean {
  const gates = row<readonly string[]>('service-gates');
  return needs.some(({ action }) => gates.includes(action) || gates.includes(action.split(':')[0]));
}

export function decideOn(need: Need, asked: Asked, standing: Standing, desk: Desk, hostTime: number): Decided {
  const asker = askerOf(asked.caller.principal);
  const guard = guardOf(need, asked, desk);
  const keys = keysOf(asked, need, standing, guard, desk, hostTime);
  const request: AccessRequest = { principal: asker, action: need.action, resource: need.resource, keys };
  const policies = policiesOf(need, asked, standing, guard, keys, desk);
  const decision = decide(request, policies);
  const { action, resource } = need;
  if (decision.allowed) return { action, resource, decision };
  return { action, resource, decision, text: refusalText(asker, need, decision, desk), tried: triedStatements(request, policies) };
}

function policiesOf(
  need: Need, asked: Asked, { identity, boundary, session }: Standing, guard: Guard | undefined, keys: ConditionKeys, desk: Desk,
): Policies {
  const account = ownerOf(need.resource, guard, asked);
  const kind = prefixOf(asked.service, desk) === 'sts' ? 'trust' : 'resource';
  return {
    identity,
    boundary,
    session,
    organization: organizationOf(asked, desk),
    endpoint: asked.endpoint && { kind: 'endpoint', name: asked.endpoint.id, document: documentOf(asked.endpoint.policy) },
    resource: {
      account,
      isGate: guard?.isGate ?? false,
      policy: guard?.policy === undefined ? undefined : { kind, name: need.resource, document: documentOf(guard.policy) },
    },
    grants: (guard?.grants ?? []).filter((grant) => isFor(grant, need, asked, keys)).map((grant): Support =>
      ({ kind: 'grant', policy: need.resource, statement: grant.id, action: need.action })),
  };
}

/**
 * Service control policies are over everybody in an account but AWS's own services and their roles.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
function organizationOf({ caller: { principal } }: Asked, desk: Desk): ReadonlyArray<readonly Policy[]> {
  const { service, roleArn, account } = principal;
  if (account === '') return [];
  const isOfAws = (service !== undefined && roleArn === undefined) || /:role\/aws-service-role\//.test(roleArn ?? '');
  return isOfAws ? [] : desk.organization(account);
}

function isFor({ grantee, operations, context }: GuardGrant, { action }: Need, { caller: { principal } }: Asked, keys: ConditionKeys): boolean {
  const names = [principal.arn, principal.roleArn, principal.service, `arn:aws:iam::${principal.account}:root`];
  if (!names.includes(grantee) || !operations.includes(action.split(':')[1])) return false;
  const given = (name: string): unknown => keys.get(`kms:encryptioncontext:${name.toLowerCase()}`);
  const holds = (wanted: Readonly<Record<string, string>>): boolean => Object.entries(wanted).every(([name, value]) => given(name) === value);
  const { equals, subset } = context ?? {};
  const count = (keys.get('kms:encryptioncontextkeys') ?? []).length;
  return (equals === undefined || (holds(equals) && count === Object.keys(equals).length)) && (subset === undefined || holds(subset));
}
