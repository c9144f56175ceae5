import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Dependable, DependencyGroup } from 'constructs';
import type { IDependable } from 'constructs';

/**
 * What hosts in these subnets reach AWS through: routes, NAT, and the endpoints of the VPC. It must be there before they are used and, when a stack is
 * deleted, outlive the last use.
 */
export function networkPath(vpc: ec2.IVpc, subnets: readonly ec2.ISubnet[]): IDependable[] {
  return [...subnets.map(({ internetConnectivityEstablished }) => internetConnectivityEstablished), endpointsOf(vpc)];
}

/** Endpoints may still be added to the VPC after what uses them, so they are looked for when the app is synthesized. */
export function endpointsOf(vpc: ec2.IVpc): IDependable {
  const endpoints = new DependencyGroup();
  Dependable.implement(endpoints, {
    get dependencyRoots() {
      return vpc.node.children.filter((child) => child instanceof ec2.VpcEndpoint);
    },
  });
  return endpoints;
}
