import {
  CloudHSMV2Client, CreateHsmCommand, DeleteHsmCommand, DescribeClustersCommand, InitializeClusterCommand,
} from '@aws-sdk/client-cloudhsm-v2';
import type { Cluster as SdkCluster } from '@aws-sdk/client-cloudhsm-v2';
import { SETTINGS } from './client-settings';
import { ONCE } from './once';

/** An HSM as DescribeClusters lists it. */
export interface Hsm {
  readonly hsmId: string;
  readonly availabilityZone: string;
  readonly state: string;
  readonly stateMessage?: string;
  readonly eniId?: string;
  readonly eniIp?: string;
}

/** A cluster as DescribeClusters lists it, without its certificates. */
export interface Cluster {
  readonly clusterId: string;
  readonly state: string;
  readonly stateMessage?: string;
  readonly hsmType?: string;
  readonly vpcId?: string;
  readonly securityGroup?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** Subnet by Availability Zone. */
  readonly subnets: Readonly<Record<string, string>>;
  readonly hsms: readonly Hsm[];
}

/** PEM texts; each is there only in the states that the service documents. */
export interface ClusterCertificates {
  readonly clusterCsr?: string;
  readonly hsmCertificate?: string;
  readonly awsHardwareCertificate?: string;
  readonly manufacturerHardwareCertificate?: string;
  readonly clusterCertificate?: string;
}

/** The calls of CloudHSM that are used here. */
export interface CloudHsmApi {
  describe(clusterId: string): Promise<{ cluster: Cluster; certificates: ClusterCertificates } | undefined>;
  /** Never retried by the SDK: there is no idempotency token, and every HSM is billed. Without an address the service chooses one. */
  createHsm(clusterId: string, availabilityZone: string, ipAddress?: string): Promise<string>;
  deleteHsm(clusterId: string, hsmId: string): Promise<void>;
  initialize(clusterId: string, signedCertificate: string, trustAnchor: string): Promise<void>;
}

export function cloudHsmApi(): CloudHsmApi {
  const client = new CloudHSMV2Client(SETTINGS);
  const once = () => new CloudHSMV2Client(ONCE);
  return {
    describe: async (clusterId) => {
      const { Clusters = [] } = await client.send(new DescribeClustersCommand({ Filters: { clusterIds: [clusterId] } }));
      const [found] = Clusters;
      return found && { cluster: toCluster(found), certificates: toCertificates(found) };
    },
    createHsm: async (clusterId, availabilityZone, ipAddress) => {
      const { Hsm: created } = await once().send(new CreateHsmCommand({
        ClusterId: clusterId, AvailabilityZone: availabilityZone, IpAddress: ipAddress,
      }));
      return created!.HsmId!;
    },
    deleteHsm: async (clusterId, hsmId) => {
      await once().send(new DeleteHsmCommand({ ClusterId: clusterId, HsmId: hsmId }));
    },
    initialize: async (clusterId, signedCertificate, trustAnchor) => {
      await once().send(new InitializeClusterCommand({ ClusterId: clusterId, SignedCert: signedCertificate, TrustAnchor: trustAnchor }));
    },
  };
}

function toCluster(cluster: SdkCluster): Cluster {
  return {
    clusterId: cluster.ClusterId!,
    state: cluster.State!,
    stateMessage: cluster.StateMessage,
    hsmType: cluster.HsmType,
    vpcId: cluster.VpcId,
    securityGroup: cluster.SecurityGroup,
    createdAt: cluster.CreateTimestamp?.getTime(),
    subnets: cluster.SubnetMapping ?? {},
    hsms: (cluster.Hsms ?? []).map((hsm) => ({
      hsmId: hsm.HsmId!,
      availabilityZone: hsm.AvailabilityZone!,
      state: hsm.State!,
      stateMessage: hsm.StateMessage,
      eniId: hsm.EniId,
      eniIp: hsm.EniIp,
    })),
  };
}

function toCertificates({ Certificates: pems = {} }: SdkCluster): ClusterCertificates {
  return {
    clusterCsr: pems.ClusterCsr || undefined,
    hsmCertificate: pems.HsmCertificate || undefined,
    awsHardwareCertificate: pems.AwsHardwareCertificate || undefined,
    manufacturerHardwareCertificate: pems.ManufacturerHardwareCertificate || undefined,
    clusterCertificate: pems.ClusterCertificate || undefined,
  };
}
