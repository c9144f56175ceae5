import type { Problem } from './errors';
import { BACKUP_ARN, BACKUP_ID } from '../lifecycle/restored-cluster-contract';

export function backupIdProblem(backupId: string): Problem | undefined {
  if (BACKUP_ID.test(backupId)) return undefined;
  return {
    code: 'InvalidBackupId',
    text: `backup id must be like backup-rtq2dwi2gq6, got ${JSON.stringify(backupId)}; look it up by aws cloudhsmv2 describe-backups, or use ClusterBackup.fromArn for an ARN`,
  };
}

/** `region` is `undefined` where synth does not know it. */
export function backupArnProblem(backupArn: string, region: string | undefined): Problem | undefined {
  const [, , of] = BACKUP_ARN.exec(backupArn) ?? [];
  if (of === undefined) {
    return {
      code: 'InvalidBackupArn',
      text: `backup ARN must be like arn:aws:cloudhsm:eu-west-1:111122223333:backup/backup-rtq2dwi2gq6, got ${JSON.stringify(backupArn)}; use ClusterBackup.fromId for an id`,
    };
  }
  if (region === undefined || of === region) return undefined;
  return { code: 'BackupOfOtherRegion', text: `the backup is in ${of} and the stack in ${region}; copy the backup to ${region} and give the copy` };
}

/** What is said of a cluster that is to be made from a backup. */
export interface RestoreWishes {
  readonly isRestored: boolean;
  readonly isAdopted: boolean;
  readonly hasAuthority: boolean;
  readonly hasIdentity: boolean;
  readonly activate: boolean;
}

/** A backup brings certificate, anchor and admins along. */
export function restoreProblems({ isRestored, isAdopted, hasAuthority, hasIdentity, activate }: RestoreWishes): Problem[] {
  if (!isRestored) return [];
  return [
    ...isAdopted ? [{ code: 'RestoreAndAdoption', text: 'backup and adoptedClusterId exclude each other: one makes a cluster, the other takes one that is there; leave one out' }] : [],
    ...hasAuthority ? [{ code: 'RestoreWithAuthority', text: 'backup and certificateAuthority exclude each other: a backup keeps its trust anchor for ever; leave certificateAuthority out' }] : [],
    ...hasIdentity ? [{
      code: 'RestoreWithIdentity',
      text: 'backup and hsmIdentity exclude each other: CloudHSM shows the certificates of the hardware only before a cluster is initialized, and a restored one already is; leave hsmIdentity out',
    }] : [],
    ...activate ? [] : [{ code: 'RestoreWithoutActivation', text: 'backup and activate: false exclude each other: a cluster made from a backup is ACTIVE; leave activate out' }],
  ];
}
