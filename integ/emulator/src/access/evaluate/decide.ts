import type { Document, Statement } from './document';
import { namingOf } from './principals';
import type { Naming } from './principals';
import type { AccessRequest } from './request';

export type PolicyKind = 'identity' | 'boundary' | 'session' | 'organization' | 'endpoint' | 'resource' | 'trust' | 'grant';

export interface Policy {
  readonly kind: PolicyKind;
  /** Of an inline policy its name, of a managed one its ARN, of a resource's the resource. */
  readonly name: string;
  readonly document: Document;
}

/** What the policy of a resource means for those of its account. */
export interface ResourcePolicy {
  readonly account: string;
  readonly policy?: Policy;
  /** Keys and roles: nobody gets in whom the policy does not name, his account at least. */
  readonly isGate: boolean;
}

/** Everything that has a say. */
export interface Policies {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  /** Given when the session was made: each of them narrows what the role may do. */
  readonly session?: readonly Policy[];
  /** Level by level, from the organization's root down; every level must allow. */
  readonly organization?: ReadonlyArray<readonly Policy[]>;
  /** Of the VPC endpoint that the request comes through. */
  readonly endpoint?: Policy;
  readonly resource?: ResourcePolicy;
  /** Grants of a key that are for this asker and this operation. */
  readonly grants?: readonly Support[];
}

/** A statement that spoke, and the action in it that was meant. */
export interface Support {
  readonly kind: PolicyKind;
  readonly policy: string;
  readonly statement: string;
  readonly action: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Of a refusal: whether a statement says so. Otherwise nothing allows it. */
  readonly explicit: boolean;
  /** Of a refusal: the kind of policy that decided it. */
  readonly refusedBy?: PolicyKind;
  /** What allowed, or explicitly denied. */
  readonly by: readonly Support[];
  /** Those of them without which the answer would have been no. */
  readonly necessary: readonly Support[];
}

/**
 * The whole decision.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: AccessRequest, policies: Policies): Decision {
  const denial = explicitDenial(request, policies);
  if (denial.length > 0) {
    return { allowed: false, explicit: true, refusedBy: denial[0].kind, by: denial, necessary: denial.length === 1 ? denial : [] };
  }
  const allows = allowsOf(request, policies);
  const refusedBy = refusal(request, policies, allows);
  if (refusedBy !== undefined) return { allowed: false, explicit: false, refusedBy, by: [], necessary: [] };
  const by = [...new Set([...allows.identity, ...allows.itself, ...allows.role, ...allows.account, ...allows.grants])];
  return { allowed: true, explicit: false, by, necessary: by.filter((one) => refusal(request, policies, without(allows, one)) !== undefined) };
}

/** The first kind of policy that has one, in AWS's order. */
function explicitDenial(request: AccessRequest, policies: Policies): readonly Support[] {
  const { identity, boundary, session = [], organization = [], endpoint, resource } = policies;
  const kinds: ReadonlyArray<readonly Policy[]> = [
    organization.flat(), resource?.policy ? [resource.policy] : [], endpoint ? [endpoint] : [], identity, boundary ? [boundary] : [], session,
  ];
  for (const policiesOfKind of kinds) {
    const found = policiesOfKind.flatMap((policy) =>
      supports(policy, request, (statement) => !statement.allows && isAbout(policy, statement, request)));
    if (found.length > 0) return found;
  }
  return [];
}

/** Policies of resources say whom they are about; others are about whoever has them. */
function isAbout({ kind }: Policy, statement: Statement, { principal }: AccessRequest): boolean {
  return (kind !== 'resource' && kind !== 'trust' && kind !== 'endpoint') || namingOf(statement, principal) !== undefined;
}

interface Allows {
  readonly identity: readonly Support[];
  readonly boundary?: readonly Support[];
  readonly session?: readonly Support[];
  readonly organization: ReadonlyArray<readonly Support[]>;
  readonly endpoint?: readonly Support[];
  /** Of the resource's policy, by how it names the asker. */
  readonly itself: readonly Support[];
  readonly role: readonly Support[];
  readonly account: readonly Support[];
  readonly grants: readonly Support[];
}

function allowsOf(request: AccessRequest, { identity, boundary, session, organization = [], endpoint, resource, grants = [] }: Policies): Allows {
  const allowing = (policies: readonly Policy[]): Support[] => policies.flatMap((policy) => supports(policy, request, ({ allows }) => allows));
  const through = (policy: Policy): Support[] => supports(policy, request, (statement) => statement.allows && isAbout(policy, statement, request));
  const naming = (wanted: Naming): Support[] => (resource?.policy
    ? supports(resource.policy, request, (statement) => statement.allows && namingOf(statement, request.principal) === wanted)
    : []);
  return {
    identity: allowing(identity),
    boundary: boundary && allowing([boundary]),
    session: session && allowing(session),
    organization: organization.map(allowing),
    endpoint: endpoint && through(endpoint),
    itself: naming('itself'),
    role: naming('role'),
    account: naming('account'),
    grants,
  };
}

/** Why it is refused though nothing denies it; undefined when it is allowed. */
function refusal({ principal }: AccessRequest, { resource }: Policies, allows: Allows): PolicyKind | undefined {
  if (allows.organization.some((level) => level.length === 0)) return 'organization';
  if (missing(allows.endpoint)) return 'endpoint';
  const resourceKind = resource?.policy?.kind === 'trust' ? 'trust' : 'resource';
  // A service has no policies of its own, and who has not signed neither: only who owns the thing can let them in.
  if (principal.service !== undefined || principal.isAnonymous) return some(allows.itself) || some(allows.grants) ? undefined : resourceKind;
  const narrowed = missing(allows.boundary) ? 'boundary' : missing(allows.session) ? 'session' : undefined;
  const own = some(allows.identity) ? narrowed : 'identity';
  const named = some(allows.itself) || some(allows.role) || some(allows.account);
  const foreign = resource !== undefined && resource.account !== principal.account;
  if (foreign) return own ?? (named || some(allows.grants) ? undefined : resourceKind);
  if (some(allows.itself) || some(allows.grants)) return undefined;
  if (some(allows.role)) return narrowed;
  if (resource?.isGate && !named) return resourceKind;
  return own;
}

function some(list: readonly unknown[]): boolean {
  return list.length > 0;
}

function missing(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length === 0;
}

function without({ identity, itself, role, account, grants, ...narrowing }: Allows, one: Support): Allows {
  const others = (list: readonly Support[]): Support[] => list.filter((support) => support !== one);
  return { ...narrowing, identity: others(identity), itself: others(itself), role: others(role), account: others(account), grants: others(grants) };
}

/** The statements of a policy that are wanted and concern the request: one support for each of their actions that is meant. */
function supports(policy: Policy, request: AccessRequest, wanted: (statement: Statement) => boolean): Support[] {
  return policy.document.statements.flatMap((statement) => {
    const actions = actionsMeant(statement, request.action);
    if (actions.length === 0 || !wanted(statement) || !concerns(statement, request)) return [];
    return actions.map((action) => ({ kind: policy.kind, policy: policy.name, statement: statement.name, action }));
  });
}

export function actionsMeant({ actions, allActionsBut }: Statement, action: string): string[] {
  const found = actions.filter(({ test }) => test(action)).map(({ written }) => written);
  if (!allActionsBut) return found;
  return found.length === 0 ? [action] : [];
}

function concerns({ resources, allResourcesBut, conditions }: Statement, { resource, keys }: AccessRequest): boolean {
  if (resources !== undefined && resources.some((fits) => fits(resource, keys)) === allResourcesBut) return false;
  return conditions.every(({ holds }) => holds(keys));
}
