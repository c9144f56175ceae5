import * as iam from 'aws-cdk-lib/aws-iam';
import type { ICluster } from './cluster-ref';
import { CLUSTER_LOOKUP_ACTIONS, TRUST_ANCHOR_ACTIONS } from '../private/permissions';

/**
 * Permissions on a cluster.
 */
export class ClusterGrants {
  /** Permissions on this cluster. */
  public static fromCluster(cluster: ICluster): ClusterGrants {
    return new ClusterGrants(cluster);
  }

  private constructor(private readonly cluster: ICluster) {}

  /**
   * What a client host needs to find the HSMs and to trust them: looking up clusters and reading the trust anchor.
   *
   * DescribeClusters takes no resource, so it is granted on all clusters of the account.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudhsm.html
   */
  public connect(grantee: iam.IGrantable): iam.Grant {
    const lookup = iam.Grant.addToPrincipal({ grantee, actions: CLUSTER_LOOKUP_ACTIONS, resourceArns: ['*'] });
    const trust = { grantee, actions: TRUST_ANCHOR_ACTIONS, resourceArns: [this.cluster.trustAnchor.parameterArn] };
    return lookup.combine(iam.Grant.addToPrincipal(trust));
  }
}
