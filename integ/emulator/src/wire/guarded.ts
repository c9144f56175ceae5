/** What decides about access to a thing beside its caller's policies: how a service answers `EmulatedGuard { Arn }`, which is no operation of AWS. */
export interface Guard {
  /** Whose it is, where the ARN does not say. */
  readonly account?: string;
  /** The document of its own policy. */
  readonly policy?: string;
  /** Nobody gets in whom the policy does not name, his account at least: keys and roles. */
  readonly isGate?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** Condition keys of the service about this thing. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
  readonly grants?: readonly GuardGrant[];
}

/** A grant of a key. */
export interface GuardGrant {
  readonly id: string;
  /** ARN of a role, a session or a user; or a service. */
  readonly grantee: string;
  /** `Decrypt` */
  readonly operations: readonly string[];
  readonly context?: { readonly equals?: Readonly<Record<string, string>>; readonly subset?: Readonly<Record<string, string>> };
}
