import type { Context, Output } from '../../../wire/operation';
import { findLiveSecret, findSecret } from '../find';
import { isPublic, policyProblem } from '../policy';
import { secrets } from '../state';
import { refusal } from '../text';

interface SecretInput {
  readonly SecretId: string;
}

export function putResourcePolicy(
  context: Context,
  input: SecretInput & { readonly ResourcePolicy: string; readonly BlockPublicPolicy?: boolean },
): Output {
  const { secret, context: place } = findLiveSecret(context, input.SecretId);
  const problem = policyProblem(input.ResourcePolicy);
  if (problem) throw refusal(context, 'MalformedPolicyDocumentException', 'text-malformed-policy', { problem });
  if (input.BlockPublicPolicy && isPublic(input.ResourcePolicy)) throw refusal(context, 'PublicPolicyException', 'text-public-policy');
  secrets(place).put(secret.name, { ...secret, policy: input.ResourcePolicy, blockPublicPolicy: input.BlockPublicPolicy });
  return { ARN: secret.arn, Name: secret.name };
}

export function getResourcePolicy(context: Context, { SecretId }: SecretInput): Output {
  const { secret } = findSecret(context, SecretId);
  return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy };
}

export function deleteResourcePolicy(context: Context, { SecretId }: SecretInput): Output {
  const { secret, context: place } = findLiveSecret(context, SecretId);
  secrets(place).put(secret.name, { ...secret, policy: undefined, blockPublicPolicy: undefined });
  return { ARN: secret.arn, Name: secret.name };
}

export function validateResourcePolicy(context: Context, input: Partial<SecretInput> & { readonly ResourcePolicy: string }): Output {
  if (input.SecretId !== undefined) findSecret(context, input.SecretId);
  const problem = policyProblem(input.ResourcePolicy);
  const errors = [
    ...(problem ? [{ CheckName: 'POLICY_SYNTAX', ErrorMessage: problem }] : []),
    ...(!problem && isPublic(input.ResourcePolicy) ? [{ CheckName: 'PUBLIC_POLICY', ErrorMessage: context.row<string>('secretsmanager/text-public-policy') }] : []),
  ];
  return { PolicyValidationPassed: errors.length === 0, ValidationErrors: errors };
}
