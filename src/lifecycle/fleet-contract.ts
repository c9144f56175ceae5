import type { ResourceProperties } from './resource-contract';

/** The HSMs of an ACTIVE cluster. */
export const FLEET_TYPE = 'Custom::CloudHSMFleet';

/** HSMs a cluster may have; the service's limit, not adjustable. */
export const MAX_HSMS_PER_CLUSTER = 28;

export interface FleetProperties extends ResourceProperties {
  readonly ClusterId: string;
  readonly HsmCount: string;
  /** Zones over which the count is spread, comma-separated. */
  readonly AvailabilityZones: string;
  /** `<subnet id>=<count>` each; absent: spread by count. */
  readonly Placement?: string[];
  /** `<subnet id>=<address>,<address>…` each: where new HSMs go there; absent: the service chooses their addresses. */
  readonly Addresses?: string[];
  /** `true`: key stores are disconnected before there are too few HSMs for them, and connected again when there are enough. */
  readonly PauseKeyStores?: string;
}

export interface FleetAttributes {
  /** Comma-separated, in the order of the HSMs' zones. */
  readonly HsmAddresses: string;
  /** Comma-separated, in the order of `HsmAddresses`. */
  readonly NetworkInterfaceIds: string;
  readonly ClusterId: string;
}
