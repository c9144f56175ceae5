/**
 * By which protocol HSMs are reached. Fixed when the cluster is made.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_CreateCluster.html
 */
export enum NetworkType {
  /** IPv4 only; what a KMS custom key store needs. */
  IPV4 = 'IPV4',
  /** IPv4 and IPv6; VPC and subnets need IPv6 blocks. */
  DUALSTACK = 'DUALSTACK',
}
