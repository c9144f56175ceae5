import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import { ACTIVATION_TYPE } from '../lifecycle/activation-contract';
import type { ActivationProperties } from '../lifecycle/activation-contract';
import { FIRST_HSM_TYPE } from '../lifecycle/first-hsm-contract';
import type { FirstHsmProperties } from '../lifecycle/first-hsm-contract';
import { FLEET_TYPE } from '../lifecycle/fleet-contract';
import type { FleetProperties } from '../lifecycle/fleet-contract';
import { INITIALIZATION_TYPE } from '../lifecycle/initialization-contract';
import type { InitializationProperties } from '../lifecycle/initialization-contract';
import { LifecycleResource } from '../lifecycle/lifecycle-resource';
import { PLACEMENT_TYPE } from '../lifecycle/placement-contract';
import type { PlacementProperties } from '../lifecycle/placement-contract';
import type { ILifecycleProvider } from '../lifecycle/provider-ref';
import type { ResourceProperties } from '../lifecycle/resource-contract';
import { RESTORED_CLUSTER_TYPE } from '../lifecycle/restored-cluster-contract';
import type { RestoredClusterProperties } from '../lifecycle/restored-cluster-contract';

type Own<P extends ResourceProperties> = Omit<P, keyof ResourceProperties>;

/**
 * The custom resources that bring a cluster to life, in the order of the service. Their construct ids are part of logical ids, and so permanent.
 */
export class ClusterSteps {
  constructor(
    private readonly scope: Construct,
    private readonly common: { readonly provider: ILifecycleProvider; readonly removalPolicy: RemovalPolicy },
  ) {}

  /** Whether the cluster can be made as it is wished: before it is. */
  public placement(properties: Own<PlacementProperties>, after: IDependable[]): LifecycleResource<PlacementProperties> {
    return this.step('Placement', PLACEMENT_TYPE, properties, after);
  }

  /** The cluster itself, where it is made from a backup. */
  public restoredCluster(properties: Own<RestoredClusterProperties>): LifecycleResource<RestoredClusterProperties> {
    return this.step('Restored', RESTORED_CLUSTER_TYPE, properties);
  }

  /** The one HSM that there may be before the cluster is ACTIVE. */
  public firstHsm(properties: Own<FirstHsmProperties>): LifecycleResource<FirstHsmProperties> {
    return this.step('FirstHsm', FIRST_HSM_TYPE, properties);
  }

  /** The signed certificate. */
  public initialization(properties: Own<InitializationProperties>, after: IDependable[]): LifecycleResource<InitializationProperties> {
    return this.step('Initialization', INITIALIZATION_TYPE, properties, after);
  }

  /** The first passwords: the cluster is ACTIVE. */
  public activation(properties: Own<ActivationProperties>, after: IDependable[]): LifecycleResource<ActivationProperties> {
    return this.step('Activation', ACTIVATION_TYPE, properties, after);
  }

  /** All other HSMs. */
  public fleet(properties: Own<FleetProperties>): LifecycleResource<FleetProperties> {
    return this.step('Fleet', FLEET_TYPE, properties);
  }

  private step<P extends ResourceProperties>(id: string, type: string, properties: Own<P>, after: IDependable[] = []): LifecycleResource<P> {
    return new LifecycleResource<P>(this.scope, id, { ...this.common, type, properties, after });
  }
}
