import type { Context, Output } from '../../../wire/operation';
import { findLiveSecret } from '../find';
import { versionOf } from '../state';
import { refusal } from '../text';
import { CURRENT, moveStage, versionWith } from '../versions';

interface Input {
  readonly SecretId: string;
  readonly VersionStage: string;
  readonly RemoveFromVersionId?: string;
  readonly MoveToVersionId?: string;
}

/** Who moves a label must know where it is now. */
export function updateSecretVersionStage(context: Context, input: Input): Output {
  const { secret, context: place } = findLiveSecret(context, input.SecretId);
  const { VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to } = input;
  for (const id of [from, to]) {
    if (id !== undefined && !versionOf(place, secret, id)) throw refusal(context, 'ResourceNotFoundException', 'text-no-value', { what: `VersionId: ${id}` });
  }
  const holder = versionWith(place, secret, stage);
  const answer = { ARN: secret.arn, Name: secret.name };
  if (holder !== undefined && holder.id === to) return answer;
  if (holder && holder.id !== from) throw refusal(context, 'InvalidParameterException', from === undefined ? 'text-remove-from' : 'text-remove-from-other', { stage, holder: holder.id });
  if (!holder && from !== undefined) throw refusal(context, 'InvalidParameterException', 'text-stage-not-there', { stage, version: from });
  if (stage === CURRENT && to === undefined) throw refusal(context, 'InvalidParameterException', 'text-current-stays');
  moveStage(place, secret, stage, to);
  return answer;
}
