import { CURRENT, PENDING, PREVIOUS } from './labels';
import type { SecretVersion } from '../aws/secret-versions';
import { Failure } from '../engine/failure';

/** A label that keeps a version: without any, Secrets Manager drops it some day. */
export const KEPT = 'cdk-cloudhsm-kept-';

/** All versions of a secret together have so many labels at most. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_LABELS = 20;

/** Which versions get a label of their own, and which lose theirs. */
export interface Keeping {
  readonly keep: readonly string[];
  readonly release: readonly string[];
}

export const keptLabel = (versionId: string): string => `${KEPT}${versionId}`;

/**
 * A backup holds the passwords of its day. So a version keeps its label as long as there is a backup that may have been made while it was set on the HSMs:
 * from its creation until the one after the next was made. The next one's creation is not the end, for from there to the HSMs a rotation may take all
 * of its window.
 *
 * @param backups when backups were made that are READY or wait for their deletion, in epoch milliseconds
 * @throws Failure when a password would be dropped that a backup needs
 */
export function planKeeping(versions: readonly SecretVersion[], backups: readonly number[], pending: string): Keeping {
  const known = versions.filter(({ id }) => id !== pending);
  const isKept = ({ id, labels }: SecretVersion) => labels.includes(keptLabel(id));
  const holding = known.filter((version) => isKept(version) || version.labels.includes(CURRENT) || version.labels.includes(PREVIOUS));
  const isNeeded = (version: SecretVersion, index: number) => {
    const end = holding[index + 2]?.createdAt ?? Infinity;
    return index >= holding.length - 2 || backups.some((at) => at >= version.createdAt && at < end);
  };
  const release = holding.filter((version, index) => isKept(version) && !isNeeded(version, index)).map(({ id }) => id);
  const keep = holding.filter((version) => !isKept(version)).map(({ id }) => id);
  const others = new Set(versions.flatMap(({ labels }) => labels.filter((label) => !label.startsWith(KEPT))));
  const kept = holding.length - release.length;
  // The new version has its own label and AWSPENDING; when it is current, the one before is AWSPREVIOUS.
  if (others.add(PENDING).add(PREVIOUS).size + kept + 1 > MOST_LABELS) {
    throw new Failure(
      'PasswordsOfBackupsKept',
      `${kept} passwords are kept for backups of the cluster, and a secret has ${MOST_LABELS} labels at most: a rotation would drop the password of a backup; `
        + 'rotate less often, shorten backupRetention, or delete old backups, then rotate again',
    );
  }
  return { keep, release };
}
