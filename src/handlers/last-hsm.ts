import type { Aws } from './aws';
import type { Hsm } from './aws/cloudhsm';
import type { Removals } from './removal';

/**
 * The last HSM of a cluster takes with it what no backup holds. CloudHSM makes one when an HSM is removed, so the others go first, and the last one only when a
 * READY backup is seen that was made after the first of them went.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/manage-backups.html
 */
export interface ObservedBackups {
  /** When the newest READY backup was made; `undefined`: there is none, or nobody looked. */
  readonly newestBackupAt?: number;
  /** When an earlier request took the first HSM away, if it left one. */
  readonly firstRemovalAt?: number;
}

/** A backup is READY minutes after the removal that it was made on. */
const BACKUP_LIMIT_MS = 20 * 60_000;

/** Times of backups are not known to be shown in parts of a second. */
const SECOND = 1000;

/** Looked at only when the last HSM might go. */
export async function observeBackups(aws: Aws, clusterId: string): Promise<Pick<ObservedBackups, 'newestBackupAt'>> {
  const ready = (await aws.backups.of(clusterId)).filter(({ state, createdAt }) => state === 'READY' && createdAt !== undefined);
  return { newestBackupAt: ready.length === 0 ? undefined : Math.max(...ready.map(({ createdAt }) => createdAt!)) };
}

/** What may be done about HSMs that are to go, which are all there are. */
export type LastHsm =
  | { readonly kind: 'go'; readonly hsms: readonly Hsm[] }
  | { readonly kind: 'wait'; readonly since: number }
  | { readonly kind: 'fail'; readonly code: string; readonly message: string };

export const BACKUP_AWAITED = 'the last HSM goes when a backup newer than the first removal is READY';

/** `due`: those that nobody has asked to go yet. `waitedSince`: since when a backup has been awaited. */
export function sparingTheLast(
  clusterId: string, due: readonly Hsm[], removals: Removals, observed: ObservedBackups, waitedSince: number | undefined, now: number,
): LastHsm {
  if (due.length !== 1) return { kind: 'go', hsms: leastUsefulFirst(due).slice(0, -1) };
  const first = firstOf(removals) ?? observed.firstRemovalAt;
  if (first === undefined || isNewer(observed.newestBackupAt, first)) return { kind: 'go', hsms: due };
  const since = waitedSince ?? now;
  if (now - since <= BACKUP_LIMIT_MS) return { kind: 'wait', since };
  const [{ hsmId }] = due;
  return {
    kind: 'fail',
    code: 'NoBackupBeforeLastHsm',
    message: `HSM ${hsmId} is the last one of ${clusterId} and stays, billed: no READY backup newer than ${new Date(first).toISOString()}, when the first HSM went, has come within `
      + `${BACKUP_LIMIT_MS / 60_000} minutes, and what no backup holds would be lost with it; look at aws cloudhsmv2 describe-backups --filters clusterIds=${clusterId} and do this again `
      + 'when there is one, within 24 hours as a rule',
  };
}

/** One that is ACTIVE stays to the last: the service makes its backups of it. */
function leastUsefulFirst(hsms: readonly Hsm[]): Hsm[] {
  const rank = ({ state }: Hsm) => ['CREATE_IN_PROGRESS', 'DEGRADED', 'ACTIVE'].indexOf(state);
  return [...hsms].sort((a, b) => rank(a) - rank(b) || a.hsmId.localeCompare(b.hsmId));
}

function isNewer(backupAt: number | undefined, removalAt: number): boolean {
  return backupAt !== undefined && backupAt >= Math.floor(removalAt / SECOND) * SECOND;
}

function firstOf(removals: Removals): number | undefined {
  const times = Object.values(removals);
  return times.length === 0 ? undefined : Math.min(...times);
}
