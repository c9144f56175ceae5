import type { Caller } from '../../wire/operation';

/**
 * Whether a resource policy refuses a call in so many words. Pure, and about `Deny` alone: what allows a call is decided elsewhere.
 *
 * A condition on something that is not known here leaves its statement aside.
 */
export function isDenied(policy: string, action: string, resource: string, caller: Caller): boolean {
  const { Statement } = JSON.parse(policy) as { readonly Statement?: Statement | readonly Statement[] };
  const facts = factsOf(caller);
  return [Statement ?? []].flat().some((statement) => statement.Effect === 'Deny'
    && concerns(statement.Action, statement.NotAction, action, true)
    && concerns(statement.Resource, statement.NotResource, resource, false)
    && concernsCaller(statement, caller)
    && Object.entries(statement.Condition ?? {}).every(([operator, tests]) => holds(operator, tests, facts)));
}

type OneOrMany = string | readonly string[];

interface Statement {
  readonly Effect?: string;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Principal?: '*' | { readonly [kind: string]: OneOrMany };
  readonly NotPrincipal?: '*' | { readonly [kind: string]: OneOrMany };
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: OneOrMany } };
}

/** Condition keys that the caller alone decides. */
function factsOf({ principal }: Caller): ReadonlyMap<string, string | undefined> {
  return new Map([
    // Of a session the role counts, not the session.
    ['aws:principalarn', principal.roleArn ?? principal.arn],
    ['aws:principalaccount', principal.kind === 'service' ? undefined : principal.account],
    ['aws:principalisawsservice', String(principal.kind === 'service')],
    ['aws:principalservicename', principal.service],
  ]);
}

function concerns(wanted: OneOrMany | undefined, unwanted: OneOrMany | undefined, name: string, anyCase: boolean): boolean {
  const matches = (patterns: OneOrMany) => [patterns].flat().some((pattern) => like(pattern, name, anyCase));
  if (unwanted !== undefined) return !matches(unwanted);
  return wanted === undefined || matches(wanted);
}

function concernsCaller({ Principal, NotPrincipal }: Statement, caller: Caller): boolean {
  return NotPrincipal === undefined ? isAmong(Principal, caller) : !isAmong(NotPrincipal, caller);
}

function isAmong(principals: Statement['Principal'], { principal }: Caller): boolean {
  if (principals === '*') return true;
  const names = [principal.arn, principal.roleArn, principal.account, `arn:aws:iam::${principal.account}:root`, '*'];
  const services = [principals?.Service ?? []].flat();
  return [principals?.AWS ?? []].flat().some((name) => names.includes(name.replace(/^arn:aws-[^:]+:/, 'arn:aws:')) || names.includes(name))
    || (principal.service !== undefined && services.includes(principal.service));
}

/** Operators over text; a negated one holds for a key that the request does not have. */
function holds(operator: string, tests: { readonly [key: string]: OneOrMany }, facts: ReadonlyMap<string, string | undefined>): boolean {
  const [, negated, ifExists] = /^(?:String|Arn)(Not)?(?:Equals|Like|EqualsIgnoreCase)(IfExists)?$/.exec(operator) ?? [];
  const test = OPERATORS[operator.replace('Not', '').replace('IfExists', '')];
  if (!test) return false;
  return Object.entries(tests).every(([key, values]) => {
    if (!facts.has(key.toLowerCase())) return false;
    const fact = facts.get(key.toLowerCase());
    if (fact === undefined) return Boolean(negated) || Boolean(ifExists);
    return [values].flat().some((value) => test(String(value), fact)) !== Boolean(negated);
  });
}

const OPERATORS: { readonly [operator: string]: ((value: string, fact: string) => boolean) | undefined } = {
  StringEquals: (value, fact) => value === fact,
  StringEqualsIgnoreCase: (value, fact) => value.toLowerCase() === fact.toLowerCase(),
  StringLike: (value, fact) => like(value, fact, false),
  // These two are the same to AWS.
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (value, fact) => value.toLowerCase() === fact,
};

/** Part by part: a wildcard does not reach across a colon, except in the last part. */
function arnLike(pattern: string, arn: string): boolean {
  const split = (text: string) => { const parts = text.split(':'); return [...parts.slice(0, 5), parts.slice(5).join(':')]; };
  const [patterns, parts] = [split(pattern), split(arn)];
  return patterns.every((part, at) => like(part, parts[at], false));
}

function like(pattern: string, text: string, anyCase: boolean): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, anyCase ? 'is' : 's').test(text);
}
