import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { lookUp } from '../find';

interface Asked {
  readonly Input: { readonly SecretId?: string };
}

/** No operation of AWS: the secret's ARN; of one that is not there, what its name makes of it. */
export function emulatedResources(context: Context, { Input: { SecretId } }: Asked): Output {
  if (SecretId === undefined) return {};
  const found = lookUp(context, SecretId)?.secret.arn;
  return { Arns: [found ?? (SecretId.startsWith('arn:') ? SecretId : context.arn('secretsmanager', `secret:${SecretId}`))] };
}

/** No operation of AWS. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const secret = lookUp(context, Arn)?.secret;
  if (!secret) return {};
  const guard: Guard = {
    policy: secret.policy,
    tags: Object.fromEntries(secret.tags.map(({ Key, Value }) => [Key, Value])),
    keys: {
      ...(secret.type === undefined ? {} : { 'secretsmanager:resource/Type': secret.type }),
      ...(secret.rotation?.lambdaArn === undefined ? {} : { 'secretsmanager:resource/AllowRotationLambdaArn': secret.rotation.lambdaArn }),
    },
  };
  return { ...guard };
}
