import { CloudHSMV2Client, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { SETTINGS } from './client-settings';

/** When backups of a cluster were made that can still be restored, also those that wait for their deletion: in epoch milliseconds. */
export async function backupTimes(clusterId: string): Promise<readonly number[]> {
  const client = new CloudHSMV2Client(SETTINGS);
  const times: number[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(new DescribeBackupsCommand({ Filters: { clusterIds: [clusterId] }, NextToken: next }));
    for (const { BackupState, CreateTimestamp } of page.Backups ?? []) {
      if (BackupState !== 'DELETED' && CreateTimestamp) times.push(CreateTimestamp.getTime());
    }
    next = page.NextToken;
  } while (next);
  return times;
}
