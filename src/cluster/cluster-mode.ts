/**
 * What a cluster allows. Fixed when the cluster is made; backups can only be restored to a cluster of the same mode.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/cluster-hsm-types.html
 */
export enum ClusterMode {
  /** Only keys and algorithms that FIPS allows. */
  FIPS = 'FIPS',
  /** All that the HSM can do. */
  NON_FIPS = 'NON_FIPS',
}
