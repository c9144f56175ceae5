import type { SecretRecord } from './state';
import { date } from './text';
import { stagesByVersion } from './versions';
import type { Context } from '../../wire/operation';

/** Days have no time of day in when something was last read. */
export function day(context: Context, at: number): Date {
  return new Date(Math.floor(date(context, at).getTime() / 86_400_000) * 86_400_000);
}

/** What DescribeSecret and ListSecrets say of a secret; the two differ in the name of one member. */
export function describe(context: Context, secret: SecretRecord, stagesMember: 'VersionIdsToStages' | 'SecretVersionsToStages'): Record<string, unknown> {
  const { rotation } = secret;
  const optional = (at: number | undefined) => (at === undefined ? undefined : date(context, at));
  const stages = stagesByVersion(context, secret);
  return {
    ARN: secret.arn,
    Name: secret.name,
    Type: secret.type,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.lambdaArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: optional(rotation?.rotatedAt),
    NextRotationDate: optional(rotation?.next),
    LastChangedDate: date(context, secret.changedAt),
    LastAccessedDate: secret.accessedAt === undefined ? undefined : day(context, secret.accessedAt),
    DeletedDate: optional(secret.deletion?.requestedAt),
    Tags: secret.tags.length > 0 ? secret.tags : undefined,
    [stagesMember]: Object.keys(stages).length > 0 ? stages : undefined,
    CreatedDate: date(context, secret.createdAt),
  };
}
