import { CloudHSMV2Client, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import type { Backup as SdkBackup, DescribeBackupsCommandInput } from '@aws-sdk/client-cloudhsm-v2';
import { SETTINGS } from './client-settings';
import { withRawAnswer } from './raw-answer';

/** A backup as DescribeBackups lists it. */
export interface Backup {
  readonly backupId: string;
  /** `CREATE_IN_PROGRESS`, `READY`, `PENDING_DELETION`, `DELETED`. */
  readonly state: string;
  /** The cluster whose content it holds; of a copy, the one in the other Region. */
  readonly clusterId?: string;
  readonly hsmType?: string;
  readonly mode?: string;
  /** Epoch milliseconds; of a copy, when the original was made. */
  readonly createdAt?: number;
}

/** The backups that the account has, or may see, in the Region. */
export interface BackupApi {
  /** By id. `shared`: of another account. */
  find(backupId: string, shared: boolean): Promise<Backup | undefined>;
  /** All of a cluster. */
  of(clusterId: string): Promise<readonly Backup[]>;
}

/** With what the client at hand does not know: it sends such members, and drops them from answers. */
type Input = DescribeBackupsCommandInput & { readonly Shared?: boolean };
interface Unknown {
  readonly HsmType?: string;
  readonly Mode?: string;
}

export function backupApi(): BackupApi {
  const client = new CloudHSMV2Client(SETTINGS);
  const all = async (input: Input): Promise<Backup[]> => {
    const found: Backup[] = [];
    let next: string | undefined;
    do {
      const { output, raw } = await withRawAnswer(client, new DescribeBackupsCommand({ ...input, NextToken: next }));
      found.push(...(output.Backups ?? []).map((backup, index) => toBackup(backup, (raw.Backups as readonly Unknown[])[index])));
      next = output.NextToken;
    } while (next);
    return found;
  };
  return {
    find: async (backupId, shared) => (await all({ Filters: { backupIds: [backupId] }, ...shared ? { Shared: true } : {} }))[0],
    of: (clusterId) => all({ Filters: { clusterIds: [clusterId] } }),
  };
}

function toBackup({ BackupId, BackupState, ClusterId, SourceCluster, CreateTimestamp }: SdkBackup, { HsmType, Mode }: Unknown): Backup {
  return {
    backupId: BackupId!,
    state: BackupState!,
    clusterId: SourceCluster ?? ClusterId,
    hsmType: HsmType,
    mode: Mode,
    createdAt: CreateTimestamp?.getTime(),
  };
}
