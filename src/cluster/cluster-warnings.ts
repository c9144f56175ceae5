import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

export interface ClusterChoices {
  readonly hsmCount: number;
  /** Zones of the subnets; `undefined` where synth does not know. */
  readonly zones: ReadonlyArray<string | undefined>;
  readonly vpc: ec2.IVpc;
  readonly retained: boolean;
}

/** Warns of what is allowed but risky. Each warning has an id by which it can be acknowledged. */
export function clusterWarnings(scope: Construct, { hsmCount, zones, vpc, retained }: ClusterChoices): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-cloudhsm:${id}`, text);
  if (!Token.isUnresolved(hsmCount) && hsmCount === 1) {
    warn('singleHsm', 'the cluster has a single HSM: keys made since the last backup are lost with it, and clients need --disable-key-availability-check; '
      + 'use hsmCount 2, or 3 where fresh keys must survive');
  }
  if (zones.length === 1 && hsmCount !== 1) {
    warn('singleZone', 'all HSMs are in one Availability Zone, and KMS key stores need two; choose vpcSubnets in two zones or more');
  }
  // An imported VPC is nobody's to delete.
  const owns = !Stack.of(scope).nested && vpc.node.tryFindChild('Resource') !== undefined && Stack.of(vpc) === Stack.of(scope);
  if (retained && owns) {
    warn('retainedInVpcStack', 'the cluster is kept when the stack is deleted, and its HSMs\' interfaces then keep EC2 from deleting the VPC of the same stack; '
      + 'put the VPC into a stack of its own');
  }
}
