import type { FleetProperties } from '../../lifecycle/fleet-contract';
import type { Cluster } from '../aws/cloudhsm';
import { Failure } from '../engine/failure';

/**
 * How many HSMs each Availability Zone is to have: as placed by the user, or the count spread evenly.
 *
 * Where the count does not divide evenly, zones that have more HSMs already keep the larger share, so that no HSM moves
 * without need. HSMs that were asked for count in `presentIn`, or the larger share would wander while the list lags. Between
 * zones with equally many, those `settledIn` stay before those that are still joining and may never come.
 */
export function wantedByZone(
  { Placement, HsmCount, AvailabilityZones }: FleetProperties, cluster: Cluster,
  presentIn: (zone: string) => number, settledIn: (zone: string) => number,
): ReadonlyMap<string, number> | Failure {
  if (Placement) return placed(Placement, cluster);
  const zones = AvailabilityZones.split(',').filter((zone) => zone in cluster.subnets);
  if (zones.length === 0) {
    return new Failure('NoZoneForHsm', `none of the Availability Zones ${AvailabilityZones} is one of the cluster's (${Object.keys(cluster.subnets).join(', ')})`);
  }
  const count = Number(HsmCount);
  const order = [...zones].sort((a, b) => presentIn(b) - presentIn(a) || settledIn(b) - settledIn(a) || a.localeCompare(b));
  return new Map(order.map((zone, index) => [zone, Math.floor(count / zones.length) + (index < count % zones.length ? 1 : 0)]));
}

function placed(bySubnet: readonly string[], cluster: Cluster): ReadonlyMap<string, number> | Failure {
  const zoneOf = new Map(Object.entries(cluster.subnets).map(([zone, subnet]) => [subnet, zone]));
  const wanted = new Map<string, number>();
  for (const [subnet, count] of bySubnet.map((entry) => entry.split('='))) {
    const zone = zoneOf.get(subnet);
    if (!zone) {
      return new Failure('SubnetNotOfCluster', `placement names ${subnet}, which is not one of the cluster's subnets (${[...zoneOf.keys()].join(', ')}); those are fixed when the cluster is made`);
    }
    wanted.set(zone, Number(count));
  }
  return wanted;
}
