import type { Context, Output } from '../../../wire/operation';
import { newBackupId } from '../backups';
import { backupOf, demandBackupState, invalid } from '../refusals';
import { backups } from '../state';
import type { Tag } from '../state';
import { mergeTags } from '../tags';

interface CopyBackupToRegionInput {
  readonly DestinationRegion: string;
  readonly BackupId: string;
  readonly TagList?: readonly Tag[];
}

/** The answer does not tell the copy's id: it is found in the other region by its source. */
export function copyBackupToRegion(context: Context, { DestinationRegion, BackupId, TagList }: CopyBackupToRegionInput): Output {
  const original = backupOf(context, BackupId);
  demandBackupState(context, original, 'CopyBackupToRegion', ['READY']);
  const there = context.at({ region: DestinationRegion });
  if (DestinationRegion === context.region || there.partition !== context.partition) {
    throw invalid(context, 'text-copy-region', { backup: BackupId, region: DestinationRegion });
  }
  const backupId = newBackupId(there, BackupId);
  const { deleteAt: _, ...content } = original;
  backups(there).put(backupId, {
    ...content,
    backupId,
    state: 'CREATE_IN_PROGRESS',
    copiedAt: context.now,
    source: { region: context.region, backupId: BackupId, clusterId: original.clusterId },
    tags: TagList ? mergeTags(context, [], TagList) : original.tags,
  });
  there.emit('CREATE_IN_PROGRESS', backupId);
  there.after(there.delay('copy-backup', backupId), { kind: 'backup-ready', args: { backupId } });
  return {
    DestinationBackup: {
      CreateTimestamp: new Date(context.kernel.hostTime(original.createdAt)),
      SourceRegion: context.region,
      SourceBackup: BackupId,
      SourceCluster: original.clusterId,
    },
  };
}
