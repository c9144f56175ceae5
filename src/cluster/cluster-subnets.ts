import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { knownText } from '../private/known';
import type { KnownSubnet } from '../private/validation';

/**
 * The subnets of a cluster: as chosen, or one private subnet in every zone of the VPC.
 */
export function clusterSubnets(vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined): ec2.ISubnet[] {
  if (selection) return vpc.selectSubnets(selection).subnets;
  const subnetType = vpc.privateSubnets.length > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
  if (vpc.privateSubnets.length + vpc.isolatedSubnets.length === 0) return [];
  return vpc.selectSubnets({ subnetType, onePerAz: true }).subnets;
}

/** What synth can know of subnets. A zone that is a token, or cannot be told for an imported subnet, is unknown. */
export function knownSubnets(vpc: ec2.IVpc, subnets: readonly ec2.ISubnet[]): KnownSubnet[] {
  return subnets.map((subnet) => ({
    path: subnet.node.path,
    availabilityZone: knownZone(subnet),
    isPublic: vpc.publicSubnets.includes(subnet),
  }));
}

/** The zones of subnets, if all of them are known. */
export function knownZones(subnets: readonly KnownSubnet[]): string[] | undefined {
  const zones = subnets.map(({ availabilityZone }) => availabilityZone);
  return zones.every((zone) => zone !== undefined) ? zones : undefined;
}

/** Whether a subnet stands for a list that only CloudFormation knows, as of a VPC that is imported by attributes from a list of another stack. */
export function isOpenList({ subnetId }: ec2.ISubnet): boolean {
  return Token.isUnresolved([subnetId]);
}

/** The zone of a subnet if synth knows it; the one place where zones are asked for. */
function knownZone(subnet: ec2.ISubnet): string | undefined {
  try {
    const zone = subnet.availabilityZone;
    return Token.isUnresolved(zone) ? undefined : zone;
  } catch {
    // Subnet.fromSubnetId knows no zone and throws.
    return undefined;
  }
}

/** The IPv4 block of a subnet if synth knows it. */
export function knownCidr(subnet: ec2.ISubnet): string | undefined {
  try {
    return knownText(subnet.ipv4CidrBlock);
  } catch {
    // Of an imported subnet it is known only if it was given; else asking throws.
    return undefined;
  }
}
