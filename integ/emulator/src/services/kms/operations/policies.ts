import type { Context, Output } from '../../../wire/operation';
import { findKeyById } from '../find';
import { checkPolicy } from '../policy';
import { keys } from '../state';
import { refusal } from '../text';
import { requireCustomerManaged } from '../usable';

interface PolicyInput {
  readonly KeyId: string;
  readonly PolicyName?: string;
}

/** A key has one policy, and this is its name. */
const ONLY_POLICY = 'default';

export function putKeyPolicy(
  context: Context,
  input: PolicyInput & { readonly Policy: string; readonly BypassPolicyLockoutSafetyCheck?: boolean },
): void {
  const { key, context: place } = findKeyById(context, input.KeyId);
  checkName(context, input);
  requireCustomerManaged(context, key, 'PutKeyPolicy');
  checkPolicy(context, input.Policy, input.BypassPolicyLockoutSafetyCheck);
  keys(place).put(key.id, { ...key, policy: input.Policy });
}

export function getKeyPolicy(context: Context, input: PolicyInput): Output {
  const { key } = findKeyById(context, input.KeyId);
  checkName(context, input);
  return { Policy: key.policy, PolicyName: ONLY_POLICY };
}

export function listKeyPolicies(context: Context, { KeyId }: PolicyInput): Output {
  findKeyById(context, KeyId);
  return { PolicyNames: [ONLY_POLICY], Truncated: false };
}

function checkName(context: Context, { PolicyName = ONLY_POLICY }: PolicyInput): void {
  if (PolicyName !== ONLY_POLICY) throw refusal(context, 'NotFoundException', 'text-no-policy', { name: PolicyName });
}
