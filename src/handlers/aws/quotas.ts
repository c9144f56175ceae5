import { CloudHSMV2Client, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SETTINGS } from './client-settings';

/** What an account uses of CloudHSM in the Region, and what it may use at most. */
export interface CloudHsmUsage {
  readonly clusters: number;
  readonly hsms: number;
  readonly clusterQuota: number | undefined;
  readonly hsmQuota: number | undefined;
}

export interface QuotaApi {
  cloudHsm(): Promise<CloudHsmUsage>;
}

/** @see https://docs.aws.amazon.com/general/latest/gr/cloudhsm.html */
const QUOTA_CODES = { clusters: 'L-4B16B391', hsms: 'L-95BA35D1' };

export function quotaApi(): QuotaApi {
  const quotas = new ServiceQuotasClient(SETTINGS);
  const client = new CloudHSMV2Client(SETTINGS);
  const quota = async (QuotaCode: string): Promise<number | undefined> => {
    try {
      return (await quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'cloudhsm', QuotaCode }))).Quota?.Value;
    } catch (error) {
      // Not every partition has Service Quotas: the service itself then refuses, later.
      console.log(JSON.stringify({ quota: QuotaCode, unknown: String(error) }));
      return undefined;
    }
  };
  return {
    cloudHsm: async () => {
      let clusters = 0;
      let hsms = 0;
      let next: string | undefined;
      do {
        const page = await client.send(new DescribeClustersCommand({ NextToken: next }));
        for (const cluster of page.Clusters ?? []) {
          if (cluster.State === 'DELETED') continue;
          clusters += 1;
          hsms += (cluster.Hsms ?? []).filter(({ State }) => State !== 'DELETED').length;
        }
        next = page.NextToken;
      } while (next);
      const [clusterQuota, hsmQuota] = await Promise.all([quota(QUOTA_CODES.clusters), quota(QUOTA_CODES.hsms)]);
      return { clusters, hsms, clusterQuota, hsmQuota };
    },
  };
}
