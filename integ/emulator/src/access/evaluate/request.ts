/** One question to the evaluator: may this principal do this action on this resource, here and now. */
export interface AccessRequest {
  readonly principal: Asker;
  /** `kms:Decrypt` */
  readonly action: string;
  /** An ARN, or `*` for an action without resources. */
  readonly resource: string;
  readonly keys: ConditionKeys;
}

/** Who asks, under all the names that a policy may have for him. */
export interface Asker {
  readonly account: string;
  /** Of a session: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** Of a session: the role's. */
  readonly roleArn?: string;
  /** A service that acts by itself: `events.amazonaws.com`. */
  readonly service?: string;
  /** Nobody in particular: has no policies, and everybody's policies are about him only where they say `*`. */
  readonly isAnonymous?: boolean;
}

/** By lower-cased name. One text for a key with a single value, a list for one that has many. A map, or anything that is asked like one. */
export interface ConditionKeys {
  get(name: string): string | readonly string[] | undefined;
}
