import type { Context, Output } from '../../../wire/operation';
import { page, passes } from '../paging';
import { sharedBackups } from '../sharing';
import { backups } from '../state';
import type { BackupRecord } from '../state';
import { backupView } from '../view';

interface DescribeBackupsInput {
  readonly Filters?: Readonly<Record<string, readonly string[]>>;
  readonly Shared?: boolean;
  readonly SortAscending?: boolean;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const FILTERS: Readonly<Record<string, (backup: BackupRecord) => string | undefined>> = {
  backupIds: ({ backupId }) => backupId,
  sourceBackupIds: ({ source }) => source?.backupId,
  clusterIds: ({ clusterId }) => clusterId,
  states: ({ state }) => state,
  neverExpires: ({ neverExpires }) => (neverExpires ? 'True' : 'False'),
};

export function describeBackups(context: Context, input: DescribeBackupsInput): Output {
  const owners = new Map(input.Shared
    ? sharedBackups(context).map(({ owner, backup }) => [backup, owner])
    : backups(context).values().map((backup) => [backup, context]));
  const shown = [...owners.keys()].filter(({ state }) => state !== 'DELETED').filter(passes(context, input.Filters, FILTERS));
  // A stable sort: of those made at one instant, the later call's stays the newer.
  shown.sort((a, b) => a.createdAt - b.createdAt);
  if (!(input.SortAscending ?? !context.row<boolean>('backups-newest-first'))) shown.reverse();
  const { items, next } = page(context, shown, ({ backupId }) => backupId, input, 'page-backups');
  return { Backups: items.map((backup) => backupView(owners.get(backup)!, backup)), ...next };
}
