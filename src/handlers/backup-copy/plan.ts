import type { Backup } from '../aws/backups';

const DAY_MS = 86_400_000;

/** So many deletions fit into the function's time; the rest goes with the next look. */
const REMOVED_AT_ONCE = 30;

/** The cluster's backups at home, and those over there that came of it. */
export interface ObservedBackups {
  readonly hasHsms: boolean;
  readonly here: readonly Backup[];
  readonly there: readonly Backup[];
}

/** What is to be done in one Region. */
export interface CopyPlan {
  /** The backup to be copied. */
  readonly copy?: string;
  /** Copies to be deleted. */
  readonly remove: readonly string[];
  /** Seconds for which changes may be in no copy over there; `undefined` where there is nothing to copy. */
  readonly age?: number;
}

/**
 * The newest backup is copied, once: what came between two looks is in it. A copy that failed is DELETED, and made anew.
 *
 * The service has no idempotency token: when an answer is lost, and the list late, a backup may be copied twice. That costs nothing and is pruned like all.
 */
export function planCopies(
  { hasHsms, here, there }: ObservedBackups, isOurs: (copy: Backup) => boolean, retentionDays: number, now: number,
): CopyPlan {
  const newest = newestOf(here.filter(({ state, sourceBackupId }) => state === 'READY' && sourceBackupId === undefined));
  const alive = there.filter(({ state }) => state === 'READY' || state === 'CREATE_IN_PROGRESS');
  const ready = alive.filter(({ state }) => state === 'READY');
  const newestThere = newestOf(ready);
  const isOld = ({ createdAt }: Backup) => createdAt !== undefined && createdAt < now - retentionDays * DAY_MS;
  return {
    copy: newest && !alive.some(({ sourceBackupId }) => sourceBackupId === newest.backupId) ? newest.backupId : undefined,
    // Never the newest that could be restored, nor the newest of ours, nor one that somebody wants to keep.
    remove: ready
      .filter((copy) => copy !== newestThere && copy !== newestOf(ready.filter(isOurs)) && isOurs(copy) && !copy.neverExpires && isOld(copy))
      .sort((a, b) => a.createdAt! - b.createdAt!)
      .slice(0, REMOVED_AT_ONCE)
      .map(({ backupId }) => backupId),
    age: ageOf(newest, newestThere, hasHsms, now),
  };
}

/** Without an HSM nothing changes, and no backup is made. */
function ageOf(newest: Backup | undefined, newestThere: Backup | undefined, hasHsms: boolean, now: number): number | undefined {
  if (!hasHsms && newest !== undefined && newestThere?.sourceBackupId === newest.backupId) return 0;
  const since = (newestThere ?? newest)?.createdAt;
  return since === undefined ? undefined : Math.max(0, Math.round((now - since) / 1_000));
}

function newestOf(backups: readonly Backup[]): Backup | undefined {
  return [...backups].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
}
