import type { Context, Output } from '../../../wire/operation';
import { scheduleRetention } from '../backups';
import { backupOf, demandBackupState } from '../refusals';
import { backups, update } from '../state';
import { backupView } from '../view';

interface ModifyBackupAttributesInput {
  readonly BackupId: string;
  readonly NeverExpires: boolean;
}

export function modifyBackupAttributes(context: Context, { BackupId, NeverExpires }: ModifyBackupAttributesInput): Output {
  demandBackupState(context, backupOf(context, BackupId), 'ModifyBackupAttributes', ['READY']);
  const backup = update(backups(context), BackupId, { neverExpires: NeverExpires });
  scheduleRetention(context, backup);
  return { Backup: backupView(context, backup) };
}
