import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** How many HSMs one subnet of the cluster gets. */
export interface HsmPlacement {
  /** A subnet of the cluster. */
  readonly subnet: ec2.ISubnet;

  /** HSMs in it. */
  readonly count: number;
}
