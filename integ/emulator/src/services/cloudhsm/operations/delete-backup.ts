import type { Context, Output } from '../../../wire/operation';
import { startBackupDeletion } from '../backups';
import { backupOf, demandBackupState } from '../refusals';
import { backupView } from '../view';

export function deleteBackup(context: Context, { BackupId }: { readonly BackupId: string }): Output {
  demandBackupState(context, backupOf(context, BackupId), 'DeleteBackup', ['READY']);
  return { Backup: backupView(context, startBackupDeletion(context, BackupId)) };
}
