import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** How many HSMs one subnet of the cluster gets. */
export interface HsmPlacement {
  /** A subnet of the cluster. */
  readonly subnet: ec2.ISubnet;

  /** HSMs in it. */
  readonly count: number;

  /**
   * IPv4 addresses of the HSMs in this subnet, at least as many as there are HSMs: clients that know them find the HSMs again after a pause.
   *
   * They are for HSMs that are made from now on; one that is there keeps the address it has, and so does one that CloudHSM replaces. The service refuses an
   * address that something else in the subnet has, and so the deploy fails: keep others away from them by a CIDR reservation of the subnet.
   *
   * @default - the service chooses
   * @see https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_CreateHsm.html
   */
  readonly ipAddresses?: string[];
}
