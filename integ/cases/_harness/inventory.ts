import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Offline } from './offline';

/** What CloudHSM has left in the network: its interfaces and security groups. */
export async function hsmNetwork(offline: Offline): Promise<{ interfaces: string[]; groups: string[] }> {
  const ec2 = new EC2Client(offline.client);
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return {
    interfaces: NetworkInterfaces.filter(({ Description }) => /CloudHsm/i.test(Description ?? '')).map(({ NetworkInterfaceId }) => NetworkInterfaceId!),
    groups: SecurityGroups.filter(({ GroupName }) => GroupName!.startsWith('cloudhsm-')).map(({ GroupId }) => GroupId!),
  };
}
