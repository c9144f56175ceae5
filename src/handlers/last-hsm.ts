import type { Aws } from './aws';
import { clusterParameterName, PARAMETER_NAMES } from '../lifecycle/resource-contract';
import type { Backup } from './aws/backups';
import type { Hsm } from './aws/cloudhsm';
import type { Request } from './engine/request';

/**
 * The last HSM of a cluster takes with it what no backup holds. CloudHSM makes one when an HSM is removed, so the others go first, and the last one only when a
 * READY backup is seen that was made after the first of them went.
 *
 * What is newer is told by the service's own times alone: the newest backup is written down right before the first HSM goes.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/manage-backups.html
 */
interface FirstRemoval {
  /** The request that took the first one. */
  readonly request: string;
  /** Absent: there was none. */
  readonly newestBackup?: string;
}

/** The removal of a first HSM that is written down: by this request, or by the one that left the last HSM to it. */
export interface ObservedRemoval {
  readonly isOurs: boolean;
  /** Whether a READY backup is newer; only looked at when the last HSM might go. */
  readonly hasNewerBackup: boolean;
}

/** A backup is READY minutes after the removal that it was made on. */
const BACKUP_LIMIT_MS = 20 * 60_000;

export const BACKUP_AWAITED = 'the last HSM goes when a backup newer than the first removal is READY';

export async function observeRemoval(
  aws: Aws, clusterId: string, { requestId }: Request, written: string | undefined, mayTakeLast: boolean,
): Promise<ObservedRemoval | undefined> {
  if (written === undefined) return undefined;
  const { request, newestBackup } = JSON.parse(written) as FirstRemoval;
  return { isOurs: request === requestId, hasNewerBackup: mayTakeLast && hasNewer(await aws.backups.of(clusterId), newestBackup) };
}

/** Right before the first HSM goes. */
export async function recordRemoval(aws: Aws, clusterId: string, { requestId }: Request): Promise<void> {
  const [newest] = [...await aws.backups.of(clusterId)].sort((a, b) => timeOf(b) - timeOf(a));
  const record: FirstRemoval = { request: requestId, newestBackup: newest?.backupId };
  await aws.parameters.overwrite(clusterParameterName(clusterId, PARAMETER_NAMES.firstRemoval), JSON.stringify(record));
}

function hasNewer(backups: readonly Backup[], newestBackup: string | undefined): boolean {
  const before = backups.find(({ backupId }) => backupId === newestBackup);
  return backups.some((backup) => backup.state === 'READY' && (before === undefined || timeOf(backup) > timeOf(before)));
}

function timeOf({ createdAt = 0 }: Backup): number {
  return createdAt;
}

/** What may be done about HSMs that are to go, which are all there are. */
export type LastHsm =
  | { readonly kind: 'go'; readonly hsms: readonly Hsm[] }
  /** It is not known to be written down that this request has taken the first one. */
  | { readonly kind: 'record' }
  | { readonly kind: 'wait'; readonly since: number }
  | { readonly kind: 'fail'; readonly code: string; readonly message: string };

/** What is known when HSMs are to go. */
export interface Going {
  readonly clusterId: string;
  /** Those that nobody has asked to go yet. */
  readonly due: readonly Hsm[];
  /** Whether this request has taken others before. */
  readonly hasBegun: boolean;
  readonly removal: ObservedRemoval | undefined;
  /** Since when a backup has been awaited. */
  readonly waitedSince: number | undefined;
}

export function sparingTheLast({ clusterId, due, hasBegun, removal, waitedSince }: Going, now: number): LastHsm {
  if (due.length !== 1) return { kind: 'go', hsms: leastUsefulFirst(due).slice(0, -1) };
  if (hasBegun && !removal?.isOurs) return { kind: 'record' };
  if (!removal || removal.hasNewerBackup) return { kind: 'go', hsms: due };
  const since = waitedSince ?? now;
  if (now - since <= BACKUP_LIMIT_MS) return { kind: 'wait', since };
  const [{ hsmId }] = due;
  return {
    kind: 'fail',
    code: 'NoBackupBeforeLastHsm',
    message: `HSM ${hsmId} is the last one of ${clusterId} and stays, billed: no backup made since the first HSM went has become READY within `
      + `${BACKUP_LIMIT_MS / 60_000} minutes, and what no backup holds would be lost with it; look at aws cloudhsmv2 describe-backups --filters clusterIds=${clusterId} and do this again `
      + 'when there is one, within 24 hours as a rule',
  };
}

/** One that is ACTIVE stays to the last: the service makes its backups of it. */
function leastUsefulFirst(hsms: readonly Hsm[]): Hsm[] {
  const rank = ({ state }: Hsm) => ['CREATE_IN_PROGRESS', 'DEGRADED', 'ACTIVE'].indexOf(state);
  return [...hsms].sort((a, b) => rank(a) - rank(b) || a.hsmId.localeCompare(b.hsmId));
}
