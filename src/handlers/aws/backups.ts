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
  /** Of a copy only: what it was copied from, and where that is. */
  readonly sourceBackupId?: string;
  readonly sourceRegion?: string;
  /** Whether no retention policy ever deletes it. */
  readonly neverExpires?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The backups that the account has, or may see, in the Region. */
export interface BackupApi {
  /** By id. `shared`: of another account. */
  find(backupId: string, shared: boolean): Promise<Backup | undefined>;
  /** All of a cluster. */
  of(clusterId: string): Promise<readonly Backup[]>;
  /** All there are. */
  all(): Promise<readonly Backup[]>;
}

/** With what the client at hand does not know: it sends such members, and drops them from answers. */
type Input = DescribeBackupsCommandInput & { readonly Shared?: boolean };
interface Unknown {
  readonly HsmType?: string;
  readonly Mode?: string;
}

/** Of our own Region, or of another. */
export function backupApi(region?: string): BackupApi {
  const client = new CloudHSMV2Client({ ...SETTINGS, region });
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
    all: () => all({}),
  };
}

function toBackup(backup: SdkBackup, { HsmType, Mode }: Unknown): Backup {
  const { BackupId, BackupState, ClusterId, SourceCluster, CreateTimestamp, SourceBackup, SourceRegion, NeverExpires, TagList } = backup;
  return {
    backupId: BackupId!,
    state: BackupState!,
    clusterId: SourceCluster ?? ClusterId,
    hsmType: HsmType,
    mode: Mode,
    createdAt: CreateTimestamp?.getTime(),
    sourceBackupId: SourceBackup,
    sourceRegion: SourceRegion,
    neverExpires: NeverExpires,
    ...TagList && { tags: Object.fromEntries(TagList.map(({ Key, Value }) => [Key!, Value!])) },
  };
}
