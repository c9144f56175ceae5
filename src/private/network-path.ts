import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Dependable, DependencyGroup } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';

/**
 * What hosts in these subnets reach AWS through: routes, NAT, and the endpoints of the VPC. It must be there before they are used and, when a stack is
 * deleted, outlive the last use.
 */
export function networkPath(user: IConstruct, vpc: ec2.IVpc, subnets: readonly ec2.ISubnet[]): IDependable[] {
  return [...subnets.map(({ internetConnectivityEstablished }) => internetConnectivityEstablished), endpointsOf(user, vpc)];
}

/**
 * Endpoints may still be added after what uses them, by whatever construct, so they are looked for when the app is synthesized: in the stack of the VPC and
 * in the user's own. Those of another stack might themselves wait for the user.
 */
export function endpointsOf(user: IConstruct, vpc: ec2.IVpc): IDependable {
  const endpoints = new DependencyGroup();
  Dependable.implement(endpoints, {
    get dependencyRoots() {
      const stacks = [...new Set([Stack.of(vpc), Stack.of(user)])];
      return stacks.flatMap((stack) => stack.node.findAll().filter((node) => Stack.of(node) === stack && isEndpointIn(node, vpc)));
    },
  });
  return endpoints;
}

function isEndpointIn(node: IConstruct, { vpcId }: ec2.IVpc): boolean {
  return node instanceof ec2.CfnVPCEndpoint && node.vpcId === vpcId;
}
