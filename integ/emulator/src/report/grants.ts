import type { Calls } from '../access/call';
import { compileDocument } from '../access/evaluate';
import type { Policy, Support } from '../access/evaluate';
import { supportsIn, useKey } from '../access/use';

/** A statement's action that a role was given. */
export interface Granted extends Support {
  /** ARN of the role. */
  readonly role: string;
  readonly allowed: number;
  readonly needed: number;
}

interface Role {
  readonly RoleName: string;
  readonly Arn: string;
  readonly Path: string;
}

interface StoredPolicies {
  readonly Policies: ReadonlyArray<{ readonly Name: string; readonly Document?: string }>;
}

/** Asks a service quietly. */
export type Ask = <T>(service: string, operation: string, input: object) => T | undefined;

/** Everything that the roles of an account were given by policies of its own, and what decisions made of it. */
export function grantsOf(calls: Calls, ask: Ask): Granted[] {
  const used = new Map(calls.use.all().map((one) => [useKey(one.principal, one), one]));
  return rolesOf(ask).flatMap(({ RoleName, Arn }) => ownPolicies(ask, RoleName).flatMap((policy) => supportsIn(policy).map((support) => {
    const { allowed = 0, needed = 0 } = used.get(useKey(Arn, support)) ?? {};
    return { ...support, role: Arn, allowed, needed };
  })));
}

/** Roles of AWS's own services are theirs to tighten. */
function rolesOf(ask: Ask): Role[] {
  const found: Role[] = [];
  let Marker: string | undefined;
  do {
    const page = ask<{ Roles: Role[]; Marker?: string }>('iam', 'ListRoles', { Marker });
    found.push(...page?.Roles ?? []);
    Marker = page?.Marker;
  } while (Marker !== undefined);
  return found.filter(({ Path }) => !Path.startsWith('/aws-service-role/'));
}

function ownPolicies(ask: Ask, RoleName: string): Policy[] {
  const policies = ask<StoredPolicies>('iam', 'EmulatedPolicies', { RoleName })?.Policies ?? [];
  return policies.filter(({ Name }) => !/^arn:[^:]+:iam::aws:/.test(Name))
    .map(({ Name, Document = '{}' }) => ({ kind: 'identity', name: Name, document: compileDocument(Document) }));
}
