import { CloudHSMV2Client, CreateClusterCommand, DeleteClusterCommand, DescribeClustersCommand, ModifyClusterCommand } from '@aws-sdk/client-cloudhsm-v2';
import type { BackupRetentionPolicy, CreateClusterCommandInput } from '@aws-sdk/client-cloudhsm-v2';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';
import { ONCE } from './once';

export interface ClusterToRestore {
  /** Id, or the ARN of another account's. */
  readonly backup: string;
  readonly hsmType: string;
  readonly mode: string;
  readonly networkType: string;
  readonly subnetIds: readonly string[];
  readonly retentionDays: string;
  readonly tag: { readonly key: string; readonly value: string };
}

/** Clusters that are made from backups: the calls that CloudFormation makes for those of the native type. */
export interface RestoredClusterApi {
  /** Never retried by the SDK: there is no idempotency token. */
  restore(cluster: ClusterToRestore): Promise<string>;
  /** Ids of the clusters that carry the tag, whatever has become of them. */
  tagged(key: string, value: string): Promise<readonly string[]>;
  retain(clusterId: string, retentionDays: string): Promise<void>;
  /** Does nothing when there is no such cluster. */
  delete(clusterId: string): Promise<void>;
}

/** With what the client at hand does not know, and sends. */
type Input = CreateClusterCommandInput & { readonly Mode: string; readonly NetworkType: string };

export function restoredClusterApi(): RestoredClusterApi {
  const client = new CloudHSMV2Client(SETTINGS);
  return {
    restore: async ({ backup, hsmType, mode, networkType, subnetIds, retentionDays, tag }) => {
      const input: Input = {
        SourceBackupId: backup,
        HsmType: hsmType,
        Mode: mode,
        NetworkType: networkType,
        SubnetIds: [...subnetIds],
        BackupRetentionPolicy: retentionDays ? policyOf(retentionDays) : undefined,
        TagList: [{ Key: tag.key, Value: tag.value }],
      };
      const { Cluster: made } = await new CloudHSMV2Client(ONCE).send(new CreateClusterCommand(input));
      return made!.ClusterId!;
    },
    tagged: async (key, value) => {
      const found: string[] = [];
      let next: string | undefined;
      do {
        const page = await client.send(new DescribeClustersCommand({ NextToken: next }));
        const ours = (page.Clusters ?? []).filter(({ TagList = [] }) => TagList.some((tag) => tag.Key === key && tag.Value === value));
        found.push(...ours.map(({ ClusterId }) => ClusterId!));
        next = page.NextToken;
      } while (next);
      return found;
    },
    retain: async (clusterId, retentionDays) => {
      await client.send(new ModifyClusterCommand({ ClusterId: clusterId, BackupRetentionPolicy: policyOf(retentionDays) }));
    },
    delete: async (clusterId) => {
      try {
        await client.send(new DeleteClusterCommand({ ClusterId: clusterId }));
      } catch (error) {
        if (!isNamed(error, 'CloudHsmResourceNotFoundException')) throw error;
      }
    },
  };
}

function policyOf(days: string): BackupRetentionPolicy {
  return { Type: 'DAYS', Value: days };
}
