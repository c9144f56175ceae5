interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
}

/** What is wrong with the form of a resource policy, or undefined. */
export function policyProblem(policy: string): string | undefined {
  const statements = statementsOf(policy);
  if (!statements || statements.length === 0) return 'Syntax errors in policy.';
  for (const { Effect, Action, NotAction, Principal, NotPrincipal } of statements) {
    if (Effect !== 'Allow' && Effect !== 'Deny') return 'Syntax errors in policy.';
    if (Action === undefined && NotAction === undefined) return 'Policy statement must contain actions.';
    if (Principal === undefined && NotPrincipal === undefined) return 'Missing required field Principal.';
  }
  return undefined;
}

/** Open to everybody: an Allow for `*` that no condition narrows. */
export function isPublic(policy: string): boolean {
  return (statementsOf(policy) ?? []).some(({ Effect, Principal, Condition }) => Effect === 'Allow' && Condition === undefined
    && (Principal === '*' || [(Principal as { AWS?: unknown } | undefined)?.AWS].flat().includes('*')));
}

function statementsOf(policy: string): Statement[] | undefined {
  try {
    const { Statement } = JSON.parse(policy) as { Statement?: Statement | Statement[] };
    return [Statement ?? []].flat();
  } catch {
    // No JSON, so no policy.
    return undefined;
  }
}
