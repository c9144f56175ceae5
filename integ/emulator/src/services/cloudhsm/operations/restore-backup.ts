import type { Context, Output } from '../../../wire/operation';
import { deletionEvent, scheduleRetention, setBackupState } from '../backups';
import { backupOf, demandBackupState } from '../refusals';
import { backupView } from '../view';

const DAY = 86_400_000;

/** Takes a backup out of the deletion window. A cluster's retention applies to it again, so it may be purged the next day. */
export function restoreBackup(context: Context, { BackupId }: { readonly BackupId: string }): Output {
  demandBackupState(context, backupOf(context, BackupId), 'RestoreBackup', ['PENDING_DELETION']);
  context.cancel(deletionEvent(context, BackupId));
  const backup = setBackupState(context, BackupId, 'READY', { deleteAt: undefined });
  scheduleRetention(context, backup, context.now + DAY);
  return { Backup: backupView(context, backup) };
}
