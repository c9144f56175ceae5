import { CloudHSMV2Client, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { GenerateDataKeyWithoutPlaintextCommand, KMSClient } from '@aws-sdk/client-kms';
import { SETTINGS } from '../aws/client-settings';
import { cloudHsmApi } from '../aws/cloudhsm';
import type { CloudHsmApi } from '../aws/cloudhsm';
import { parameterApi } from '../aws/parameters';
import type { ParameterApi } from '../aws/parameters';

/** Everything the probe asks of AWS. */
export interface ProbeAws {
  readonly describeCluster: (clusterId: string) => ReturnType<CloudHsmApi['describe']>;
  /** Epoch milliseconds of the newest backup that could be restored. */
  readonly newestBackupAt: (clusterId: string) => Promise<number | undefined>;
  readonly readParameter: ParameterApi['get'];
  /** Has an HSM make a data key and encrypt it. Its plaintext stays in KMS: what is not asked for cannot leak. */
  readonly makeDataKey: (keyArn: string) => Promise<void>;
}

export function probeAws(): ProbeAws {
  const cloudHsm = new CloudHSMV2Client(SETTINGS);
  const kms = new KMSClient(SETTINGS);
  const { describe } = cloudHsmApi();
  const { get } = parameterApi();
  return {
    describeCluster: describe,
    newestBackupAt: async (clusterId) => {
      let newest: number | undefined;
      let next: string | undefined;
      do {
        const page = await cloudHsm.send(new DescribeBackupsCommand({ Filters: { clusterIds: [clusterId], states: ['READY'] }, NextToken: next }));
        for (const { CreateTimestamp } of page.Backups ?? []) newest = Math.max(newest ?? 0, CreateTimestamp?.getTime() ?? 0);
        next = page.NextToken;
      } while (next);
      return newest;
    },
    readParameter: get,
    makeDataKey: async (keyArn) => {
      await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyArn, KeySpec: 'AES_256' }));
    },
  };
}
