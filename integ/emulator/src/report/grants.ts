import type { Calls } from '../access/call';
import { compileDocument } from '../access/evaluate';
import { useKey } from '../access/use';
import type { Used } from '../access/use';

/** A statement's action that a role was given. */
export interface Granted {
  /** ARN of the role. */
  readonly role: string;
  readonly policy: string;
  readonly statement: string;
  readonly action: string;
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
  return rolesOf(ask).flatMap((role) => ownPolicies(ask, role).flatMap(({ Name, Document = '{}' }) => {
    const { statements } = compileDocument(Document);
    return statements.filter(({ allows, allActionsBut }) => allows && !allActionsBut).flatMap(({ name: statement, actions }) =>
      actions.map(({ written: action }) => granted(used, { role: role.Arn, policy: Name, statement, action })));
  }));
}

function granted(used: ReadonlyMap<string, Used>, { role, policy, statement, action }: Omit<Granted, 'allowed' | 'needed'>): Granted {
  const { allowed = 0, needed = 0 } = used.get(useKey(role, { kind: 'identity', policy, statement, action })) ?? {};
  return { role, policy, statement, action, allowed, needed };
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

function ownPolicies(ask: Ask, { RoleName }: Role): StoredPolicies['Policies'] {
  const policies = ask<StoredPolicies>('iam', 'EmulatedPolicies', { RoleName })?.Policies ?? [];
  return policies.filter(({ Name }) => !/^arn:[^:]+:iam::aws:/.test(Name));
}
