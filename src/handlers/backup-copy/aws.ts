import { CloudHSMV2Client, CopyBackupToRegionCommand, DeleteBackupCommand } from '@aws-sdk/client-cloudhsm-v2';
import { backupApi } from '../aws/backups';
import type { BackupApi } from '../aws/backups';
import { SETTINGS } from '../aws/client-settings';
import { cloudHsmApi } from '../aws/cloudhsm';
import type { CloudHsmApi } from '../aws/cloudhsm';
import { parameterApi } from '../aws/parameters';
import type { ParameterApi } from '../aws/parameters';

/** What is asked of the cluster's own Region. */
export interface HomeAws {
  readonly describeCluster: CloudHsmApi['describe'];
  readonly backups: Pick<BackupApi, 'of'>;
  readonly parameters: Pick<ParameterApi, 'all'>;
  copy(backupId: string, region: string, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** What is asked of a Region that copies go to. */
export interface RegionAws {
  readonly backups: Pick<BackupApi, 'all'>;
  readonly parameters: Pick<ParameterApi, 'create'>;
  delete(backupId: string): Promise<void>;
}

export interface CopyAws {
  readonly home: HomeAws;
  in(region: string): RegionAws;
}

export function copyAws(): CopyAws {
  // What has no idempotency token is not repeated by the SDK.
  const once = new CloudHSMV2Client({ ...SETTINGS, maxAttempts: 1 });
  const { describe } = cloudHsmApi();
  const there = new Map<string, RegionAws>();
  return {
    home: {
      describeCluster: describe,
      backups: backupApi(),
      parameters: parameterApi(),
      copy: async (BackupId, DestinationRegion, tags) => {
        const TagList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        await once.send(new CopyBackupToRegionCommand({ BackupId, DestinationRegion, TagList }));
      },
    },
    in: (region) => {
      const made = there.get(region) ?? regionAws(region);
      there.set(region, made);
      return made;
    },
  };
}

function regionAws(region: string): RegionAws {
  const client = new CloudHSMV2Client({ ...SETTINGS, region });
  return {
    backups: backupApi(region),
    parameters: parameterApi(region),
    delete: async (BackupId) => {
      await client.send(new DeleteBackupCommand({ BackupId }));
    },
  };
}
