import { Annotations, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';

/** A trust anchor that ends sooner deserves a warning: it cannot be replaced. */
const SHORT_YEARS = 5;

export interface ClusterChoices {
  /** `undefined` where synth does not know it. */
  readonly hsmCount: number | undefined;
  /** Zones of the subnets; `undefined` where synth does not know. */
  readonly zones: ReadonlyArray<string | undefined>;
  /** Whether there may be more subnets than synth sees. */
  readonly isSubnetListOpen: boolean;
  readonly validityYears: number | undefined;
  /** Whether the hardware proves what it is, or has been for long. */
  readonly isIdentityVerified: boolean;
  readonly vpc: ec2.IVpc;
  readonly retained: boolean;
}

/** Warns of what is allowed but risky. Each warning has an id by which it can be acknowledged. */
export function clusterWarnings(scope: Construct, choices: ClusterChoices): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-cloudhsm:${id}`, text);
  const { hsmCount, zones, validityYears, vpc, retained } = choices;
  if (hsmCount === 1) {
    warn('singleHsm', 'the cluster has a single HSM: keys made since the last backup are lost with it, and clients need --disable-key-availability-check; '
      + 'use hsmCount 2, or 3 where fresh keys must survive');
  }
  if (zones.length === 1 && !choices.isSubnetListOpen) {
    warn('singleZone', 'the cluster has one subnet, and so one Availability Zone, for ever: more than one HSM is refused when it is deployed, and KMS key '
      + 'stores need two zones; choose vpcSubnets in two zones or more');
  }
  if (validityYears !== undefined && validityYears < SHORT_YEARS) {
    warn('shortTrustAnchor', `the trust anchor is valid for ${validityYears} years only and can never be replaced: clients stop trusting the cluster when it `
      + 'ends; use ten years or more');
  }
  if (!choices.isIdentityVerified) {
    warn('hsmNotVerified', 'the hardware of the first HSM is not verified before its certificate is signed, and cannot be afterwards; give hsmIdentity the published '
      + 'roots of AWS and of the manufacturer, or acknowledge this');
  }
  // An imported VPC is nobody's to delete. Nested stacks go with the one they are in.
  if (retained && vpc.node.tryFindChild('Resource') !== undefined && topStack(vpc) === topStack(scope)) {
    warn('retainedInVpcStack', 'the cluster is kept when the stack is deleted, and its HSMs\' interfaces then keep EC2 from deleting the VPC of the same stack; '
      + 'put the VPC into a stack of its own');
  }
}

function topStack(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? topStack(stack.nestedStackParent) : stack;
}
