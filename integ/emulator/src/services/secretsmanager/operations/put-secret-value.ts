import type { Context, Output } from '../../../wire/operation';
import { findLiveSecret } from '../find';
import { putVersion, secrets, versionsOf } from '../state';
import type { SecretRecord } from '../state';
import { refusal } from '../text';
import { open, seal, valueIn } from '../value';
import type { ValueInput } from '../value';
import { addVersion, CURRENT, newVersionId } from '../versions';

interface PutInput extends ValueInput {
  readonly SecretId: string;
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
}

interface UpdateInput extends ValueInput {
  readonly SecretId: string;
  readonly ClientRequestToken?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly Type?: string;
}

export function putSecretValue(context: Context, input: PutInput): Output {
  const { secret, context: place } = findLiveSecret(context, input.SecretId);
  const value = valueIn(context, input);
  if (!value) throw refusal(context, 'InvalidRequestException', 'text-no-value-given');
  const version = addVersion(place, secret, input.ClientRequestToken ?? newVersionId(place, secret), value, input.VersionStages ?? [CURRENT]);
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
}

export function updateSecret(context: Context, input: UpdateInput): Output {
  const { secret: before, context: place } = findLiveSecret(context, input.SecretId);
  const secret = secrets(place).put(before.name, {
    ...before,
    description: input.Description ?? before.description,
    kmsKeyId: input.KmsKeyId ?? before.kmsKeyId,
    type: input.Type ?? before.type,
    changedAt: context.now,
  });
  if (secret.kmsKeyId !== before.kmsKeyId) resealAll(place, secret);
  const value = valueIn(context, input);
  const version = value && addVersion(place, secret, input.ClientRequestToken ?? newVersionId(place, secret), value, [CURRENT]);
  return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
}

/** With a new key, what still has a label is sealed anew. */
function resealAll(context: Context, secret: SecretRecord): void {
  for (const version of versionsOf(context, secret)) {
    if (!version.value || version.stages.length === 0) continue;
    putVersion(context, { ...version, value: seal(context, secret, version.id, open(context, secret, version.id, version.value)) });
  }
}
