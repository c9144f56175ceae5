import { dropVersion, putVersion, secrets, versionOf, versionsOf } from './state';
import type { SecretRecord, VersionRecord } from './state';
import { refusal } from './text';
import { open, sameValue, seal } from './value';
import type { OpenValue } from './value';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

const DAY_MS = 86_400_000;

/** The token that a caller did not send. */
export function newVersionId(context: Context, secret: Pick<SecretRecord, 'name'>): string {
  return idFormat.uuid(context.id('version', secret.name));
}

/**
 * Stores a value as a version named by the caller's token. The same token with the same value changes nothing, so that callers can repeat; with
 * another value it is refused.
 */
export function addVersion(context: Context, secret: SecretRecord, id: string, value: OpenValue, stages: readonly string[]): VersionRecord {
  const present = versionOf(context, secret, id);
  if (present?.value) {
    if (!sameValue(open(context, secret, id, present.value), value)) throw refusal(context, 'ResourceExistsException', 'text-token-used');
    return present;
  }
  putVersion(context, {
    id, secretArn: secret.arn, createdAt: context.now, value: seal(context, secret, id, value), stages: present?.stages ?? [],
  });
  const isFirst = !versionsOf(context, secret).some((version) => version.stages.includes(CURRENT));
  for (const stage of isFirst ? [...new Set([...stages, CURRENT])] : stages) moveStage(context, secret, stage, id);
  secrets(context).put(secret.name, { ...secrets(context).get(secret.name)!, changedAt: context.now });
  dropOld(context, secret);
  return versionOf(context, secret, id)!;
}

/** A label is on one version at a time; what loses AWSCURRENT gets AWSPREVIOUS. */
export function moveStage(context: Context, secret: SecretRecord, stage: string, to: string | undefined): void {
  const holder = versionWith(context, secret, stage);
  if (holder?.id === to) return;
  if (holder) putVersion(context, { ...holder, stages: holder.stages.filter((label) => label !== stage) });
  if (to !== undefined) {
    const target = versionOf(context, secret, to)!;
    putVersion(context, { ...target, stages: [...target.stages, stage] });
    demandFewLabels(context, secret);
  }
  if (stage === CURRENT && holder) moveStage(context, secret, PREVIOUS, holder.id);
}

function demandFewLabels(context: Context, secret: SecretRecord): void {
  const most = context.row<number>('secretsmanager/max-labels');
  const count = versionsOf(context, secret).flatMap(({ stages }) => stages).length;
  if (count > most) throw refusal(context, 'LimitExceededException', 'text-too-many-labels', { most });
}

export function versionWith(context: Context, secret: SecretRecord, stage: string): VersionRecord | undefined {
  return versionsOf(context, secret).find(({ stages }) => stages.includes(stage));
}

/** Only deprecated versions go, and only when there are many and they are a day old. */
function dropOld(context: Context, secret: SecretRecord): void {
  const all = versionsOf(context, secret);
  const goers = all.filter(({ stages, createdAt }) => stages.length === 0 && createdAt < context.now - DAY_MS);
  goers.slice(0, Math.max(0, all.length - context.row<number>('secretsmanager/max-versions'))).forEach((version) => dropVersion(context, version));
}

/** Labels of every version that has any, by version. */
export function stagesByVersion(context: Context, secret: SecretRecord): Record<string, readonly string[]> {
  return Object.fromEntries(versionsOf(context, secret).filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]));
}
