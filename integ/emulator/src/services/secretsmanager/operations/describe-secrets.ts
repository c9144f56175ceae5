import type { Context, Output } from '../../../wire/operation';
import { day, describe } from '../describe';
import { filtered } from '../filters';
import type { Filter } from '../filters';
import { findSecret } from '../find';
import { page } from '../paging';
import { versionsOf } from '../state';
import { date } from '../text';

interface ListInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function describeSecret(context: Context, { SecretId }: { readonly SecretId: string }): Output {
  const { secret, context: place } = findSecret(context, SecretId);
  return describe(place, secret, 'VersionIdsToStages');
}

export function listSecrets(
  context: Context,
  input: ListInput & {
    readonly Filters?: readonly Filter[];
    readonly IncludePlannedDeletion?: boolean;
    readonly SortOrder?: string;
    readonly SortBy?: string;
  },
): Output {
  const all = filtered(context, input.Filters ?? []).filter(({ deletion }) => input.IncludePlannedDeletion || !deletion);
  // The newest comes first, and so it does among those of one moment.
  const sorted = input.SortBy === 'name'
    ? [...all].sort((a, b) => (a.name < b.name ? -1 : 1))
    : [...all].reverse().sort((a, b) => b.createdAt - a.createdAt);
  const ordered = input.SortOrder === (input.SortBy === 'name' ? 'desc' : 'asc') ? sorted.reverse() : sorted;
  const { items, NextToken } = page(context, ordered, input.NextToken, input.MaxResults ?? 100);
  return { SecretList: items.map((secret) => describe(context, secret, 'SecretVersionsToStages')), NextToken };
}

export function listSecretVersionIds(
  context: Context,
  input: ListInput & { readonly SecretId: string; readonly IncludeDeprecated?: boolean },
): Output {
  const { secret, context: place } = findSecret(context, input.SecretId);
  const shown = versionsOf(place, secret).filter(({ stages }) => input.IncludeDeprecated || stages.length > 0);
  const { items, NextToken } = page(context, shown, input.NextToken, input.MaxResults ?? 100);
  return {
    Versions: items.map((version) => ({
      VersionId: version.id,
      VersionStages: version.stages.length > 0 ? version.stages : undefined,
      LastAccessedDate: version.accessedAt === undefined ? undefined : day(context, version.accessedAt),
      CreatedDate: date(context, version.createdAt),
      KmsKeyIds: [version.value?.seal?.keyId ?? 'DefaultEncryptionKey'],
    })),
    NextToken,
    ARN: secret.arn,
    Name: secret.name,
  };
}
