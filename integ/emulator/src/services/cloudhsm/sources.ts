import { demandBackupState, notFound } from './refusals';
import { isShared } from './sharing';
import { backups } from './state';
import type { BackupRecord } from './state';
import type { Context } from '../../wire/operation';

const ARN = /^arn:[\w-]+:cloudhsm:([\w-]+):(\d{12}):backup\/(.+)$/;

/** The backup that a new cluster is to be made from: one's own by id or ARN, another account's by ARN if its policy lets us. */
export function sourceBackup(context: Context, source: string): BackupRecord {
  const [, region = context.region, account = context.account, backupId = source] = ARN.exec(source) ?? [];
  const owner = context.at({ account });
  const backup = region === context.region ? backups(owner).get(backupId) : undefined;
  const usable = backup && backup.state !== 'DELETED' && (account === context.account || isShared(owner, backupId, context.account, 'CreateCluster'));
  if (!usable) throw notFound(context, 'text-backup-not-found', { backup: backupId });
  demandBackupState(context, backup, 'CreateCluster', ['READY']);
  return backup;
}
