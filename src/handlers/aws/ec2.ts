import { DescribeSubnetsCommand, DescribeVpcEndpointServicesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';

/** The calls of EC2 that are used here. */
export interface Ec2Api {
  /** Zones of the CloudHSM endpoint service, the only public list of where HSMs can be placed; `undefined` where there is no such service. */
  cloudHsmZones(): Promise<readonly string[] | undefined>;
  /** Zone, VPC and IPv4 block by subnet. */
  subnets(subnetIds: readonly string[]): Promise<ReadonlyMap<string, {
    availabilityZone: string; vpcId: string; cidr: string; freeAddresses: number;
  }>>;
}

export function ec2Api(): Ec2Api {
  const client = new EC2Client(SETTINGS);
  return {
    cloudHsmZones: async () => {
      const name = `com.amazonaws.${process.env.AWS_REGION}.cloudhsmv2`;
      try {
        const { ServiceDetails = [] } = await client.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [name] }));
        return ServiceDetails[0]?.AvailabilityZones;
      } catch (error) {
        if (isNamed(error, 'InvalidServiceName')) return undefined;
        throw error;
      }
    },
    subnets: async (subnetIds) => {
      const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }));
      return new Map(Subnets.map((subnet) => [subnet.SubnetId!, {
        availabilityZone: subnet.AvailabilityZone!,
        vpcId: subnet.VpcId!,
        cidr: subnet.CidrBlock!,
        freeAddresses: subnet.AvailableIpAddressCount!,
      }]));
    },
  };
}
