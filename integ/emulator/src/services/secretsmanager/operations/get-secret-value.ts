import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { filtered } from '../filters';
import type { Filter } from '../filters';
import { findLiveSecret } from '../find';
import { page } from '../paging';
import { putVersion, secrets, versionOf } from '../state';
import type { SecretRecord, VersionRecord } from '../state';
import { date, refusal } from '../text';
import { open, valueMembers } from '../value';
import { CURRENT, versionWith } from '../versions';

interface Input {
  readonly SecretId: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

export function getSecretValue(context: Context, input: Input): Output {
  const { secret, context: place } = findLiveSecret(context, input.SecretId);
  const version = versionFor(place, secret, input);
  if (!version.value) throw refusal(context, 'ResourceNotFoundException', 'text-no-value', { what: `staging label: ${input.VersionStage ?? CURRENT}` });
  const value = open(place, secret, version.id, version.value);
  secrets(place).put(secret.name, { ...secret, accessedAt: context.now });
  putVersion(place, { ...version, accessedAt: context.now });
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...valueMembers(value),
    VersionStages: version.stages,
    CreatedDate: date(context, version.createdAt),
  };
}

/** Each secret answers or fails by itself. */
export function batchGetSecretValue(
  context: Context,
  input: {
    readonly SecretIdList?: readonly string[];
    readonly Filters?: readonly Filter[];
    readonly MaxResults?: number;
    readonly NextToken?: string;
  },
): Output {
  if ((input.SecretIdList === undefined) === (input.Filters === undefined)) throw refusal(context, 'InvalidParameterException', 'text-ids-or-filters');
  const ids = input.SecretIdList ?? filtered(context, input.Filters ?? []).filter(({ deletion }) => !deletion).map(({ arn }) => arn);
  const { items, NextToken } = page(context, ids, input.NextToken, input.MaxResults ?? 20);
  const SecretValues: Output[] = [];
  const Errors: Output[] = [];
  for (const SecretId of items) {
    try {
      // As a call of its own: each secret says by itself who may read it.
      SecretValues.push(context.call('secretsmanager', 'GetSecretValue', { SecretId }));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors, NextToken };
}

function versionFor(context: Context, secret: SecretRecord, { VersionId, VersionStage }: Input): VersionRecord {
  const version = VersionId === undefined ? versionWith(context, secret, VersionStage ?? CURRENT) : versionOf(context, secret, VersionId);
  if (!version) {
    const what = VersionId === undefined ? `staging label: ${VersionStage ?? CURRENT}` : `VersionId: ${VersionId}`;
    throw refusal(context, 'ResourceNotFoundException', 'text-no-value', { what });
  }
  if (VersionStage !== undefined && !version.stages.includes(VersionStage)) throw refusal(context, 'InvalidRequestException', 'text-stage-not-on-version');
  return version;
}
