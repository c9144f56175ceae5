import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** A security group for a client: nothing comes in; HTTPS goes out, to the APIs and the package's bucket. HSMs are added by `allowClientsFrom`. */
export function clientSecurityGroup(scope: Construct, vpc: ec2.IVpc, description: string): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description, allowAllOutbound: false });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'APIs of AWS and client packages');
  return group;
}

/** Whether two VPCs are known to be different ones: by their ids, or because both are made in this app. */
export function differ(one: ec2.IVpc, other: ec2.IVpc): boolean {
  if (one === other || one.vpcId === other.vpcId) return false;
  const isMade = (vpc: ec2.IVpc) => vpc.node.tryFindChild('Resource') !== undefined;
  return [one, other].every(({ vpcId }) => !Token.isUnresolved(vpcId)) || (isMade(one) && isMade(other));
}
