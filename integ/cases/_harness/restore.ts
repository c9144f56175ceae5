import {
  CloudHSMV2Client, CreateClusterCommand, CreateHsmCommand, DeleteHsmCommand, DescribeBackupsCommand, DescribeClustersCommand,
} from '@aws-sdk/client-cloudhsm-v2';
import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import type { Offline } from './offline';
import type { RestoredIds } from '../../apps/restored';

/** Makes a cluster with two HSMs from the newest backup of another, in the same subnets, as an operator would. */
export async function restoreNewest(offline: Offline, clusterId: string): Promise<RestoredIds> {
  const client = new CloudHSMV2Client(offline.client);
  const { Backups = [] } = await client.send(new DescribeBackupsCommand({
    Filters: { clusterIds: [clusterId], states: ['READY'] }, SortAscending: false,
  }));
  const { SubnetMapping = {}, HsmType } = await describe(offline, clusterId);
  const SubnetIds = Object.values(SubnetMapping);
  const { Cluster: made } = await client.send(new CreateClusterCommand({ HsmType, SubnetIds, SourceBackupId: Backups[0].BackupId }));
  await offline.emulator.idle();
  const zones = (await describe(offline, clusterId)).Hsms!.map(({ AvailabilityZone }) => AvailabilityZone!);
  for (const AvailabilityZone of zones) {
    await client.send(new CreateHsmCommand({ ClusterId: made!.ClusterId, AvailabilityZone }));
    await offline.emulator.idle();
  }
  const { ClusterId, SecurityGroup } = await describe(offline, made!.ClusterId!);
  return { clusterId: ClusterId!, securityGroupId: SecurityGroup! };
}

/** Takes every HSM of a cluster away, whatever rests on it. */
export async function loseHsms(offline: Offline, ClusterId: string): Promise<void> {
  const client = new CloudHSMV2Client(offline.client);
  for (const { HsmId } of (await describe(offline, ClusterId)).Hsms!) await client.send(new DeleteHsmCommand({ ClusterId, HsmId }));
  await offline.emulator.idle();
}

async function describe(offline: Offline, clusterId: string): Promise<Cluster> {
  const { Clusters = [] } = await new CloudHSMV2Client(offline.client).send(new DescribeClustersCommand({ Filters: { clusterIds: [clusterId] } }));
  return Clusters[0];
}
