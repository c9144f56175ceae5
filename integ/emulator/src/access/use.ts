import type { Decided } from './authorize';
import type { Document, Policy, Support } from './evaluate';
import type { Principal } from '../wire/operation';

/** An action of a statement that somebody was given, and what decisions made of it. */
export interface Used extends Support {
  /** Whose it is: the role's ARN, or the caller's. */
  readonly principal: string;
  /** Decisions that it allowed. */
  readonly allowed: number;
  /** Those that would have been refused without it. */
  readonly needed: number;
}

/** Which (statement, action) decisions leaned on, and which of them they could not do without; also of roles that are gone again. */
export class GrantUse {
  private readonly used = new Map<string, Used>();
  private readonly known = new Map<string, Set<Document>>();

  /** Takes down everything that a caller's own policies allow him; each document once. */
  public given({ arn, roleArn }: Principal, policies: readonly Policy[]): void {
    const principal = roleArn ?? arn;
    const seen = this.known.get(principal) ?? new Set();
    this.known.set(principal, seen);
    for (const { kind, name: policy, document } of policies) {
      if (seen.has(document)) continue;
      seen.add(document);
      for (const support of supportsIn({ kind, name: policy, document })) this.count(principal, support, 0, 0);
    }
  }

  public note({ arn, roleArn }: Principal, decided: readonly Decided[]): void {
    for (const { decision } of decided) {
      if (!decision.allowed) continue;
      for (const support of decision.by) this.count(roleArn ?? arn, support, 1, decision.necessary.includes(support) ? 1 : 0);
    }
  }

  public all(): readonly Used[] {
    return [...this.used.values()];
  }

  private count(principal: string, support: Support, more: number, moreNeeded: number): void {
    const key = useKey(principal, support);
    const { allowed = 0, needed = 0 } = this.used.get(key) ?? {};
    this.used.set(key, { ...support, principal, allowed: allowed + more, needed: needed + moreNeeded });
  }
}

/** Every action that the statements of a policy allow by name. */
export function supportsIn({ kind, name: policy, document }: Policy): Support[] {
  return document.statements.filter(({ allows, allActionsBut }) => allows && !allActionsBut)
    .flatMap(({ name: statement, actions }) => actions.map(({ written: action }) => ({ kind, policy, statement, action })));
}

export function useKey(principal: string, { kind, policy, statement, action }: Support): string {
  return [principal, kind, policy, statement, action].join('\0');
}
