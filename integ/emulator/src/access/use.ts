import type { Decided } from './authorize';
import type { PolicyKind, Support } from './evaluate';
import type { Principal } from '../wire/operation';

/** An action of a statement, and what decisions made of it. */
export interface Used extends Support {
  readonly kind: PolicyKind;
  /** Whose decisions: the role's ARN, or the caller's. */
  readonly principal: string;
  /** Decisions that it allowed. */
  readonly allowed: number;
  /** Those that would have been refused without it. */
  readonly needed: number;
}

/** Which (statement, action) decisions leaned on, and which of them they could not do without. */
export class GrantUse {
  private readonly used = new Map<string, Used>();

  public note({ arn, roleArn }: Principal, decided: readonly Decided[]): void {
    for (const { decision } of decided) {
      if (!decision.allowed) continue;
      for (const support of decision.by) this.count(roleArn ?? arn, support, decision.necessary.includes(support));
    }
  }

  public all(): readonly Used[] {
    return [...this.used.values()];
  }

  private count(principal: string, support: Support, isNeeded: boolean): void {
    const key = useKey(principal, support);
    const { allowed = 0, needed = 0 } = this.used.get(key) ?? {};
    this.used.set(key, { ...support, principal, allowed: allowed + 1, needed: needed + (isNeeded ? 1 : 0) });
  }
}

export function useKey(principal: string, { kind, policy, statement, action }: Support): string {
  return [principal, kind, policy, statement, action].join('\0');
}
