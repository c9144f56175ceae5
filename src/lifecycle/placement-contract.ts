import type { ResourceProperties } from './resource-contract';
import type { BackupSource } from './restored-cluster-contract';

/** Pre-flight and guard of a cluster: made before it, so that nothing exists yet when it refuses. */
export const PLACEMENT_TYPE = 'Custom::CloudHSMPlacement';

export interface PlacementProperties extends ResourceProperties, Partial<BackupSource> {
  readonly SubnetIds: string[];
  readonly HsmType: string;
  readonly Mode: string;
  readonly NetworkType: string;
  /** How many HSMs the cluster is to have; `0` is a cluster that is paused from the start. */
  readonly HsmCount: string;
  /** The ACTIVE cluster that is there already and must be as the properties say; absent: the cluster is made. */
  readonly AdoptedClusterId?: string;
  /** The authority of AWS Private CA that is to sign, and for how many years: empty for as long as it lives. */
  readonly PrivateCaArn?: string;
  readonly PrivateCaYears?: string;
  /** `<subnet id>=<address>,<address>…` each: where new HSMs go there; absent: the service chooses their addresses. */
  readonly Addresses?: string[];
}

export interface PlacementAttributes {
  /** The Availability Zones in which HSMs can be placed, comma-separated. */
  readonly AvailabilityZones: string;
}
